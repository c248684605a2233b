// `koine apply` and `koine destroy`: under the lock, settle, plan, compare or confirm, and carry out.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApplyResult, applyPlan } from "../../engine/apply/apply.ts";
import { createSystemClock } from "../../engine/apply/clock.ts";
import { judgePlanUse } from "../../engine/apply/plan-use.ts";
import { type Opened, openSession, type Session } from "../../engine/apply/session.ts";
import { settleJournal } from "../../engine/apply/settle.ts";
import { type PlanFile, parsePlanFile } from "../../engine/plan/plan-file.ts";
import { describeHolder } from "../../engine/state/holder.ts";
import type { SecretKeeper } from "../../engine/state/secret-keeper.ts";
import type { StateStore } from "../../engine/state/store.ts";
import type { CommandContext } from "../command-context.ts";
import { judgeClaim } from "../compare-claim.ts";
import { type CompiledStack, compileStack, tellDiagnostics } from "../compile-stack.ts";
import { connectPlan } from "../connect-plan.ts";
import { type Connections, openConnections } from "../connections.ts";
import { exitCode } from "../exit-codes.ts";
import { tellFailure } from "../guard-clouds.ts";
import { runGuarded } from "../guard-run.ts";
import { type Interruption, watchSignals } from "../interruption.ts";
import { loadProvidersOf } from "../load-providers.ts";
import { openSecretKeeper, openState, tellStateProblem } from "../open-state.ts";
import { parseWait } from "../parse-wait.ts";
import { connectRows, lateEffectLimit, type PlanFlags, preparePlan } from "../prepare-plan.ts";
import { type EventSink, openEventSink } from "../render/events.ts";
import { describeSystemError } from "../render/failure.ts";
import { renderPlan } from "../render/plan-text.ts";
import { exitOfProblems, tellProblems } from "../render/problems.ts";
import { startProgress } from "../render/progress.ts";
import { exitOfResult, tellResult } from "../render/result.ts";
import { resolvePins } from "../resolve-pins.ts";

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
}

