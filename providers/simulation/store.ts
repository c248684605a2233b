// Keeps the world in SQLite, so that it outlives a killed process and several processes can serve it at once.
// Holds rows, the counter that ids are made of, and the log of requests; knows no rule of any cloud.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ListEntries } from "./indexes.ts";
import { createMemory, type Memory } from "./memory.ts";
import type { AnyRow, KindOf } from "./rows.ts";
import { requestIdOf } from "./seeds.ts";

export interface RequestRecord {
  readonly operation: string;
  readonly mutating: boolean;
  readonly account: string;
  readonly region: string;
  readonly at: number;
  readonly params: Readonly<Record<string, string>>;
  /** `ok`, or the error's code; `cut`: the caller never got the answer. */
  readonly outcome: string;
  readonly status: number;
  /** The fault that was played on it, if any. */
  readonly fault?: string;
}

export interface LoggedRequest extends RequestRecord {
  readonly requestId: string;
}

export interface Store<R extends AnyRow> {
  readonly memory: Memory<R>;
  readonly seed: number;
  /** Runs `act` with nobody else writing; what it put into memory is durable when this returns. A throw takes everything back. */
  write<T>(act: () => T): T;
  /** Brings memory up to what other processes wrote. */
  refresh(): void;
  /** The next number of the world's counter. Only within `write`. */
  nextNumber(): number;
  /** Adds one to a named counter that outlives the process; answers what it is now. */
  count(name: string): number;
  /** Adds to the log; answers the request's id. */
  log(record: RequestRecord): string;
  readLog(): readonly LoggedRequest[];
  close(): void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS object (
    realm TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, data TEXT,
    PRIMARY KEY (realm, kind, id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS object_revision ON object (revision);
  CREATE TABLE IF NOT EXISTS request (n INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT NOT NULL);
`;

/** The log keeps this many requests at least. */
const LOG_KEEPS = 200_000;

/** What a cloud's world is kept in, and how its rows are indexed. */
export interface WorldFormat<R extends AnyRow> {
  /** The file's name in the world's folder: `aws.db`. */
  readonly file: string;
  readonly listEntries: ListEntries<R>;
}

/** Opens the world in a folder, which is made when missing; `:memory:` keeps nothing. The seed of an existing world stays what it was. */
export function openStore<R extends AnyRow>(format: WorldFormat<R>, directory: string, seed: number): Store<R> {
  if (directory !== ":memory:") mkdirSync(directory, { recursive: true });
  const db = new DatabaseSync(directory === ":memory:" ? ":memory:" : join(directory, format.file));
  db.exec("PRAGMA busy_timeout = 20000");
  // Durable against the death of the process, which is what a test kills; not against that of the machine.
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("PRAGMA synchronous = OFF");
  db.exec("BEGIN IMMEDIATE");
  db.exec(SCHEMA);
  db.prepare("INSERT OR IGNORE INTO meta VALUES ('seed', ?), ('counter', 0), ('revision', 0)").run(seed);
  db.exec("COMMIT");

  const statements = {
    begin: db.prepare("BEGIN IMMEDIATE"),
    commit: db.prepare("COMMIT"),
    rollback: db.prepare("ROLLBACK"),
    dataVersion: db.prepare("PRAGMA data_version"),
    since: db.prepare("SELECT realm, kind, id, revision, data FROM object WHERE revision > ? ORDER BY revision"),
    meta: db.prepare("SELECT value FROM meta WHERE key = ?"),
    setMeta: db.prepare("UPDATE meta SET value = ? WHERE key = ?"),
    count: db.prepare("INSERT INTO meta VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value"),
    put: db.prepare(
      "INSERT INTO object VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision, data = excluded.data",
    ),
    log: db.prepare("INSERT INTO request (data) VALUES (?)"),
    trim: db.prepare("DELETE FROM request WHERE n <= ?"),
    readLog: db.prepare("SELECT n, data FROM request ORDER BY n"),
  };
  const readMeta = (key: string): number => Number((statements.meta.get(key) as { value: number }).value);

  const memory = createMemory(format.listEntries);
  const worldSeed = readMeta("seed");
  let seenVersion = -1;
  let revision = 0;
  let counter = readMeta("counter");
  let writing = false;

  const refresh = (): void => {
    const version = Number((statements.dataVersion.get() as { data_version: number }).data_version);
    if (version === seenVersion) return;
    seenVersion = version;
    for (const row of statements.since.iterate(revision) as Iterable<{
      realm: string;
      kind: KindOf<R>;
      id: string;
      revision: number;
      data: string | null;
    }>) {
      if (row.data === null) memory.remove(row.realm, row.kind, row.id);
      else memory.put(JSON.parse(row.data) as R);
      revision = row.revision;
    }
    memory.forgetChanges();
    counter = readMeta("counter");
  };
  refresh();

  const flush = (counterBefore: number): void => {
    const changes = memory.changes();
    if (changes.length === 0 && counter === counterBefore) return;
    revision += 1;
    for (const { realm, kind, id, row } of changes) {
      statements.put.run(realm, kind, id, revision, row === undefined ? null : JSON.stringify(row));
    }
    if (counter !== counterBefore) statements.setMeta.run(counter, "counter");
  };

  return {
    memory,
    seed: worldSeed,
    refresh,
    write: (act) => {
      if (writing) return act();
      statements.begin.run();
      writing = true;
      refresh();
      const [counterBefore, revisionBefore] = [counter, revision];
      try {
        const result = act();
        flush(counterBefore);
        statements.commit.run();
        memory.forgetChanges();
        return result;
      } catch (error) {
        statements.rollback.run();
        memory.undo();
        counter = counterBefore;
        revision = revisionBefore;
        throw error;
      } finally {
        writing = false;
      }
    },
    nextNumber: () => {
      if (!writing) throw new Error("the counter moves within a write only");
      counter += 1;
      return counter;
    },
    count: (name) => Number((statements.count.get(`count ${name}`) as { value: number }).value),
    log: (record) => {
      const n = Number(statements.log.run(JSON.stringify(record)).lastInsertRowid);
      if (n % 1000 === 0 && n > LOG_KEEPS) statements.trim.run(n - LOG_KEEPS);
      return requestIdOf(worldSeed, n);
    },
    readLog: () =>
      (statements.readLog.all() as { n: number; data: string }[]).map(({ n, data }) => ({
        ...(JSON.parse(data) as RequestRecord),
        requestId: requestIdOf(worldSeed, n),
      })),
    close: () => db.close(),
  };
}
