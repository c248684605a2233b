// Which digests may be applied, judged from what was shown, who reviewed it, and who gave a digest by hand. Pure: the host is asked before, the clouds after.
// The rule: nothing is applied that no one saw, and where a review is required, the review saw this very plan.

import type { ChangeRequest, PlanRecord, Requirement, Review } from "./host.ts";

/** A change request that is applied, with what was shown of one subject at its head, and who said what to it. */
export interface ShownRequest {
  readonly request: Pick<ChangeRequest, "number" | "author" | "headSha">;
  /** Of any revision: only those of the head count. */
  readonly records: readonly Omit<PlanRecord, "subject">[];
  readonly reviews: readonly Review[];
}

/** Digests that a person gave with `--approve`. */
export interface GivenApproval {
  readonly digests: readonly string[];
  /** Who started the job; undefined where no host says so. */
  readonly by?: string;
  /** Whether they may write to the repository; true where there is no host that could tell: who runs it there holds the credentials. */
  readonly mayWrite: boolean;
}

export interface ApprovalInput {
  readonly require: Requirement;
  readonly requests: readonly ShownRequest[];
  /** Of the applied revision itself: plans that were shown after a merge. They were seen by who gives their digest, and by nobody else. */
  readonly later: readonly Pick<PlanRecord, "digest" | "destructive">[];
  readonly given: GivenApproval;
}

export interface Approvals {
  /** Digest to the reason, for people: `shown in #12, approved by ada`. */
  readonly approved: ReadonlyMap<string, string>;
  /** Digests that were shown or given and may not be applied yet, with what is missing. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Judges every digest that is known. One reason to apply it is enough. */
export function judgeApprovals(input: ApprovalInput): Approvals {
  const approved = new Map<string, string>();
  const missing = new Map<string, string>();
  for (const { request, records, reviews } of input.requests) {
    for (const record of records.filter(({ sha }) => sha === request.headSha)) {
      const judged = judgeShown(input.require, request, record, reviews);
      if ("because" in judged) approved.set(record.digest, approved.get(record.digest) ?? judged.because);
      else missing.set(record.digest, judged.lacks);
    }
  }
  for (const digest of input.given.digests) {
    const judged = judgeGiven(digest, input);
    if ("because" in judged) approved.set(digest, approved.get(digest) ?? judged.because);
    else missing.set(digest, judged.lacks);
  }
  for (const digest of approved.keys()) missing.delete(digest);
  return { approved, missing };
}

type Judged = { readonly because: string } | { readonly lacks: string };

function judgeShown(
  require: Requirement,
  { number, author, headSha }: ShownRequest["request"],
  record: ShownRequest["records"][number],
  reviews: readonly Review[],
): Judged {
  const shown = `shown in #${number}`;
  if (!needsReview(require, record.destructive)) return { because: shown };
  const others = reviews.filter(({ by }) => by.toLowerCase() !== author.toLowerCase());
  const objection = others.find(({ state }) => state === "changes-requested");
  if (objection) return { lacks: `${objection.by} asks for changes in #${number}` };
  const approvals = others.filter(({ state }) => state === "approved");
  const ofHead = approvals.filter(({ sha }) => sha === headSha);
  // What was shown after the review was not reviewed.
  const good = ofHead.find(({ at }) => at > record.at);
  if (good) return { because: `${shown}, approved by ${good.by}` };
  if (ofHead.length > 0)
    return { lacks: `this plan was shown in #${number} after ${ofHead[0]?.by} approved; it has to be approved as it is now` };
  if (approvals.length > 0) return { lacks: `${approvals[0]?.by} approved an earlier revision of #${number}, not ${headSha.slice(0, 12)}` };
  return { lacks: `nobody who may write here has approved #${number}` };
}

function judgeGiven(digest: string, { require, requests, later, given }: ApprovalInput): Judged {
  const records = [...later, ...requests.flatMap(({ records: shown }) => shown)].filter((record) => record.digest === digest);
  // Of a digest that no record tells about, the worst is assumed.
  const destructive = records.length === 0 || records.some((record) => record.destructive);
  const by = given.by === undefined ? "" : ` by ${given.by}`;
  if (!given.mayWrite) return { lacks: `${given.by ?? "who gave it"} may not write to this repository` };
  if (given.by === undefined || !needsReview(require, destructive)) return { because: `its digest was given${by}` };
  const { by: person } = given;
  const own = requests.find(({ request }) => request.author.toLowerCase() === person.toLowerCase());
  if (own) return { lacks: `${person} gave its digest, and is the author of #${own.request.number}; somebody else has to` };
  return { because: `its digest was given${by}` };
}

function needsReview(require: Requirement, destructive: boolean): boolean {
  return require === "review" || (require === "review-destroys" && destructive);
}
