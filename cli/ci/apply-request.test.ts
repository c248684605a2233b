import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type ApplyRequest, type Declined, readActor, readApplyRequest } from "./apply-request.ts";
import type { Git } from "./git.ts";
import type { ChangeRequest, Host, PlanRecord } from "./host.ts";
import type { Situation } from "./situation.ts";

const digest = `sha256:${"a".repeat(64)}`;
const shop = { folder: "shop" };
const request = (number: number, more: Partial<ChangeRequest> = {}): ChangeRequest => ({
  number,
  title: "t",
  author: "author",
  headSha: `head${number}`,
  baseSha: "base",
  baseBranch: "main",
  fork: false,
  merged: false,
  url: "u",
  ...more,
});
const record = (sha: string): PlanRecord => ({ subject: shop, sha, digest, destructive: false, at: 1 });

/** What a host knows, by number and revision. */
interface Known {
  readonly requests?: readonly ChangeRequest[];
  readonly merged?: Readonly<Record<string, readonly number[]>>;
  readonly records?: Readonly<Record<string, readonly PlanRecord[]>>;
}

function playHost({ requests = [], merged = {}, records = {} }: Known): Host {
  const find = (number: number): ChangeRequest => {
    const found = requests.find((one) => one.number === number);
    if (!found) throw new Error(`there is no request ${number}`);
    return found;
  };
  const part: Partial<Host> = {
    readRequest: async (number) => find(number),
    findMerged: async (sha) => (merged[sha] ?? []).map(find),
    listReviews: async () => [],
    listPlanRecords: async (sha) => records[sha] ?? [],
    mayWrite: async (login) => login === "ada",
  };
  return part as Host;
}

const git = (line: readonly string[], mergeBase = "base"): Git =>
  ({ listLine: async () => line, findMergeBase: async () => mergeBase }) as unknown as Git;

function situate(part: Record<string, unknown>, known: Known | undefined): Situation {
  return { root: "/", sha: "merged", out: "/", log: {}, ...(known && { host: playHost(known) }), ...part } as unknown as Situation;
}

/** The event's file, which ends with the test. */
function writeEvent(event: unknown): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "koine-event-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "event.json");
  writeFileSync(path, JSON.stringify(event));
  return { GITHUB_EVENT_PATH: path };
}

const numbersOf = (asked: ApplyRequest | Declined): readonly number[] | Declined =>
  "code" in asked ? asked : asked.requests.map((one) => one.request.number);

test("a push brings every request of its commits, once, and none that was merged elsewhere", async () => {
  const known = {
    requests: [request(1, { merged: true }), request(2, { merged: true }), request(3, { merged: true, baseBranch: "release" })],
    merged: { c3: [2], c2: [2, 3], c1: [1] },
    records: { head1: [record("head1")], merged: [record("merged")] },
  };
  const push = situate({ kind: "merged", before: "b" }, known);
  const asked = await readApplyRequest(git(["c3", "c2", "c1"]), push, { GITHUB_REF: "refs/heads/main", GITHUB_REF_NAME: "main" }, []);
  expect(numbersOf(asked)).toEqual([2, 1]);
  expect(asked).toMatchObject({ before: "b", isEarly: false, judgeOnly: false, later: { sha: "merged", records: [{ digest }] } });
  expect("requests" in asked && asked.requests[1]?.records).toEqual([record("head1")]);
  expect(numbersOf(await readApplyRequest(git(["c2"]), push, {}, []))).toEqual([2, 3]);
  expect(numbersOf(await readApplyRequest(git(["c1"]), situate({ kind: "merged", before: "b" }, undefined), {}, []))).toEqual([]);
});

test("a digest that is given is looked for where it was shown", async () => {
  const known = { requests: [request(1, { merged: true })], merged: { older: [1] }, records: { older: [record("older")] } };
  const dispatched = situate({ kind: "plain" }, known);
  const asked = await readApplyRequest(git(["merged", "newer", "older"]), dispatched, {}, [digest]);
  expect(numbersOf(asked)).toEqual([1]);
  if ("code" in asked) throw new Error("declined");
  expect(asked.later.sha).toBe("merged");
  expect([asked.covers?.(shop), asked.covers?.({ folder: "lab" })]).toEqual([true, false]);
  const unknown = await readApplyRequest(git(["merged"]), dispatched, {}, [digest]);
  expect("covers" in unknown).toBe(false);
  expect(await readApplyRequest(git([]), dispatched, {}, [])).toMatchObject({ code: 64 });
});

