// A change of the state as the texts that every store writes, so that all stores hold the same rows. Encoded when it is handed over: what the
// caller does to its objects afterwards is not written.

import { createHash } from "node:crypto";
import { canonical } from "../../grammar/graph/canonical.ts";
import type { JournalEntry, MadeType, ObjectRow, StateChange } from "./store.ts";

/** Ended journal entries, and what they made, are kept this long, so that a stray can be traced to the operation that made it. */
export const endedKept = 30 * 24 * 3600 * 1000;

const endedStates = new Set<JournalEntry["state"]>(["happened", "never", "failed", "released"]);

export interface EncodedObject {
  readonly object: string;
  readonly key: string;
  readonly generation: number;
  readonly body: string;
}

export interface EncodedEntry {
  readonly operation: string;
  readonly ended: boolean;
  readonly body: string;
}

/** `place` is a digest of all that tells one from another; `body` a `MadeType`. */
export interface EncodedMade {
  readonly place: string;
  readonly body: string;
}

export interface EncodedChange {
  readonly meta?: NonNullable<StateChange["meta"]>;
  readonly objects: readonly EncodedObject[];
  readonly removed: readonly string[];
  readonly journal: readonly EncodedEntry[];
  readonly made: readonly EncodedMade[];
  /** `body` is null where the output is removed. */
  readonly outputs: readonly { readonly name: string; readonly body: string | null }[];
  readonly run?: { readonly id: string; readonly body: string };
}

/** Throws `TypeError` for what JSON cannot hold. */
export function encodeChange(change: StateChange): EncodedChange {
  const journal = change.putJournal ?? [];
  return {
    ...(change.meta && { meta: change.meta }),
    objects: (change.putObjects ?? []).map(encodeObject),
    removed: change.removeObjects ?? [],
    journal: journal.map((entry) => ({
      operation: entry.operation,
      ended: endedStates.has(entry.state),
      body: JSON.stringify(entry),
    })),
    made: journal.filter(isCreate).map(encodeMade),
    outputs: Object.entries(change.putOutputs ?? {}).map(([name, output]) => ({
      name,
      body: output === null ? null : JSON.stringify(output),
    })),
    ...(change.putRun && { run: { id: change.putRun.id, body: JSON.stringify(change.putRun) } }),
  };
}

function encodeObject(row: ObjectRow): EncodedObject {
  return { object: row.object, key: row.key, generation: row.generation, body: JSON.stringify(row) };
}

function isCreate(entry: JournalEntry): boolean {
  return entry.step.creates === true;
}

/** Where the object of a create was made. */
export function encodeMade({ type, row }: JournalEntry): EncodedMade {
  const made: MadeType = { type, cloud: row.cloud, provider: row.provider, settings: row.settings };
  const text = canonical(made);
  return { place: createHash("sha256").update(text).digest("base64url"), body: JSON.stringify(made) };
}
