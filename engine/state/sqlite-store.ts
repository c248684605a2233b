// The store for one machine: rows in SQLite (WAL, synchronous=FULL), group commit, fenced lease. What is written is in
// proportion to the change; earlier serials are kept as the rows' previous versions.

import { chmodSync, existsSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isHolderDead } from "./holder.ts";
import { ensurePrivateDirectory, judgePrivate } from "./private-directory.ts";
import { createLineage, stateFormat, tables } from "./sqlite-tables.ts";
import {
  type Holder,
  type JournalEntry,
  type Lease,
  LeaseLost,
  type ObjectRow,
  type OutputRow,
  type RunRow,
  type StateChange,
  StateDamaged,
  type StateMeta,
  type StateStore,
} from "./store.ts";

/** Why a state cannot be used, and what to do. Nothing was changed. */
export interface StateProblem {
  readonly message: string;
  readonly hint: string;
}

/** Ended journal entries are kept this long, so that a stray can be traced to the operation that made it. */
const endedKept = 30 * 24 * 3600 * 1000;

const endedStates = new Set<JournalEntry["state"]>(["happened", "never", "failed"]);

type Text = { readonly body: string };

/**
 * Opens or makes the store at `path`. The folder is made private. A corrupt file, or one of a newer Koine, is a problem, never overwritten.
 * With `create: false` a missing file gives `undefined`.
 */
