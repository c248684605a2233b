// A state that was damaged from outside, or is of a newer Koine, is refused in words and left as it is, whatever the command.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeAll, describe, expect, test } from "vitest";
import { copyFolder, expectKoine, makeStack } from "../support/run-koine.ts";

let base = "";
beforeAll(async () => {
  base = makeStack({ "main.koine": 'stack shop\ncloud aws { region = "eu-west-1" }\naddress ip { }\n' });
  await expectKoine(base, ["apply", "--simulate", "--yes"], 0);
}, 240_000);

const commands = [["plan"], ["apply", "--yes"], ["state", "list"], ["state", "rm", "address.ip", "--yes"]] as const;

function statePath(folder: string): string {
  return join(folder, ".koine", "simulator", "state.db");
}

/** Every row but that of the lock, which a command takes before it reads; where it is no database, the bytes. */
function readContents(folder: string): string {
  const bytes = readFileSync(statePath(folder));
  if (!bytes.toString("latin1", 0, 6).startsWith("SQLite")) return bytes.toString("latin1");
  const database = new DatabaseSync(statePath(folder), { readOnly: true });
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'lock' ORDER BY name").all();
  const rows = tables.map(({ name }) => database.prepare(`SELECT * FROM ${String(name)}`).all());
  const format = database.prepare("PRAGMA user_version").get();
  database.close();
  return JSON.stringify([format, tables, rows]);
}

/** Puts all into the main file, so that its bytes are the state. */
function edit(folder: string, sql: string): void {
  const database = new DatabaseSync(statePath(folder));
  database.exec(sql);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

describe.each([
  [
    "a newer format",
    (folder: string) => edit(folder, "PRAGMA user_version=99"),
    /has format 99, and this Koine reads formats up to \d+/,
    "use the newer Koine that wrote it",
    commands,
  ],
  [
    "a file that is no database",
    (folder: string) => writeFileSync(statePath(folder), "no database, and longer than the header of one: ".repeat(200)),
    /the state .* cannot be read|is damaged|no state/,
    "restore it from a backup",
    commands,
  ],
  [
    "a row that is no JSON",
    (folder: string) => edit(folder, "UPDATE object SET body = substr(body, 1, 40)"),
    /is damaged: the object `[^`]+` is not JSON/,
    "restore it from a backup",
    commands,
  ],
  [
    "a row that is no row",
    (folder: string) => edit(folder, "UPDATE object SET body = json_remove(body, '$.id.account')"),
    /is damaged: the object `address\.ip:eip` has a `id` that has a `account` that is not a string/,
    "restore it from a backup",
    [["plan"], ["state", "pull"]] as const,
  ],
] as const)("%s", (_, damage, words, hint, refused) => {
  test("is refused with the way out, and nothing in it changes", { timeout: 240_000 }, async () => {
    const folder = copyFolder(base);
    damage(folder);
    const before = readContents(folder);
    for (const args of refused) {
      const { stderr, stdout } = await expectKoine(folder, [...args, "--simulate"], 1);
      expect(stderr).toMatch(words);
      expect(stderr).toContain(hint);
      expect(stderr).not.toMatch(/\n\s+at |internal error/);
      expect(stdout).toBe("");
    }
    expect(readContents(folder)).toBe(before);
  });
});
