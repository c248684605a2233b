// Reports of plans on the CLI as a process: what is written, for whom, that no secret is in any form of it, and that a plan that cannot be made is reported too.

import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseReport } from "../../cli/report/parse-report.ts";
import type { PlanReport } from "../../cli/report/report.ts";
import { expectKoine, makeStack, runKoine } from "../support/run-koine.ts";

const word = "correct-horse-battery-staple";
const secret = { environment: { WORD: word } };

const files = (disk: string) => ({
  "stacks/shop/main.koine": `stack shop
cloud aws { region = "eu-west-1" }
input password: secret string
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
machine web { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a, user_data = password }
${disk}
output word: secret string = password
`,
  "stacks/shop/koine.yaml": "inputs_from: { password: env:WORD }\n",
});

function makeRepository(disk: string): { readonly root: string; readonly folder: string } {
  const root = makeStack(files(disk));
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { stdio: "ignore" });
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "first");
  return { root, folder: join(root, "stacks", "shop") };
}

function readReport(path: string): PlanReport {
  const parsed = parseReport(readFileSync(path, "utf8"));
  if ("mistake" in parsed) throw new Error(parsed.mistake);
  return parsed.report;
}

test.concurrent("a plan's report: the owner's alone, places from the root of the repository, the secret in no form of it", async () => {
  const { root, folder } = makeRepository("disk data { size = 10GiB, attach = web }");
  const [report, page, plan] = ["r.json", "r.html", "p.json"].map((name) => join(root, name)) as [string, string, string];
  const made = await expectKoine(
    folder,
    ["--simulate", "plan", "--report", report, "--html", page, "-o", plan, "--format", "markdown"],
    0,
    secret,
  );
  for (const path of [report, page, plan]) expect(statSync(path).mode & 0o777).toBe(0o600);
  const read = readReport(report);
  expect(read.stack).toEqual({ name: "shop", folder: "stacks/shop" });
  expect(read.world).toBe("simulated");
  expect(read.revision).toMatch(/^[0-9a-f]{40}$/);
  expect(read.digest?.changes).toBe((JSON.parse(readFileSync(plan, "utf8")) as { digest: PlanReport["digest"] }).digest?.changes);
  const web = read.groups.find(({ address }) => address === "machine.web");
  expect(web?.place).toMatchObject({ file: "stacks/shop/main.koine", line: 6 });
  expect(web?.changes[0]?.props.find(({ prop }) => prop === "UserData")).toEqual({ prop: "UserData", secret: true, cause: "author" });
  const shown = await expectKoine(root, ["show", report], 0);
  expect(shown.stdout).toBe(made.stdout);
  expect(made.stdout).toContain("### `shop`: ");
  const encoded = Buffer.from(word).toString("base64").slice(0, 24);
  for (const text of [made.stdout, made.stderr, ...[report, page, plan].map((path) => readFileSync(path, "utf8"))]) {
    expect(text).not.toContain(word);
    expect(text).not.toContain(encoded);
  }
});

test.concurrent("sources with a mistake: exit 1, and the report has the diagnostic with its place", async () => {
  const { root, folder } = makeRepository("disk data { size = 10GiB, attach = nothing }");
  const report = join(root, "r.json");
  const result = await runKoine(folder, ["--simulate", "plan", "--report", report, "--format", "markdown"], secret);
  expect(result.status).toBe(1);
  const { problems, diagnostics, groups, stack } = readReport(report);
  expect(stack.name).toBe("shop");
  expect(problems).toEqual([{ message: "the sources have 1 error" }]);
  expect(diagnostics).toMatchObject([{ severity: "error", place: { file: "stacks/shop/main.koine", line: 7 } }]);
  expect(groups).toEqual([]);
  expect(result.stdout).toContain("No plan could be made.");
});

test.concurrent("a protected object would go: exit 5, and the report says which", async () => {
  const { root, folder } = makeRepository("@protect\ndisk data { size = 10GiB }");
  await expectKoine(folder, ["--simulate", "apply", "--yes"], 0, secret);
  const report = join(root, "r.json");
  const result = await runKoine(folder, ["--simulate", "plan", "--destroy", "--report", report], secret);
  expect(result.status).toBe(5);
  const { problems, mode } = readReport(report);
  expect(mode).toEqual({ destroy: true });
  expect(problems.length).toBeGreaterThan(0);
  expect(problems[0]?.message).toContain("disk.data");
});

test.concurrent("what is no report is told, with what to do", async () => {
  const folder = makeStack({ "a.json": '{"koineReport":1}', "b.json": '{"koinePlan":1}' });
  const [report, plan] = await Promise.all([
    runKoine(folder, ["show", join(folder, "a.json")]),
    runKoine(folder, ["show", join(folder, "b.json"), "--format", "markdown"]),
  ]);
  expect(report.status).toBe(1);
  expect(report.stderr).toContain("is not a report of this Koine: the file has no `koine`");
  expect(plan.status).toBe(64);
  expect(plan.stderr).toContain("koine plan --report FILE");
});
