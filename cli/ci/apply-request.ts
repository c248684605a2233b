// What `koine ci apply` is asked for, and whose approvals count: the change requests that a push brought, the one that is reviewed, or digests that a person
// gave. Asks git and the host; changes nothing.

import { readFileSync } from "node:fs";
import { exitCode } from "../exit-codes.ts";
import type { ShownRequest } from "./approval.ts";
import { readMember } from "./checked-text.ts";
import type { Git } from "./git.ts";
import type { ChangeRequest, Host, PlanRecord, Subject } from "./host.ts";
import { isSameSubject } from "./hosts/marker.ts";
import { runSome } from "./run-child.ts";
import type { Situation } from "./situation.ts";

type Variables = Readonly<Record<string, string | undefined>>;

export interface ApplyRequest {
  /** Whose records and reviews count, newest first. */
  readonly requests: readonly RequestWithRecords[];
  /** Where the request's plans are recorded that are shown from here on, with what is recorded there already. */
  readonly later: { readonly sha: string; readonly records: readonly PlanRecord[] };
  /** Absent: every subject in scope. */
  covers?(subject: Subject): boolean;
  /** The branch before: its koine.yaml says too who has to approve. */
  readonly before?: string;
  /** A change that is not merged yet is applied. */
  readonly isEarly: boolean;
  /** A merge queue only asks. */
  readonly judgeOnly: boolean;
}

export type RequestWithRecords = Pick<ShownRequest, "reviews"> & {
  readonly request: ChangeRequest;
  readonly records: readonly PlanRecord[];
};

/** Nothing is to be done, with the exit code. */
export interface Declined {
  readonly code: number;
  readonly message: string;
}

/** Commits of one push whose change requests are asked for; those of more have to be approved by digest. */
const longestPush = 100;
/** How far back a plan that was shown after a merge is looked for. */
const longestSearch = 50;

export async function readApplyRequest(
  git: Git,
  situation: Situation,
  variables: Variables,
  given: readonly string[],
): Promise<ApplyRequest | Declined> {
  switch (situation.kind) {
    case "merged":
      return readMerged(git, situation, variables);
    case "plain":
      return readGiven(git, situation, given);
    case "reviewing":
      return readReviewed(git, situation, variables);
    case "queued":
      return readQueued(situation, variables);
    case "completed":
      return { code: exitCode.usage, message: "another workflow's run ended: there is nothing to apply; run `koine ci apply` on `push`" };
  }
}

type Of<Kind extends Situation["kind"]> = Extract<Situation, { readonly kind: Kind }>;

/** However they were merged: each commit of the branch's own line is asked for, and a request counts once. */
async function readMerged(git: Git, { host, sha, before }: Of<"merged">, variables: Variables): Promise<ApplyRequest> {
  const later = { sha, records: host ? await host.listPlanRecords(sha) : [] };
  const about = { later, isEarly: false, judgeOnly: false, ...(before === undefined ? {} : { before }) };
  if (!host) return { ...about, requests: [] };
  const line = before === undefined ? [sha] : await git.listLine(before, sha, longestPush);
  const requests = await findMergedRequests(host, line.length === 0 ? [sha] : line, readBranch(variables));
  return { ...about, requests };
}

async function findMergedRequests(host: Host, line: readonly string[], branch: string | undefined): Promise<readonly RequestWithRecords[]> {
  const found = (await runSome(line, 5, (sha) => host.findMerged(sha))).flat();
  const known = new Map<number, ChangeRequest>();
  for (const request of found)
    if (!known.has(request.number) && (branch === undefined || request.baseBranch === branch)) known.set(request.number, request);
  return runSome([...known.values()], 5, (request) => readShown(host, request));
}

/** A digest was given by hand: the revision at which it was shown says of what it is. */
async function readGiven(git: Git, { host, sha, base }: Of<"plain">, given: readonly string[]): Promise<ApplyRequest | Declined> {
  if (given.length === 0) {
    return {
      code: exitCode.usage,
      message: "no change was merged here; give what may be applied with `--approve DIGEST`, as the comment of the plan says it",
    };
  }
  const before = base === undefined ? {} : { before: base };
  const none = { requests: [], later: { sha, records: [] }, isEarly: false, judgeOnly: false, ...before };
  if (!host) return none;
  for (const at of await git.listLine(undefined, sha, longestSearch)) {
    const records = await host.listPlanRecords(at);
    const named = records.filter(({ digest }) => given.includes(digest));
    if (named.length === 0) continue;
    return {
      ...none,
      requests: await findMergedRequests(host, [at], undefined),
      later: { sha, records },
      covers: (subject) => named.some((record) => isSameSubject(record.subject, subject)),
    };
  }
  return none;
}

