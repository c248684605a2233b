// The lock, the lease and every write of the SQLite store. A write looks at the fence in its own transaction, so a holder that was taken over
// can never change a row.

import { DatabaseSync } from "node:sqlite";
import { type EncodedChange, encodeChange, endedKept } from "./encode-change.ts";
import { describeFallingSerial } from "./format.ts";
import { isHolderDead } from "./holder.ts";
import { createLeaseLost, type Holder, type Lease, type LeaseRenewal, type RenewalConnection } from "./store.ts";

/** How long a statement waits for another process: fifty may want to write at once, each with an fsync. */
export const busyTimeout = 30_000;

interface LockRow {
  readonly holder: string | null;
  readonly lease_until: number;
  readonly fence: number;
  /** End of the last lease that was broken. */
  readonly quiet_at: number;
}

export function inTransaction<Result>(database: DatabaseSync, run: () => Result): Result {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = run();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite itself rolls back after a full disk or a failed write.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function readLock(database: DatabaseSync): LockRow {
  return database.prepare("SELECT holder, lease_until, fence, quiet_at FROM lock WHERE id = 1").get() as unknown as LockRow;
}

/** Takes the lock of the database at `path`, or says who holds it. */
export function acquireLease(
  database: DatabaseSync,
  path: string,
  holder: Holder,
  leaseMilliseconds: number,
): Lease | { readonly heldBy: Holder; readonly until: number } {
  const taken = inTransaction(database, () => {
    const lock = readLock(database);
    const other = lock.holder === null ? undefined : (JSON.parse(lock.holder) as Holder);
    // The lease of a process that is seen dead on this machine holds nobody up: it can send nothing any more.
    if (other && lock.lease_until > Date.now() && !isHolderDead(other)) return { heldBy: other, until: lock.lease_until };
    const fence = lock.fence + 1;
    const takenAt = Date.now();
    database
      .prepare("UPDATE lock SET holder = ?, lease_until = ?, fence = ? WHERE id = 1")
      .run(JSON.stringify(holder), takenAt + leaseMilliseconds, fence);
    database.prepare("DELETE FROM journal WHERE ended < ?").run(Date.now() - endedKept);
    database.prepare("DELETE FROM made WHERE at < ?").run(Date.now() - endedKept);
    return { fence, takenAt, quietAt: Math.max(takenAt, lock.quiet_at) };
  });
  if (taken.fence === undefined) return taken;
  return createLease(database, { store: "sqlite", location: path, fence: taken.fence, leaseMilliseconds }, taken);
}

export function breakSqliteLock(database: DatabaseSync): Holder | undefined {
  return inTransaction(database, () => {
    const lock = readLock(database);
    database
      .prepare("UPDATE lock SET holder = NULL, lease_until = 0, fence = fence + 1, quiet_at = max(quiet_at, lease_until) WHERE id = 1")
      .run();
    return lock.holder === null ? undefined : (JSON.parse(lock.holder) as Holder);
  });
}

/** Extends the lease; throws `LeaseLost`. One statement, so that it needs no transaction of its own. */
export function renewSqliteLease(database: DatabaseSync, { fence, leaseMilliseconds }: LeaseRenewal): void {
  const { changes } = database
    .prepare("UPDATE lock SET lease_until = ? WHERE id = 1 AND fence = ? AND holder IS NOT NULL")
    .run(Date.now() + leaseMilliseconds, fence);
  if (changes !== 1) throw createLeaseLost();
}

/** A connection that only renews. What it writes need not survive a power cut, which ends the holder too. */
export function connectSqliteRenewal(renewal: LeaseRenewal): RenewalConnection {
  const database = new DatabaseSync(renewal.location, { timeout: Math.min(busyTimeout, renewal.leaseMilliseconds / 3) });
  database.exec("PRAGMA synchronous=NORMAL");
  return { renew: async () => renewSqliteLease(database, renewal), close: async () => database.close() };
}

interface Waiting {
  readonly change: EncodedChange;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function createLease(database: DatabaseSync, renewal: LeaseRenewal, { takenAt, quietAt }: Pick<Lease, "takenAt" | "quietAt">): Lease {
  const { fence } = renewal;
  const isHeld = (): boolean => {
    const lock = readLock(database);
    return lock.fence === fence && lock.holder !== null;
  };
  const apply = createWriter(database);
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    try {
      inTransaction(database, () => {
        if (!isHeld()) throw createLeaseLost();
        for (const { change } of batch) apply(change);
      });
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  return {
    fence,
    takenAt,
    quietAt,
    renewal,
    renew: async () => renewSqliteLease(database, renewal),
    // Group commit: all that is written in one turn of the event loop becomes durable with one fsync.
    write: async (change) => {
      const encoded = encodeChange(change);
      await new Promise<void>((resolve, reject) => {
        waiting.push({ change: encoded, resolve, reject });
        if (waiting.length === 1) setImmediate(flush);
      });
    },
    release: async () => {
      if (waiting.length > 0) flush();
      database.prepare("UPDATE lock SET holder = NULL, lease_until = 0 WHERE id = 1 AND fence = ?").run(fence);
    },
  };
}

function createWriter(database: DatabaseSync): (change: EncodedChange) => void {
  const setMeta = database.prepare("INSERT INTO meta(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value");
  const putSerial = database.prepare("INSERT OR IGNORE INTO serial(serial, at, cause, run) VALUES (?, ?, ?, ?)");
  const readSerial = database.prepare("SELECT CAST(value AS INTEGER) AS serial FROM meta WHERE name = 'serial'");
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
  const putMade = database.prepare("INSERT INTO made(place, at, body) VALUES (?, ?, ?) ON CONFLICT(place) DO UPDATE SET at = excluded.at");
  const putOutput = database.prepare("INSERT INTO output(name, body) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET body = excluded.body");
  const removeOutput = database.prepare("DELETE FROM output WHERE name = ?");
  const putRun = database.prepare("INSERT INTO run(id, body) VALUES (?, ?) ON CONFLICT(id) DO UPDATE SET body = excluded.body");

  const applyMeta = ({ serial, stack, lineage, cause, run }: NonNullable<EncodedChange["meta"]>): void => {
    if (serial !== undefined) {
      const before = (readSerial.get() as { serial: number }).serial;
      if (serial < before) throw new Error(describeFallingSerial(before, serial));
      setMeta.run("serial", String(serial));
      putSerial.run(serial, Date.now(), cause ?? "", run ?? null);
    }
    if (stack !== undefined) setMeta.run("stack", stack);
    if (lineage !== undefined) setMeta.run("lineage", lineage);
  };

  return (change) => {
    if (change.meta) applyMeta(change.meta);
    for (const { object, key, generation, body } of change.objects) {
      keep.run(object);
      putObject.run(object, key, generation, body);
    }
    for (const object of change.removed) {
      keep.run(object);
      removeObject.run(object);
    }
    for (const { operation, ended, body } of change.journal) putJournal.run(operation, ended ? Date.now() : null, body);
    for (const { place, body } of change.made) putMade.run(place, Date.now(), body);
    for (const { name, body } of change.outputs) {
      if (body === null) removeOutput.run(name);
      else putOutput.run(name, body);
    }
    if (change.run) putRun.run(change.run.id, change.run.body);
  };
}
