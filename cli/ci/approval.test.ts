import { describe, expect, test } from "vitest";
import { type ApprovalInput, type GivenApproval, judgeApprovals } from "./approval.ts";
import type { Requirement, Review } from "./host.ts";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const [plain, heavy, unknown] = [digest("a"), digest("b"), digest("c")];
const head = "1".repeat(40);
const earlier = "2".repeat(40);

/** Both plans are shown at 100. */
const records = [
  { sha: head, digest: plain, destructive: false, at: 100 },
  { sha: head, digest: heavy, destructive: true, at: 100 },
];
const nobody: GivenApproval = { digests: [], mayWrite: true };
const approves = (at: number, more: Partial<Review> = {}): Review => ({ by: "ada", state: "approved", sha: head, at, ...more });

function judge(require: Requirement, reviews: readonly Review[], more: Partial<ApprovalInput> = {}): ReturnType<typeof judgeApprovals> {
  const request = { number: 12, author: "author", headSha: head };
  return judgeApprovals({ require, requests: [{ request, records, reviews }], later: [], given: nobody, ...more });
}

describe("of what was shown, may be applied", () => {
  test.each<[Requirement, string, readonly Review[], readonly string[]]>([
    ["none", "everything", [], [plain, heavy]],
    ["review-destroys", "what destroys nothing", [], [plain]],
    ["review-destroys", "everything, once approved", [approves(101)], [plain, heavy]],
    ["review", "nothing", [], []],
    ["review", "everything, once approved", [approves(101)], [plain, heavy]],
    ["review", "nothing that was shown after the review", [approves(99)], []],
    ["review", "nothing that was shown in the moment of the review", [approves(100)], []],
    ["review", "nothing, when an earlier revision was approved", [approves(101, { sha: earlier })], []],
    ["review", "nothing on the author's own word", [approves(101, { by: "Author" })], []],
    ["review", "nothing while somebody asks for changes", [approves(101), approves(101, { by: "eve", state: "changes-requested" })], []],
    ["review-destroys", "what destroys nothing, though somebody asks for changes", [approves(9, { state: "changes-requested" })], [plain]],
    ["review", "everything, when one of two approved in time", [approves(99), approves(102, { by: "bob" })], [plain, heavy]],
  ])("require: %s: %s", (require, _what, reviews, expected) => {
    expect([...judge(require, reviews).approved.keys()]).toEqual(expected);
  });

  test("nothing of another revision than the head", () => {
    const requests = [
      {
        request: { number: 12, author: "author", headSha: earlier },
        records,
        reviews: [approves(101), approves(101, { sha: earlier })],
      },
    ];
    for (const require of ["none", "review"] as const)
      expect(judge(require, [], { requests })).toEqual({ approved: new Map(), missing: new Map() });
  });

  test("of several plans of one head, the one that was reviewed", () => {
    const both = [
      { sha: head, digest: plain, destructive: false, at: 100 },
      { sha: head, digest: heavy, destructive: false, at: 300 },
    ];
    const request = { number: 12, author: "author", headSha: head };
    const judged = judge("review", [], { requests: [{ request, records: both, reviews: [approves(200)] }] });
    expect([...judged.approved.keys()]).toEqual([plain]);
    expect(judged.missing.get(heavy)).toContain("after ada approved");
    // Shown again later, the plan that was reviewed stays reviewed.
    const again = judge("review", [], {
      requests: [{ request, records: [...both, { ...both[0], at: 400 } as (typeof both)[number]], reviews: [approves(200)] }],
    });
    expect([...again.approved.keys()]).toEqual([plain]);
  });

  test("of a queue, what was approved in the request that showed it", () => {
    const of = (number: number, sha: string, shown: string, reviews: readonly Review[]) => ({
      request: { number, author: "author", headSha: sha },
      records: [{ sha, digest: shown, destructive: true, at: 100 }],
      reviews,
    });
    const judged = judge("review", [], { requests: [of(12, head, plain, []), of(13, earlier, heavy, [approves(101, { sha: earlier })])] });
    expect([...judged.approved]).toEqual([[heavy, "shown in #13, approved by ada"]]);
    expect(judged.missing.get(plain)).toBe("nobody who may write here has approved #12");
  });
});

describe("of what is given by its digest, may be applied", () => {
  const given = (by: string | undefined, mayWrite = true): GivenApproval => ({
    digests: [plain, heavy, unknown],
    mayWrite,
    ...(by === undefined ? {} : { by }),
  });
  test.each<[Requirement, string, GivenApproval, readonly string[]]>([
    ["none", "everything, by who may write", given("author"), [plain, heavy, unknown]],
    ["none", "only what was shown, by who may not write", given("stranger", false), [plain, heavy]],
    ["review", "everything, by another than the author", given("ada"), [plain, heavy, unknown]],
    ["review", "nothing, by the author", given("AUTHOR"), []],
    ["review-destroys", "by the author, what destroys nothing", given("author"), [plain]],
    ["review", "everything, where no host says who it is", given(undefined), [plain, heavy, unknown]],
    ["review", "nothing, where a host does not say who it is", given(undefined, false), []],
  ])("require: %s: %s", (require, _what, by, expected) => {
    expect([...judge(require, [], { given: by }).approved.keys()].sort()).toEqual([...expected].sort());
  });

  test("also what was shown after the merge", () => {
    const later = [{ digest: unknown, destructive: false }];
    const judged = judge("review-destroys", [], { later, given: { digests: [unknown], by: "author", mayWrite: true } });
    expect(judged.approved.get(unknown)).toBe("its digest was given by author");
    expect(judge("none", [], { later }).approved.has(unknown)).toBe(false);
  });
});
