// The rules of a firewall as security rules: one for the addresses of each `allow`, one for each firewall and each range known only at apply. Pure.
// https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import type { PropValue } from "../../../grammar/graph/value.ts";
import { containsCidr, formatCidr, parseCidr } from "../../../grammar/net/cidr.ts";
import { everywhere, expandRules, type FirewallRule, isOutboundOpen, namePeer, type PortRange } from "../../lowering/firewall-rules.ts";

export const everything: readonly string[] = ["*"];

export interface SecurityRule {
  /** Unique within the firewall, stable under edits of its other rules: `rule-in-tcp-80_443`. */
  readonly role: string;
  readonly direction: "Inbound" | "Outbound";
  readonly access: "Allow" | "Deny";
  readonly protocol: "Tcp" | "Udp" | "Icmp" | "*";
  readonly ports: readonly string[];
  readonly peer: SecurityPeer;
  /** Position of the first `allow` it comes from; absent for the rules that stand for what is not written. */
  readonly position?: number;
}

export type SecurityPeer =
  | { readonly kind: "prefixes"; readonly prefixes: readonly string[] }
  | { readonly kind: "firewall"; readonly address: string }
  /** Nothing may wait for a rule that has one. */
  | { readonly kind: "deferred"; readonly value: PropValue };

const known = new WeakMap<PortableResource, readonly SecurityRule[]>();

/** All rules of a firewall, those for what is not written last. Computed once per resource: its network and its machines ask too. */
export function securityRulesOf(firewall: PortableResource, { graph }: Pick<LoweringContext, "graph">): readonly SecurityRule[] {
  let rules = known.get(firewall);
  if (!rules) {
    rules = [...groupRules(expandRules(firewall, graph)), outboundRule(firewall)];
    known.set(firewall, rules);
  }
  return rules;
}

/** Azure lets everything out by default, so a machine of several firewalls needs to be told which of them does, and which does not. */
function outboundRule(firewall: PortableResource): SecurityRule {
  const open = isOutboundOpen(firewall);
  return {
    role: open ? "allow-outbound" : "deny-outbound",
    direction: "Outbound",
    access: open ? "Allow" : "Deny",
    protocol: "*",
    ports: everything,
    peer: { kind: "prefixes", prefixes: everything },
  };
}

interface Group {
  readonly rule: FirewallRule;
  readonly ports: readonly PortRange[];
  readonly peers: Map<string, FirewallRule["peer"]>;
}

/** Rules of one direction, protocol and set of ports together. */
function groupRules(rules: readonly FirewallRule[]): readonly SecurityRule[] {
  const groups = new Map<string, Group>();
  for (const [rule, ports] of portsByStatement(rules)) {
    const key = `${rule.direction === "ingress" ? "in" : "out"}-${rule.protocol}${namePortList(rule, ports)}`;
    const group = groups.get(key) ?? { rule, ports, peers: new Map() };
    groups.set(key, group);
    group.peers.set(namePeer(rule.peer), rule.peer);
  }
  return [...groups].flatMap(([key, group]) => splitPeers(`rule-${key}`, group));
}

/** One rule of each `allow` and peer, with all the ports that the `allow` gives the peer. */
function portsByStatement(rules: readonly FirewallRule[]): readonly (readonly [FirewallRule, readonly PortRange[]])[] {
  const byPeer = new Map<string, { readonly rule: FirewallRule; readonly ports: PortRange[] }>();
  for (const rule of rules) {
    const key = `${rule.position} ${namePeer(rule.peer)}`;
    const known = byPeer.get(key) ?? { rule, ports: [] };
    byPeer.set(key, known);
    if (rule.ports) known.ports.push(rule.ports);
  }
  return [...byPeer.values()].map(({ rule, ports }) => [rule, mergePorts(ports)]);
}

function namePortList(rule: FirewallRule, ports: readonly PortRange[]): string {
  if (ports.length > 0) return `-${ports.map(formatPorts).join("_")}`;
  return rule.protocol === "tcp" || rule.protocol === "udp" ? "-all" : "";
}

function splitPeers(role: string, { rule, ports, peers }: Group): readonly SecurityRule[] {
  const common = {
    direction: rule.direction === "ingress" ? "Inbound" : "Outbound",
    access: "Allow",
    protocol: protocols[rule.protocol],
    ports: ports.length === 0 ? everything : ports.map(formatPorts),
    position: rule.position,
  } as const;
  const ranges = [...peers.values()].flatMap((peer) => (peer.kind === "cidr" ? [peer.cidr] : []));
  const rules: SecurityRule[] =
    ranges.length === 0 ? [] : [{ ...common, role, peer: { kind: "prefixes", prefixes: mergePrefixes(ranges) } }];
  for (const [name, peer] of peers) if (peer.kind !== "cidr") rules.push({ ...common, role: `${role}-${name}`, peer });
  return rules;
}

const protocols = { tcp: "Tcp", udp: "Udp", icmp: "Icmp", any: "*" } as const;

function formatPorts({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

/** Ranges of one rule may not overlap. */
function mergePorts(ports: readonly PortRange[]): readonly PortRange[] {
  const merged: PortRange[] = [];
  for (const range of ports.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = merged.at(-1);
    if (last && range.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push(range);
  }
  return merged;
}

/** Without those that lie in another; all addresses are `*`, which stands alone. */
function mergePrefixes(ranges: readonly string[]): readonly string[] {
  if (ranges.includes(everywhere)) return everything;
  const parsed = ranges.flatMap((range) => parseCidr(range) ?? []).toSorted((a, b) => a.start - b.start || a.prefix - b.prefix);
  const kept: (typeof parsed)[number][] = [];
  for (const range of parsed) {
    const last = kept.at(-1);
    if (!last || !containsCidr(last, range)) kept.push(range);
  }
  return kept.map(formatCidr);
}
