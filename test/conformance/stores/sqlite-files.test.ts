// What only the SQLite store has: files. Private ones; damaged, foreign, older and newer ones; and nothing of theirs touched when they are refused.

import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { openSqliteStore } from "../../../engine/state/sqlite-store.ts";
import { StateDamaged } from "../../../engine/state/store.ts";
import { makeEntry, makeRow, makeRunRow } from "./rows.ts";
import { changeDatabase, makeFolder, openSqlite } from "./sqlite-subject.ts";
import { take } from "./subject.ts";

const newPath = (): string => join(makeFolder(), ".koine", "state.db");
const hash = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** A state with something in it, closed. */
async function makeState(objects = 3): Promise<string> {
  const path = newPath();
  const store = openSqlite(path);
  const lease = await take(store);
  await lease.write({
    meta: { serial: 1, stack: "shop", cause: "apply", run: "r1" },
    putObjects: Array.from({ length: objects }, (_, index) => makeRow(`o${index}`)),
    putJournal: [makeEntry("op", "intended")],
    putOutputs: { url: { value: "x", secret: false } },
    putRun: makeRunRow("r1"),
  });
  await lease.release();
  await store.close();
  return path;
}

/** Opening it is a problem that says so, and what to do; the file is as it was. */
function expectRefused(path: string, message: RegExp, hint: RegExp): void {
  const before = hash(path);
  const opened = openSqliteStore(path);
  expect(opened).toMatchObject({ problem: { message: expect.stringMatching(message), hint: expect.stringMatching(hint) } });
  expect(hash(path)).toBe(before);
}

describe("sqlite files", () => {
  test("folder and file are private, the folder ignores itself, and nothing else is left in it", async () => {
    const path = newPath();
    await openSqlite(path).close();
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path)).sort()).toEqual([".gitignore", "state.db"]);
  });

  test("a link in the place of the folder is refused", () => {
    const folder = makeFolder();
    symlinkSync(makeFolder(), join(folder, ".koine"));
    expect(openSqliteStore(join(folder, ".koine", "state.db"))).toMatchObject({
      problem: { message: expect.stringContaining("symbolic link") },
    });
  });

  test("without `create`, a missing state is nothing, and nothing is made", () => {
    const path = newPath();
    expect(openSqliteStore(path, { create: false })).toBeUndefined();
    expect(existsSync(dirname(path))).toBe(false);
  });

  test("a log without its state is no new state", async () => {
    const path = newPath();
    mkdirSync(dirname(path), { mode: 0o700 });
    writeFileSync(`${path}-wal`, "what was written last");
    expect(openSqliteStore(path)).toMatchObject({ problem: { hint: expect.stringContaining("put the state back") } });
    expect(readFileSync(`${path}-wal`, "utf8")).toBe("what was written last");
    expect(existsSync(path)).toBe(false);
  });
});

