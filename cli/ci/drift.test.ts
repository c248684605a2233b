import { expect, test } from "vitest";
import type { PlanReport } from "../report/report.ts";
import { judgeDrift, titleIssue } from "./drift.ts";

const counts = { create: 0, update: 2, replace: 0, delete: 1, adopt: 0, forget: 0, rename: 0, "no-op": 0, unchanged: 4, leftOut: 0 };
const same = { counts, groups: [], outputs: [], problems: [] } as unknown as PlanReport;
const differs = { ...same, groups: [{ address: "network.main" }] } as unknown as PlanReport;
const broken = { ...same, problems: [{ message: "no credentials" }] } as unknown as PlanReport;

test.each([
  ["nothing differs", same, 0, "same"],
  ["something differs", differs, 0, "differs"],
  ["something differs, told by the exit code too", differs, 2, "differs"],
  ["something differs by more than the budget", differs, 5, "differs"],
  ["no plan could be made", broken, 1, "unknown"],
  ["no plan, though the child says it is well", broken, 0, "unknown"],
  ["a child that failed without a reason", same, 1, "unknown"],
  ["a child that was refused a lock", same, 75, "unknown"],
] as const)("%s", (_name, report, code, expected) => {
  expect(judgeDrift(report, code)).toBe(expected);
});

test("the title says what an apply would do, or that nobody knows", () => {
  expect(titleIssue("shop @ prod", "differs", differs)).toBe(
    "Koine: shop @ prod is not as its source says (0 to create, 2 to update, 0 to replace, 1 to destroy, 4 unchanged)",
  );
  expect(titleIssue("shop", "unknown", broken)).toBe("Koine: shop cannot be planned");
});
