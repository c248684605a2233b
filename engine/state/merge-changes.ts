// Several changes made one after the other as the one that they come to, for stores that write sets of rows. A change that begins a serial stays
// the first of its merge: what it replaces belongs to that serial.

import type { EncodedChange, EncodedEntry, EncodedMade, EncodedObject } from "./encode-change.ts";

export interface MergedChange {
  readonly meta?: NonNullable<EncodedChange["meta"]>;
  /** By object id; null: removed. */
  readonly objects: ReadonlyMap<string, EncodedObject | null>;
  readonly journal: ReadonlyMap<string, EncodedEntry>;
  readonly made: ReadonlyMap<string, EncodedMade>;
  readonly outputs: ReadonlyMap<string, string | null>;
  readonly runs: ReadonlyMap<string, string>;
}

/** How many of these, from the first on, may be merged. */
export function countMergeable(changes: readonly EncodedChange[]): number {
  const next = changes.findIndex((change, index) => index > 0 && change.meta?.serial !== undefined);
  return next === -1 ? changes.length : next;
}

export function mergeChanges(changes: readonly EncodedChange[]): MergedChange {
  let meta: EncodedChange["meta"];
  const objects = new Map<string, EncodedObject | null>();
  const journal = new Map<string, EncodedEntry>();
  const made = new Map<string, EncodedMade>();
  const outputs = new Map<string, string | null>();
  const runs = new Map<string, string>();
  for (const change of changes) {
    if (change.meta) meta = { ...meta, ...change.meta };
    for (const row of change.objects) objects.set(row.object, row);
    for (const object of change.removed) objects.set(object, null);
    for (const entry of change.journal) journal.set(entry.operation, entry);
    for (const place of change.made) made.set(place.place, place);
    for (const { name, body } of change.outputs) outputs.set(name, body);
    if (change.run) runs.set(change.run.id, change.run.body);
  }
  return { ...(meta && { meta }), objects, journal, made, outputs, runs };
}
