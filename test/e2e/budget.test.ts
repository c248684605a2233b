// Budgets of koine.yaml, as a process: what they count, that they refuse before anything is done, and what lifts them.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseReport } from "../../cli/report/parse-report.ts";
import type { PlanReport } from "../../cli/report/report.ts";
import { copyFolder, expectKoine, makeStack, worldOf } from "../support/run-koine.ts";
import { mutatingRequests } from "../support/world.ts";

const subnets = (...names: readonly string[]): string =>
  `stack bound
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
${names.map((name, at) => `subnet ${name} { network = main, cidr = 10.0.${at}.0/24 }\n`).join("")}`;

const settings = `environments:
  prod:
    budget: { max_destroy: 2 }
budget:
  max_destroy: 4
`;

async function prepare(): Promise<string> {
  const folder = makeStack({ "main.koine": subnets("a", "b"), "koine.yaml": settings });
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  return folder;
}
const prepared = prepare();

const write = (folder: string, name: string, text: string): void => writeFileSync(join(folder, name), text);

function readReport(path: string): PlanReport {
  const read = parseReport(readFileSync(path, "utf8"));
  if ("mistake" in read) throw new Error(read.mistake);
  return read.report;
}

/** It refuses with 5 and these words, and neither the world nor the state is touched. */
async function demandRefusal(folder: string, args: readonly string[], words: readonly string[]): Promise<void> {
  const before = mutatingRequests(worldOf(folder)).length;
  const serial = async (): Promise<string> => (await expectKoine(folder, ["state", "history", "--simulate"], 0)).stdout;
  const history = await serial();
  const { stderr } = await expectKoine(folder, args, 5);
  for (const text of words) expect(stderr).toContain(text);
  expect(mutatingRequests(worldOf(folder))).toHaveLength(before);
  expect(await serial()).toBe(history);
}

describe("max_destroy", () => {
  test("as many as it allows may go; one more is refused, by apply and by destroy, with the line and the flag", async () => {
    const folder = copyFolder(await prepared);
    write(folder, "main.koine", subnets("a"));
    await expectKoine(folder, ["apply", "--simulate", "--yes", "--max-destroy", "4"], 0);
    const whole = copyFolder(await prepared);
    write(whole, "main.koine", subnets());
    await demandRefusal(
      whole,
      ["apply", "--simulate", "--yes"],
      [
        "over budget: nothing was done:\n  - 8 objects would be deleted or replaced; budget.max_destroy is 4 (koine.yaml:5)\n",
        "`--max-destroy 8` lifts it for one run",
      ],
    );
    const events = join(whole, "events");
    await demandRefusal(whole, ["destroy", "--simulate", "--yes", "--events", events], ["11 objects", "`--max-destroy 11`"]);
    expect(readFileSync(events, "utf8")).toContain('"result":"refused","exit":5,"reasons":["11 objects would be deleted or replaced');
    await demandRefusal(whole, ["destroy", "--simulate", "--yes", "--max-destroy", "10"], ["budget.max_destroy is 10 (command line)"]);
    await expectKoine(whole, ["destroy", "--simulate", "--yes", "--max-destroy", "11"], 0);
  });

  test("replacements count, a plan file and an approved digest are no way around it, and a plan tells it", async () => {
    const folder = copyFolder(await prepared);
    const path = (name: string): string => join(folder, name);
    const planned = await expectKoine(
      folder,
      ["plan", "--simulate", "--replace", "network.main", "-o", path("p"), "--report", path("r"), "--detailed-exitcode"],
      2,
    );
    expect(planned.stderr).toContain("over budget: an apply of this would be refused:");
    const { budget, digest, counts } = readReport(path("r"));
    expect(counts.replace).toBeGreaterThan(4);
    expect(budget).toEqual({
      verdict: "exceeded",
      reasons: [`${counts.replace} objects would be deleted or replaced; budget.max_destroy is 4 (koine.yaml:5)`],
    });
    await demandRefusal(folder, ["apply", "--simulate", path("p")], ["over budget"]);
    const approved = ["apply", "--simulate", "--replace", "network.main", "--approved", digest?.changes ?? ""];
    await demandRefusal(folder, approved, ["over budget"]);
    await expectKoine(folder, [...approved, "--max-destroy", "20"], 0);
  });

  test("an environment's own limit wins", async () => {
    const folder = makeStack({ "main.koine": subnets("a"), "koine.yaml": settings });
    await expectKoine(folder, ["--env", "prod", "apply", "--simulate", "--yes"], 0);
    write(folder, "main.koine", subnets());
    const { stderr } = await expectKoine(folder, ["--env", "prod", "apply", "--simulate", "--yes"], 5);
    expect(stderr).toContain("4 objects would be deleted or replaced; budget.max_destroy is 2 (koine.yaml:3)");
  });
});

test("max_monthly_increase: an estimate beyond it is refused, what gets cheaper never is", async () => {
  const machine = (type: string): string =>
    `${subnets("a").replace("eu-west-1", "us-east-1")}machine m { subnet = a, image = "debian-12", ${type} }\n`;
  const folder = makeStack({ "main.koine": machine("cpu = 16, memory = 64GiB"), "koine.yaml": "budget: { max_monthly_increase: 50 }\n" });
  const { stderr } = await expectKoine(folder, ["apply", "--simulate", "--yes"], 5);
  expect(stderr).toMatch(/ {2}- about \+\d+\.\d\d USD a month.*; max_monthly_increase is 50 \(koine\.yaml:1\)\n/);
  const [, flag = ""] = /`(--max-monthly-increase \d+)` lifts it/.exec(stderr) ?? [];
  await expectKoine(folder, ["apply", "--simulate", "--yes", ...flag.split(" ")], 0);
  write(folder, "main.koine", machine("cpu = 2, memory = 4GiB"));
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
});

test("in a pipeline `require` is told with the digest it is about; at a terminal the one who answers agrees", async () => {
  const folder = copyFolder(await prepared);
  write(folder, "koine.yaml", "require: review-destroys\n");
  const verdict = async (flags: readonly string[]): Promise<PlanReport["budget"]> => {
    await expectKoine(folder, [...flags, "plan", "--simulate", "--report", join(folder, "r")], 0);
    return readReport(join(folder, "r")).budget;
  };
  write(folder, "main.koine", subnets("a", "b", "c"));
  expect(await verdict(["--ci-child"])).toEqual({ verdict: "within", reasons: [] });
  write(folder, "main.koine", subnets("a"));
  expect(await verdict(["--ci-child"])).toMatchObject({ verdict: "needs-approval" });
  expect(await verdict([])).toMatchObject({ verdict: "within" });
});
