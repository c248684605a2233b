// `koine apply` and `koine destroy`: under the lock, settle, plan, compare or confirm, and carry out.

import { readFileSync } from "node:fs";
import { type ApplyResult, applyPlan } from "../../engine/apply/apply.ts";
import type { Session } from "../../engine/apply/session.ts";
import { settleJournal } from "../../engine/apply/settle.ts";
import { digestChanges } from "../../engine/plan/digest.ts";
import { type PlanFile, parsePlanFile } from "../../engine/plan/plan-file.ts";
import type { SecretKeeper } from "../../engine/state/secret-keeper.ts";
import type { RunRow } from "../../engine/state/store.ts";
import type { BudgetFlags } from "../budget/judge-budget.ts";
import { tellBudget } from "../budget/tell-budget.ts";
import type { CommandContext } from "../command-context.ts";
import { type CompiledStack, compileStack, tellDiagnostics } from "../compile-stack.ts";
import { connectPlan } from "../connect-plan.ts";
import { type Connections, openConnections } from "../connections.ts";
import { exitCode } from "../exit-codes.ts";
import { tellFailure } from "../guard-clouds.ts";
import { runGuarded } from "../guard-run.ts";
import { type Interruption, watchSignals } from "../interruption.ts";
import { describeConflict } from "../judge-flags.ts";
import { loadProvidersOf } from "../load-providers.ts";
import { openSecretKeeper, openState, tellStateProblem } from "../open-state.ts";
import { parseWait } from "../parse-wait.ts";
import { type Continuation, findContinuation, permitPlan } from "../permit-plan.ts";
import { connectRows, type PlanFlags, preparePlan } from "../prepare-plan.ts";
import { describeEnd, type EventSink, eventsVersion, openEventSink } from "../render/events.ts";
import { describeSystemError } from "../render/failure.ts";
import { renderPlan } from "../render/plan-text.ts";
import { exitOfProblems, tellProblems } from "../render/problems.ts";
import { startProgress } from "../render/progress.ts";
import { exitOfResult, tellResult } from "../render/result.ts";
import { judgePlan, reportPlan } from "../report/complete-report.ts";
import type { ReportFlags } from "../report/deliver-report.ts";
import { type Findings, noteFailure, reportFindings } from "../report/findings.ts";
import { resolvePins } from "../resolve-pins.ts";
import { type LockInput, takeLock } from "../take-lock.ts";
import { koineVersion } from "../version.ts";

interface Given extends PlanFlags, BudgetFlags {
  readonly yes?: boolean;
  /** Digests of changes, `sha256:…`: what may be carried out without a question. */
  readonly approved?: readonly string[];
  readonly parallel: number;
  readonly events?: string;
  readonly lockTimeout: string;
  readonly report?: string;
}

/** The report goes to its file alone: what stdout says is the events, if anything. */
type Flags = Given & ReportFlags;

/** One run of apply or destroy, and all that its parts need. */
interface Run {
  readonly context: CommandContext;
  readonly flags: Flags;
  readonly file?: PlanFile;
  readonly keeper: SecretKeeper;
  readonly connections: Connections;
  readonly session: Session;
  readonly interruption: Interruption;
  readonly sink: EventSink;
  readonly findings: Findings;
  /** Called right before the first request that changes something. */
  begin(): void;
  /** Takes down why nothing will be begun, for the events. */
  explain(reason: string): void;
}

export async function runApply(context: CommandContext, [path]: readonly string[], flags: Given): Promise<number> {
  const selects = (["target", "exclude", "replace"] as const).find((name) => (flags[name] ?? []).length > 0);
  const says = selects ?? (flags.refreshOnly ? "refresh-only" : undefined);
  if (path !== undefined && says !== undefined) {
    context.terminal.tell(`A plan file says already what is done; give \`--${says}\` to \`koine plan\`.\n`);
    return exitCode.usage;
  }
  if (path !== undefined && flags.approved) {
    context.terminal.tell("A plan file is bound to its digest already; give either the file or `--approved`.\n");
    return exitCode.usage;
  }
  return run(context, { ...flags, format: "text" }, path);
}

export async function runDestroy(context: CommandContext, _arguments: readonly string[], flags: Given): Promise<number> {
  return run(context, { ...flags, format: "text", destroy: true }, undefined);
}

function readPlan({ terminal, options }: CommandContext, path: string): PlanFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    terminal.tell(`The plan \`${path}\` cannot be read: ${describeSystemError(error)}\n`);
    return undefined;
  }
  const parsed = parsePlanFile(text);
  if ("mistake" in parsed) {
    terminal.tell(`\`${path}\` is not a plan file of this Koine: ${parsed.mistake}\n`);
    return undefined;
  }
  const world = options.simulate ? "simulated" : "real";
  if (parsed.file.world !== world) {
    const hint = world === "real" ? "add --simulate to apply it there" : "leave out --simulate to apply it there";
    terminal.tell(`\`${path}\` is a plan for the ${parsed.file.world} world; ${hint}.\n`);
    return undefined;
  }
  return parsed.file;
}

