import { describe, expect, test } from "vitest";
import type { PlanReport } from "../report/report.ts";
import { judgeOutcome, type Ran, worstOutcome } from "./apply-outcome.ts";

const digest = `sha256:${"a".repeat(64)}`;
const counts = { create: 1, update: 0, replace: 0, delete: 0, adopt: 0, forget: 0, rename: 0, "no-op": 0, unchanged: 0, leftOut: 0 };
const report = {
  counts,
  digest: { changes: digest, basis: "b" },
  groups: [{ address: "network.main" }],
  outputs: [],
  problems: [],
} as unknown as PlanReport;
const same = { ...report, groups: [] } as PlanReport;
const broken = { ...same, problems: [{ message: "no credentials", hint: "give some" }] } as PlanReport;
const over = { ...report, budget: { verdict: "exceeded", reasons: ["12 objects would be destroyed; max_destroy is 10"] } } as PlanReport;
const approved = { approved: new Map([[digest, "shown in #12"]]), missing: new Map() };
const missing = { approved: new Map(), missing: new Map([[digest, "nobody has approved #12"]]) };
const none = { approved: new Map(), missing: new Map() };
const others = { approved: new Map([["sha256:other", "shown in #12"]]), missing: new Map() };
const ran: Ran = {
  command: "apply",
  code: 0,
  report,
  began: true,
  failures: [],
  approvals: approved,
  howToApprove: (one) => `approve ${one}`,
};

describe("what became of it", () => {
  test.each<[string, Partial<Ran>, string, number, string]>([
    ["it was applied", {}, "done", 0, "Done: shown in #12."],
    ["the rest of it was applied", { approvals: others }, "done", 0, "Done: the rest of what was approved."],
    ["nothing was left to do", { report: same }, "nothing", 0, "nothing to do"],
    ["nothing differs, and nobody was shown anything", { command: "plan", report: same, approvals: none }, "nothing", 0, "nothing to do"],
    ["it is another plan", { code: 3, approvals: others }, "waits", 3, `approve ${digest}`],
    ["nobody was shown it", { command: "plan", approvals: none }, "waits", 3, "Nobody was shown this plan before"],
    ["it was shown and not approved", { command: "plan", approvals: missing }, "refused", 5, "nobody has approved #12"],
    [
      "another was approved, this was only shown",
      { code: 3, approvals: { ...missing, approved: others.approved } },
      "refused",
      5,
      "nobody has approved",
    ],
    ["a part failed", { code: 4 }, "partial", 4, "run the job again"],
    ["a part failed, and it is known what", { code: 4, failures: ["subnet.a:subnet: no room"] }, "partial", 4, "subnet.a:subnet: no room"],
    ["all of it failed", { code: 1, failures: ["subnet.a:subnet: no room"] }, "failed", 1, "subnet.a:subnet: no room"],
    ["over budget", { code: 5, report: over }, "refused", 5, "max_destroy is 10"],
    ["the lock is held", { code: 75 }, "failed", 75, "holds the lock"],
    ["no plan", { code: 1, report: broken }, "failed", 1, "no credentials (give some)"],
    ["no plan, though the child says it is well", { report: broken }, "failed", 1, "no credentials"],
    ["failed before anything was changed", { code: 1 }, "failed", 1, "Nothing was changed"],
    ["stopped", { code: 143, report: same }, "partial", 143, "goes on where it stopped"],
    ["stopped before it was begun", { code: 130, report: same, began: false }, "failed", 130, "before this was begun"],
    ["the queue finds what was shown", { command: "plan", judgeOnly: true }, "nothing", 0, "may be applied: shown in #12"],
    ["the queue finds another plan", { command: "plan", judgeOnly: true, approvals: others }, "waits", 3, "another plan"],
    ["a plan without a digest", { code: 3, report: { ...report, digest: undefined } as unknown as PlanReport }, "failed", 1, "no digest"],
  ])("%s", (_name, more, kind, code, words) => {
    const outcome = judgeOutcome({ ...ran, ...more });
    expect({ kind: outcome.kind, code: outcome.code }).toEqual({ kind, code });
    expect(outcome.lines.join("\n")).toContain(words);
  });
});

test("of several subjects, the worst is told", () => {
  for (const [codes, expected] of [
    [[], 0],
    [[0, 0], 0],
    [[0, 3], 3],
    [[3, 5], 5],
    [[5, 1, 75], 1],
    [[1, 4, 3], 4],
    [[4, 143], 143],
    [[0, 64], 64],
  ] as const)
    expect(worstOutcome(codes)).toBe(expected);
});