export async function runApply(context: CommandContext, [path]: readonly string[], flags: Flags): Promise<number> {
  if (path === undefined) return run(context, flags, undefined);
  const selects = (["target", "exclude", "replace"] as const).find((name) => (flags[name] ?? []).length > 0);
  if (selects !== undefined) {
    context.terminal.tell(`A plan file says already what is done; give \`--${selects}\` to \`koine plan\`.\n`);
    return exitCode.usage;
  }
  const file = readPlan(context, path);
  return file ? run(context, flags, file) : exitCode.failed;
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

async function run(context: CommandContext, flags: Flags, file: PlanFile | undefined): Promise<number> {
  const { terminal } = context;
  const patience = parseWait(flags.lockTimeout);
  if (patience === undefined) {
    terminal.tell(`\`--lock-timeout ${flags.lockTimeout}\` is not a duration; write 30s or 5m.\n`);
    return exitCode.usage;
  }
  if (!file && !flags.yes && !terminal.interactive) {
    terminal.tell("Nobody can answer here. Apply a plan file (`koine plan -o FILE`, `koine apply FILE`), or add --yes.\n");
    return exitCode.usage;
  }
  const compilation = await compileStack(context.options);
  tellDiagnostics(context, compilation);
  const { stack } = compilation;
  if (!stack) return exitCode.failed;
  const opened = openState(stack.project, true);
  if ("problem" in opened || !opened.store) {
    if ("problem" in opened) tellStateProblem(context, opened.problem);
    return exitCode.failed;
  }
  const { store } = opened;
  const interruption = watchSignals(terminal);
  const keeper = openSecretKeeper(stack.project);
  const connections = openConnections({ project: stack.project, signal: interruption.abort });
  let began = false;
  const sink = openEventSink(flags.events, terminal.tell);
  try {
    const session = await takeLock({
      context,
      store,
      keeper,
      stack,
      interruption,
      sink,
      patience,
      command: flags.destroy ? "destroy" : "apply",
    });
    if (!session) return interruption.exitCode() ?? exitCode.lockHeld;
    try {
      return await carryOut(
        { context, flags, ...(file ? { file } : {}), keeper, connections, session, interruption, sink, begin: () => (began = true) },
        stack,
      );
    } finally {
      await session.close();
    }
  } catch (error) {
    const code = interruption.exitCode() ?? (await runGuarded(context, () => tellFailure(context, error)));
    return code === exitCode.failed && began ? exitCode.partial : code;
  } finally {
    interruption.end();
    sink.close();
    await connections.close();
    await store.close();
  }
}

interface LockInput {
  readonly context: CommandContext;
  readonly store: StateStore;
  readonly keeper: SecretKeeper;
  readonly stack: CompiledStack;
  readonly interruption: Interruption;
  readonly sink: EventSink;
  readonly patience: number;
  readonly command: "apply" | "destroy";
}

/** Milliseconds between looks at a lock that somebody holds. */
const lookAgain = 500;

async function takeLock({ context, store, keeper, stack, interruption, sink, patience, command }: LockInput): Promise<Session | undefined> {
  const { terminal } = context;
  const until = performance.now() + patience;
  let told = false;
  for (;;) {
    const opened: Opened = await openSession({
      store,
      holder: describeHolder(command),
      clock: createSystemClock(),
      keeper,
      stop: interruption.stop,
      abort: interruption.abort,
      onEvent: (event) => sink.handle(event),
      lateEffectLimit: lateEffectLimit(stack),
    });
    if (opened.kind === "open") return opened.session;
    if (interruption.stop.aborted) return undefined;
    if (performance.now() >= until) {
      terminal.tell(`${terminal.style("red", "error")}: the state is locked by ${opened.heldBy.description}\n`);
      terminal.tell("  = wait for it (`--lock-timeout 5m`); if it is surely gone, `koine state unlock`\n");
      return undefined;
    }
    if (!told) terminal.tell(`Waiting for the lock of ${opened.heldBy.description}…\n`);
    told = true;
    await sleep(lookAgain);
  }
}

async function carryOut(work: Run, compiled: CompiledStack): Promise<number> {
  const { context, flags, file, keeper, connections, session, interruption } = work;
  const { terminal } = context;
  const use = file ? judgePlanUse(file.digest.basis, session.earlierRuns) : undefined;
  if (use?.kind === "used" || use?.kind === "overtaken") {
    const what = use.kind === "used" ? "was applied already" : "was begun, and another run came since";
    terminal.tell(
      `${terminal.style("red", "refused")}: this plan ${what} (run ${use.run.id}, ${new Date(use.run.startedAt).toISOString()}). Nothing was done; plan anew.\n`,
    );
    return exitCode.stale;
  }
  const stack = await resolvePins(context, compiled, connections, interruption.abort);
  if (!stack) return exitCode.failed;
  const settled =
    session.journal.length === 0
      ? []
      : await settleJournal(
          session,
          await connectRows(
            session.journal.map((entry) => entry.row),
            { stack, connections },
          ),
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
    readEnded: (operations: readonly string[]) => session.store.readEnded(operations),
  };
  const serial = use?.kind === "resume" ? use.serial : undefined;
  const planFlags = file ? { ...flags, ...file.basis.options } : flags;
  const prepared = await preparePlan({
    stack,
    prior,
    connections,
    keeper,
    flags: planFlags,
    signal: interruption.abort,
    ...(serial === undefined ? {} : { basisSerial: serial }),
  });
  const { plan, problems, basis, lineage, observed } = prepared;
  if (!plan) {
    tellProblems(context, problems, stack.sources);
    return exitOfProblems(problems);
  }
  if (file) {
    const moved = judgeClaim({ file, fresh: plan, basis, context: { lineage, secrets: keeper }, resumes: use?.kind === "resume" });
    if (moved.length > 0) {
      terminal.tell(
        `${terminal.style("red", "stale")}: the plan no longer holds, and nothing was done:\n${moved.map((one) => `  - ${one}\n`).join("")}Plan anew.\n`,
      );
      return exitCode.stale;
    }
  } else {
    const providers = await loadProvidersOf(stack.native);
    terminal.tell(renderPlan({ plan, graph: stack.graph, native: stack.native, providers, sources: stack.sources, terminal }));
    const hasWork = plan.changes.length > 0 || plan.outputs.length > 0;
    if (!hasWork) return open.length > 0 ? exitCode.partial : exitCode.done;
    if (!flags.yes && !(await confirm(context, interruption))) {
      terminal.tell("Nothing was done.\n");
      return interruption.exitCode() ?? exitCode.failed;
    }
  }
  const connectionOf = await connectPlan(plan, stack, connections);
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

async function watchRun({ context, sink }: Run, apply: () => Promise<ApplyResult>): Promise<ApplyResult> {
  const progress = startProgress(context.terminal, () => Date.now());
  sink.follow((event) => progress.handle(event));
  try {
    return await apply();
  } finally {
    progress.end();
  }
}

async function confirm({ terminal }: CommandContext, interruption: Interruption): Promise<boolean> {
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await questions.question(`\n${terminal.style("bold", "Apply this plan?")} [y/N] `, { signal: interruption.stop });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    questions.close();
  }
}
