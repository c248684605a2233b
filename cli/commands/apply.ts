// `koine apply` and `koine destroy`: under the lock, settle, plan, compare or confirm, and carry out.

import { readFileSync } from "node:fs";
import { type ApplyResult, applyPlan } from "../../engine/apply/apply.ts";
import { judgePlanUse } from "../../engine/apply/plan-use.ts";
import type { Session } from "../../engine/apply/session.ts";
import { settleJournal } from "../../engine/apply/settle.ts";
import { type PlanFile, parsePlanFile } from "../../engine/plan/plan-file.ts";
import type { SecretKeeper } from "../../engine/state/secret-keeper.ts";
import type { SerialRow } from "../../engine/state/store.ts";
import { askYes } from "../ask.ts";
import type { CommandContext } from "../command-context.ts";
import { judgeClaim } from "../compare-claim.ts";
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
import { connectRows, type PlanFlags, preparePlan } from "../prepare-plan.ts";
import { describeEnd, type EventSink, eventsVersion, openEventSink } from "../render/events.ts";
import { describeSystemError } from "../render/failure.ts";
import { renderPlan } from "../render/plan-text.ts";
import { exitOfProblems, tellProblems } from "../render/problems.ts";
import { startProgress } from "../render/progress.ts";
import { exitOfResult, tellResult } from "../render/result.ts";
import { resolvePins } from "../resolve-pins.ts";
import { type LockInput, takeLock } from "../take-lock.ts";
import { koineVersion } from "../version.ts";

interface Flags extends PlanFlags {
  readonly yes?: boolean;
  readonly parallel: number;
  readonly events?: string;
  readonly lockTimeout: string;
}

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
  /** Called right before the first request that changes something. */
  begin(): void;
  /** Takes down why nothing will be begun, for the events. */
  explain(reason: string): void;
}

export async function runApply(context: CommandContext, [path]: readonly string[], flags: Flags): Promise<number> {
  const selects = (["target", "exclude", "replace"] as const).find((name) => (flags[name] ?? []).length > 0);
  const says = selects ?? (flags.refreshOnly ? "refresh-only" : undefined);
  if (path !== undefined && says !== undefined) {
    context.terminal.tell(`A plan file says already what is done; give \`--${says}\` to \`koine plan\`.\n`);
    return exitCode.usage;
  }
  return run(context, flags, path);
}

export async function runDestroy(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  return run(context, { ...flags, destroy: true }, undefined);
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
  if (path === undefined && !flags.yes && !terminal.interactive) {
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
      code = await runStack({ context, flags, ...(file && { file }), interruption, sink, patience, command, reasons });
    return code;
  } finally {
    interruption.end();
    sink.handle(describeEnd(code, reasons, Date.now()));
    sink.close();
    // Whatever still waits for an answer would keep the process.
    if (interruption.abort.aborted) process.exit(code);
  }
}

interface StackRun extends Pick<Run, "context" | "flags" | "file" | "interruption" | "sink">, Pick<LockInput, "patience" | "command"> {
  readonly reasons: string[];
}

async function runStack({ context, flags, file, interruption, sink, patience, command, reasons }: StackRun): Promise<number> {
  const { terminal } = context;
  const compilation = await compileStack(context.options);
  tellDiagnostics(context, compilation);
  const { stack } = compilation;
  if (!stack) return exitCode.failed;
  const opened = await openState(stack.project, true);
  if ("problem" in opened || !opened.store) {
    if ("problem" in opened) tellStateProblem(context, opened.problem);
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
    const work: Run = { context, flags, ...(file && { file }), keeper, connections, session, interruption, sink, begin, explain };
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
  const { context, flags, file, keeper, connections, session, interruption } = work;
  const { terminal } = context;
  const use = file ? judgePlanUse(file.digest.basis, session.earlierRuns, await readSince(session)) : undefined;
  if (use?.kind === "used" || use?.kind === "overtaken") {
    const what = use.kind === "used" ? "was applied already" : `was begun, and ${use.by} came since`;
    work.explain(`the plan ${what}`);
    terminal.tell(
      `${terminal.style("red", "refused")}: this plan ${what} (run ${use.run.id}, ${new Date(use.run.startedAt).toISOString()}). Nothing was done; plan anew.\n`,
    );
    return exitCode.stale;
  }
  if (use?.kind === "resume")
    terminal.tell(`Going on with the run of ${new Date(use.run.startedAt).toISOString()}, which ended before it was done.\n`);
  // Nothing is begun yet, so the first signal is enough to leave.
  const stack = await resolvePins(context, compiled, connections, interruption.stop);
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
  const serial = use?.kind === "resume" ? use.serial : undefined;
  const prepared = await preparePlan({
    stack,
    prior,
    connections,
    keeper,
    flags: planFlags,
    signal: interruption.stop,
    clock: session.clock,
    ...(serial === undefined ? {} : { basisSerial: serial }),
  });
  const { plan, problems, basis, lineage, observed } = prepared;
  if (!plan) {
    interruption.stop.throwIfAborted();
    tellProblems(context, problems, stack.sources);
    for (const problem of problems) work.explain(problem.message);
    return exitOfProblems(problems);
  }
  if (file) {
    const moved = judgeClaim({ file, fresh: plan, basis, context: { lineage, secrets: keeper }, resumes: use?.kind === "resume" });
    if (moved.length > 0) {
      moved.forEach(work.explain);
      terminal.tell(
        `${terminal.style("red", "stale")}: the plan no longer holds, and nothing was done:\n${moved.map((one) => `  - ${one}\n`).join("")}Plan anew.\n`,
      );
      return exitCode.stale;
    }
  } else {
    const providers = await loadProvidersOf(stack.native);
    terminal.tell(renderPlan({ plan, graph: stack.graph, native: stack.native, providers, sources: stack.sources, terminal }));
    const hasWork = plan.changes.length > 0 || plan.outputs.length > 0;
    if (!hasWork) {
      if (open.length === 0) await endUnfinished(session);
      return open.length > 0 ? exitCode.partial : exitCode.done;
    }
    if (!flags.yes && !(await askYes(`\n${terminal.style("bold", "Apply this plan?")}`, interruption.stop))) {
      terminal.tell("Nothing was done.\n");
      return interruption.exitCode() ?? exitCode.failed;
    }
  }
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
      ...(use?.kind === "resume" ? { resumes: use.run.id } : {}),
    }),
  );
  tellResult(context, plan, result);
  return interruption.exitCode() ?? exitOfResult(result, open.length);
}

/** What wrote to the state since the latest run began, newest first. */
async function readSince({ store, meta, earlierRuns }: Session): Promise<readonly SerialRow[]> {
  const [latest] = earlierRuns;
  if (!latest || latest.serialBefore >= meta.serial) return [];
  const rows = await store.readSerials(meta.serial - latest.serialBefore);
  return rows.filter((row) => row.serial > latest.serialBefore);
}

/** A run that was killed ends with the one that finds nothing left of it. */
async function endUnfinished(session: Session): Promise<void> {
  const [latest] = session.earlierRuns;
  if (latest && latest.endedAt === undefined)
    await session.write({ putRun: { ...latest, endedAt: session.clock.now(), result: "interrupted" } });
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
