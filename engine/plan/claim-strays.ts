// Objects with our lineage mark that no row knows: which of them an operation of ours made, so that they may go, and which are only reported.
// Marks are copied by images, backups and scaling groups, so the mark alone is never enough. Pure.

import type { ObservedStray } from "../observe/world.ts";
import type { JournalEntry } from "../state/store.ts";
import type { Stray } from "./change.ts";
import type { Removal } from "./decision.ts";
import type { PlanHandler } from "./plan-input.ts";

export interface SortedStrays {
  readonly strays: readonly Stray[];
  readonly removals: readonly Removal[];
}

export function claimStrays(
  found: readonly ObservedStray[],
  operations: readonly JournalEntry[],
  handlerOf: (provider: string, type: string) => PlanHandler | undefined,
): SortedStrays {
  if (found.length === 0) return { strays: [], removals: [] };
  const byOperation = new Map(operations.map((entry) => [entry.operation, entry]));
  const strays: Stray[] = [];
  const removals: Removal[] = [];
  for (const { observed, place } of found) {
    const entry = byOperation.get(observed.marks?.operation ?? "");
    const handler = handlerOf(place.provider, observed.id.type);
    const claimed = entry !== undefined && handler !== undefined && isItsWork(entry, observed.id, observed.token);
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

/** The entry made an object of this type, has ended, and what it made is this: its id was told, or none was, or the cloud kept our token on it. */
function isItsWork(entry: JournalEntry, id: JournalEntry["row"]["id"], token: string | undefined): boolean {
  if (!entry.step.creates || entry.type !== id.type) return false;
  if (entry.state === "intended" || entry.state === "acknowledged" || entry.state === "unresolved") return false;
  return entry.id === undefined || entry.id === id.id || (token !== undefined && token === entry.token);
}
