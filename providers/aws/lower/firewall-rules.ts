// The `allow` rules of a firewall as single EC2 rules: one for each protocol, port range and peer. Pure.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html

import { sha256 } from "@noble/hashes/sha2.js";
import type { NativeMap, NativeRef, NativeValue } from "../../../engine/lower/native-value.ts";
import { canonical } from "../../../grammar/graph/canonical.ts";
import type { PortablePeer, PortableResource, PortableRule, ResourceGraph } from "../../../grammar/graph/resource-graph.ts";
import { isDeferred, type PropValue } from "../../../grammar/graph/value.ts";

/** One rule of a security group; the group itself is added by the lowering. */
export interface GroupRule {
  /** Unique within the firewall, stable and readable: `ingress-tcp-80-0.0.0.0/0`. */
  readonly role: string;
  readonly direction: "ingress" | "egress";
  readonly protocol: "tcp" | "udp" | "icmp" | "-1";
  readonly from: number;
  readonly to: number;
  readonly peer: RulePeer;
  /** Position of the `allow` it comes from. */
  readonly rule: number;
}

export type RulePeer =
  | { readonly kind: "cidr"; readonly cidr: string }
  | { readonly kind: "firewall"; readonly address: string }
  /** A range known only at apply; nothing may wait for a rule that has one. */
  | { readonly kind: "deferred"; readonly value: PropValue };

const everywhere = "0.0.0.0/0";
const known = new WeakMap<PortableResource, readonly GroupRule[]>();

/** The rules of a firewall, equal ones once. Computed once per resource: machines ask too. */
export function rulesOf(firewall: PortableResource, graph: ResourceGraph): readonly GroupRule[] {
  let rules = known.get(firewall);
  if (!rules) {
    rules = expandRules(firewall, graph);
    known.set(firewall, rules);
  }
  return rules;
}

/** The props of the rule that lets everything out. */
export function allOutbound(groupId: NativeRef, tags: NativeMap): Readonly<Record<string, NativeValue>> {
  return { GroupId: groupId, IsEgress: true, IpProtocol: "-1", FromPort: -1, ToPort: -1, CidrIpv4: everywhere, Tags: tags };
}

function expandRules(firewall: PortableResource, graph: ResourceGraph): readonly GroupRule[] {
  const byRole = new Map<string, GroupRule>();
  const add = (rule: GroupRule): void => {
    if (!byRole.has(rule.role)) byRole.set(rule.role, rule);
  };
  for (const [position, rule] of firewall.rules.entries()) {
    for (const range of portRanges(rule)) {
      for (const peer of rule.peers) add(makeRule(rule, position, range, readPeer(peer, graph)));
    }
  }
  // Outbound is open until the first `to` rule. EC2's own default rule is taken away when the group is made, so that this one is ours to keep or drop.
  if (!firewall.rules.some((rule) => rule.direction === "to")) {
    add({
      role: `egress-any-${everywhere}`,
      direction: "egress",
      protocol: "-1",
      from: -1,
      to: -1,
      peer: { kind: "cidr", cidr: everywhere },
      rule: -1,
    });
  }
  return [...byRole.values()];
}

/** For `any` and icmp EC2 wants -1 at both ends; without ports tcp and udp mean all of them. */
function portRanges(rule: PortableRule): readonly { readonly from: number; readonly to: number }[] {
  if (rule.protocol === "any" || rule.protocol === "icmp") return [{ from: -1, to: -1 }];
  return rule.ports.length === 0 ? [{ from: 0, to: 65_535 }] : rule.ports;
}

function makeRule(
  rule: PortableRule,
  position: number,
  { from, to }: { readonly from: number; readonly to: number },
  peer: RulePeer,
): GroupRule {
  const direction = rule.direction === "from" ? "ingress" : "egress";
  const protocol = rule.protocol === "any" ? "-1" : rule.protocol;
  const ports = from < 0 ? "" : from === 0 && to === 65_535 ? "-all" : from === to ? `-${from}` : `-${from}-${to}`;
  return { role: `${direction}-${rule.protocol}${ports}-${namePeer(peer)}`, direction, protocol, from, to, peer, rule: position };
}

function readPeer(peer: PortablePeer, graph: ResourceGraph): RulePeer {
  switch (peer.kind) {
    case "any":
      return { kind: "cidr", cidr: everywhere };
    case "cidr":
      return { kind: "cidr", cidr: peer.cidr.includes("/") ? peer.cidr : `${peer.cidr}/32` };
    case "deferred":
      return { kind: "deferred", value: peer.value };
    case "resource": {
      if (peer.resourceKind === "firewall") return { kind: "firewall", address: peer.address };
      const range = graph.resources.get(peer.address)?.props.cidr;
      return { kind: "cidr", cidr: typeof range === "string" ? range : "" };
    }
  }
}

/** A deferred peer is named by what it reads; where it computes with that, a short hash tells two of them apart. */
function namePeer(peer: RulePeer): string {
  if (peer.kind === "cidr") return peer.cidr;
  if (peer.kind === "firewall") return peer.address;
  if (!isDeferred(peer.value)) return "unknown";
  const { origins, expression } = peer.value;
  const names = origins.map((origin) => `${origin.address}.${origin.path.join(".")}`).join("+");
  const [argument] = expression.op === "call" ? expression.arguments : [];
  const plain =
    expression.op === "attribute" || (expression.name === "#cidr" && isDeferred(argument) && argument.expression.op === "attribute");
  return plain ? names : `${names}-${shortHash(canonical(peer.value))}`;
}

function shortHash(text: string): string {
  return [...sha256(new TextEncoder().encode(text)).subarray(0, 3)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
