// What is written down when an object is let go of while it lives. It goes on bearing our marks, and the entry of the request that made it is kept
// for 30 days: without this, the next plan would take it for what an interrupted run left behind, and end it. Pure.

import { isSameIncarnation } from "../observe/world.ts";
import type { ObjectId } from "../provider/provider.ts";
import type { JournalEntry, ObjectRow } from "./store.ts";

/**
 * An ended entry that stands for no request. It is found by the object's own id, which is its mark, and is kept as long as every other: longer
 * than the entry of the create. `at`: milliseconds since the epoch.
 */
export function describeRelease(row: ObjectRow, by: { readonly run: string; readonly at: number; readonly cause: string }): JournalEntry {
  const { object, key, type, generation, schemaVersion } = row;
  return {
    operation: object,
    run: by.run,
    object,
    key,
    type,
    generation,
    action: "delete",
    step: { key: "release", operation: "state:release", replay: "idempotent" },
    body: {},
    row: { ...row, props: {}, attributes: {} },
    token: "",
    schemaVersion,
    earliestSend: by.at,
    latestSend: by.at,
    state: "released",
    reason: by.cause,
  };
}

/** The same entry once a row of the object is back: it says nothing any more. */
export function voidRelease(entry: JournalEntry, cause: string): JournalEntry {
  return { ...entry, state: "never", reason: cause };
}

/** Whether the entry says that this very object was let go of. Another of the same mark, a twin that a repeated request made, was not. */
export function isReleased(entry: JournalEntry | undefined, id: ObjectId): boolean {
  if (entry?.state !== "released") return false;
  const released = entry.row.id;
  return released.type === id.type && released.id === id.id && isSameIncarnation(released, id);
}