/** `apply: before-merge`: the very head, with the base in it, by who may. */
async function readReviewed(git: Git, situation: Of<"reviewing">, variables: Variables): Promise<ApplyRequest | Declined> {
  const { host, number, headSha, baseSha, fork } = situation;
  if (!host) return { code: exitCode.refused, message: "without a token nobody's approval can be read; give the job the host's token" };
  if (fork) return { code: exitCode.refused, message: "a change from a fork is applied after its merge, never before" };
  const ordered = readOrder(situation.event, variables);
  if ("code" in ordered) return ordered;
  if (ordered.by === "" || !(await host.mayWrite(ordered.by)))
    return { code: exitCode.refused, message: `${ordered.by || "nobody who is named"} may not write to this repository, so may not apply` };
  const request = await host.readRequest(number);
  if (request.merged) return { code: exitCode.done, message: `#${number} is merged; the run of that push applies it` };
  if (request.headSha !== headSha) return { code: exitCode.stale, message: `#${number} has new commits; their own run plans them` };
  if ((await git.findMergeBase(baseSha, headSha)) !== baseSha) {
    return {
      code: exitCode.stale,
      message: `#${number} lies behind ${request.baseBranch}: bring it up to date first, so that what is applied is what will be merged`,
    };
  }
  const shown = await readShown(host, request);
  return { requests: [shown], later: { sha: headSha, records: shown.records }, before: baseSha, isEarly: true, judgeOnly: false };
}

/** What a person writes below a change request to have it applied. */
const order = "/koine apply";

/** Who asks for it before the merge. That a change was pushed asks for nothing. */
function readOrder(event: string | undefined, variables: Variables): { readonly by: string } | Declined {
  switch (event) {
    case "issue_comment":
      if (readText(variables, "comment.body").trim() === order) return { by: readText(variables, "comment.user.login") };
      return { code: exitCode.done, message: `the comment is not \`${order}\`: nothing to do` };
    case "pull_request_review":
      if (readText(variables, "review.state").toLowerCase() === "approved") return { by: readText(variables, "review.user.login") };
      return { code: exitCode.done, message: "the review does not approve: nothing to do" };
    // A job of a merge request's pipeline that a person starts: `when: manual`.
    case "merge_request_event":
      return { by: readActor(variables) ?? "" };
    default:
      return {
        code: exitCode.usage,
        message: `before its merge a change is applied on \`pull_request_review\`, on \`issue_comment\` with \`${order}\`, or by a job that a person starts on GitLab; this is \`${event}\``,
      };
  }
}

async function readQueued({ host, baseSha }: Of<"queued">, variables: Variables): Promise<ApplyRequest | Declined> {
  if (!host) return { code: exitCode.refused, message: "without a token nobody's approval can be read; give the job the host's token" };
  const number = readQueuedNumber(variables);
  if (number === undefined) return { code: exitCode.refused, message: "the queue does not say which change request this is of" };
  const shown = await readShown(host, await host.readRequest(number));
  const later = { sha: shown.request.headSha, records: shown.records };
  return { requests: [shown], later, before: baseSha, isEarly: true, judgeOnly: true };
}

async function readShown(host: Host, request: ChangeRequest): Promise<RequestWithRecords> {
  const [records, reviews] = await Promise.all([host.listPlanRecords(request.headSha), host.listReviews(request.number)]);
  return { request, records, reviews };
}

/** The branch that was pushed to; undefined where no host says so. */
function readBranch({ GITHUB_REF: ref, GITHUB_REF_NAME: name, CI_COMMIT_BRANCH: branch }: Variables): string | undefined {
  if (ref?.startsWith("refs/heads/")) return name;
  return branch || undefined;
}

/** Who gave the digests: who started the run, not who ran it again. */
export function readActor({ GITHUB_ACTOR: actor, GITLAB_USER_LOGIN: user }: Variables): string | undefined {
  return actor || user || undefined;
}

function readText(variables: Variables, path: string): string {
  const text = readMember(readEvent(variables), path);
  return typeof text === "string" ? text : "";
}

/** GitHub names the queue's branch `gh-readonly-queue/BASE/pr-NUMBER-SHA`. */
function readQueuedNumber(variables: Variables): number | undefined {
  const train = variables.CI_MERGE_REQUEST_IID;
  if (train !== undefined && /^[1-9][0-9]{0,9}$/.test(train)) return Number(train);
  const ref = readMember(readEvent(variables), "merge_group.head_ref");
  const match = typeof ref === "string" ? /\/pr-([1-9][0-9]{0,9})-[0-9a-f]{40}$/.exec(ref) : null;
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** `readSituation` has read it before, and told what is wrong with it. */
function readEvent({ GITHUB_EVENT_PATH: path }: Variables): unknown {
  return path === undefined ? undefined : (JSON.parse(readFileSync(path, "utf8")) as unknown);
}
