// `npm run bench -- --n 100,1000,5000`: compile, plan and apply W(n) on the in-process `memory` provider with a durable SQLite state. Measures the
// engine, not a cloud. Writes a table with facts of the machine to bench/results; nothing here is a test.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openSqliteStore } from "../engine/state/sqlite-store.ts";
import { createEngineStack } from "./engine-stack.ts";
import { describeMachine } from "./machine.ts";
import { writeWorkload } from "./workload.ts";

interface Figures {
  readonly n: number;
  readonly sourceBytes: number;
  readonly compile: number;
  readonly lower: number;
  readonly plan: number;
  readonly apply: number;
  readonly second: number;
  readonly memory: number;
}

async function timed<Result>(work: () => Promise<Result> | Result): Promise<readonly [Result, number]> {
  const began = performance.now();
  const result = await work();
  return [result, (performance.now() - began) / 1000];
}

async function measure(n: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "koine-bench-"));
  const opened = openSqliteStore(join(folder, ".koine", "state.db"));
  if (!opened || "problem" in opened) throw new Error("no store");
  const { store } = opened;
  const stack = await createEngineStack(store);
  const text = writeWorkload(n, "");
  const [graph, compileSeconds] = await timed(() => stack.compile(text));
  const [native, lowerSeconds] = await timed(() => stack.lower(graph));
  const [planSeconds, applySeconds, secondSeconds] = await stack.withSession(async (session) => {
    const [first, planned] = await timed(() => stack.plan(session, native));
    const [, applied] = await timed(() => stack.apply(session, native, first, 128));
    const [second, again] = await timed(() => stack.plan(session, native));
    if (second.plan?.changes.length !== 0) throw new Error("the second plan is not empty");
    return [planned, applied, again];
  });
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    n,
    sourceBytes: text.length,
    compile: compileSeconds,
    lower: lowerSeconds,
    plan: planSeconds,
    apply: applySeconds,
    second: secondSeconds,
    memory: process.memoryUsage().rss,
  };
}

const { values } = parseArgs({ options: { n: { type: "string", default: "100,1000,5000" } } });
const rows: Figures[] = [];
// Once beforehand, unmeasured: parser tables and compiled code.
await measure(10);
for (const n of values.n.split(",").map(Number)) rows.push(await measure(n));

const seconds = (value: number): string => value.toFixed(value < 1 ? 3 : 2);
const table = [
  "| n | source | compile | lower | plan (new) | apply, SQLite with fsync | plan (no change) | resident memory |",
  "|---|---|---|---|---|---|---|---|",
  ...rows.map(
    (row) =>
      `| ${row.n} | ${(row.sourceBytes / 1e6).toFixed(2)} MB | ${seconds(row.compile)} s | ${seconds(row.lower)} s | ${seconds(row.plan)} s | ${seconds(row.apply)} s | ${seconds(row.second)} s | ${Math.round(row.memory / 1e6)} MB |`,
  ),
].join("\n");
const text = `# W(n) on the in-process provider\n\n${describeMachine()}. In one process, after one unmeasured run of W(10). Made by \`npm run bench -- --n ${values.n}\`.\n\n${table}\n`;
mkdirSync(join(import.meta.dirname, "results"), { recursive: true });
writeFileSync(join(import.meta.dirname, "results", "engine.md"), text);
console.log(text);
