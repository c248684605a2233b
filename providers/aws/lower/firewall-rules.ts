// The `allow` rules of a firewall as rules of a security group: one for each protocol, port range and peer. Pure.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html

import type { NativeMap, NativeRef, NativeValue } from "../../../engine/lower/native-value.ts";
import type { PortableResource, ResourceGraph } from "../../../grammar/graph/resource-graph.ts";
import { everywhere, expandRules, type FirewallRule, isOutboundOpen, type RulePeer } from "../../lowering/firewall-rules.ts";

/** One rule of a security group; the group itself is added by the lowering. */
export interface GroupRule {
  /** Unique within the firewall, stable and readable: `ingress-tcp-80-0.0.0.0/0`. */
  readonly role: string;
  readonly direction: FirewallRule["direction"];
  readonly protocol: "tcp" | "udp" | "icmp" | "-1";
  readonly from: number;
  readonly to: number;
  readonly peer: RulePeer;
  /** Position of the `allow` it comes from. */
  readonly rule: number;
}

const known = new WeakMap<PortableResource, readonly GroupRule[]>();

/** The rules of a firewall, equal ones once. Computed once per resource: machines ask too. */
export function rulesOf(firewall: PortableResource, graph: ResourceGraph): readonly GroupRule[] {
  let rules = known.get(firewall);
  if (!rules) {
    // EC2's own default rule is taken away when the group is made, so that the one that lets everything out is ours to keep or drop.
    const open = isOutboundOpen(firewall) ? [openOutbound] : [];
    rules = [...expandRules(firewall, graph).map(toGroupRule), ...open];
    known.set(firewall, rules);
  }
  return rules;
}

/** The props of the rule that lets everything out. */
export function allOutbound(groupId: NativeRef, tags: NativeMap): Readonly<Record<string, NativeValue>> {
  return { GroupId: groupId, IsEgress: true, IpProtocol: "-1", FromPort: -1, ToPort: -1, CidrIpv4: everywhere, Tags: tags };
}

const openOutbound: GroupRule = {
  role: `egress-any-${everywhere}`,
  direction: "egress",
  protocol: "-1",
  from: -1,
  to: -1,
  peer: { kind: "cidr", cidr: everywhere },
  rule: -1,
};

/** For `any` and icmp EC2 wants -1 at both ends; without ports tcp and udp mean all of them. */
function toGroupRule({ name, direction, protocol, ports, peer, position }: FirewallRule): GroupRule {
  const portless = protocol === "any" || protocol === "icmp";
  const { from, to } = portless ? { from: -1, to: -1 } : (ports ?? { from: 0, to: 65_535 });
  return { role: name, direction, protocol: protocol === "any" ? "-1" : protocol, from, to, peer, rule: position };
}
