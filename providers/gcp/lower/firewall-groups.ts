// The `allow` rules of a firewall as Firewall rules of Google Cloud: one for each protocol with its ports and each sort of peer. A rule of theirs takes many ports
// and many peers, but no tags of those that traffic goes to: there stand the addresses of the machines that carry the firewall. Pure.
// https://cloud.google.com/firewall/docs/firewalls#sources_or_destinations_for_the_rule

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import { makeDeferred } from "../../../grammar/graph/make-value.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import type { PropValue } from "../../../grammar/graph/value.ts";
import { cidr, ip } from "../../../grammar/types/type.ts";
import { expandRules, type FirewallRule, type RulePeer } from "../../lowering/firewall-rules.ts";
import { asList, followRef } from "../../lowering/read-props.ts";

export interface RuleGroup {
  /** `rule-ingress-tcp-80,443-ranges` */
  readonly role: string;
  readonly direction: FirewallRule["direction"];
  readonly protocol: FirewallRule["protocol"];
  /** "80", "8000-8100"; empty: all of them, or the protocol has none. */
  readonly ports: readonly string[];
  readonly peers: GroupPeers;
  /** Positions of the `allow` it comes from. */
  readonly positions: readonly number[];
}

/** Addresses known at compile time or not, or the firewalls whose tags the sources bear. */
export type GroupPeers =
  | { readonly kind: "ranges"; readonly ranges: readonly string[] }
  | { readonly kind: "deferred"; readonly ranges: readonly PropValue[] }
  | { readonly kind: "firewalls"; readonly addresses: readonly string[] };

interface Draft {
  readonly direction: FirewallRule["direction"];
  readonly protocol: FirewallRule["protocol"];
  readonly ports: readonly string[];
  readonly positions: Set<number>;
  readonly ranges: Set<string>;
  readonly deferred: Map<string, PropValue>;
  readonly firewalls: Set<string>;
}

const known = new WeakMap<PortableResource, readonly RuleGroup[]>();

/** The groups of a firewall. Computed once per resource: machines ask too. */
export function groupRules(firewall: PortableResource, context: LoweringContext): readonly RuleGroup[] {
  let groups = known.get(firewall);
  if (!groups) {
    groups = collect(expandRules(firewall, context.graph), context).flatMap(splitByPeers);
    known.set(firewall, groups);
  }
  return groups;
}

/** Nothing may wait for a rule whose peers are not known: it may wait for the machine itself. */
export function isKnown(group: RuleGroup): boolean {
  return group.peers.kind !== "deferred";
}

function collect(rules: readonly FirewallRule[], context: LoweringContext): readonly Draft[] {
  const drafts = new Map<string, Draft>();
  for (const [position, ofAllow] of Map.groupBy(rules, (rule) => rule.position)) {
    const [{ direction, protocol } = rules[0] as FirewallRule] = ofAllow;
    const ports = [...new Set(ofAllow.flatMap((rule) => (rule.ports ? [writePorts(rule.ports)] : [])))];
    const id = [direction, protocol, ...ports].join(" ");
    const draft: Draft = drafts.get(id) ?? {
      direction,
      protocol,
      ports,
      positions: new Set(),
      ranges: new Set(),
      deferred: new Map(),
      firewalls: new Set(),
    };
    drafts.set(id, draft);
    draft.positions.add(position);
    for (const { name, peer } of ofAllow) addPeer(draft, name, peer, context);
  }
  return [...drafts.values()];
}

function addPeer(draft: Draft, name: string, peer: RulePeer, context: LoweringContext): void {
  if (peer.kind === "cidr") draft.ranges.add(peer.cidr);
  else if (peer.kind === "deferred") draft.deferred.set(name, peer.value);
  else if (draft.direction === "ingress") draft.firewalls.add(peer.address);
  else {
    for (const machine of carriersOf(peer.address, context)) {
      const { private_ip: written } = machine.props;
      if (typeof written === "string") draft.ranges.add(`${written}/32`);
      else draft.deferred.set(machine.address, addressOf(machine));
    }
  }
}

/** Machines that carry a firewall. */
function carriersOf(firewall: string, context: LoweringContext): readonly PortableResource[] {
  return context
    .referrers(firewall, "firewall")
    .filter((resource) => asList(resource.props.firewall).some((one) => followRef(one, context)?.address === firewall));
}

/** The private address of a machine as a range. */
function addressOf(machine: PortableResource): PropValue {
  const origin = { address: machine.address, path: ["private_ip"] };
  const address = makeDeferred(ip, [origin], { op: "attribute", origin });
  return makeDeferred(cidr, [origin], { op: "call", name: "#cidr", arguments: [address] });
}

/** A rule without peers would mean everyone: where nobody is meant there is no rule. */
function splitByPeers({ direction, protocol, ports, positions, ranges, deferred, firewalls }: Draft): readonly RuleGroup[] {
  const base = ["rule", direction, protocol, ...(ports.length === 0 ? [] : [ports.join(",")])].join("-");
  const make = (sort: string, peers: GroupPeers): RuleGroup => {
    return { role: `${base}-${sort}`, direction, protocol, ports, peers, positions: [...positions] };
  };
  return [
    ...(ranges.size > 0 ? [make("ranges", { kind: "ranges", ranges: [...ranges] })] : []),
    ...(deferred.size > 0 ? [make("addresses", { kind: "deferred", ranges: [...deferred.values()] })] : []),
    ...(firewalls.size > 0 ? [make("tags", { kind: "firewalls", addresses: [...firewalls] })] : []),
  ];
}

function writePorts({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? `${from}` : `${from}-${to}`;
}
