// Goes back to the rows of an earlier serial, as a new one. The clouds did not go back with them: what runs made and wrote since is true and is kept;
// what commands did to the rows is undone. Nothing is ended for it: an object that loses its row is let go of. Pure.

import { isSameValue } from "../../grammar/graph/canonical.ts";
import { idKey } from "../observe/world.ts";
import { describeRelease, voidRelease } from "./release.ts";
import type { JournalEntry, ObjectRow, SerialRow, StateChange } from "./store.ts";

export interface RollbackInput {
  readonly serial: number;
  /** Newest first, as the store tells them. */
  readonly serials: readonly SerialRow[];
  /** Today's rows. */
  readonly now: readonly ObjectRow[];
  /** The rows after `serial`. */
  readonly then: readonly ObjectRow[];
  /** Object ids of rows that came by a push or a rollback since. */
  readonly imported: ReadonlySet<string>;
  /** Ended entries by the object ids of `then`: those that let go of an object. */
  readonly released: readonly JournalEntry[];
  /** For the entries that are written: the run, and the time in milliseconds since the epoch. */
  readonly by: { readonly run: string; readonly at: number };
}

export interface Rollback {
  readonly change: StateChange;
  /** Rows that are there in both and differ. */
  readonly restored: readonly ObjectRow[];
  /** Rows that were gone: of objects that were destroyed since, or let go of. */
  readonly revived: readonly ObjectRow[];
  /** Rows of objects that were made since; they stay. */
  readonly kept: readonly ObjectRow[];
  /** Rows that no run made; they go, and their objects stay where they are. */
  readonly dropped: readonly ObjectRow[];
  /** Earlier rows that do not come back, because an object that was made since stands in their place, or is theirs under another mark. */
  readonly superseded: readonly ObjectRow[];
}

export function planRollback(input: RollbackInput): Rollback {
  const { serial, now, then, imported, released, by } = input;
  const today = new Map(now.map((row) => [row.object, row]));
  const earlier = new Set(then.map((row) => row.object));
  const since = now.filter((row) => !earlier.has(row.object));
  const kept = since.filter((row) => !imported.has(row.object));
  const dropped = since.filter((row) => imported.has(row.object));
  const keys = new Set(kept.filter((row) => row.status !== "retiring").map((row) => row.key));
  const ids = new Set(kept.map((row) => idKey(row.id)));
  const ran = input.serials.some((one) => one.serial > serial && isRun(one));

  const revived: ObjectRow[] = [];
  const restored: ObjectRow[] = [];
  const superseded: ObjectRow[] = [];
  for (const row of then) {
    const present = today.get(row.object);
    const next = present && ran ? withAddress(present, row) : row;
    if (present && isSameValue(present, next)) continue;
    if (keys.has(row.key) || (!present && ids.has(idKey(row.id)))) superseded.push(row);
    else (present ? restored : revived).push(next);
  }
  const back = new Set(revived.map((row) => row.object));
  const cause = `rollback to ${serial}`;
  const change: StateChange = {
    putObjects: [...revived, ...restored],
    removeObjects: dropped.map((row) => row.object),
    putJournal: [
      ...dropped.map((row) => describeRelease(row, { ...by, cause })),
      ...released.filter((entry) => entry.state === "released" && back.has(entry.object)).map((entry) => voidRelease(entry, cause)),
    ],
    meta: { cause },
  };
  return { change, restored, revived, kept, dropped, superseded };
}

/**
 * Where a run wrote the row since, only its address goes back: its props are what was last applied, and an older digest would let the next plan take
 * a secret for one that the object does not have any more.
 */
function withAddress(present: ObjectRow, { key, address, role }: ObjectRow): ObjectRow {
  if (present.key === key) return present;
  const { was, ...kept } = present;
  const made = was ?? present.key;
  return { ...kept, key, address, role, ...(made === key ? {} : { was: made }) };
}

function isRun({ cause }: SerialRow): boolean {
  return cause === "apply" || cause === "destroy" || cause === "";
}

/** Serials after `serial` that brought rows which no run made. */
export function listImports(serials: readonly SerialRow[], serial: number): readonly SerialRow[] {
  return serials.filter((one) => one.serial > serial && /^(push|rollback)/.test(one.cause));
}

/** What the history says of a push that gave the state another lineage. The rows before are of other marks. */
export const takenLineage = "push of another lineage";

/** Whether the rows after `serial` are of today's lineage. */
export function isOfLineage(serials: readonly SerialRow[], serial: number): boolean {
  return !serials.some((one) => one.serial > serial && one.cause === takenLineage);
}
