// `koine plan --against REV`: what an edit of the sources means, between two revisions, with neither state nor credentials nor cloud: what a pull request of
// a fork gets. Reads sources and locks as data, opens no state, makes no `.koine`, and looks at no secret of the environment.

import { type ComparedGraphs, compareGraphs } from "../../engine/plan/compare-graphs.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import { type BudgetFlags, type BudgetInput, judgeBudget } from "../budget/judge-budget.ts";
import { tellBudget } from "../budget/tell-budget.ts";
import { openGit } from "../ci/git.ts";
import type { CommandContext } from "../command-context.ts";
import { type CompiledStack, type CompileOptions, compileStack, type SourcesCompilation, tellDiagnostics } from "../compile-stack.ts";
import { exitCode } from "../exit-codes.ts";
import { loadProviders } from "../load-providers.ts";
import type { PlanFlags } from "../prepare-plan.ts";
import { CannotUse } from "../render/failure.ts";
import { renderPlan } from "../render/plan-text.ts";
import { findPlaces } from "../render/source-place.ts";
import { describeUntagged } from "../render/untagged.ts";
import { buildReport, serialiseReport } from "../report/build-report.ts";
import { describeCost, estimateRevisions } from "../report/cost.ts";
import { deliverReport, isReportFormat, type ReportFlags, wantsReport } from "../report/deliver-report.ts";
import { describeHead, type Findings } from "../report/findings.ts";
import type { PlanView } from "../report/plan-view.ts";
import { compileRevision } from "./read-revision.ts";

export interface AgainstFlags extends PlanFlags, ReportFlags, BudgetFlags {
  readonly against: string;
  readonly detailedExitcode?: boolean;
}

/** Inputs may be missing on either side: what stands for one is the same on both. */
const how: CompileOptions = { partial: true, everyCloud: true, sourcesAlone: true };

export async function planAgainst(context: CommandContext, flags: AgainstFlags, findings: Findings): Promise<number> {
  const { terminal, options } = context;
  const after = await compileStack(options, how);
  Object.assign(findings, { diagnostics: after.diagnostics, sources: after.sources });
  tellDiagnostics(context, after);
  if (!after.stack) return exitCode.failed;
  const { stack } = after;
  const { repository, folder } = stack.project;
  if (!repository.isGit) throw new CannotUse("`--against` compares revisions, and this is no git repository", "leave it out");
  const git = openGit(repository.root);
  const sha = await git.resolveCommit(flags.against);
  const before = await compileRevision({ git, sha, folder: findPlaces(folder).folder, options, how });
  const warnings = [...describeBase(before, sha), ...after.notes.map(({ message }) => message)];
  const compared = compareGraphs({ before: before?.stack?.native, after: stack.native, schema: await loadSchemas(stack, before) });
  await deliverComparison({ context, flags, findings, stack, before, compared, warnings, sha });
  const hasChanges = compared.changes.length > 0 || compared.outputs.length > 0;
  for (const warning of warnings) terminal.tell(`warning: ${warning}\n`);
  return flags.detailedExitcode && hasChanges ? exitCode.changes : exitCode.done;
}

/** What has to be said of the revision it is compared with. */
function describeBase(before: SourcesCompilation | undefined, sha: string): readonly string[] {
  const name = sha.slice(0, 12);
  if (!before) return [`there is no stack in this folder at ${name}: everything is new`];
  if (before.stack) return [];
  const errors = before.diagnostics.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const what = first ? `, for example ${first.code}: ${first.message}` : "";
  return [
    `the sources at ${name} do not compile (${errors.length} ${errors.length === 1 ? "error" : "errors"}${what}): everything is shown as new`,
  ];
}

async function loadSchemas(
  after: CompiledStack,
  before: SourcesCompilation | undefined,
): Promise<(provider: string, type: string) => NativeSchema | undefined> {
  const graphs = [after.native, ...(before?.stack ? [before.stack.native] : [])];
  const providers = await loadProviders(graphs.flatMap(({ clouds }) => [...clouds.values()].map(({ provider }) => provider)));
  return (provider, type) => providers.get(provider)?.handlers[type]?.schema;
}

interface Comparison {
  readonly context: CommandContext;
  readonly flags: AgainstFlags;
  readonly findings: Findings;
  readonly stack: CompiledStack;
  readonly before: SourcesCompilation | undefined;
  readonly compared: ComparedGraphs;
  readonly warnings: readonly string[];
  readonly sha: string;
}

async function deliverComparison({ context, flags, findings, stack, before, compared, warnings, sha }: Comparison): Promise<void> {
  const { terminal } = context;
  const { graph, native, sources, project } = stack;
  const { changes, outputs, unchanged } = compared;
  const cost = await estimateRevisions(before?.stack?.native, native);
  // Nobody can approve what has no digest: who has to is said of the plan.
  const limits: BudgetInput = { changes, settings: project.settings, flags, cost, inCi: false };
  const budget = judgeBudget(limits);
  const plan = { changes, outputs, unchanged, strays: [], settled: [], destroy: false };
  findings.isPlanned = true;
  if (wantsReport(flags) || flags.format === "json") {
    const providers = await loadProviders([...native.clouds.values()].map(({ provider }) => provider));
    const head = describeHead(context, flags, sources, graph.stack.name);
    const report = {
      ...buildReport({
        head: { ...head, mode: { against: sha } },
        plan: { ...plan, warnings: [] },
        graph,
        native,
        sources,
        diagnostics: findings.diagnostics,
        warnings,
        notes: describeUntagged(changes, graph, providers).map((message) => ({ code: "tags", message })),
      }),
      ...(cost ? { cost } : {}),
      ...(budget ? { budget } : {}),
    };
    await deliverReport(context, flags, report);
    if (flags.format === "json") terminal.out(serialiseReport(report));
  }
  if (budget) tellBudget(terminal, { budget: { verdict: budget, input: limits } }, "an apply of this would be refused");
  if (isReportFormat(flags.format) || flags.format === "json") return;
  const view: PlanView = {
    ...plan,
    stack: graph.stack.name,
    world: project.world,
    lineage: "",
    serial: 0,
    warnings: [],
    offline: true,
    against: sha.slice(0, 12),
  };
  terminal.out(renderPlan({ plan: view, graph, native, sources, terminal }));
  if (cost && changes.length > 0) terminal.out(`\n${describeCost(cost)}\n`);
}