describe("damaged sqlite files are refused with what to do, and left as they are", () => {
  const restore = /restore it from a backup/;

  test("an empty file, as a full disk or a stray `>` leaves it", async () => {
    const path = await makeState();
    truncateSync(path, 0);
    expectRefused(path, /it is empty/, restore);
  });

  test("a truncated file, wherever it was cut", async () => {
    const whole = await makeState(200);
    const { size } = statSync(whole);
    const path = newPath();
    mkdirSync(dirname(path), { mode: 0o700 });
    for (const part of [0.01, 0.1, 0.5, 0.9, 0.99]) {
      copyFileSync(whole, path);
      truncateSync(path, Math.floor(size * part));
      expectRefused(path, /cannot be read|damaged/, restore);
    }
  });

  test("a file that is no database", async () => {
    const path = await makeState();
    writeFileSync(path, "this is no database, and long enough to be read as one ".repeat(40));
    expectRefused(path, /damaged: file is not a database/, restore);
  });

  test("a database of another program, even one with our number", () => {
    const path = newPath();
    mkdirSync(dirname(path), { mode: 0o700 });
    for (const format of [0, 1, 2]) {
      writeFileSync(path, "");
      changeDatabase(path, "CREATE TABLE IF NOT EXISTS customers(name TEXT)", `PRAGMA user_version=${format}`);
      expectRefused(path, /another program/, restore);
    }
  });

  test("a page that was overwritten", async () => {
    const path = await makeState(400);
    const bytes = readFileSync(path);
    bytes.fill(0xab, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 5000);
    writeFileSync(path, bytes);
    expectRefused(path, /cannot be read|damaged/, restore);
  });

  test("a missing table, and a lineage that is none", async () => {
    const path = await makeState();
    changeDatabase(path, "DROP TABLE journal");
    expectRefused(path, /`journal` is missing/, restore);
    const other = await makeState();
    changeDatabase(other, "UPDATE meta SET value = 'x' WHERE name = 'lineage'");
    await expect(openSqlite(other).readMeta()).rejects.toThrow(StateDamaged);
  });

  test.each([
    ["no JSON", "UPDATE object SET body = substr(body, 1, 40)", /object `network\.o\d:vpc` is not JSON/],
    ["JSON that is no row", "UPDATE object SET body = '[1, 2]'", /is not a map/],
    ["a row that lacks a field", "UPDATE object SET body = json_remove(body, '$.props')", /`props` that is not a map/],
    [
      "a row with a field of another kind",
      "UPDATE object SET body = json_set(body, '$.id.region', 7)",
      /`id` that has a `region` that is not a string/,
    ],
    ["a row with an unknown status", "UPDATE object SET body = json_set(body, '$.status', 'lost')", /none of current, retiring, failed/],
  ])("an object's body: %s", async (_, sql, message) => {
    const path = await makeState();
    changeDatabase(path, sql);
    const before = hash(path);
    const store = openSqlite(path);
    await expect(store.readObjects()).rejects.toThrow(message);
    await expect(store.readObjects()).rejects.toThrow(StateDamaged);
    await expect(store.readObjects()).rejects.toThrow(path);
    await store.close();
    expect(hash(path)).toBe(before);
  });

  test("bodies of every other kind", async () => {
    const path = await makeState();
    changeDatabase(
      path,
      "UPDATE journal SET body = json_set(body, '$.row.after', 'x')",
      "UPDATE run SET body = '{}'; UPDATE output SET body = '{\"value\":1}'; UPDATE made SET body = 'x'; INSERT INTO object_history VALUES (2, 'o0', '{}')",
    );
    const store = openSqlite(path);
    await expect(store.readJournal()).rejects.toThrow(/journal entry `op` has a `row` that has a `after` that is not a list/);
    await expect(store.readRuns(9)).rejects.toThrow(/run `r1` has a `id`/);
    await expect(store.readRun("r1")).rejects.toThrow(StateDamaged);
    await expect(store.readOutputs()).rejects.toThrow(/output `url` has a `secret`/);
    await expect(store.readMade()).rejects.toThrow(StateDamaged);
    await expect(store.readHistory(1)).rejects.toThrow(/object `o0`/);
    await store.close();
  });
});