test("before a merge: the very head, with the base in it, and no fork's", async () => {
  const reviewing = { kind: "reviewing", number: 7, headSha: "head7", baseSha: "base", fork: false, event: "pull_request_review" };
  const known = { requests: [request(7)], records: { head7: [record("head7")] } };
  const variables = writeEvent({ review: { state: "approved", user: { login: "ada" } } });
  expect(await readApplyRequest(git([]), situate(reviewing, known), variables, [])).toMatchObject({
    isEarly: true,
    judgeOnly: false,
    before: "base",
    later: { sha: "head7" },
  });
  const declined = async (more: Record<string, unknown>, ofHost: Known | undefined = known, base = "base"): Promise<unknown> =>
    readApplyRequest(git([], base), situate({ ...reviewing, ...more }, ofHost), variables, []);
  expect(await declined({ fork: true })).toMatchObject({ code: 5 });
  expect(await declined({ headSha: "older" })).toMatchObject({ code: 3, message: "#7 has new commits; their own run plans them" });
  expect(await declined({}, known, "long-ago")).toMatchObject({ code: 3, message: expect.stringContaining("lies behind main") });
  expect(await declined({}, { requests: [request(7, { merged: true })] })).toMatchObject({ code: 0 });
  expect(await readApplyRequest(git([]), situate(reviewing, undefined), variables, [])).toMatchObject({ code: 5 });
});

test.each([
  ["/koine apply", "ada", undefined],
  [" /koine apply\r\n", "ada", undefined],
  ["/koine apply please", "ada", 0],
  ["> /koine apply", "ada", 0],
  ["/koine apply", "stranger", 5],
])("a comment applies when it says exactly that, by who may write: %j of %s", async (body, login, code) => {
  const variables = writeEvent({ comment: { body, user: { login } } });
  const mentioned = { kind: "reviewing", number: 7, headSha: "head7", baseSha: "base", fork: false, event: "issue_comment" };
  const asked = await readApplyRequest(git([]), situate(mentioned, { requests: [request(7)] }), variables, []);
  expect("code" in asked ? asked.code : undefined).toBe(code);
});

test.each([
  ["pull_request_review", { review: { state: "approved", user: { login: "ada" } } }, undefined],
  ["pull_request_review", { review: { state: "APPROVED", user: { login: "stranger" } } }, 5],
  ["pull_request_review", { review: { state: "commented", user: { login: "ada" } } }, 0],
  ["pull_request_review", {}, 0],
  ["pull_request", {}, 64],
  ["merge_request_event", {}, undefined],
])("before a merge somebody who may write has to ask: %s", async (event, payload, code) => {
  const variables = { ...writeEvent(payload), GITLAB_USER_LOGIN: "ada" };
  const reviewing = { kind: "reviewing", number: 7, headSha: "head7", baseSha: "base", fork: false, event };
  const asked = await readApplyRequest(git([]), situate(reviewing, { requests: [request(7)] }), variables, []);
  expect("code" in asked ? asked.code : undefined).toBe(code);
});

test("a queue asks about the request that its branch names, and applies nothing", async () => {
  const queued = situate(
    { kind: "queued", headSha: "group", baseSha: "base" },
    { requests: [request(104)], records: { head104: [record("head104")] } },
  );
  const sha = "1".repeat(40);
  const asked = await readApplyRequest(
    git([]),
    queued,
    writeEvent({ merge_group: { head_ref: `refs/heads/gh-readonly-queue/main/pr-104-${sha}` } }),
    [],
  );
  expect(asked).toMatchObject({ judgeOnly: true, later: { sha: "head104", records: [{ digest }] } });
  expect(numbersOf(asked)).toEqual([104]);
  expect(numbersOf(await readApplyRequest(git([]), queued, { CI_MERGE_REQUEST_IID: "104" }, []))).toEqual([104]);
  expect(await readApplyRequest(git([]), queued, writeEvent({ merge_group: { head_ref: "refs/heads/main" } }), [])).toMatchObject({
    code: 5,
  });
});

test("where another workflow ended there is nothing to apply", async () => {
  expect(await readApplyRequest(git([]), situate({ kind: "completed" }, {}), {}, [])).toMatchObject({ code: 64 });
});

test("who gave a digest is who started the run", () => {
  expect(readActor({ GITHUB_ACTOR: "ada", GITHUB_TRIGGERING_ACTOR: "eve" })).toBe("ada");
  expect(readActor({ GITLAB_USER_LOGIN: "ada" })).toBe("ada");
  expect(readActor({ GITHUB_ACTOR: "" })).toBeUndefined();
});
