// Which resource refers to which, indexed once per graph: the order of lowering and `referrers` are read from here.
// Only references that a lowering follows count; a deferred value is resolved later, so it orders nothing.

import type { PortableResource, ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { type BlockRef, isRef, type PropValue, type Ref, tagOf } from "../../grammar/graph/value.ts";

export interface ReferenceIndex {
  /** Addresses a resource refers to by props and blocks, without deferred values and rule peers. */
  readonly followed: ReadonlyMap<string, readonly string[]>;
  /** Resources that refer to `address` through `prop` (`disk.size` for a block's prop, `allow` for a rule's peer), in the graph's order. */
  referrers(address: string, prop: string): readonly PortableResource[];
}

const nobody: readonly PortableResource[] = [];

/** Reads every prop of every resource once. */
export function indexReferences(graph: ResourceGraph): ReferenceIndex {
  const followed = new Map<string, readonly string[]>();
  const referrersOf = new Map<string, Map<string, PortableResource[]>>();

  const note = (from: PortableResource, prop: string, address: string): void => {
    const byProp = referrersOf.get(address) ?? new Map<string, PortableResource[]>();
    if (byProp.size === 0) referrersOf.set(address, byProp);
    const known = byProp.get(prop);
    if (!known) byProp.set(prop, [from]);
    else if (known.at(-1) !== from) known.push(from);
  };

  for (const resource of graph.resources.values()) {
    const targets: string[] = [];
    const follow = (prop: string, value: PropValue): void =>
      visitReferences(value, (reference) => {
        note(resource, prop, reference.address);
        targets.push(reference.address);
      });
    for (const prop of Object.keys(resource.props)) follow(prop, resource.props[prop] as PropValue);
    for (const prop of Object.keys(resource.refinement)) follow(prop, resource.refinement[prop] as PropValue);
    for (const [kind, labelled] of Object.entries(resource.blocks)) {
      for (const block of Object.values(labelled)) {
        for (const prop of Object.keys(block.props)) follow(`${kind}.${prop}`, block.props[prop] as PropValue);
      }
    }
    for (const rule of resource.rules) {
      for (const peer of rule.peers) if (peer.kind === "resource") note(resource, "allow", peer.address);
    }
    if (targets.length > 0) followed.set(resource.address, targets);
  }

  return { followed, referrers: (address, prop) => referrersOf.get(address)?.get(prop) ?? nobody };
}

/**
 * All resources, those that others follow first; ties in the graph's order. A cycle is cut where it closes: whether it is a
 * mistake is judged on native objects.
 */
export function orderResources(graph: ResourceGraph, index: ReferenceIndex): readonly PortableResource[] {
  const ordered: PortableResource[] = [];
  const seen = new Set<string>();
  for (const start of graph.resources.values()) {
    if (seen.has(start.address)) continue;
    seen.add(start.address);
    const stack = [{ resource: start, targets: index.followed.get(start.address) ?? [], next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const target = top.targets[top.next++];
      if (target === undefined) {
        ordered.push(top.resource);
        stack.pop();
        continue;
      }
      const resource = graph.resources.get(target);
      if (!resource || seen.has(target)) continue;
      seen.add(target);
      stack.push({ resource, targets: index.followed.get(target) ?? [], next: 0 });
    }
  }
  return ordered;
}

function visitReferences(value: PropValue, visit: (reference: Ref | BlockRef) => void): void {
  if (typeof value !== "object") return;
  if (Array.isArray(value)) {
    for (const item of value) visitReferences(item, visit);
    return;
  }
  if (isRef(value)) visit(value);
  else if (tagOf(value) === "block-ref") visit(value as BlockRef);
  else if (tagOf(value) === undefined) {
    const map = value as Readonly<Record<string, PropValue>>;
    for (const name of Object.keys(map)) visitReferences(map[name] as PropValue, visit);
  }
}
