// The tables of the SQLite store: made at once for a new state, and brought from an earlier format to today's in one transaction.

import type { DatabaseSync } from "node:sqlite";
import { encodeMade } from "./encode-change.ts";
import { createLineage, stateFormat } from "./format.ts";
import { isHolderDead } from "./holder.ts";
import { decodeEntry, decodeRun, type StoredText } from "./row-codec.ts";
import type { Holder } from "./store.ts";

/** Of format 1, and of every later one. */
export const firstTables = ["meta", "object", "object_history", "journal", "output", "run", "lock"] as const;

const tables = `
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE object(object TEXT PRIMARY KEY, key TEXT NOT NULL, generation INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE object_history(serial INTEGER NOT NULL, object TEXT NOT NULL, body TEXT, PRIMARY KEY(serial, object)) WITHOUT ROWID;
CREATE TABLE journal(rowid INTEGER PRIMARY KEY, operation TEXT NOT NULL UNIQUE, ended INTEGER, body TEXT NOT NULL);
CREATE INDEX journal_open ON journal(rowid) WHERE ended IS NULL;
CREATE TABLE output(name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE run(rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE lock(id INTEGER PRIMARY KEY CHECK (id = 1), holder TEXT, lease_until INTEGER NOT NULL, fence INTEGER NOT NULL);
INSERT INTO lock(id, holder, lease_until, fence) VALUES (1, NULL, 0, 0);
`;

// `made` is keyed by a digest of its body: a settings map may be longer than a key should be.
const tablesOfFormat2 = `
CREATE TABLE serial(serial INTEGER PRIMARY KEY, at INTEGER NOT NULL, cause TEXT NOT NULL, run TEXT);
CREATE TABLE made(place TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX journal_ended ON journal(ended) WHERE ended IS NOT NULL;
ALTER TABLE lock ADD COLUMN quiet_at INTEGER NOT NULL DEFAULT 0;
`;

/** Stored as `PRAGMA user_version`. */
export function readFormat(database: DatabaseSync): number {
  return (database.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}

/** Fills an empty database. */
export function createTables(database: DatabaseSync): void {
  database.exec("BEGIN IMMEDIATE");
  database.exec(tables);
  database.exec(tablesOfFormat2);
  const put = database.prepare("INSERT INTO meta(name, value) VALUES (?, ?)");
  put.run("lineage", createLineage());
  put.run("serial", "0");
  put.run("stack", "");
  database.prepare("INSERT INTO serial(serial, at, cause) VALUES (0, ?, '')").run(Date.now());
  database.exec(`PRAGMA user_version=${stateFormat}`);
  database.exec("COMMIT");
}

/** Brings format 1 to 2. Gives the holder of the lock when a run is under way: it would go on writing the older rows. Throws `StateDamaged`. */
export function upgradeTables(database: DatabaseSync): { readonly heldBy: Holder } | undefined {
  database.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have upgraded it between our look and the lock.
    const heldBy = readFormat(database) === 1 ? upgradeFrom1(database) : undefined;
    database.exec(heldBy ? "ROLLBACK" : "COMMIT");
    return heldBy && { heldBy };
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function upgradeFrom1(database: DatabaseSync): Holder | undefined {
  const lock = database.prepare("SELECT holder, lease_until FROM lock WHERE id = 1").get() as {
    holder: string | null;
    lease_until: number;
  };
  const holder = lock.holder === null ? undefined : (JSON.parse(lock.holder) as Holder);
  if (holder && lock.lease_until > Date.now() && !isHolderDead(holder)) return holder;
  database.exec(tablesOfFormat2);
  // Every serial so far can still be read; of those that a run made, the run row tells when.
  database.exec(
    "INSERT INTO serial(serial, at, cause) WITH RECURSIVE n(serial) AS (VALUES (0) UNION ALL SELECT serial + 1 FROM n WHERE serial < (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'serial')) SELECT serial, 0, '' FROM n",
  );
  const tell = database.prepare("UPDATE serial SET at = ?, cause = ?, run = ? WHERE serial = ? AND run IS NULL");
  for (const text of database.prepare("SELECT id AS name, body FROM run ORDER BY rowid DESC").iterate()) {
    const run = decodeRun(text as unknown as StoredText);
    tell.run(run.startedAt, run.command, run.id, run.serialBefore + 1);
  }
  const putMade = database.prepare(
    "INSERT INTO made(place, at, body) VALUES (?, ?, ?) ON CONFLICT(place) DO UPDATE SET at = max(at, excluded.at)",
  );
  for (const text of database.prepare("SELECT operation AS name, body FROM journal").iterate()) {
    const entry = decodeEntry(text as unknown as StoredText);
    if (!entry.step.creates) continue;
    const { place, body } = encodeMade(entry);
    putMade.run(place, entry.latestSend, body);
  }
  database.exec("PRAGMA user_version=2");
  return undefined;
}
