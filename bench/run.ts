// `npm run bench -- --n 100,1000,5000`: compile, plan and apply W(n) on the in-process `memory` provider with a durable SQLite state. Measures the
// engine, not a cloud. Writes a table with facts of the machine to bench/results; nothing here is a test.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { applyPlan } from "../engine/apply/apply.ts";
import { createSystemClock } from "../engine/apply/clock.ts";
import { openSession } from "../engine/apply/session.ts";
import { emptyLock, lockReader } from "../engine/lock/lock.ts";
import { lowerGraph } from "../engine/lower/lower.ts";
import { makePlan } from "../engine/plan/make-plan.ts";
import { createSecretKeeper } from "../engine/state/secrets.ts";
import { openSqliteStore } from "../engine/state/sqlite-store.ts";
import { compile } from "../grammar/compile.ts";
import { createInstantMemoryProvider } from "../providers/memory/provider.ts";
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

function present<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`the workload gives no ${what}`);
  return value;
}

async function measure(n: number): Promise<Figures> {
  const provider = createInstantMemoryProvider();
  const providers = new Map([[provider.name, provider]]);
  const text = writeWorkload(n, `cloud ${provider.name} { }`);
  const [compiled, compileSeconds] = await timed(() =>
    compile({
      files: [{ path: "w.koine", text }],
      providers: new Map([[provider.name, provider.description]]),
      inputs: new Map(),
      readFile: () => ({ mistake: "no files here" }),
    }),
  );
  if (!compiled.graph) throw new Error(JSON.stringify(compiled.diagnostics.slice(0, 3)));
  const graph = compiled.graph;
  const [lowered, lowerSeconds] = await timed(() => lowerGraph(graph, providers, lockReader(emptyLock)));
  const native = present(lowered.native, "native graph");
  const folder = mkdtempSync(join(tmpdir(), "koine-bench-"));
  const opened = openSqliteStore(join(folder, ".koine", "state.db"));
  if (!opened || "problem" in opened) throw new Error("no store");
  const { store } = opened;
  const signal = new AbortController().signal;
  const client = await provider.connect({}, { signal, simulated: true, koineVersion: "bench" });
  const connection = { provider, client, identity: await provider.identify(client, signal) };
  const keeper = createSecretKeeper(() => new Uint8Array(32));
  const held = await openSession({ store, holder: { id: "bench", description: "bench" }, clock: createSystemClock(), keeper });
  if (held.kind !== "open") throw new Error("the lock is held");
  const { session } = held;
  const plan = () =>
    makePlan({
      graph: native,
      world: "simulated",
      lineage: session.lineage,
      serial: session.meta.serial,
      rows: [...session.rows.all()],
      handler: (_, type) => provider.handlers[type],
      secrets: keeper,
      basis: { sources: {}, inputs: {}, lock: "", lineage: session.lineage, serial: 0, koine: "bench", world: "simulated" },
      look: { client: async () => connection, signal },
    });
  const [first, planSeconds] = await timed(plan);
  const made = present(first.plan, `plan: ${JSON.stringify(first.problems.slice(0, 2))}`);
  const [result, applySeconds] = await timed(() =>
    applyPlan({ session, plan: made, native, observed: first.observed, connectionOf: () => connection, command: "apply", parallel: 128 }),
  );
  if (result.kind !== "done") throw new Error(`apply ended ${result.kind}`);
  const [second, secondSeconds] = await timed(plan);
  if (second.plan?.changes.length !== 0) throw new Error("the second plan is not empty");
  await session.close();
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
const load = loadavg()[0]?.toFixed(1);
const machine = `${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${load} when measured`;
const text = `# W(n) on the in-process provider\n\n${machine}. In one process, after one unmeasured run of W(10). Made by \`npm run bench -- --n ${values.n}\`.\n\n${table}\n`;
mkdirSync(join(import.meta.dirname, "results"), { recursive: true });
writeFileSync(join(import.meta.dirname, "results", "engine.md"), text);
console.log(text);
