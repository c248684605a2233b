// The SQLite store against the suite, and what is its own: files, formats, dead holders.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, test } from "vitest";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import type { StateStore } from "../../engine/state/store.ts";
import { describeStateStore } from "./state-store.ts";

const folders: string[] = [];

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "koine-state-"));
  folders.push(folder);
  return folder;
}

function open(path: string): StateStore {
  const opened = openSqliteStore(path);
  if (!opened || "problem" in opened) throw new Error(JSON.stringify(opened));
  return opened.store;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describeStateStore("sqlite", async () => {
  const path = join(makeFolder(), ".koine", "state.db");
  return { open: async () => open(path), dispose: async () => {} };
});

describe("sqlite files", () => {
  test("folder and file are private, and the folder ignores itself", async () => {
    const folder = join(makeFolder(), ".koine");
    await open(join(folder, "state.db")).close();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "state.db")).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, ".gitignore")).isFile()).toBe(true);
  });

  test("a link in the place of the folder is refused", () => {
    const folder = makeFolder();
    symlinkSync(makeFolder(), join(folder, ".koine"));
    expect(openSqliteStore(join(folder, ".koine", "state.db"))).toMatchObject({
      problem: { message: expect.stringContaining("symbolic link") },
    });
  });

  test("a corrupt file and a newer format are problems, and the file is left as it was", async () => {
    const folder = join(makeFolder(), ".koine");
    const newer = join(folder, "newer.db");
    await open(newer).close();
    const database = new DatabaseSync(newer);
    database.exec("PRAGMA user_version=99");
    database.close();
    expect(openSqliteStore(newer)).toMatchObject({ problem: { message: expect.stringContaining("format 99") } });
    const corrupt = join(folder, "corrupt.db");
    writeFileSync(corrupt, "this is no database, and long enough to be read as one ".repeat(40));
    expect(openSqliteStore(corrupt)).toMatchObject({ problem: { hint: expect.stringContaining("nothing was changed") } });
  });

  test("without `create`, a missing state is nothing, and nothing is made", () => {
    const folder = join(makeFolder(), ".koine");
    expect(openSqliteStore(join(folder, "state.db"), { create: false })).toBeUndefined();
    expect(statSync(folder, { throwIfNoEntry: false })).toBeUndefined();
  });

  test("the lease of a process that died here holds nobody up", async () => {
    const store = open(join(makeFolder(), ".koine", "state.db"));
    const ended = spawnSync(process.execPath, ["-e", "console.log(process.pid)"], { encoding: "utf8" });
    const dead = { id: "dead", description: "a dead run", process: { host: hostname(), pid: Number(ended.stdout), started: "1" } };
    await store.acquire(dead, 3_600_000);
    expect("fence" in (await store.acquire({ id: "next", description: "the next run" }, 1000))).toBe(true);
    await store.close();
  });
});
