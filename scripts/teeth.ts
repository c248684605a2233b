// Shows that the laws have teeth: breaks the engine by one line at a time, runs the law that has to notice, and expects it to fail. Works on copies of the
// tree in temporary folders, so that nothing broken is ever left in the checkout, however it ends. `--only NAME` runs some; `--write` keeps the table.

import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Breakage } from "../test/laws/breakage.ts";
import { breakages } from "../test/laws/breakages.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { only: { type: "string", multiple: true }, write: { type: "boolean" } } });

interface Verdict {
  readonly breakage: Breakage;
  readonly caught: boolean;
  /** What the law said first, or why it said nothing. */
  readonly said: string;
  readonly seconds: number;
}

function copyTree(): string {
  const folder = mkdtempSync(join(tmpdir(), "koine-teeth-"));
  const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: root, encoding: "utf8" });
  for (const path of listed.stdout.split("\0")) {
    if (path === "") continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path), { force: true });
  }
  for (const built of ["node_modules", "dist"]) symlinkSync(join(root, built), join(folder, built));
  return folder;
}

interface Ran {
  readonly passed: boolean;
  readonly output: string;
}

function runLaw(folder: string, { law }: Breakage): Promise<Ran> {
  const command = ["vitest", "run", law.file, "-t", escapePattern(law.test), "--reporter=dot"];
  const environment = { ...process.env, NO_COLOR: "1", ...(law.runs !== undefined && { KOINE_LAW_RUNS: String(law.runs) }) };
  const child = spawn("npx", ["--no-install", ...command], { cwd: folder, env: environment });
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  child.stderr.on("data", (part: Buffer) => parts.push(part));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ passed: code === 0, output: Buffer.concat(parts).toString("utf8") }));
  });
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The law itself failed; not a file that could not be loaded, and not for want of a test of that name. */
function describeFailure({ output }: Ran, { law }: Breakage): string | undefined {
  if (!output.includes("FAIL") || !output.includes(law.test)) return undefined;
  if (/\b0 tests?\b|No test files found|Transform failed|SyntaxError/.test(output)) return undefined;
  const lines = output.split("\n").map((line) => line.trim());
  return lines.find((line) => /^(AssertionError|Error|TypeError|Counterexample|Property failed)/.test(line)) ?? "failed";
}

/** Each law is run once on the whole engine, in whichever copy comes first. */
const wholeRuns = new Map<string, Promise<Ran>>();

async function breakOnce(folder: string, breakage: Breakage): Promise<Verdict> {
  const began = Date.now();
  const path = join(folder, breakage.file);
  const whole = readFileSync(path, "utf8");
  const end = (caught: boolean, said: string): Verdict => ({ breakage, caught, said, seconds: (Date.now() - began) / 1000 });
  if (whole.split(breakage.find).length !== 2) return end(false, "its text does not occur exactly once");
  const name = JSON.stringify(breakage.law);
  const unbroken = wholeRuns.get(name) ?? runLaw(folder, breakage);
  wholeRuns.set(name, unbroken);
  const before = await unbroken;
  if (!before.passed)
    return end(false, `the law fails on the whole engine: ${describeFailure(before, breakage) ?? before.output.slice(-500)}`);
  try {
    // A function, so that `$` in the text means nothing.
    writeFileSync(
      path,
      whole.replace(breakage.find, () => breakage.replace),
    );
    const after = await runLaw(folder, breakage);
    if (after.passed) return end(false, "the law did not notice");
    const said = describeFailure(after, breakage);
    return said === undefined ? end(false, `it did not run: ${after.output.slice(-500)}`) : end(true, said);
  } finally {
    writeFileSync(path, whole);
  }
}

async function breakAll(chosen: readonly Breakage[]): Promise<readonly Verdict[]> {
  const open = [...chosen];
  const verdicts: Verdict[] = [];
  const work = async (): Promise<void> => {
    const folder = copyTree();
    try {
      for (let next = open.shift(); next; next = open.shift()) {
        const verdict = await breakOnce(folder, next);
        verdicts.push(verdict);
        process.stderr.write(
          `${verdict.caught ? "caught" : "MISSED"}  ${next.name}  (${verdict.seconds.toFixed(0)} s)\n        ${verdict.said.slice(0, 300)}\n`,
        );
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), chosen.length) }, work));
  return chosen.flatMap((breakage) => verdicts.filter((verdict) => verdict.breakage === breakage));
}

function renderTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(
    ({ breakage, caught }) => `| ${breakage.name} | \`${breakage.file}\` | ${caught ? "caught" : "**missed**"} | ${breakage.law.test} |`,
  );
  return ["| one line broken | file | | by the law |", "|---|---|---|---|", ...rows, ""].join("\n");
}

const chosen = breakages.filter((breakage) => !values.only || values.only.some((text) => breakage.name.includes(text)));
const verdicts = await breakAll(chosen);
const table = renderTable(verdicts);
process.stdout.write(table);
const caught = verdicts.filter((verdict) => verdict.caught).length;
process.stdout.write(`\n${caught} of ${verdicts.length} breakages caught\n`);
if (values.write) {
  const head =
    "# The laws' teeth\n\n`npm run laws:teeth -- --write` breaks the engine by one line at a time and runs the law that has to notice.\n\n";
  writeFileSync(join(root, "bench", "results", "teeth.md"), `${head}${table}\n${caught} of ${verdicts.length} caught.\n`);
}
process.exitCode = caught === verdicts.length && verdicts.length > 0 ? 0 : 1;