describe("formats", () => {
  test("a newer one is refused, and left as it is", async () => {
    const path = await makeState();
    changeDatabase(path, "PRAGMA user_version=99");
    expectRefused(path, /format 99, and this Koine reads formats up to 2/, /newer Koine/);
  });

  /** The tables of format 1, as they were. */
  const format1 = `
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE object(object TEXT PRIMARY KEY, key TEXT NOT NULL, generation INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE object_history(serial INTEGER NOT NULL, object TEXT NOT NULL, body TEXT, PRIMARY KEY(serial, object)) WITHOUT ROWID;
CREATE TABLE journal(rowid INTEGER PRIMARY KEY, operation TEXT NOT NULL UNIQUE, ended INTEGER, body TEXT NOT NULL);
CREATE INDEX journal_open ON journal(rowid) WHERE ended IS NULL;
CREATE TABLE output(name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE run(rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE lock(id INTEGER PRIMARY KEY CHECK (id = 1), holder TEXT, lease_until INTEGER NOT NULL, fence INTEGER NOT NULL);
INSERT INTO lock(id, holder, lease_until, fence) VALUES (1, NULL, 0, 7);
INSERT INTO meta VALUES ('lineage', '${"ab".repeat(16)}'), ('serial', '3'), ('stack', 'shop');
PRAGMA user_version=1;`;

  function makeFormat1(): string {
    const path = newPath();
    mkdirSync(dirname(path), { mode: 0o700 });
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA journal_mode=WAL;${format1}`);
    const put = (sql: string, ...values: readonly (string | number | null)[]) => database.prepare(sql).run(...values);
    const body = (row: object) => JSON.stringify(row);
    put("INSERT INTO object VALUES ('a', 'network.a:vpc', 1, ?)", body(makeRow("a", "3")));
    put("INSERT INTO object_history VALUES (1, 'a', NULL)");
    put("INSERT INTO object_history VALUES (3, 'a', ?)", body(makeRow("a", "1")));
    put(
      "INSERT INTO journal(operation, ended, body) VALUES ('1', ?, ?)",
      Date.now(),
      body(makeEntry("1", "happened", { latestSend: Date.now() })),
    );
    put(
      "INSERT INTO journal(operation, ended, body) VALUES ('2', NULL, ?)",
      body(makeEntry("2", "intended", { latestSend: Date.now(), type: "test.New" })),
    );
    put(
      "INSERT INTO journal(operation, ended, body) VALUES ('3', ?, ?)",
      1,
      body(makeEntry("3", "happened", { latestSend: 1, type: "test.Old" })),
    );
    put("INSERT INTO run(id, body) VALUES ('r1', ?)", body(makeRunRow("r1", { startedAt: 1000, serialBefore: 0 })));
    put("INSERT INTO run(id, body) VALUES ('r3', ?)", body(makeRunRow("r3", { startedAt: 3000, serialBefore: 2, command: "destroy" })));
    database.close();
    return path;
  }

  test("format 1 is upgraded: nothing is lost, and what can be told of its serials is told", async () => {
    const path = makeFormat1();
    const store = openSqlite(path);
    expect(await store.readMeta()).toEqual({ lineage: "ab".repeat(16), serial: 3, format: 2, stack: "shop" });
    expect(await store.readObjects()).toEqual([makeRow("a", "3")]);
    expect((await store.readJournal()).map(({ operation }) => operation)).toEqual(["2"]);
    expect(await store.readHistory(0)).toEqual([]);
    expect(await store.readHistory(1)).toEqual([makeRow("a", "1")]);
    expect(await store.readHistory(2)).toEqual([makeRow("a", "1")]);
    expect(await store.readHistory(3)).toEqual([makeRow("a", "3")]);
    expect(await store.readSerials(10)).toEqual([
      { serial: 3, at: 3000, cause: "destroy", run: "r3" },
      { serial: 2, at: 0, cause: "" },
      { serial: 1, at: 1000, cause: "apply", run: "r1" },
      { serial: 0, at: 0, cause: "" },
    ]);
    expect((await store.readMade()).map(({ type }) => type).sort()).toEqual(["test.New", "test.Vpc"]);
    const lease = await take(store);
    expect(lease.fence).toBe(8);
    await lease.write({ meta: { serial: 4, cause: "apply" }, removeObjects: ["a"] });
    expect(await store.readHistory(3)).toEqual([makeRow("a", "3")]);
    await lease.release();
    await store.close();
    await openSqlite(path).close();
  });

  test("an upgrade that fails on a damaged row changes nothing", () => {
    const path = makeFormat1();
    changeDatabase(path, "UPDATE journal SET body = '{' WHERE operation = '1'");
    expectRefused(path, /journal entry `1` is not JSON/, /restore it/);
    const database = new DatabaseSync(path, { readOnly: true });
    expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
    database.close();
  });

  test("a run of an older Koine that holds the lock is not upgraded under", () => {
    const path = makeFormat1();
    const holder = JSON.stringify({ id: "x", description: "someone@elsewhere pid 1, apply" });
    changeDatabase(path, `UPDATE lock SET holder = '${holder}', lease_until = ${Date.now() + 60_000}`);
    expectRefused(path, /held by someone@elsewhere/, /wait until that run has ended/);
    changeDatabase(path, "UPDATE lock SET lease_until = 1");
    expect(openSqliteStore(path)).toMatchObject({ store: {} });
  });
});
