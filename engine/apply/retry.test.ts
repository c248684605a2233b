import { expect, test } from "vitest";
import type { Replay } from "../provider/provider.ts";
import { backOff, createRetryBudget, judgeError, type Verdict } from "./retry.ts";

const replays: readonly Replay[] = ["token", "natural", "idempotent", "marked"];

function verdicts(
  error: Parameters<typeof judgeError>[0],
  rest: { uncertain?: boolean; deletes?: true; fresh?: boolean } = {},
): readonly Verdict[] {
  return replays.map((replay) =>
    judgeError(error, {
      step: { replay, ...(rest.deletes && { deletes: true }) },
      uncertain: rest.uncertain ?? false,
      fresh: rest.fresh ?? false,
    }),
  );
}

test("an unknown effect is resent where the cloud protects a repeat, and only looked for where nothing does", () => {
  expect(verdicts({ code: "timeout", effect: "unknown" })).toEqual(["resend", "resend", "resend", "find"]);
  expect(verdicts({ code: "unavailable", effect: "unknown" })).toEqual(["resend", "resend", "resend", "find"]);
});

test("what the cloud says will pass is a new attempt, unless an earlier send of this one may have had effect", () => {
  for (const code of ["throttled", "not_ready", "dependency", "unavailable"] as const) {
    expect(verdicts({ code, effect: "none" })).toEqual(["again", "again", "again", "again"]);
    // In use may be our own doing; a look decides.
    const natural = code === "dependency" ? "find" : "resend";
    expect(verdicts({ code, effect: "none" }, { uncertain: true })).toEqual(["resend", natural, "resend", "resend"]);
  }
});

test("a plain refusal fails, and after an unanswered send it proves nothing", () => {
  for (const code of ["invalid", "denied", "quota"] as const) {
    expect(verdicts({ code, effect: "none" })).toEqual(["fail", "fail", "fail", "fail"]);
    expect(verdicts({ code, effect: "none" }, { uncertain: true })).toEqual(["find", "find", "find", "find"]);
  }
});

test("on exists only a natural step is verified; a set value is tried again", () => {
  expect(verdicts({ code: "conflict", effect: "none" })).toEqual(["fail", "verify", "again", "fail"]);
});

test("gone and not found mean done to a delete", () => {
  expect(new Set(verdicts({ code: "not_found", effect: "none" }, { deletes: true }))).toEqual(new Set(["done"]));
  expect(new Set(verdicts({ code: "gone", effect: "none" }, { deletes: true }))).toEqual(new Set(["done"]));
  expect(new Set(verdicts({ code: "not_found", effect: "none" }))).toEqual(new Set(["fail"]));
  expect(new Set(verdicts({ code: "not_found", effect: "none" }, { fresh: true }))).toEqual(new Set(["again"]));
});

test("backing off has full jitter, a bound, and heeds what the cloud asks for", () => {
  expect(backOff(0, { random: () => 0 })).toBe(1);
  expect(backOff(0, { random: () => 0.5 })).toBe(100);
  expect(backOff(50, { random: () => 0.999 })).toBeLessThanOrEqual(20_000);
  expect(backOff(0, { random: () => 0 }, 7_000)).toBe(7_000);
});

test("repeats are paid from a purse that answers fill", () => {
  const budget = createRetryBudget(2);
  expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
  for (let answers = 0; answers < 11; answers++) budget.earn();
  expect([budget.spend(), budget.spend()]).toEqual([true, false]);
});

test("what was looked at and is not ours is neither waited for nor looked for again, whatever its code", () => {
  for (const code of ["conflict", "dependency"] as const) {
    expect(verdicts({ code, effect: "none", lasting: true })).toEqual(["fail", "fail", "fail", "fail"]);
    expect(verdicts({ code, effect: "none", lasting: true }, { uncertain: true })).toEqual(["find", "find", "find", "find"]);
  }
});
