// What the suite of state stores works on: one persisted state, opened as often as a test needs, and rows to put into it.

import { test } from "vitest";
import type { Holder, Lease, ObjectRow, StateStore } from "../../../engine/state/store.ts";

export interface StoreUnderTest {
  /** Opens the same persisted state once more, as another process would. */
  open(): Promise<StateStore>;
  /** Everything that the store dates happened so much earlier. */
  pass(milliseconds: number): Promise<void>;
  /** Durable commits so far; absent where nothing is durable. */
  countCommits?(): Promise<number>;
  dispose(): Promise<void>;
}

export type StartStore = () => Promise<StoreUnderTest>;

/** Declares a test on a state of its own. */
export function declareRun(start: StartStore): (title: string, body: (subject: StoreUnderTest) => Promise<void>) => void {
  return (title, body) =>
    test(title, async () => {
      const subject = await start();
      try {
        await body(subject);
      } finally {
        await subject.dispose();
      }
    });
}

export const makeHolder = (id: string): Holder => ({ id, description: `${id} on a test host` });

export async function take(store: StateStore, id = "first", milliseconds = 60_000): Promise<Lease> {
  const lease = await store.acquire(makeHolder(id), milliseconds);
  if ("heldBy" in lease) throw new Error(`held by ${lease.heldBy.description}`);
  return lease;
}

/** Opens it, takes the lock, and gives both back afterwards. */
export async function withLease(subject: StoreUnderTest, body: (store: StateStore, lease: Lease) => Promise<void>): Promise<void> {
  const store = await subject.open();
  try {
    const lease = await take(store);
    await body(store, lease);
    await lease.release();
  } finally {
    await store.close();
  }
}

/** Rows in one order, whatever order a store gives them in. */
export function sortRows(rows: readonly ObjectRow[] | undefined): readonly ObjectRow[] | undefined {
  return rows && [...rows].sort((a, b) => (a.object < b.object ? -1 : a.object > b.object ? 1 : 0));
}

/** All that can be read of a state, to see that nothing changed. */
export async function readAll(store: StateStore): Promise<object> {
  const [meta, objects, journal, ended, outputs, runs, serials, made] = await Promise.all([
    store.readMeta(),
    store.readObjects(),
    store.readJournal(),
    store.readEnded("all"),
    store.readOutputs(),
    store.readRuns(1000),
    store.readSerials(1000),
    store.readMade(),
  ]);
  return { meta, objects: sortRows(objects), journal, ended, outputs, runs, serials, made };
}
