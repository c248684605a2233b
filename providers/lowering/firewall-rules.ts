// The `allow` rules of a firewall taken apart: one for each direction, protocol, port range and peer, each under a stable, readable name. What a cloud
// makes of them is the business of its lowering. Pure.

import { canonical } from "../../grammar/graph/canonical.ts";
import type { PortablePeer, PortableResource, PortableRule, ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { isDeferred, type PropValue } from "../../grammar/graph/value.ts";
import { shortHash } from "./short-hash.ts";

export interface FirewallRule {
  /** Unique within the firewall, stable and readable: `ingress-tcp-80-0.0.0.0/0`. */
  readonly name: string;
  readonly direction: "ingress" | "egress";
  readonly protocol: PortableRule["protocol"];
  /** Both ends included. Absent: all of them, or the protocol has none. */
  readonly ports?: PortRange;
  readonly peer: RulePeer;
  /** Position of the `allow` it comes from. */
  readonly position: number;
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export type RulePeer =
  | { readonly kind: "cidr"; readonly cidr: string }
  | { readonly kind: "firewall"; readonly address: string }
  /** A range known only at apply; nothing may wait for a rule that has one. */
  | { readonly kind: "deferred"; readonly value: PropValue };

export const everywhere = "0.0.0.0/0";

const known = new WeakMap<PortableResource, readonly FirewallRule[]>();

/** The rules of a firewall as written, equal ones once. Computed once per resource: machines ask too. */
export function expandRules(firewall: PortableResource, graph: ResourceGraph): readonly FirewallRule[] {
  let rules = known.get(firewall);
  if (!rules) {
    const byName = new Map<string, FirewallRule>();
    for (const [position, rule] of firewall.rules.entries()) {
      for (const ports of portRanges(rule)) {
        for (const peer of rule.peers) {
          const made = makeRule(rule, position, ports, readPeer(peer, graph));
          if (!byName.has(made.name)) byName.set(made.name, made);
        }
      }
    }
    rules = [...byName.values()];
    known.set(firewall, rules);
  }
  return rules;
}

/** Outbound is open until the first `to` rule. */
export function isOutboundOpen(firewall: PortableResource): boolean {
  return !firewall.rules.some((rule) => rule.direction === "to");
}

/** `-80`, `-8000-8100`, `-all`; nothing for a protocol without ports. */
export function namePorts(protocol: FirewallRule["protocol"], ports: PortRange | undefined): string {
  if (protocol === "any" || protocol === "icmp") return "";
  if (!ports) return "-all";
  return ports.from === ports.to ? `-${ports.from}` : `-${ports.from}-${ports.to}`;
}

function portRanges(rule: PortableRule): readonly (PortRange | undefined)[] {
  if (rule.protocol === "any" || rule.protocol === "icmp" || rule.ports.length === 0) return [undefined];
  return rule.ports.map((range) => (range.from === 0 && range.to === 65_535 ? undefined : range));
}

function makeRule(rule: PortableRule, position: number, ports: PortRange | undefined, peer: RulePeer): FirewallRule {
  const direction = rule.direction === "from" ? "ingress" : "egress";
  const name = `${direction}-${rule.protocol}${namePorts(rule.protocol, ports)}-${namePeer(peer)}`;
  return { name, direction, protocol: rule.protocol, ...(ports ? { ports } : {}), peer, position };
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
export function namePeer(peer: RulePeer): string {
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
