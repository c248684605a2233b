import { expect, test } from "vitest";
import { judgeSubjects } from "./apply-judge.ts";
import type { ApplyRequest } from "./apply-request.ts";
import type { PlanRecord, Requirement } from "./host.ts";
import type { ScopedSubject } from "./plan-scope.ts";

const digest = `sha256:${"a".repeat(64)}`;
const head = "1".repeat(40);
const subject = { folder: "shop" };
const request = {
  number: 12,
  title: "t",
  author: "author",
  headSha: head,
  baseSha: "b",
  baseBranch: "main",
  fork: false,
  merged: true,
  url: "u",
};
const shown: PlanRecord = { subject, sha: head, digest, destructive: true, at: 100 };
const asked: ApplyRequest = {
  requests: [{ request, records: [shown, { ...shown, subject: { folder: "lab" }, digest: `sha256:${"b".repeat(64)}` }], reviews: [] }],
  later: { sha: "merged", records: [] },
  before: "before",
  isEarly: false,
  judgeOnly: false,
};

interface Case {
  readonly now: string;
  readonly before?: string;
  readonly head?: string;
  readonly more?: Partial<ApplyRequest>;
  /** In place of the one above. */
  readonly asked?: ApplyRequest;
  readonly by?: string;
  /** koine.yaml of another stack, which the change removes. */
  readonly gone?: string;
  readonly state?: ScopedSubject["state"];
}

async function judge({
  now,
  before,
  head: ofHead,
  more,
  state = "server",
  gone,
  asked: whole = asked,
  by,
}: Case): Promise<{ readonly later: number; readonly require?: Requirement; readonly approved: readonly string[] }> {
  let later = 0;
  const scoped: ScopedSubject = {
    subject,
    because: [],
    removed: false,
    project: { text: now, notices: [] },
    state,
    files: { base: now, head: ofHead ?? now },
    notices: [],
  };
  const [judged] = await judgeSubjects({
    git: {
      readFileAt: async (sha, path) =>
        sha === "before" && path === "shop/koine.yaml" && before !== undefined ? Buffer.from(before) : undefined,
    },
    asked: { ...whole, ...more },
    chosen: [
      scoped,
      ...(gone === undefined ? [] : [{ ...scoped, subject: { folder: "old" }, removed: true, files: { base: gone, head: undefined } }]),
    ],
    given: { digests: by === undefined ? [] : [digest], mayWrite: true, ...(by === undefined ? {} : { by }) },
    onLater: () => {
      later += 1;
    },
  });
  return { later, ...(judged && { require: judged.require }), approved: [...(judged?.approvals.approved.keys() ?? [])] };
}

test("what koine.yaml asks for holds, and records of other subjects are nothing", async () => {
  expect(await judge({ now: "" })).toMatchObject({ require: "none", approved: [digest] });
  expect(await judge({ now: "require: review\n" })).toMatchObject({ require: "review", approved: [] });
  expect(await judge({ now: "require: none\nenvironments: { prod: { require: review } }\n" })).toMatchObject({ require: "none" });
});

test("what weakens it holds from the next change on", async () => {
  expect(await judge({ now: "require: none\n", before: "require: review\n" })).toMatchObject({ require: "review", approved: [] });
  expect(await judge({ now: "require: none\n", before: "require: review-destroys\n" })).toMatchObject({
    require: "review-destroys",
    approved: [],
  });
  expect(await judge({ now: "", head: "require: review\n" })).toMatchObject({ require: "review" });
  // A file with mistakes says nothing; the plan tells the mistakes.
  expect(await judge({ now: "require: [\n", before: "require: review\n" })).toMatchObject({ require: "review" });
});

test("a stack that is new is asked what was asked of one that is gone", async () => {
  const gone = "require: review\n";
  expect(await judge({ now: "", gone })).toMatchObject({ require: "review", approved: [] });
  expect(await judge({ now: "", before: "", gone })).toMatchObject({ require: "none", approved: [digest] });
});

test("nor does it by hand: what was asked for when the plan was shown is asked for when its digest is given", async () => {
  const { before: _none, ...rest } = asked;
  const later = { sha: "merged", records: [{ ...shown, sha: "merged", require: "review" as const }] };
  const judgeLater = (by: string): ReturnType<typeof judge> => judge({ now: "require: none\n", asked: { ...rest, later }, by });
  expect(await judgeLater("author")).toMatchObject({ require: "review", approved: [] });
  expect(await judgeLater("ada")).toMatchObject({ require: "review", approved: [digest] });
});

test("before a merge only what says so is applied", async () => {
  const early = { isEarly: true };
  expect(await judge({ now: "", more: early })).toMatchObject({ later: 1, approved: [] });
  expect(await judge({ now: "apply: before-merge\n", more: early })).toMatchObject({ later: 0, approved: [digest] });
  // What the change itself says about it does not count yet.
  expect(await judge({ now: "", head: "apply: before-merge\n", more: early })).toMatchObject({ later: 1 });
  // The base of a new stack does not say where its state is.
  expect(await judge({ now: "apply: before-merge\n", state: "new", more: early })).toMatchObject({ later: 1 });
  expect(await judge({ now: "", more: { isEarly: true, judgeOnly: true } })).toMatchObject({ later: 0, approved: [digest] });
});
