// The file of a SQLite state, before it is opened for writing: made whole or not at all, and judged without touching it.

import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, existsSync, linkSync, openSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { stateFormat } from "./format.ts";
import { busyTimeout } from "./sqlite-lease.ts";
import { createTables, firstTables, readFormat } from "./sqlite-tables.ts";
import type { StateProblem } from "./state-problem.ts";

/** Files up to this size are checked page by page when they are opened; of larger ones every row read is checked anyway. */
const checkedSize = 8 * 1024 * 1024;

/**
 * Makes a new state beside `path` and links it there when it is complete, so that a file at `path` is never half made: an empty one is damage,
 * not a beginning. Of several processes one wins, and the others find its file.
 */
export function createSqliteFile(path: string): StateProblem | undefined {
  if (existsSync(`${path}-wal`) && !existsSync(path)) {
    return {
      message: `\`${path}-wal\` is there, and the state \`${path}\` that it belongs to is not`,
      hint: "put the state back beside it, or move the `-wal` file away to begin a new state",
    };
  }
  const fresh = join(dirname(path), `.${randomBytes(6).toString("hex")}-${basename(path)}`);
  closeSync(openSync(fresh, "wx", 0o600));
  try {
    const database = new DatabaseSync(fresh);
    database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
    createTables(database);
    database.close();
    chmodSync(fresh, 0o600);
    linkSync(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${fresh}${suffix}`, { force: true });
  }
  return undefined;
}

const damaged = (path: string, what: string): StateProblem => ({
  message: `the state \`${path}\` cannot be read: ${what}`,
  hint: "restore it from a backup, or move it away and rebuild it from the ownership marks; nothing was changed",
});

/** What is wrong with the file, if anything. Throws SQLite's error when it is no database. Changes nothing. */
export function judgeSqliteFile(path: string): StateProblem | undefined {
  const { size } = statSync(path);
  if (size === 0) return damaged(path, "it is empty");
  const database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeout });
  try {
    const format = readFormat(database);
    const names = (database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[]).map(
      ({ name }) => name,
    );
    if (!names.includes("object") || !names.includes("lock")) return damaged(path, "it is a database of another program");
    // What else a newer format holds is not judged.
    if (format > stateFormat) return undefined;
    const missing = [...firstTables, ...(format > 1 ? ["serial", "made"] : [])].find((name) => !names.includes(name));
    if (missing !== undefined) return damaged(path, `its table \`${missing}\` is missing`);
    if (size > checkedSize) return undefined;
    const [first] = database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
    return first?.quick_check === "ok" ? undefined : damaged(path, first?.quick_check ?? "it cannot be checked");
  } finally {
    database.close();
  }
}
