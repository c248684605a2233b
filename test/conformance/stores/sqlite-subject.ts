// SQLite states in scratch folders, for tests.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll } from "vitest";
import { openSqliteStore } from "../../../engine/state/sqlite-store.ts";
import type { StateStore } from "../../../engine/state/store.ts";
import type { StoreUnderTest } from "./subject.ts";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "koine-state-"));
  folders.push(folder);
  return folder;
}

export function openSqlite(path: string): StateStore {
  const opened = openSqliteStore(path);
  if (!opened || "problem" in opened) throw new Error(JSON.stringify(opened));
  return opened.store;
}

export function changeDatabase(path: string, ...statements: readonly string[]): void {
  const database = new DatabaseSync(path);
  for (const sql of statements) database.exec(sql);
  database.close();
}

export async function startSqlite(): Promise<StoreUnderTest> {
  const path = join(makeFolder(), ".koine", "state.db");
  const { exec } = DatabaseSync.prototype;
  let commits = 0;
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    if (sql === "COMMIT" && this.location() === path) commits += 1;
    return exec.call(this, sql);
  };
  return {
    open: async () => openSqlite(path),
    pass: async (ms) =>
      changeDatabase(
        path,
        `UPDATE lock SET lease_until = lease_until - ${ms}; UPDATE journal SET ended = ended - ${ms}; UPDATE made SET at = at - ${ms}`,
      ),
    countCommits: async () => commits,
    dispose: async () => {
      DatabaseSync.prototype.exec = exec;
    },
  };
}
