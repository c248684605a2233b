// Stops managing objects without ending them, like `@forget`: their rows go, and what was let go of is written down, so that no later plan takes the
// marks that they go on bearing for what an interrupted run left behind. Pure.

import { matchesAddress } from "../plan/select-address.ts";
import { describeMissing, type Refusal, refuseBusy } from "./move-rows.ts";
import { describeRelease } from "./release.ts";
import type { JournalEntry, ObjectRow, StateChange } from "./store.ts";

export type RowRemoval = Refusal | { readonly kind: "removed"; readonly rows: readonly ObjectRow[]; readonly change: StateChange };

/** `addresses` name resources, families or keys. Rows that name one of theirs in `after` stay as they are: an order after nothing binds nothing. */
export function removeRows(
  rows: readonly ObjectRow[],
  open: readonly JournalEntry[],
  addresses: readonly string[],
  by: { readonly run: string; readonly at: number; readonly cause: string },
): RowRemoval {
  const removed = new Set<ObjectRow>();
  for (const address of addresses) {
    const named = rows.filter((row) => row.key === address || matchesAddress(row.address, address));
    if (named.length === 0) return describeMissing(rows, address);
    for (const row of named) removed.add(row);
  }
  const list = rows.filter((row) => removed.has(row));
  const busy = refuseBusy(open, list, addresses);
  if (busy) return busy;
  const change: StateChange = {
    removeObjects: list.map((row) => row.object),
    putJournal: list.map((row) => describeRelease(row, by)),
    meta: { cause: by.cause },
  };
  return { kind: "removed", rows: list, change };
}
