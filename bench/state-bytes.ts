// `node bench/state-bytes.ts`: bytes of state written for changes in stacks of growing size, on SQLite and PostgreSQL. Counted, so the same on any machine;
// writes bench/results/state-bytes.md.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePostgresLocation } from "../engine/state/postgres-location.ts";
import { openPostgresStore } from "../engine/state/postgres-store.ts";
import { openSqliteStore } from "../engine/state/sqlite-store.ts";
import { locateState, startPostgres } from "../test/support/postgres-server.ts";
import { countSqliteLog, type MeasuredPlace, measureApplyBytes, measureStoreBytes, renderStateBytes } from "./measure-state-bytes.ts";

const sizes = [100, 1000, 10_000];
const folder = mkdtempSync(join(tmpdir(), "koine-bench-"));
let made = 0;

async function openSqlite(): Promise<MeasuredPlace> {
  const path = join(folder, String(made++), ".koine", "state.db");
  const opened = openSqliteStore(path);
  if (!opened || "problem" in opened) throw new Error(JSON.stringify(opened));
  let count: (() => number) | undefined;
  return {
    store: opened.store,
    // The log is emptied when it is counted for the first time.
    count: () => {
      count ??= countSqliteLog(path);
      return count();
    },
  };
}

const server = await startPostgres();

async function openPostgres(): Promise<MeasuredPlace> {
  if ("missing" in server) throw new Error(server.missing);
  const database = await server.createDatabase();
  const parsed = parsePostgresLocation(locateState(database, "shop"));
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  const opened = await openPostgresStore(parsed.location);
  if (!opened || "problem" in opened) throw new Error(JSON.stringify(opened));
  let isClean = false;
  return {
    store: opened.store,
    count: async () => {
      // Versions that earlier writes replaced are cleared away by whoever reads them next, unless this is done before.
      if (!isClean) await database.query("VACUUM");
      isClean = true;
      return Number((await database.query<{ at: string }>("SELECT pg_current_wal_insert_lsn() - '0/0' AS at"))[0]?.at);
    },
  };
}

async function measureAll(open: () => Promise<MeasuredPlace>): Promise<string> {
  const parts: string[] = [];
  for (const [title, measure] of [
    ["A whole `apply` that changes the tags of some machines of W(n)", measureApplyBytes],
    ["The store alone: an intent and its outcome for each operation", measureStoreBytes],
  ] as const) {
    const results = [];
    for (const operations of [1, 10]) for (const objects of sizes) results.push(await measure(objects, operations, open));
    parts.push(`### ${title}\n\n${renderStateBytes(results)}`);
  }
  return parts.join("\n\n");
}

const sqlite = await measureAll(openSqlite);
const postgres = "missing" in server ? `Not measured: ${server.missing}.` : await measureAll(openPostgres);
rmSync(folder, { recursive: true, force: true });
const text = `# State bytes for each operation

What a store writes for a change must be in proportion to the change, not to the stack. Counted, not timed. Made by \`node bench/state-bytes.ts\`.

## SQLite

Bytes of its write-ahead log, which grows by whole pages of 4 KiB: each commit writes every page that it touched.

${sqlite}

## PostgreSQL

Bytes of its write-ahead log after a vacuum, without the page images that follow each checkpoint.

${postgres}
`;
mkdirSync(join(import.meta.dirname, "results"), { recursive: true });
writeFileSync(join(import.meta.dirname, "results", "state-bytes.md"), text);
console.log(text);
