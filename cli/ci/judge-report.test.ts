import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../test/support/koine-process.ts";
import { parseReport } from "../report/parse-report.ts";
import type { PlanReport } from "../report/report.ts";
import { describeVerdict, hasChanges, judgeReport, listAnnotations, worstOf } from "./judge-report.ts";

function load(name: string): PlanReport {
  const read = parseReport(readFileSync(join(root, "test/reports", `${name}.json`), "utf8"));
  if ("mistake" in read) throw new Error(read.mistake);
  return read.report;
}

test("the worst: what was interrupted, what failed, what was refused", () => {
  expect(worstOf([])).toBe(0);
  expect(worstOf([0, 0])).toBe(0);
  expect(worstOf([0, 5, 0])).toBe(5);
  expect(worstOf([5, 1, 0])).toBe(1);
  expect(worstOf([1, 143, 5])).toBe(143);
});

test("a plan is done, refused by its budget, or not there", () => {
  expect(judgeReport(load("create"), 0)).toBe(0);
  expect(judgeReport(load("over-budget"), 0)).toBe(5);
  expect(judgeReport(load("failed"), 1)).toBe(1);
  // A child that says 0 beside problems, or dies beside a plan, is believed in what is worse.
  expect(judgeReport(load("failed"), 0)).toBe(1);
  expect(judgeReport(load("create"), 137)).toBe(137);
});

test("the check is red without a plan and over budget, and green for a plan with changes", () => {
  expect(describeVerdict(load("create"), 0, "text")).toMatchObject({ conclusion: "success", summary: "text" });
  expect(describeVerdict(load("failed"), 1, "")).toMatchObject({ conclusion: "failure", title: "no plan could be made" });
  expect(describeVerdict(load("over-budget"), 5, "")).toMatchObject({
    conclusion: "failure",
    title: expect.stringMatching(/^over budget: /),
  });
  const asks = { ...load("create"), budget: { verdict: "needs-approval" as const, reasons: [] } };
  expect(describeVerdict(asks, 0, "")).toMatchObject({ conclusion: "neutral", title: expect.stringMatching(/^needs approval: /) });
});

test("changes are resources or outputs", () => {
  expect(hasChanges(load("create"))).toBe(true);
  expect(hasChanges({ ...load("create"), groups: [], outputs: [] })).toBe(false);
});

test("what has a place is marked there, with its fix", () => {
  const place = { file: "infra/main.koine", line: 4, column: 2 };
  const report: PlanReport = {
    ...load("create"),
    problems: [{ message: "no", hint: "do", place }, { message: "nowhere" }],
    diagnostics: [
      { code: "K2101", severity: "warning", message: "hm", place },
      { code: "K2102", severity: "error", message: "elsewhere" },
      { code: "tags", severity: "info", message: "by the way", place },
    ],
  };
  expect(listAnnotations(report)).toEqual([
    { file: "infra/main.koine", line: 4, level: "failure", title: "plan", message: "no\ndo" },
    { file: "infra/main.koine", line: 4, level: "warning", title: "K2101", message: "hm" },
  ]);
});
