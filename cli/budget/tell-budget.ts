// An exceeded budget, told with its place in koine.yaml and the flag that lifts it.

import type { JudgedPlan } from "../report/complete-report.ts";
import type { Terminal } from "../terminal.ts";
import { describeLifting } from "./judge-budget.ts";

/** Reasons, where a limit of koine.yaml is exceeded; else none, and nothing is told. */
export function tellBudget(terminal: Terminal, { budget }: Pick<JudgedPlan, "budget">, consequence: string): readonly string[] {
  if (budget?.verdict.verdict !== "exceeded") return [];
  const { reasons } = budget.verdict;
  terminal.tell(`${terminal.style("red", "over budget")}: ${consequence}:\n${reasons.map((one) => `  - ${one}\n`).join("")}`);
  terminal.tell(`  = ${describeLifting(budget.input)}\n`);
  return reasons;
}
