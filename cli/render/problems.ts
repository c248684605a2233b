// What keeps a plan from being made, as a person reads it, and the exit code it means.

import type { PlanProblem } from "../../engine/plan/problem.ts";
import { formatPlace, type SourceFile } from "../../grammar/source/source-file.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";

export function tellProblems(
  { terminal }: CommandContext,
  problems: readonly PlanProblem[],
  sources: ReadonlyMap<string, SourceFile>,
): void {
  for (const problem of problems) {
    terminal.tell(`${terminal.style("red", "error")}: ${problem.message}\n`);
    if (problem.span) terminal.tell(`  at ${formatPlace(sources.get(problem.span.file), problem.span)}\n`);
    terminal.tell(`  = ${problem.hint}\n`);
  }
}

/** Refused by protection is told apart from everything else that failed. */
export function exitOfProblems(problems: readonly PlanProblem[]): number {
  return problems.length > 0 && problems.every((problem) => problem.kind === "protected") ? exitCode.refused : exitCode.failed;
}
