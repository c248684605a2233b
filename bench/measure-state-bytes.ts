// What a store writes for one change, in a state that holds n objects already: it must not depend on n. Counted in the store's own log, not timed.

import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { JournalEntry, ObjectRow, StateChange, StateStore } from "../engine/state/store.ts";
import { createEngineStack } from "./engine-stack.ts";
import { writeWorkload } from "./workload.ts";

export interface MeasuredPlace {
  readonly store: StateStore;
  /** Bytes that the store has written so far. */
  count(): Promise<number> | number;
}

export interface StateBytes {
  /** Objects that the state held before. */
  readonly objects: number;
  readonly operations: number;
  /** What the store wrote, for all operations together. */
  readonly written: number;
  /** The rows in it, as JSON. */
  readonly rows: number;
  readonly commits: number;
}

/** Bytes in the write-ahead log of a SQLite state: whole pages, as they are synced. Its log is emptied first. */
export function countSqliteLog(path: string): () => number {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  return () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

/** A store that counts what is written through its leases. */
function watchWrites(store: StateStore): { readonly store: StateStore; readonly seen: { rows: number; commits: number } } {
  const seen = { rows: 0, commits: 0 };
  const note = (change: StateChange): void => {
    seen.rows += Buffer.byteLength(JSON.stringify(change));
    seen.commits += 1;
  };
  return {
    seen,
    store: {
      ...store,
      acquire: async (holder, leaseMilliseconds) => {
        const lease = await store.acquire(holder, leaseMilliseconds);
        if (!("fence" in lease)) return lease;
        return {
          ...lease,
          write: (change) => {
            note(change);
            return lease.write(change);
          },
        };
      },
    },
  };
}

async function measure(
  objects: number,
  operations: number,
  place: MeasuredPlace,
  seen: { rows: number; commits: number },
  run: () => Promise<void>,
) {
  const [written, rows, commits] = [await place.count(), seen.rows, seen.commits];
  await run();
  return { objects, operations, written: (await place.count()) - written, rows: seen.rows - rows, commits: seen.commits - commits };
}

const row = (n: number, cidr: string): ObjectRow => {
  const object = n.toString(16).padStart(32, "0");
  return {
    object,
    key: `network.n${String(n).padStart(6, "0")}:vpc`,
    address: `network.n${String(n).padStart(6, "0")}`,
    role: "vpc",
    type: "bench.Vpc",
    generation: 1,
    status: "current",
    cloud: "aws",
    provider: "aws",
    settings: { region: "eu-west-1" },
    id: { type: "bench.Vpc", account: "123456789012", region: "eu-west-1", id: `vpc-${object.slice(0, 17)}` },
    props: { CidrBlock: cidr, Tags: { Name: "shop", Environment: "production" } },
    attributes: { VpcId: `vpc-${object.slice(0, 17)}`, OwnerId: "123456789012" },
    after: [],
    schemaVersion: 1,
  };
};

const entry = (n: number, state: JournalEntry["state"]): JournalEntry => ({
  operation: (n + 0x10000000).toString(16).padStart(32, "0"),
  run: "0".repeat(32),
  object: n.toString(16).padStart(32, "0"),
  key: `network.n${String(n).padStart(6, "0")}:vpc`,
  type: "bench.Vpc",
  generation: 1,
  action: "update",
  step: { key: "tag", operation: "bench:Tag", replay: "idempotent" },
  body: { Tags: { Name: "shop" } },
  row: row(n, "10.0.0.0/16"),
  token: "t".repeat(32),
  schemaVersion: 1,
  earliestSend: 1_700_000_000_000,
  latestSend: 1_700_000_060_000,
  state,
});

/** Store alone: n rows, then operations spread over them, each an intent and its outcome, one commit each. */
export async function measureStoreBytes(objects: number, operations: number, open: () => Promise<MeasuredPlace>): Promise<StateBytes> {
  const place = await open();
  const { store, seen } = watchWrites(place.store);
  const lease = await store.acquire({ id: "bench", description: "bench" }, 3_600_000);
  if (!("fence" in lease)) throw new Error("the lock is held");
  for (let from = 0; from < objects; from += 1000) {
    await lease.write({
      putObjects: Array.from({ length: Math.min(1000, objects - from) }, (_, index) => row(from + index, "10.0.0.0/16")),
    });
  }
  await lease.write({ meta: { serial: 1, cause: "apply", run: "0".repeat(32) } });
  const result = await measure(objects, operations, place, seen, async () => {
    for (let n = 0; n < operations; n++) {
      const at = Math.floor((n * objects) / operations);
      await lease.write({ putJournal: [entry(at, "intended")] });
      await lease.write({ putJournal: [entry(at, "happened")], putObjects: [row(at, "10.1.0.0/16")] });
    }
  });
  await lease.release();
  await store.close();
  return result;
}

/** A whole apply: W(n) is there, and the tags of some machines change. */
export async function measureApplyBytes(objects: number, operations: number, open: () => Promise<MeasuredPlace>): Promise<StateBytes> {
  const place = await open();
  const { store, seen } = watchWrites(place.store);
  const stack = await createEngineStack(store);
  const before = writeWorkload(objects, "");
  await stack.withSession(async (session) => {
    const native = await stack.lower(await stack.compile(before));
    await stack.apply(session, native, await stack.plan(session, native), 128);
  });
  const changed = Array.from({ length: operations }, (_, index) => index);
  const after = changed.reduce(
    (text, n) => text.replace(new RegExp(`(machine m${n} \\{[^}]*tags   = \\{ n = )"${n}"`), '$1"changed"'),
    before,
  );
  const native = await stack.lower(await stack.compile(after));
  const result = await measure(objects, operations, place, seen, () =>
    stack.withSession(async (session) => {
      const planned = await stack.plan(session, native);
      if (planned.plan?.changes.length !== operations) throw new Error(`${planned.plan?.changes.length} changes, expected ${operations}`);
      await stack.apply(session, native, planned, 1);
    }),
  );
  await store.close();
  return result;
}

/** As Markdown. */
export function renderStateBytes(results: readonly StateBytes[]): string {
  return [
    "| objects in the state | operations | writes | rows as JSON | written by the store | for each operation |",
    "|---|---|---|---|---|---|",
    ...results.map(
      ({ objects, operations, commits, rows, written }) =>
        `| ${objects} | ${operations} | ${commits} | ${rows} B | ${written} B | ${Math.round(written / operations)} B |`,
    ),
  ].join("\n");
}
