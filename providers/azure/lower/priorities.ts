// Priorities of the rules in a network's security group. What a firewall allows stands above what any of them denies, because a machine may do what one of its
// firewalls allows; among themselves the order of allows does not matter, so each is drawn from a hash and stays when other rules come and go. Pure.

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { assignSlots } from "../../lowering/slots.ts";
import { type SecurityRule, securityRulesOf } from "./security-rules.ts";

/** Both ends included; 4096 is that of the network's own `deny-inbound`. */
export const allowBand = { first: 100, last: 3999 } as const;
export const denyBand = { first: 4000, last: 4095 } as const;

const known = new WeakMap<PortableResource, ReadonlyMap<string, number>>();

/** The priority of a rule of a firewall; undefined where its band is full. */
export function priorityOf(
  firewall: PortableResource,
  rule: SecurityRule,
  network: PortableResource,
  context: LoweringContext,
): number | undefined {
  let priorities = known.get(network);
  if (!priorities) {
    priorities = allocate(network, context);
    known.set(network, priorities);
  }
  return priorities.get(keyOf(firewall, rule));
}

/** The firewalls of a network. */
export function firewallsOf(network: PortableResource, context: Pick<LoweringContext, "referrers">): readonly PortableResource[] {
  return context.referrers(network.address, "network").filter((resource) => resource.kind === "firewall");
}

/** Inbound and outbound rules are numbered apart. */
function allocate(network: PortableResource, context: LoweringContext): ReadonlyMap<string, number> {
  const bands = new Map<string, { readonly first: number; readonly last: number; readonly keys: string[] }>();
  for (const firewall of firewallsOf(network, context)) {
    for (const rule of securityRulesOf(firewall, context)) {
      const name = `${rule.direction} ${rule.access}`;
      const band = bands.get(name) ?? { ...(rule.access === "Allow" ? allowBand : denyBand), keys: [] };
      bands.set(name, band);
      band.keys.push(keyOf(firewall, rule));
    }
  }
  const priorities = new Map<string, number>();
  for (const { first, last, keys } of bands.values()) {
    for (const [key, slot] of assignSlots(keys, last - first + 1)) priorities.set(key, first + slot);
  }
  return priorities;
}

function keyOf(firewall: PortableResource, rule: SecurityRule): string {
  return `${firewall.address}:${rule.role}`;
}
