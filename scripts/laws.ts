// `npm run laws`: plays the generated laws by the thousand, on all cores, and tells what was done to them and what came of it. Exit 1 when one
// did not hold, with the smallest case found and the command that plays it again.
//
//   npm run laws -- --runs 10000 --seed 7
//   npm run laws -- --only storms --replay 123:0:4:1
//   npm run laws -- --runs 10000 --seed 7 --write      also writes bench/results/laws.md

import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { laws } from "../test/laws/all-laws.ts";
import { describeFailure } from "../test/laws/law.ts";
import { addReport, type LawTotal, renderTable } from "../test/laws/law-table.ts";
import type { Batch, WorkerMessage } from "../test/laws/law-worker.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    seed: { type: "string" },
    only: { type: "string", multiple: true },
    replay: { type: "string" },
    workers: { type: "string", default: String(availableParallelism()) },
    write: { type: "boolean", default: false },
  },
});

const runs = readCount("runs", values.runs);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : readCount("seed", values.seed);
const chosen = laws.filter((law) => values.only === undefined || values.only.includes(law.name));
const unknown = values.only?.find((name) => !laws.some((law) => law.name === name));
if (unknown !== undefined) stop(`There is no law \`${unknown}\`; there are ${laws.map((law) => law.name).join(", ")}.`);
if (values.replay !== undefined && chosen.length !== 1) stop("`--replay` plays one law: name it with `--only`.");

const totals: readonly LawTotal[] = chosen.map(({ name }) => ({ name, cases: 0, milliseconds: 0, tally: {}, failures: [] }));
const batches = values.replay === undefined ? planBatches() : [readReplay(values.replay)];
const goal = batches.reduce((sum, batch) => sum + batch.runs, 0);
let played = 0;

await Promise.all(Array.from({ length: Math.min(readCount("workers", values.workers), batches.length) }, work));
if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");

const command = `npm run laws -- ${values.replay === undefined ? `--runs ${runs} --seed ${seed}` : `--replay=${values.replay}`}${(values.only ?? []).map((name) => ` --only ${name}`).join("")}`;
const table = renderTable(totals, command);
console.log(table);
const failures = totals.flatMap((total) => total.failures);
for (const failure of failures) console.log(`\n${failure.name} did not hold:\n${describeFailure(failure)}`);
if (values.write) {
  const title =
    "# Laws over generated schedules\n\nWritten by `npm run laws -- --write`; what each line promises is in `docs/guarantees.md`.\n\n";
  writeFileSync(join(import.meta.dirname, "..", "bench", "results", "laws.md"), title + table);
}
process.exitCode = failures.length > 0 ? 1 : 0;

/** Small enough that a failure costs little of what another core still has to do; a batch's seed follows from its place alone. */
function planBatches(): Batch[] {
  const size = 250;
  return chosen.flatMap((law) => {
    const all = Math.max(1, Math.round(runs * law.share));
    return Array.from({ length: Math.ceil(all / size) }, (_, index) => ({
      law: law.name,
      runs: Math.min(size, all - index * size),
      seed: (seed + Math.imul(index, 0x9e3779b1)) | 0,
    }));
  });
}

function readReplay(text: string): Batch {
  const at = text.indexOf(":", 1);
  const of = Number(at < 0 ? text : text.slice(0, at));
  if (!Number.isInteger(of)) stop(`\`--replay=${text}\` is not a seed and a path: 123:0:4:1.`);
  return { law: chosen[0]?.name ?? "", runs: 1, seed: of, ...(at >= 0 && { path: text.slice(at + 1) }) };
}

/** One thread: batch after batch until none is left. */
async function work(): Promise<void> {
  const worker = new Worker(new URL("../test/laws/law-worker.ts", import.meta.url));
  try {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await play(worker, batch);
  } finally {
    await worker.terminate();
  }
}

function play(worker: Worker, batch: Batch): Promise<void> {
  return new Promise((resolve, reject) => {
    const hear = (message: WorkerMessage): void => {
      if (message.kind === "played") {
        played += message.cases;
        if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${played} of ${goal} cases`);
        return;
      }
      worker.off("message", hear);
      worker.off("error", reject);
      const total = totals.find((each) => each.name === batch.law);
      if (total) addReport(total, message.report, message.milliseconds);
      resolve();
    };
    worker.on("message", hear);
    worker.once("error", reject);
    worker.postMessage(batch);
  });
}

function readCount(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count)) stop(`\`--${name} ${text}\` is not a whole number.`);
  return count;
}

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}
