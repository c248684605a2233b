// The whole state as one document: what `koine state pull` prints and `koine state push` takes back. Secrets stay as they are kept, digests in rows
// and sealed in the journal.

import { describeSnapshotMistakes } from "./snapshot-schema.ts";
import type { JournalEntry, ObjectRow, OutputRow, RunRow, StateMeta, StateStore } from "./store.ts";

/** Of the document, apart from the format of a store. */
export const snapshotVersion = 1;

export interface StateSnapshot {
  readonly version: typeof snapshotVersion;
  readonly lineage: string;
  readonly serial: number;
  readonly stack: string;
  readonly objects: readonly ObjectRow[];
  readonly journal: {
    /** Not settled yet. */
    readonly open: readonly JournalEntry[];
    /** Ended within the last 30 days. */
    readonly ended: readonly JournalEntry[];
  };
  readonly outputs: Readonly<Record<string, OutputRow>>;
  /** Newest first. */
  readonly runs: readonly RunRow[];
}

export interface TakenSnapshot {
  readonly snapshot: StateSnapshot;
  /** A run writes to the state right now: the next moment it may be another. */
  readonly moving: boolean;
}

/** How often a state that changes under our eyes is read before it is told as it is. */
const attempts = 5;

/** Reads everything. Takes no lock: what was read is of one moment when the journal was the same before and after. */
export async function takeSnapshot(store: StateStore): Promise<TakenSnapshot> {
  for (let attempt = 1; ; attempt++) {
    const before = await store.readMeta();
    const open = await store.readJournal();
    const snapshot = await readAll(store, before, open);
    const moving = (await store.readMeta()).serial !== before.serial || !isSameJournal(open, await store.readJournal());
    if (!moving || attempt === attempts) return { snapshot, moving };
  }
}

async function readAll(store: StateStore, meta: StateMeta, open: readonly JournalEntry[]): Promise<StateSnapshot> {
  return {
    version: snapshotVersion,
    lineage: meta.lineage,
    serial: meta.serial,
    stack: meta.stack,
    objects: await store.readObjects(),
    journal: { open, ended: await store.readEnded("all") },
    outputs: await store.readOutputs(),
    runs: await store.readRuns(Number.MAX_SAFE_INTEGER),
  };
}

/** Every row is written together with its journal entry, so the open ones tell whether anything moved. */
function isSameJournal(left: readonly JournalEntry[], right: readonly JournalEntry[]): boolean {
  const textOf = (entries: readonly JournalEntry[]): string =>
    JSON.stringify(entries.map(({ operation, state }) => [operation, state]).sort());
  return textOf(left) === textOf(right);
}

export function serialiseSnapshot(snapshot: StateSnapshot): string {
  return `${JSON.stringify(snapshot, undefined, 1)}\n`;
}

/** Largest file that is read: some hundred thousand objects. */
const largest = 512 * 1024 * 1024;

/** Reads a document. What is wrong with it is told in sentences without a final period, the first few; never a throw. */
export function parseSnapshot(text: string): { readonly snapshot: StateSnapshot } | { readonly mistakes: readonly string[] } {
  if (text.length > largest) return { mistakes: ["it is larger than 512 MiB"] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { mistakes: [`it is not JSON: ${error instanceof Error ? error.message : ""}`] };
  }
  const mistakes = describeSnapshotMistakes(value, snapshotVersion);
  return mistakes.length === 0 ? { snapshot: value as StateSnapshot } : { mistakes };
}
