// The limits of koine.yaml against one plan: how much it may end, by how much the bill may rise, and whether somebody has to agree. Pure.

import type { Action } from "../../engine/plan/change.ts";
import type { Impact } from "../../engine/provider/native-schema.ts";
import type { Limit, ProjectSettings } from "../project/project-settings.ts";
import { judgeCost } from "../report/cost.ts";
import { isDestructiveChange } from "../report/destructive.ts";
import type { ReportBudget, ReportCost } from "../report/report.ts";

/** `--max-destroy N`, `--max-monthly-increase USD`: stand in place of the limits of koine.yaml, for one run. */
export interface BudgetFlags {
  readonly maxDestroy?: number;
  readonly maxMonthlyIncrease?: number;
}

export interface BudgetInput {
  readonly changes: readonly { readonly action: Action; readonly impact: Impact }[];
  readonly settings: Pick<ProjectSettings, "budget" | "require">;
  readonly flags: BudgetFlags;
  /** Absent where nothing has a price. */
  readonly cost?: ReportCost | undefined;
  /** In a pipeline `require` counts too: at a terminal the person who answers is the one who agrees. */
  readonly inCi?: boolean;
}

/** Undefined where nothing limits the stack. */
export function judgeBudget(input: BudgetInput): ReportBudget | undefined {
  const { settings, flags, cost } = input;
  const maxDestroy = flags.maxDestroy ?? settings.budget.maxDestroy;
  const maxIncrease = flags.maxMonthlyIncrease ?? settings.budget.maxMonthlyIncrease;
  const need = input.inCi ? describeNeed(input) : undefined;
  if (maxDestroy === undefined && maxIncrease === undefined && settings.require === "none") return undefined;
  const exceeded = [
    ...(maxDestroy === undefined ? [] : judgeEnds(input.changes, maxDestroy)),
    ...(maxIncrease === undefined || cost === undefined ? [] : judgeIncrease(cost, maxIncrease)),
  ];
  const unjudged =
    maxIncrease !== undefined && cost === undefined ? ["no price list for its clouds: max_monthly_increase could not be judged"] : [];
  return {
    verdict: exceeded.length > 0 ? "exceeded" : need === undefined ? "within" : "needs-approval",
    reasons: [...exceeded, ...unjudged, ...(need === undefined ? [] : [need])],
  };
}

/** Objects that this ends: deleted, or replaced, which ends the one before. Strays of ours that are cleared away are among the deletes. */
function countEnds(changes: BudgetInput["changes"]): number {
  return changes.filter(({ action }) => action === "delete" || action === "replace").length;
}

function judgeEnds(changes: BudgetInput["changes"], limit: Limit | number): readonly string[] {
  const count = countEnds(changes);
  if (count <= amountOf(limit)) return [];
  return [
    `${count} object${count === 1 ? "" : "s"} would be deleted or replaced; budget.max_destroy is ${amountOf(limit)}${placeOf(limit)}`,
  ];
}

function judgeIncrease(cost: ReportCost, limit: Limit | number): readonly string[] {
  const { exceeded, reason } = judgeCost(cost, amountOf(limit));
  return exceeded && reason !== undefined ? [`${reason}${placeOf(limit)}`] : [];
}

function amountOf(limit: Limit | number): number {
  return typeof limit === "number" ? limit : limit.value;
}

/** Where to change it, if that is what is wanted. */
function placeOf(limit: Limit | number): string {
  return typeof limit === "number" ? " (command line)" : ` (koine.yaml:${limit.line})`;
}

function describeNeed({ changes, settings }: BudgetInput): string | undefined {
  if (settings.require === "review" && changes.length > 0) return "`require: review`: somebody has to approve these changes";
  if (settings.require === "review-destroys" && changes.some(isDestructiveChange))
    return "`require: review-destroys`: somebody has to approve what is destroyed, replaced or loses data";
  return undefined;
}

/** For who may lift it, under an exceeded verdict. */
export function describeLifting({ changes, settings, flags, cost }: BudgetInput): string {
  const maxDestroy = flags.maxDestroy ?? settings.budget.maxDestroy;
  const ends = countEnds(changes);
  const parts = [
    ...(maxDestroy !== undefined && ends > amountOf(maxDestroy) ? [`--max-destroy ${ends}`] : []),
    ...(cost !== undefined && exceedsIncrease(cost, flags.maxMonthlyIncrease ?? settings.budget.maxMonthlyIncrease)
      ? [`--max-monthly-increase ${Math.ceil(cost.after - cost.before)}`]
      : []),
  ];
  return `\`${parts.join(" ")}\` lifts it for one run; to lift it for good, edit \`budget\` in koine.yaml`;
}

function exceedsIncrease(cost: ReportCost, limit: Limit | number | undefined): boolean {
  return limit !== undefined && judgeCost(cost, amountOf(limit)).exceeded;
}
