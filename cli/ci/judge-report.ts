// What a report means for the run that made it, and for the check on the host: whether there are changes, how bad it is, what is to be marked in the
// sources. Pure.

import { exitCode } from "../exit-codes.ts";
import { describeCounts } from "../report/describe-change.ts";
import type { PlanReport } from "../report/report.ts";
import type { Annotation, Verdict } from "./host.ts";

export function hasChanges({ groups, outputs }: PlanReport): boolean {
  return groups.length > 0 || outputs.length > 0;
}

/** 0, 5 for a budget that is exceeded, 1 where there is no plan. */
export function judgeReport({ problems, budget }: PlanReport, code: number): number {
  if (code !== exitCode.done && code !== exitCode.changes && code !== exitCode.refused) return code;
  if (problems.length > 0 || code === exitCode.refused) return code === exitCode.refused ? exitCode.refused : exitCode.failed;
  return budget?.verdict === "exceeded" ? exitCode.refused : exitCode.done;
}

/** Interrupted before failed, failed before refused. */
export function worstOf(codes: readonly number[]): number {
  const bad = codes.filter((code) => code !== exitCode.done);
  const left = bad.find((code) => code === exitCode.interrupted || code === exitCode.terminated);
  return left ?? bad.find((code) => code !== exitCode.refused) ?? bad[0] ?? exitCode.done;
}

/** `3 to create, 1 to replace, 0 to destroy, 14 unchanged` */
export function nameCounts({ counts }: PlanReport): string {
  const { unchanged, leftOut } = counts;
  return describeCounts({ counts, unchanged, ...(leftOut > 0 && { leftOut }) });
}

/** For the check of a subject; `markdown` is what the comment says. */
export function describeVerdict(report: PlanReport, code: number, markdown: string): Verdict {
  const annotations = listAnnotations(report);
  const verdict = (conclusion: Verdict["conclusion"], title: string): Verdict => ({ conclusion, title, summary: markdown, annotations });
  const counts = nameCounts(report);
  if (report.budget?.verdict === "exceeded") return verdict("failure", `over budget: ${counts}`);
  if (report.problems.length > 0 || code !== exitCode.done) return verdict("failure", "no plan could be made");
  if (!hasChanges(report)) return verdict("success", "no changes");
  return report.budget?.verdict === "needs-approval" ? verdict("neutral", `needs approval: ${counts}`) : verdict("success", counts);
}

/** Errors and warnings that have a place in the sources; notes stand in the comment. */
export function listAnnotations({ diagnostics, problems }: PlanReport): readonly Annotation[] {
  return [
    ...problems.flatMap(({ message, hint, place }) =>
      place ? [{ file: place.file, line: place.line, level: "failure" as const, title: "plan", message: withHint(message, hint) }] : [],
    ),
    ...diagnostics.flatMap(({ code, severity, message, hint, place }) =>
      place && severity !== "info"
        ? [
            {
              file: place.file,
              line: place.line,
              level: severity === "error" ? ("failure" as const) : severity,
              title: code,
              message: withHint(message, hint),
            },
          ]
        : [],
    ),
  ];
}

function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}\n${hint}`;
}
