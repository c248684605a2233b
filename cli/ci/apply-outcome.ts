// What became of one subject, in the words of its comment, with the exit code that it asks for. Pure: the child has run, nothing is posted yet.

import { exitCode } from "../exit-codes.ts";
import type { PlanReport } from "../report/report.ts";
import type { Approvals } from "./approval.ts";
import type { Verdict } from "./host.ts";
import { hasChanges, nameCounts } from "./judge-report.ts";

export type Outcome = {
  /** `waits`: for a person, nothing was done. `nothing`: there is nothing to do. */
  readonly kind: "done" | "nothing" | "waits" | "refused" | "partial" | "failed";
  readonly code: number;
  /** Plain text. */
  readonly lines: readonly string[];
};

export interface Ran {
  /** `plan`: nothing was approved, so nothing could be applied. */
  readonly command: "apply" | "plan";
  readonly code: number;
  readonly report: PlanReport;
  /** What went wrong with single objects, one sentence each. */
  readonly failures: readonly string[];
  /** A process was run for it at all. */
  readonly began: boolean;
  readonly approvals: Approvals;
  /** A merge queue asks whether it could be applied; nothing is. */
  readonly judgeOnly?: true;
  /** How a person approves a digest here: `run the workflow by hand with …`. */
  howToApprove(digest: string): string;
}

export function judgeOutcome(ran: Ran): Outcome {
  const { command, code, report, approvals, failures, judgeOnly } = ran;
  if (code === exitCode.interrupted || code === exitCode.terminated) {
    if (!ran.began) return { kind: "failed", code, lines: ["The job was stopped before this was begun. Run it again."] };
    return {
      kind: "partial",
      code,
      lines: ["The job was stopped. What was done is recorded; run it again, and it goes on where it stopped."],
    };
  }
  if (command === "apply") {
    if (code === exitCode.partial) {
      const what = "Not everything was done. What was done is recorded; the log of the job says more.";
      const next = "When that is mended, run the job again: it goes on with what is left, with the same approval.";
      return { kind: "partial", code, lines: [what, ...failures, next] };
    }
    if (code === exitCode.lockHeld) {
      return {
        kind: "failed",
        code,
        lines: ["Another run holds the lock of the state; nothing was done. Run the job again when that one has ended."],
      };
    }
    if (code === exitCode.refused) return { kind: "refused", code, lines: describeRefusal(report) };
  }
  if (report.problems.length > 0 || !isPlanned(ran)) {
    const reasons = report.problems.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`));
    const known = [...reasons, ...failures];
    const lines = known.length > 0 ? known : ["Nothing was changed; the log of the job says why."];
    return { kind: "failed", code: code === exitCode.done || code === exitCode.changes ? exitCode.failed : code, lines };
  }
  if (!hasChanges(report))
    return { kind: "nothing", code: exitCode.done, lines: ["There is nothing to do: everything is as the sources say."] };
  const because = report.digest && approvals.approved.get(report.digest.changes);
  if (judgeOnly && because !== undefined)
    return { kind: "nothing", code: exitCode.done, lines: [`This is the plan that may be applied: ${because}.`] };
  if (command === "apply" && code === exitCode.done) return { kind: "done", code, lines: [describeDone(ran)] };
  return judgeUnapproved(ran);
}

/** Whether there is a plan to judge: it was made, and carried out or found to be another one. */
function isPlanned({ command, code }: Ran): boolean {
  if (code === exitCode.done) return true;
  return command === "apply" ? code === exitCode.stale : code === exitCode.changes;
}

function describeDone({ report, approvals }: Ran): string {
  const digest = report.digest?.changes;
  const because = digest === undefined ? undefined : approvals.approved.get(digest);
  // What is left of a run that was killed has another digest than the plan that was approved.
  return because === undefined ? "Done: the rest of what was approved." : `Done: ${because}.`;
}

function describeRefusal({ budget, problems }: PlanReport): readonly string[] {
  const reasons = [...(budget?.verdict === "exceeded" ? budget.reasons : []), ...problems.map(({ message }) => message)];
  return ["Refused; nothing was done.", ...(reasons.length > 0 ? reasons : ["The log of the job says why."])];
}

function judgeUnapproved({ report, approvals, howToApprove }: Ran): Outcome {
  const digest = report.digest?.changes;
  if (digest === undefined)
    return { kind: "failed", code: exitCode.failed, lines: ["The plan has no digest, so nobody can approve it; nothing was done."] };
  const lacks = approvals.missing.get(digest);
  if (lacks !== undefined)
    return { kind: "refused", code: exitCode.refused, lines: [`Not approved, and nothing was done: ${lacks}.`, howToApprove(digest)] };
  const what =
    approvals.approved.size + approvals.missing.size === 0
      ? "Nobody was shown this plan before, so nothing was done. This is it:"
      : "Something moved since it was shown: this is another plan, and nothing was done.";
  return { kind: "waits", code: exitCode.stale, lines: [what, howToApprove(digest)] };
}

/** For the check of a subject. */
export function describeOutcome({ kind }: Outcome, report: PlanReport, markdown: string): Verdict {
  const counts = nameCounts(report);
  const verdict = (conclusion: Verdict["conclusion"], title: string): Verdict => ({
    conclusion,
    title,
    summary: markdown,
    annotations: [],
  });
  switch (kind) {
    case "done":
      return verdict("success", `applied: ${counts}`);
    case "nothing":
      return verdict("success", "nothing to do");
    case "waits":
      return verdict("action-required", `waits for approval: ${counts}`);
    case "refused":
      return verdict("failure", `refused: ${counts}`);
    case "partial":
      return verdict("failure", "partly applied; run the job again");
    case "failed":
      return verdict("failure", "could not be applied; nothing was changed");
  }
}

/** Interrupted first, then what changed something and is not done, then failures, then what waits for people. */
export function worstOutcome(codes: readonly number[]): number {
  const order = [
    exitCode.interrupted,
    exitCode.terminated,
    exitCode.partial,
    exitCode.failed,
    exitCode.lockHeld,
    exitCode.refused,
    exitCode.stale,
  ] as const;
  const known = order.find((code) => codes.includes(code));
  return known ?? codes.find((code) => code !== exitCode.done) ?? exitCode.done;
}
