// The store for one machine: rows in SQLite (WAL, synchronous=FULL), group commit, fenced lease. What is written is in
// proportion to the change; earlier serials are kept as the rows' previous versions.

import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeChangesSql } from "./changes-sql.ts";
import { endedKept } from "./encode-change.ts";
import { explainFailures } from "./explain-failures.ts";
import { describeNewerFormat, stateFormat } from "./format.ts";
import { ensurePrivateDirectory, judgePrivate } from "./private-directory.ts";
import { decodeEntry, decodeMade, decodeMeta, decodeObject, decodeOutput, decodeRun, type StoredText, toSerialRow } from "./row-codec.ts";
import { createSqliteFile, judgeSqliteFile } from "./sqlite-file.ts";
import { acquireLease, breakSqliteLock, busyTimeout } from "./sqlite-lease.ts";
import { readFormat, upgradeTables } from "./sqlite-tables.ts";
import type { StateProblem } from "./state-problem.ts";
import { type SerialChanges, type SerialRow, StateDamaged, type StateMeta, type StateStore, StateUnreachable } from "./store.ts";

/**
 * Opens or makes the store at `path`. The folder is made private. A damaged file, one of another program, or one of a newer Koine is a problem,
 * and left as it is; one of an older format is upgraded. With `create: false` a missing file gives `undefined`.
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
    const problem = existsSync(path) ? undefined : createSqliteFile(path);
    const judged = problem ?? judgeSqliteFile(path);
    if (judged) return { problem: judged };
    database = new DatabaseSync(path, { timeout: busyTimeout });
    database.exec("PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF");
    const format = readFormat(database);
    if (format > stateFormat) {
      database.close();
      return { problem: describeNewerFormat(path, format) };
    }
    const upgraded = format < stateFormat ? upgradeTables(database) : undefined;
    if (upgraded) {
      database.close();
      return {
        problem: {
          message: `the state \`${path}\` has format ${format}, and is held by ${upgraded.heldBy.description}`,
          hint: "wait until that run has ended; then this Koine brings the state to its own format",
        },
      };
    }
    return { store: explainFailures(createStore(database, path), (error) => explainFailure(path, error)) };
  } catch (error) {
    database?.close();
    const failure = explainFailure(path, error) ?? toError(error);
    const hint = failure instanceof StateUnreachable ? failure.hint : damageHint;
    return { problem: { message: failure.message, hint } };
  }
}

const damageHint = "restore it from a backup, or move it away and rebuild it from the ownership marks; nothing was changed";

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** https://www.sqlite.org/rescode.html: SQLITE_BUSY is 5, SQLITE_CORRUPT 11, SQLITE_NOTADB 26, with details in the higher bytes. */
function explainFailure(path: string, error: unknown): Error | undefined {
  if (error instanceof StateDamaged) return new StateDamaged(`\`${path}\`: ${error.message}`);
  const { errcode = 0, errstr } = error as { readonly errcode?: number; readonly errstr?: string };
  switch (errcode & 0xff) {
    case 5:
      return new StateUnreachable(
        `the state \`${path}\` was being written by others for ${busyTimeout / 1000} seconds`,
        "try again when fewer runs are under way; what was recorded before is safe",
      );
    case 11:
    case 26:
      return new StateDamaged(`the state \`${path}\` is damaged: ${errstr ?? "it is no database"}`);
    default:
      return undefined;
  }
}

function createStore(database: DatabaseSync, path: string): StateStore {
  const readAll = <Row>(decode: (text: StoredText) => Row, sql: string, ...values: readonly (string | number)[]): readonly Row[] =>
    (database.prepare(sql).all(...values) as unknown as readonly StoredText[]).map(decode);
  const readMeta = (): StateMeta => {
    const rows = database.prepare("SELECT name, value FROM meta").all() as { name: string; value: string }[];
    const meta = new Map(rows.map((row) => [row.name, row.value]));
    return decodeMeta({
      lineage: meta.get("lineage") ?? "",
      serial: Number(meta.get("serial")),
      format: stateFormat,
      stack: meta.get("stack") ?? "",
    });
  };
  return {
    location: `sqlite:${path}`,
    readMeta: async () => readMeta(),
    readObjects: async () => readAll(decodeObject, "SELECT key AS name, body FROM object ORDER BY key, generation"),
    readJournal: async () => readAll(decodeEntry, "SELECT operation AS name, body FROM journal WHERE ended IS NULL ORDER BY rowid"),
    readEnded: async (operations) => {
      const ended = "SELECT operation AS name, body FROM journal WHERE ended IS NOT NULL";
      if (operations === "all") return readAll(decodeEntry, `${ended} ORDER BY rowid`);
      return readAll(decodeEntry, `${ended} AND operation IN (SELECT value FROM json_each(?))`, JSON.stringify(operations));
    },
    readOutputs: async () => {
      const rows = database.prepare("SELECT name, body FROM output ORDER BY name").all() as unknown as readonly StoredText[];
      return Object.fromEntries(rows.map((row) => [row.name, decodeOutput(row)]));
    },
    readRun: async (id) => readAll(decodeRun, "SELECT id AS name, body FROM run WHERE id = ?", id)[0],
    readRuns: async (limit) => readAll(decodeRun, "SELECT id AS name, body FROM run ORDER BY rowid DESC LIMIT ?", limit),
    readSerials: async (limit) => {
      const rows = database.prepare("SELECT serial, at, cause, run FROM serial ORDER BY serial DESC LIMIT ?").all(limit);
      return (rows as unknown as readonly (Omit<SerialRow, "run"> & { readonly run: string | null })[]).map(toSerialRow);
    },
    readMade: async () => readAll(decodeMade, "SELECT place AS name, body FROM made WHERE at >= ? ORDER BY place", Date.now() - endedKept),
    readHistory: async (serial) => {
      if (database.prepare("SELECT 1 FROM serial WHERE serial = ?").get(serial) === undefined) return undefined;
      return readAll(decodeObject, historySql, serial);
    },
    readChanges: async (from) =>
      database.prepare(makeChangesSql("object_history", "object", "serial >= ?")).all(from) as unknown as readonly SerialChanges[],
    acquire: async (holder, leaseMilliseconds) => acquireLease(database, path, holder, leaseMilliseconds),
    breakLock: async () => breakSqliteLock(database),
    close: async () => database.close(),
  };
}

/**
 * Rows after serial ?1: what the first later serial that touched an object replaced, and today's rows where none did. One statement, so that it
 * sees one moment. With `min`, SQLite takes the other columns from the row of the minimum: https://www.sqlite.org/lang_select.html#bareagg
 */
const historySql = `
WITH undone AS (SELECT object, body, min(serial) FROM object_history WHERE serial > ?1 GROUP BY object)
SELECT object AS name, body FROM undone WHERE body IS NOT NULL
UNION ALL
SELECT object AS name, body FROM object WHERE object NOT IN (SELECT object FROM undone)
ORDER BY name`;