export function openSqliteStore(
  path: string,
  options: { readonly create?: boolean } = {},
): { readonly store: StateStore } | { readonly problem: StateProblem } | undefined {
  if (!existsSync(path) && options.create === false) return undefined;
  const unsafe = ensurePrivateDirectory(dirname(path)) ?? judgePrivate(path);
  if (unsafe) return { problem: { message: unsafe, hint: "the state holds what Koine manages; it must be yours alone" } };
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 10_000 });
    chmodSync(path, 0o600);
    database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF");
    const format = readFormat(database);
    if (format > stateFormat) {
      database.close();
      return {
        problem: {
          message: `the state \`${path}\` has format ${format}, and this Koine reads formats up to ${stateFormat}`,
          hint: "use the newer Koine that wrote it; nothing was changed",
        },
      };
    }
    if (format === 0) prepare(database);
    return { store: createStore(database, path) };
  } catch (error) {
    database?.close();
    return {
      problem: {
        message: `the state \`${path}\` cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        hint: "restore it from a backup, or move it away and rebuild it from the ownership marks; nothing was changed",
      },
    };
  }
}

function readFormat(database: DatabaseSync): number {
  const row = database.prepare("PRAGMA user_version").get() as { user_version: number };
  return row.user_version;
}

function prepare(database: DatabaseSync): void {
  database.exec("BEGIN IMMEDIATE");
  // Another process may have prepared it between our look and the lock.
  if (readFormat(database) === 0) {
    database.exec(tables);
    const put = database.prepare("INSERT INTO meta(name, value) VALUES (?, ?)");
    put.run("lineage", createLineage());
    put.run("serial", "0");
    put.run("stack", "");
    database.exec(`PRAGMA user_version=${stateFormat}`);
  }
  database.exec("COMMIT");
}

function parseAll<Row>(rows: readonly unknown[]): readonly Row[] {
  return (rows as readonly Text[]).map((row) => parseBody<Row>(row.body));
}

function parseBody<Row>(body: string): Row {
  try {
    return JSON.parse(body) as Row;
  } catch (error) {
    throw new StateDamaged(`a row of the state is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function createStore(database: DatabaseSync, path: string): StateStore {
  const readMeta = (): StateMeta => {
    const rows = database.prepare("SELECT name, value FROM meta").all() as { name: string; value: string }[];
    const meta = new Map(rows.map((row) => [row.name, row.value]));
    return {
      lineage: meta.get("lineage") ?? "",
      serial: Number(meta.get("serial") ?? 0),
      format: stateFormat,
      stack: meta.get("stack") ?? "",
    };
  };
  return {
    location: `sqlite:${path}`,
    readMeta: async () => readMeta(),
    readObjects: async () => parseAll<ObjectRow>(database.prepare("SELECT body FROM object ORDER BY key, generation").all()),
    readJournal: async () => parseAll<JournalEntry>(database.prepare("SELECT body FROM journal WHERE ended IS NULL ORDER BY rowid").all()),
    readEnded: async (operations) =>
      parseAll<JournalEntry>(
        database
          .prepare("SELECT body FROM journal WHERE ended IS NOT NULL AND operation IN (SELECT value FROM json_each(?))")
          .all(JSON.stringify(operations)),
      ),
    readOutputs: async () => {
      const rows = database.prepare("SELECT name, body FROM output ORDER BY name").all() as { name: string; body: string }[];
      return Object.fromEntries(rows.map((row) => [row.name, parseBody<OutputRow>(row.body)]));
    },
    readRun: async (id) => parseAll<RunRow>(database.prepare("SELECT body FROM run WHERE id = ?").all(id))[0],
    readRuns: async (limit) => parseAll<RunRow>(database.prepare("SELECT body FROM run ORDER BY rowid DESC LIMIT ?").all(limit)),
    readHistory: async (serial) => readHistory(database, readMeta().serial, serial),
    acquire: async (holder, leaseMilliseconds) => acquire(database, holder, leaseMilliseconds),
    breakLock: async () => breakLock(database),
    close: async () => database.close(),
  };
}

/** Rows after `serial`: today's, with every version that a later serial replaced put back. */
function readHistory(database: DatabaseSync, current: number, serial: number): readonly ObjectRow[] | undefined {
  if (serial > current || serial < 0) return undefined;
  const rows = new Map<string, string | null>();
  for (const row of database.prepare("SELECT object, body FROM object").all() as { object: string; body: string }[])
    rows.set(row.object, row.body);
  const undone = database.prepare("SELECT object, body FROM object_history WHERE serial > ? ORDER BY serial DESC").all(serial);
  for (const row of undone as { object: string; body: string | null }[]) rows.set(row.object, row.body);
  return [...rows.values()].filter((body) => body !== null).map((body) => parseBody<ObjectRow>(body));
}

interface LockRow {
  readonly holder: string | null;
  readonly lease_until: number;
  readonly fence: number;
}

function inTransaction<Result>(database: DatabaseSync, run: () => Result): Result {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = run();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

function readLock(database: DatabaseSync): LockRow {
  return database.prepare("SELECT holder, lease_until, fence FROM lock WHERE id = 1").get() as unknown as LockRow;
}

function acquire(
  database: DatabaseSync,
  holder: Holder,
  leaseMilliseconds: number,
): Lease | { readonly heldBy: Holder; readonly until: number } {
  const taken = inTransaction(database, () => {
    const lock = readLock(database);
    const other = lock.holder === null ? undefined : (JSON.parse(lock.holder) as Holder);
    // The lease of a process that is seen dead on this machine holds nobody up: it can send nothing any more.
    if (other && lock.lease_until > Date.now() && !isHolderDead(other)) return { heldBy: other, until: lock.lease_until };
    const fence = lock.fence + 1;
    database
      .prepare("UPDATE lock SET holder = ?, lease_until = ?, fence = ? WHERE id = 1")
      .run(JSON.stringify(holder), Date.now() + leaseMilliseconds, fence);
    database.prepare("DELETE FROM journal WHERE ended < ?").run(Date.now() - endedKept);
    return { fence };
  });
  return "fence" in taken ? createLease(database, taken.fence, leaseMilliseconds) : taken;
}

function breakLock(database: DatabaseSync): Holder | undefined {
  return inTransaction(database, () => {
    const lock = readLock(database);
    database.prepare("UPDATE lock SET holder = NULL, lease_until = 0, fence = fence + 1 WHERE id = 1").run();
    return lock.holder === null ? undefined : (JSON.parse(lock.holder) as Holder);
  });
}

interface Waiting {
  readonly change: StateChange;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function createLease(database: DatabaseSync, fence: number, leaseMilliseconds: number): Lease {
  const demandFence = (): void => {
    if (readLock(database).fence !== fence) throw new LeaseLost("another run has taken over the state; this one stops");
  };
  const apply = createWriter(database);
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    try {
      inTransaction(database, () => {
        demandFence();
        for (const { change } of batch) apply(change);
      });
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  return {
    fence,
    renew: async () =>
      inTransaction(database, () => {
        demandFence();
        database.prepare("UPDATE lock SET lease_until = ? WHERE id = 1").run(Date.now() + leaseMilliseconds);
      }),
    // Group commit: all that is written in one turn of the event loop becomes durable with one fsync.
    write: (change) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ change, resolve, reject });
        if (waiting.length === 1) setImmediate(flush);
      }),
    release: async () => {
      if (waiting.length > 0) flush();
      inTransaction(database, () => {
        if (readLock(database).fence === fence) database.prepare("UPDATE lock SET holder = NULL, lease_until = 0 WHERE id = 1").run();
      });
    },
  };
}

function createWriter(database: DatabaseSync): (change: StateChange) => void {
  const setMeta = database.prepare("INSERT INTO meta(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value");
  // The version that a serial replaces is kept once; later writes of the same serial find it there already.
  const keep = database.prepare(
    "INSERT OR IGNORE INTO object_history(serial, object, body) SELECT (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'serial'), ?1, (SELECT body FROM object WHERE object = ?1)",
  );
  const putObject = database.prepare(
    "INSERT INTO object(object, key, generation, body) VALUES (?, ?, ?, ?) ON CONFLICT(object) DO UPDATE SET key = excluded.key, generation = excluded.generation, body = excluded.body",
  );
  const removeObject = database.prepare("DELETE FROM object WHERE object = ?");
  const putJournal = database.prepare(
    "INSERT INTO journal(operation, ended, body) VALUES (?, ?, ?) ON CONFLICT(operation) DO UPDATE SET ended = excluded.ended, body = excluded.body",
  );
  const putOutput = database.prepare("INSERT INTO output(name, body) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET body = excluded.body");
  const removeOutput = database.prepare("DELETE FROM output WHERE name = ?");
  const putRun = database.prepare("INSERT INTO run(id, body) VALUES (?, ?) ON CONFLICT(id) DO UPDATE SET body = excluded.body");
  return (change) => {
    if (change.meta?.serial !== undefined) setMeta.run("serial", String(change.meta.serial));
    if (change.meta?.stack !== undefined) setMeta.run("stack", change.meta.stack);
    for (const row of change.putObjects ?? []) {
      keep.run(row.object);
      putObject.run(row.object, row.key, row.generation, JSON.stringify(row));
    }
    for (const object of change.removeObjects ?? []) {
      keep.run(object);
      removeObject.run(object);
    }
    for (const entry of change.putJournal ?? []) {
      putJournal.run(entry.operation, endedStates.has(entry.state) ? Date.now() : null, JSON.stringify(entry));
    }
    for (const [name, output] of Object.entries(change.putOutputs ?? {})) {
      if (output === null) removeOutput.run(name);
      else putOutput.run(name, JSON.stringify(output));
    }
    if (change.putRun) putRun.run(change.putRun.id, JSON.stringify(change.putRun));
  };
}
