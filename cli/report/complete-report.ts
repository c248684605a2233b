// What is said of a plan beyond the plan itself: estimates of cost, and the limits of koine.yaml judged; and its report with all of it. Reads what is
// given; asks no cloud.

import type { Plan } from "../../engine/plan/change.ts";
import { type BudgetFlags, type BudgetInput, judgeBudget } from "../budget/judge-budget.ts";
import type { CommandContext } from "../command-context.ts";
import type { CompiledStack } from "../compile-stack.ts";
import { loadProvidersOf } from "../load-providers.ts";
import type { PlanFlags, PriorState } from "../prepare-plan.ts";
import { describeUntagged } from "../render/untagged.ts";
import { buildReport } from "./build-report.ts";
import { estimatePlan } from "./cost.ts";
import { deliverReport, type ReportFlags, wantsReport } from "./deliver-report.ts";
import { describeHead, type Findings } from "./findings.ts";
import type { ReportBudget, ReportCost } from "./report.ts";

export interface JudgedPlan {
  readonly stack: CompiledStack;
  readonly plan: Plan;
  readonly cost?: ReportCost;
  /** Present where something limits the stack. */
  readonly budget?: { readonly verdict: ReportBudget; readonly input: BudgetInput };
}

export interface JudgeInput {
  readonly stack: CompiledStack;
  readonly plan: Plan;
  readonly prior: Pick<PriorState, "rows">;
  readonly flags: BudgetFlags & ReportFlags;
  /** The caller shows what it costs. A report does always. */
  readonly isPriced?: boolean;
}

/** Prices are looked up only for who shows them or is limited by them. */
export async function judgePlan({ stack, plan, prior, flags, isPriced = false }: JudgeInput): Promise<JudgedPlan> {
  const { settings, inCi } = stack.project;
  const isLimited = (flags.maxMonthlyIncrease ?? settings.budget.maxMonthlyIncrease) !== undefined;
  const needsCost = !plan.refreshOnly && (isPriced || isLimited || wantsReport(flags));
  const cost = needsCost ? await estimatePlan({ plan, rows: prior.rows, native: stack.native }) : undefined;
  const input: BudgetInput = { changes: plan.changes, settings, flags, cost, inCi };
  const verdict = judgeBudget(input);
  return { stack, plan, ...(cost && { cost }), ...(verdict && { budget: { verdict, input } }) };
}

/** Where anybody asked for it. */
export async function reportPlan(
  context: CommandContext,
  flags: PlanFlags & ReportFlags,
  findings: Findings,
  { stack, plan, cost, budget }: JudgedPlan,
): Promise<void> {
  findings.isPlanned = true;
  if (!wantsReport(flags)) return;
  const { graph, native, sources } = stack;
  const report = buildReport({
    head: describeHead(context, flags, sources, graph.stack.name),
    plan,
    graph,
    native,
    sources,
    diagnostics: findings.diagnostics,
    notes: describeUntagged(plan.changes, graph, await loadProvidersOf(native)).map((message) => ({ code: "tags", message })),
  });
  await deliverReport(context, flags, { ...report, ...(cost ? { cost } : {}), ...(budget ? { budget: budget.verdict } : {}) });
}
