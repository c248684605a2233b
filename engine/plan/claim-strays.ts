// Objects with our lineage mark that no row knows: which of them an operation of ours made, so that they may go, and which are only reported.
// Marks are copied by images, backups and scaling groups, so the mark alone is never enough. Pure.

import { idKey, isSameIncarnation, type ObservedStray, type ObservedWorld } from "../observe/world.ts";
import { isReleased } from "../state/release.ts";
import type { JournalEntry } from "../state/store.ts";
import type { Stray } from "./change.ts";
import type { Removal } from "./decision.ts";
import type { PlanHandler } from "./plan-input.ts";

export interface SortedStrays {
  readonly strays: readonly Stray[];
  readonly removals: readonly Removal[];
}

/** What to ask the journal for: the operations that made these objects, and whether they were let go of, which is kept by their object mark. */
export function listTraces(found: readonly ObservedStray[]): readonly string[] {
  return found.flatMap(({ observed: { marks } }) => [marks?.operation, marks?.object].filter((mark) => mark !== undefined));
}

/**
 * What the source names by its id, to adopt it or to use it, is no stray. `operations`: entries of the journal, ended ones among them as `listTraces`
 * names them.
 */
export function claimStrays(
  observedWorld: Pick<ObservedWorld, "strays" | "named">,
  operations: readonly JournalEntry[],
  handlerOf: (provider: string, type: string) => PlanHandler | undefined,
): SortedStrays {
  if (observedWorld.strays.length === 0) return { strays: [], removals: [] };
  const named = new Set<string>();
  for (const sight of observedWorld.named.values()) if (sight.kind === "found") named.add(idKey(sight.observed.id));
  const found = observedWorld.strays.filter(({ observed }) => !named.has(idKey(observed.id)));
  const byOperation = new Map(operations.map((entry) => [entry.operation, entry]));
  const bearers = new Map<string, number>();
  for (const { observed } of found) {
    const { operation } = observed.marks ?? {};
    if (operation !== undefined && byOperation.get(operation)?.type === observed.id.type)
      bearers.set(operation, (bearers.get(operation) ?? 0) + 1);
  }
  const strays: Stray[] = [];
  const removals: Removal[] = [];
  for (const { observed, place } of found) {
    const entry = byOperation.get(observed.marks?.operation ?? "");
    const handler = handlerOf(place.provider, observed.id.type);
    const released = isReleased(byOperation.get(observed.marks?.object ?? ""), observed.id);
    const claimed =
      entry !== undefined &&
      handler !== undefined &&
      !released &&
      isItsWork(entry, observed.id, observed.token, bearers.get(entry.operation) === 1);
    strays.push({ id: observed.id, marks: observed.marks ?? {}, kind: claimed ? "claimed" : "unclaimed" });
    if (!claimed) continue;
    const row = {
      ...entry.row,
      id: observed.id,
      status: "retiring" as const,
      cloud: place.name,
      provider: place.provider,
      settings: place.settings,
    };
    removals.push({ row, handler, action: "delete", reason: "stray", sight: { kind: "found", observed, depth: "list" } });
  }
  return { strays, removals };
}

/**
 * The entry made an object of this type, has ended, and what it made is this: its id was told, or the cloud kept our token on it, or neither
 * and this alone bears its mark. Of several one may be somebody's copy.
 */
function isItsWork(entry: JournalEntry, id: JournalEntry["row"]["id"], token: string | undefined, alone: boolean): boolean {
  if (!entry.step.creates || entry.type !== id.type) return false;
  if (entry.state === "intended" || entry.state === "acknowledged" || entry.state === "unresolved") return false;
  if (token !== undefined && token === entry.token) return true;
  if (entry.id !== undefined) return entry.id === id.id && isSameIncarnation(entry.row.id, id);
  return alone;
}
