// `koine plan`: what an apply would do. Takes no lock, changes nothing.

import { writeFileSync } from "node:fs";
import { makePlanFile, serialisePlanFile } from "../../engine/plan/plan-file.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { BudgetFlags } from "../budget/judge-budget.ts";
import { tellBudget } from "../budget/tell-budget.ts";
import type { CommandContext } from "../command-context.ts";
import { type CompiledStack, compileStack, tellDiagnostics } from "../compile-stack.ts";
import { openConnections } from "../connections.ts";
import { exitCode } from "../exit-codes.ts";
import { guardClouds } from "../guard-clouds.ts";
import { describeAgainst, describeConflict } from "../judge-flags.ts";
import { loadProvidersOf } from "../load-providers.ts";
import { openSecretKeeper, openState, tellStateProblem } from "../open-state.ts";
import { type PlanFlags, type PreparedPlan, type PriorState, preparePlan, readPriorState } from "../prepare-plan.ts";
import { renderPlan } from "../render/plan-text.ts";
import { exitOfProblems, tellProblems } from "../render/problems.ts";
import { judgePlan, reportPlan } from "../report/complete-report.ts";
import { describeCost } from "../report/cost.ts";
import { isReportFormat, type ReportFlags } from "../report/deliver-report.ts";
import { type Findings, noteFailure, reportFindings } from "../report/findings.ts";
import { resolvePins } from "../resolve-pins.ts";

interface Flags extends PlanFlags, ReportFlags, BudgetFlags {
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly against?: string;
}

export async function runPlan(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const conflict = describeConflict(flags) ?? describeAgainst(flags);
  if (conflict !== undefined) {
    context.terminal.tell(conflict);
    return exitCode.usage;
  }
  const { against } = flags;
  return reportFindings(context, flags, async (findings) => {
    if (against === undefined) return planStack(context, flags, findings);
    const { planAgainst } = await import("../against/plan-against.ts");
    return planAgainst(context, { ...flags, against }, findings);
  });
}

async function planStack(context: CommandContext, flags: Flags, findings: Findings): Promise<number> {
  const compilation = await compileStack(context.options);
  const { stack: compiled, diagnostics, sources } = compilation;
  Object.assign(findings, { diagnostics, sources });
  tellDiagnostics(context, compilation);
  if (!compiled) return exitCode.failed;
  const { project } = compiled;
  const opened = await openState(project, false);
  if ("problem" in opened) {
    findings.problems = [opened.problem];
    tellStateProblem(context, opened.problem);
    return exitCode.failed;
  }
  const keeper = openSecretKeeper(project);
  return guardClouds(context, async (signal) => {
    const connections = openConnections({ project, signal });
    const note = (found: readonly Diagnostic[]): void => {
      findings.diagnostics = [...findings.diagnostics, ...found];
    };
    try {
      const stack = flags.offline ? compiled : await resolvePins(context, compiled, connections, signal, note);
      if (!stack) return exitCode.failed;
      const common = { stack, connections, keeper, flags, signal };
      const prior = await readPriorState(opened.store, common);
      const prepared = await preparePlan({ ...common, prior });
      if (!prepared.plan) {
        signal.throwIfAborted();
        findings.problems = prepared.problems;
        tellProblems(context, prepared.problems, stack.sources);
        return exitOfProblems(prepared.problems);
      }
      return await deliverPlan(context, flags, findings, { stack, prior, keeper, prepared, plan: prepared.plan });
    } catch (error) {
      if (!signal.aborted) noteFailure(findings, error);
      throw error;
    } finally {
      await connections.close();
      await opened.store?.close();
    }
  });
}

interface Planned {
  readonly stack: CompiledStack;
  readonly prior: PriorState;
  readonly keeper: ReturnType<typeof openSecretKeeper>;
  readonly prepared: PreparedPlan;
  readonly plan: NonNullable<PreparedPlan["plan"]>;
}

async function deliverPlan(context: CommandContext, flags: Flags, findings: Findings, planned: Planned): Promise<number> {
  const { terminal, options } = context;
  const { stack, prior, keeper, prepared, plan } = planned;
  const { graph, native, sources } = stack;
  const providers = await loadProvidersOf(native);
  const judged = await judgePlan({ stack, plan, prior, flags, isPriced: flags.format !== "json" });
  const file = makePlanFile(plan, prepared.basis, Date.now(), { lineage: prepared.lineage, secrets: keeper });
  if (flags.format === "json") terminal.out(serialisePlanFile(file));
  else if (!isReportFormat(flags.format)) {
    terminal.out(renderPlan({ plan, graph, native, providers, sources, terminal }));
    if (judged.cost && plan.changes.length > 0) terminal.out(`\n${describeCost(judged.cost)}\n`);
  }
  await reportPlan(context, flags, findings, judged);
  tellBudget(terminal, judged, "an apply of this would be refused");
  if (flags.out !== undefined) {
    writeFileSync(flags.out, serialisePlanFile(file), { mode: 0o600 });
    terminal.tell(
      flags.offline
        ? `Plan kept in ${flags.out}, to read; compared with no cloud, it cannot be applied.\n`
        : `Plan kept in ${flags.out}; \`koine apply ${options.simulate ? "--simulate " : ""}${flags.out}\` carries out exactly this.\n`,
    );
  }
  const hasChanges = plan.changes.length > 0 || plan.outputs.length > 0;
  return flags.detailedExitcode && hasChanges ? exitCode.changes : exitCode.done;
}
