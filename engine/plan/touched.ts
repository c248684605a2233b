// Which objects a plan would touch, as far as one can tell from what was observed so far: those are read at full depth before the plan is made. Pure.

import type { NativeGraph } from "../lower/native-graph.ts";
import type { ObservedWorld } from "../observe/world.ts";
import { decide } from "./decide.ts";
import type { PlanInput } from "./plan-input.ts";

/**
 * Object ids of rows that a plan on this world would change or end. A prop that costs a call per object counts as it was last applied until it is
 * read, so an object whose source changed is named, and an untouched one costs no call.
 */
export function findTouched(input: Omit<PlanInput, "observed">, world: ObservedWorld): ReadonlySet<string> {
  const touched = new Set<string>();
  const { changed, removals } = decide({ ...input, observed: world });
  for (const decision of changed.values()) if (decision.row) touched.add(decision.row.object);
  for (const removal of removals) if (removal.action === "delete") touched.add(removal.row.object);
  return touched;
}

/** Keys to look at when a plan is about to be applied: what it changes, and what that refers to. */
export function listKeysToLookAt(changes: readonly { readonly key: string }[], graph: NativeGraph): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { key } of changes) {
    keys.add(key);
    for (const needed of graph.objects.get(key)?.after ?? []) keys.add(needed);
  }
  return keys;
}
