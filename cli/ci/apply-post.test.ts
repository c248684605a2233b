import { expect, test } from "vitest";
import type { PlanReport } from "../report/report.ts";
import type { Outcome } from "./apply-outcome.ts";
import { type EndedSubject, type Poster, postOutcome } from "./apply-post.ts";
import type { ApplyRequest } from "./apply-request.ts";
import type { Host, PlanRecord } from "./host.ts";

const digest = `sha256:${"a".repeat(64)}`;
const subject = { folder: "shop" };
const counts = { create: 1, update: 0, replace: 0, delete: 0, adopt: 0, forget: 0, rename: 0, "no-op": 0, unchanged: 0, leftOut: 0 };
const report = { counts, digest: { changes: digest, basis: "b" }, groups: [], outputs: [], problems: [] } as unknown as PlanReport;
const shown: PlanRecord = { subject, sha: "head", digest, destructive: false, at: 1 };

/** What the host is told, in order. */
async function post(outcome: Pick<Outcome, "kind" | "code">, more: Partial<ApplyRequest> = {}): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  const host: Partial<Host> = {
    putComment: async (number) => {
      told.push(`comment ${number}`);
      return { url: "u" };
    },
    putPlanRecord: async (record, { conclusion }) =>
      void told.push([record.sha, record.digest, record.applied, record.require, conclusion]),
  };
  const asked = {
    requests: [
      { request: { number: 2 }, records: [], reviews: [] },
      { request: { number: 1 }, records: [shown], reviews: [] },
    ],
    later: { sha: "merged", records: [] },
    isEarly: false,
    judgeOnly: false,
    ...more,
  } as unknown as ApplyRequest;
  const poster = { situation: { host }, asked, variables: {} } as unknown as Poster;
  const ended = { subject, report, outcome: { ...outcome, lines: [] }, require: "review" } as unknown as EndedSubject;
  await postOutcome(poster, ended, "text");
  return told;
}

test("the comment comes first, on the request that showed the plan; then the record", async () => {
  expect(await post({ kind: "done", code: 0 })).toEqual(["comment 1", ["merged", digest, true, "review", "success"]]);
  expect(await post({ kind: "waits", code: 3 })).toEqual(["comment 1", ["merged", digest, undefined, "review", "action-required"]]);
  expect(await post({ kind: "refused", code: 5 })).toEqual(["comment 1", ["merged", digest, undefined, "review", "failure"]]);
});

test("what failed is nothing to approve", async () => {
  for (const [kind, code] of [
    ["failed", 1],
    ["partial", 4],
    ["partial", 143],
  ] as const)
    expect(await post({ kind, code })).toEqual(["comment 1", ["merged", undefined, undefined, "review", "failure"]]);
});

test("where nobody showed a plan, the newest request is told", async () => {
  const requests = [2, 1].map((number) => ({ request: { number }, records: [], reviews: [] })) as unknown as ApplyRequest["requests"];
  expect((await post({ kind: "waits", code: 3 }, { requests }))[0]).toBe("comment 2");
  expect(await post({ kind: "waits", code: 3 }, { requests: [] })).toHaveLength(1);
});

test("that nothing is left to do is told once, and never over what was told before", async () => {
  const nothing = { kind: "nothing", code: 0 } as const;
  expect((await post(nothing))[0]).toBe("comment 1");
  expect(await post(nothing, { later: { sha: "merged", records: [{ ...shown, applied: true }] } })).toHaveLength(1);
  expect(await post(nothing, { judgeOnly: true })).toHaveLength(1);
  expect(await post(nothing, { requests: [] })).toHaveLength(1);
});
