// The objects that machines wait for before their first boot: worked out once for each resource that has them, whatever the number of its machines. Pure.

import type { LoweringContext } from "../../engine/provider/provider.ts";
import type { PortableResource } from "../../grammar/graph/resource-graph.ts";

const known = new WeakMap<PortableResource, readonly string[]>();

/** Keys of the objects of a subnet, firewall or network that its machines wait for; roles that it does not have are left out. */
export function keysToWaitFor(resource: PortableResource, rolesOf: () => readonly string[], context: LoweringContext): readonly string[] {
  let keys = known.get(resource);
  if (!keys) {
    keys = rolesOf().flatMap((role) => context.objectOf(resource.address, role)?.key ?? []);
    known.set(resource, keys);
  }
  return keys;
}