async function run(context: CommandContext, flags: Flags, path: string | undefined): Promise<number> {
  const { terminal, options } = context;
  const conflict = describeConflict(flags);
  if (conflict !== undefined) {
    terminal.tell(conflict);
    return exitCode.usage;
  }
  const patience = parseWait(flags.lockTimeout);
  if (patience === undefined) {
    terminal.tell(`\`--lock-timeout ${flags.lockTimeout}\` is not a duration; write 30s or 5m.\n`);
    return exitCode.usage;
  }
  if (path === undefined && !flags.yes && !flags.approved && !terminal.interactive) {
    terminal.tell("Nobody can answer here. Apply a plan file (`koine plan -o FILE`, `koine apply FILE`), or add --yes.\n");
    return exitCode.usage;
  }
  const command = flags.destroy ? "destroy" : "apply";
  const world = options.simulate ? "simulated" : "real";
  const sink = openEventSink(flags.events, terminal.tell);
  const interruption = watchSignals(terminal);
  const reasons: string[] = [];
  let code: number = exitCode.failed;
  sink.handle({ kind: "run-started", version: eventsVersion, command, world, koine: koineVersion(), at: Date.now() });
  try {
    const file = path === undefined ? undefined : readPlan(context, path);
    if (path === undefined || file)
      code = await reportFindings(context, flags, (findings) =>
        runStack({ context, flags, ...(file && { file }), interruption, sink, findings, patience, command, reasons }),
      );
    return code;
  } finally {
    interruption.end();
    sink.handle(describeEnd(code, reasons, Date.now()));
    sink.close();
    // Whatever still waits for an answer would keep the process.
    if (interruption.abort.aborted) process.exit(code);
  }
}

interface StackRun
  extends Pick<Run, "context" | "flags" | "file" | "interruption" | "sink" | "findings">,
    Pick<LockInput, "patience" | "command"> {
  readonly reasons: string[];
}

async function runStack({ context, flags, file, interruption, sink, findings, patience, command, reasons }: StackRun): Promise<number> {
  const { terminal } = context;
  const compilation = await compileStack(context.options);
  Object.assign(findings, { diagnostics: compilation.diagnostics, sources: compilation.sources });
  tellDiagnostics(context, compilation);
  const { stack } = compilation;
  if (!stack) return exitCode.failed;
  const opened = await openState(stack.project, true);
  if ("problem" in opened || !opened.store) {
    if ("problem" in opened) {
      findings.problems = [opened.problem];
      tellStateProblem(context, opened.problem);
    }
    return exitCode.failed;
  }
  const { store } = opened;
  const keeper = openSecretKeeper(stack.project);
  const connections = openConnections({ project: stack.project, signal: interruption.abort });
  let began = false;
  const begin = (): void => {
    began = true;
  };
  const explain = (reason: string): void => void reasons.push(reason);
  try {
    const session = await takeLock({ context, store, keeper, stack, interruption, sink, patience, command });
    if (!session) return interruption.exitCode() ?? exitCode.lockHeld;
    sink.handle({ kind: "lock-taken", run: session.run, serial: session.meta.serial, at: Date.now() });
    const work: Run = { context, flags, ...(file && { file }), keeper, connections, session, interruption, sink, findings, begin, explain };
    try {
      return await carryOut(work, stack);
    } finally {
      await session.close();
    }
  } catch (error) {
    const stopped = interruption.exitCode();
    if (stopped !== undefined && isLeaving(error, interruption)) {
      if (!began) terminal.tell(nothingBegun);
      return stopped;
    }
    noteFailure(findings, error);
    const code = await runGuarded(context, () => tellFailure(context, error));
    return stopped ?? (code === exitCode.failed && began ? exitCode.partial : code);
  } finally {
    if (!interruption.abort.aborted) await connections.close();
    await store.close();
  }
}

const nothingBegun = "Stopped before anything was begun.\n";

/** Whether it is only what a signal cut short. */
function isLeaving(error: unknown, { stop, abort }: Interruption): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return [error, cause].some((one) => one === stop.reason || one === abort.reason || (one instanceof Error && one.name === "AbortError"));
}

async function carryOut(work: Run, compiled: CompiledStack): Promise<number> {
  const { context, flags, file, keeper, connections, session, interruption, findings } = work;
  const { terminal } = context;
  const grounds = { ...(file && { file }), ...(flags.approved && { approved: flags.approved }), yes: flags.yes === true };
  const voice = { terminal, explain: work.explain };
  const found = await findContinuation(grounds, session, voice);
  if ("code" in found) return found.code;
  const { continues } = found;
  // Nothing is begun yet, so the first signal is enough to leave.
  const stack = await resolvePins(context, compiled, connections, interruption.stop, (found) => {
    findings.diagnostics = [...findings.diagnostics, ...found];
  });
  if (!stack) return exitCode.failed;
  const planFlags = file ? { ...flags, ...file.basis.options } : flags;
  const settled =
    session.journal.length === 0
      ? []
      : await settleJournal(
          { ...session, abort: session.stop },
          await connectRows(
            session.journal.map((entry) => entry.row),
            { stack, connections },
          ),
          { sends: planFlags.refreshOnly !== true },
        );
  for (const one of settled)
    terminal.tell(`Settled what was in flight: ${one.key} ${one.outcome}${one.reason ? ` (${one.reason})` : ""}\n`);
  const open = settled.filter((one) => one.outcome === "unresolved");
  const prior = {
    meta: session.meta,
    rows: [...session.rows.all()],
    journal: await session.store.readJournal(),
    outputs: await session.store.readOutputs(),
    settled: open,
    made: await session.store.readMade(),
    readEnded: (operations: readonly string[]) => session.store.readEnded(operations),
  };
  const prepared = await preparePlan({
    stack,
    prior,
    connections,
    keeper,
    flags: planFlags,
    signal: interruption.stop,
    clock: session.clock,
    ...(continues && { basisSerial: continues.serial }),
  });
  const { problems, basis, lineage, observed } = prepared;
  if (!prepared.plan) {
    interruption.stop.throwIfAborted();
    findings.problems = problems;
    tellProblems(context, problems, stack.sources);
    for (const problem of problems) work.explain(problem.message);
    return exitOfProblems(problems);
  }
  // What goes on is planned from where its first attempt began; its digest is the one that `koine plan` tells now.
  const changes = digestChanges(prepared.plan, { lineage: session.meta.lineage, secrets: keeper });
  const plan = continues ? { ...prepared.plan, digest: { ...prepared.plan.digest, changes } } : prepared.plan;
  const judged = await judgePlan({ stack, plan, prior, flags });
  await reportPlan(context, planFlags, findings, judged);
  if (!file) {
    const providers = await loadProvidersOf(stack.native);
    terminal.tell(renderPlan({ plan, graph: stack.graph, native: stack.native, providers, sources: stack.sources, terminal }));
    const hasWork = plan.changes.length > 0 || plan.outputs.length > 0;
    if (!hasWork) {
      if (open.length === 0) await endUnfinished(session, continues);
      return open.length > 0 ? exitCode.partial : exitCode.done;
    }
  }
  const exceeded = tellBudget(terminal, judged, "nothing was done");
  exceeded.forEach(work.explain);
  if (exceeded.length > 0) return exitCode.refused;
  const permission = await permitPlan({
    grounds,
    voice,
    plan,
    basis,
    context: { lineage, secrets: keeper },
    ...(continues && { continues }),
    interruption,
  });
  if (permission.kind === "refused") return permission.code;
  const connectionOf = await connectPlan(plan, stack, connections);
  if (interruption.stop.aborted) {
    terminal.tell(nothingBegun);
    return interruption.exitCode() ?? exitCode.failed;
  }
  work.begin();
  const result = await watchRun(work, () =>
    applyPlan({
      session,
      plan,
      native: stack.native,
      observed,
      connectionOf,
      command: flags.destroy ? "destroy" : "apply",
      parallel: flags.parallel,
      ...(permission.resumes !== undefined && { resumes: permission.resumes }),
      ...(permission.approval && { approval: permission.approval }),
    }),
  );
  tellResult(context, plan, result);
  return interruption.exitCode() ?? exitOfResult(result, open.length);
}

/** A run that was killed ends with the one that finds nothing left of it. */
async function endUnfinished(session: Session, continues: Continuation | undefined): Promise<void> {
  const [latest] = session.earlierRuns;
  if (!latest || (latest.endedAt !== undefined && !continues)) return;
  // What an approved run had left is found to be done: nothing goes on with its approval any more.
  const { requests, ...rest } = latest;
  const ended: RunRow = continues ? { ...rest, result: "done" } : { ...latest, result: "interrupted" };
  await session.write({ putRun: { ...ended, endedAt: session.clock.now() } });
}

async function watchRun({ context, sink }: Run, apply: () => Promise<ApplyResult>): Promise<ApplyResult> {
  const progress = startProgress(context.terminal, () => Date.now());
  sink.follow((event) => progress.handle(event));
  try {
    return await apply();
  } finally {
    progress.end();
  }
}
