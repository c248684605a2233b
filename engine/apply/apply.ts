// Carries out a plan under a session: schedules its operations, follows asserts, records the run and its outputs. Everything that was
// done is recorded whatever happens to the rest.

import type { NativeGraph } from "../lower/native-graph.ts";
import type { NativeValue } from "../lower/native-value.ts";
import type { ObservedWorld } from "../observe/world.ts";
import type { Change, Plan, PlannedOperation } from "../plan/change.ts";
import type { FinishContext, Transforms } from "../plan/finish-values.ts";
import { ProviderError } from "../provider/errors.ts";
import { LeaseLost, type OutputRow, type RunRow } from "../state/store.ts";
import { executeOperation, type OperationResult } from "./execute.ts";
import { judgePossible, type PossibleVerdict } from "./judge-possible.ts";
import { finishOutputs } from "./record-outputs.ts";
import { type CloudConnection, handlerOf } from "./run-context.ts";
import { listNodes } from "./schedule-nodes.ts";
import { runSchedule, type SkipReason, type Slot } from "./scheduler.ts";
import type { Session } from "./session.ts";
import { type AssertWatch, type FailedAssert, watchAsserts } from "./watch-asserts.ts";

export interface ApplyInput {
  readonly session: Session;
  readonly plan: Plan;
  readonly native: NativeGraph;
  /** What the plan was made on: attributes of objects that this run does not touch. */
  readonly observed: Pick<ObservedWorld, "rows" | "named">;
  /** The cloud that an operation speaks to; by the row's own settings where the source has moved on. */
  readonly connectionOf: (operation: PlannedOperation) => CloudConnection | undefined;
  readonly command: RunRow["command"];
  /** Operations that may have a request on its way at once. 64 unless said otherwise. */
  readonly parallel?: number;
  /** Id of the killed run that this one goes on with. */
  readonly resumes?: string;
  /** Where the changes were approved by their digest: what is kept with the run, so that it can go on after a kill. */
  readonly approval?: Approval;
}

export interface Approval {
  readonly digest: string;
  /** See shown-requests.ts. */
  readonly requests: readonly string[];
}

export interface ApplyResult {
  readonly run: string;
  /**
   * `failed`: nothing was changed. `partial`: something was, and something is left. `interrupted`: stopped by a signal.
   * `lost`: another run has taken over the state.
   */
  readonly kind: "done" | "failed" | "partial" | "interrupted" | "lost";
  readonly done: readonly PlannedOperation[];
  readonly failed: readonly { readonly operation: PlannedOperation; readonly error: ProviderError }[];
  readonly unresolved: readonly { readonly operation: PlannedOperation; readonly reason: string }[];
  readonly skipped: readonly { readonly operation: PlannedOperation; readonly reason: string }[];
  /** Under way when the run left at once: the journal covers them. */
  readonly inFlight: readonly PlannedOperation[];
  /** Planned requests that were not needed, with the proof of each. */
  readonly omitted: readonly { readonly operation: PlannedOperation; readonly step: string; readonly proof: string }[];
  readonly failedAsserts: readonly FailedAssert[];
  /** As recorded now, secret ones sealed. */
  readonly outputs: Readonly<Record<string, OutputRow>>;
}

/** What a run has come to so far. */
interface Tally {
  readonly done: PlannedOperation[];
  readonly failed: { readonly operation: PlannedOperation; readonly error: ProviderError }[];
  readonly unresolved: { readonly operation: PlannedOperation; readonly reason: string }[];
  readonly skipped: { readonly operation: PlannedOperation; readonly reason: string }[];
  readonly inFlight: PlannedOperation[];
  /** Operations of the plan that have not ended, by id, and whether each has begun. */
  readonly open: Map<string, { readonly operation: PlannedOperation; begun: boolean }>;
  readonly omitted: { readonly operation: PlannedOperation; readonly step: string; readonly proof: string }[];
  readonly failedAsserts: FailedAssert[];
  /** Anything that changed the world or the rows. */
  changed: boolean;
  interrupted: boolean;
}

/** Applies a plan. Throws our own defects and `SecretKeyMissing`; everything else is in the result. */
export async function applyPlan(given: ApplyInput): Promise<ApplyResult> {
  const { plan } = given;
  const { session, leave } = tellUntilLeft(given.session);
  const input: ApplyInput = { ...given, session };
  const operations = plan.changes.flatMap((change) => change.operations);
  const tally: Tally = {
    done: [],
    failed: [],
    unresolved: [],
    skipped: [],
    inFlight: [],
    open: new Map(operations.map((operation) => [operation.id, { operation, begun: false }])),
    omitted: [],
    failedAsserts: [],
    changed: false,
    interrupted: false,
  };
  const finish = createFinishContext(input);
  const { clock } = session;
  const row: RunRow = {
    id: session.run,
    command: input.command,
    startedAt: clock.now(),
    serialBefore: session.meta.serial,
    basis: plan.digest.basis,
    changes: plan.digest.changes,
    ...(input.approval && { approved: input.approval.digest }),
  };
  const shown = input.approval && { requests: input.approval.requests };
  // The end of a run that was killed is recorded, although nothing was left of it but that: its plan file is used then.
  const records = operations.length > 0 || plan.outputs.length > 0 || input.resumes !== undefined;
  session.emit({
    kind: "apply-started",
    run: row.id,
    operations: operations.length,
    changes: plan.digest.changes,
    at: row.startedAt,
    ...(input.resumes !== undefined && { resumes: input.resumes }),
  });
  let lost = false;
  try {
    if (records) await session.write({ putRun: { ...row, ...shown } });
    await runOperations(input, operations, finish, tally);
  } catch (error) {
    endOpen(session, tally);
    leave();
    if (!(error instanceof LeaseLost) && !session.abort.aborted) throw error;
    tally.interrupted = true;
    lost = error instanceof LeaseLost || session.abort.reason instanceof LeaseLost;
  }
  const kind = lost ? "lost" : judgeEnd(tally, plan);
  const recorded = await session.store.readOutputs();
  let outputs = recorded;
  if (records && !lost && !session.abort.aborted) {
    const changes = finishOutputs({ plan, native: input.native, finish, session, recorded });
    await session.write({
      // Only what was cut short can go on.
      putRun: { ...row, ...(kind === "interrupted" ? shown : {}), endedAt: clock.now(), result: kind === "lost" ? "interrupted" : kind },
      putOutputs: changes.write,
    });
    outputs = changes.after;
  }
  given.session.emit({ kind: "apply-ended", run: row.id, result: kind, at: clock.now() });
  const { changed: _, interrupted: __, open: ___, ...lists } = tally;
  return { run: row.id, kind, ...lists, outputs };
}

/** What still runs when a run leaves at once tells nothing any more: how its operations ended was told by then. */
function tellUntilLeft(session: Session): { readonly session: Session; leave(): void } {
  let left = false;
  return {
    session: { ...session, emit: (event) => (left ? undefined : session.emit(event)) },
    leave: () => {
      left = true;
    },
  };
}

/** Every operation ends once, also when the run has to leave. */
function endOpen(session: Session, tally: Tally): void {
  for (const [id, { operation, begun }] of tally.open) {
    const told = { operation: id, key: operation.key, at: session.clock.now() };
    if (begun) {
      tally.inFlight.push(operation);
      const message = "it was under way when the run left; the next apply settles it";
      session.emit({ kind: "operation-failed", ...told, failure: { code: "timeout", message }, unresolved: true });
    } else {
      tally.skipped.push({ operation, reason: "the run was stopped" });
      session.emit({ kind: "operation-skipped", ...told, reason: "the run was stopped" });
    }
  }
  tally.open.clear();
}

function judgeEnd(tally: Tally, plan: Plan): "done" | "failed" | "partial" | "interrupted" {
  if (tally.interrupted) return "interrupted";
  // What the plan had to leave out, or could not know, is left, however well the rest went.
  if ((plan.blocked?.length ?? 0) > 0 || plan.settled.some((each) => each.outcome === "unresolved")) return "partial";
  const open = tally.failed.length + tally.unresolved.length + tally.skipped.length + tally.failedAsserts.length;
  if (open === 0) return "done";
  return tally.changed || tally.unresolved.length > 0 ? "partial" : "failed";
}

/** Attributes as this run has written them, else as they were observed, else as last recorded. */
function createFinishContext(input: ApplyInput): FinishContext {
  const { session, native, observed, plan } = input;
  const touched = new Set<string>();
  for (const change of plan.changes) touched.add(change.key);
  return {
    attribute: (key, name): NativeValue | undefined => {
      const row = session.rows.current(key);
      if (!row) {
        const named = observed.named.get(key);
        return named?.kind === "found" ? (named.observed.attributes[name] ?? null) : undefined;
      }
      const sight = touched.has(key) ? undefined : observed.rows.get(row.object);
      const seen = sight?.kind === "found" ? sight.observed.attributes[name] : undefined;
      return seen ?? row.attributes[name] ?? null;
    },
    outputs: native.outputs,
    transforms: mergeTransforms(input),
  };
}

function mergeTransforms({ plan, connectionOf }: ApplyInput): Transforms {
  const own = new Set<Transforms>();
  for (const change of plan.changes) {
    for (const operation of change.operations) {
      const transforms = connectionOf(operation)?.provider.transforms;
      if (transforms) own.add(transforms);
    }
  }
  return Object.assign({}, ...own);
}

async function runOperations(
  input: ApplyInput,
  operations: readonly PlannedOperation[],
  finish: FinishContext,
  tally: Tally,
): Promise<void> {
  const { session, plan } = input;
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const asserts = watchAsserts(input.native, plan, finish);
  tellAsserts(session, asserts.failedAtStart, tally);
  const possible = createPossible(input, finish);
  const freshness = createFreshness(session);
  const nodes = listNodes(operations, (operation) => schemaOf(input, operation), session.rows.all());

  const run = async (id: string, slot: Slot): Promise<"done" | "failed"> => {
    const operation = byId.get(id) as PlannedOperation;
    const { key } = operation;
    const open = tally.open.get(id);
    if (open) open.begun = true;
    session.emit({ kind: "operation-started", operation: id, key, at: session.clock.now(), phase: operation.phase, type: operation.type });
    const result = await runOperation(operation, slot);
    return tellResult(session, operation, result, asserts, freshness, tally);
  };

  const runOperation = async (operation: PlannedOperation, slot: Slot): Promise<OperationResult> => {
    const connection = input.connectionOf(operation);
    if (!connection && operation.phase !== "forget") return { kind: "failed", error: describeUnreachable(operation) };
    const verdict = operation.when === undefined ? undefined : possible(operation);
    if (verdict?.kind === "unfinished") return { kind: "failed", error: describeUnfinished(operation, verdict.missing) };
    if (verdict && verdict.kind !== operation.when) return leaveOut(session, operation, verdict);
    return executeOperation(
      { run: session, rows: session.rows, finish, connection: connection as CloudConnection, isFresh: freshness.isFresh },
      operation,
      slot,
    );
  };

  const onSkip = (id: string, reason: SkipReason): void => {
    const operation = byId.get(id) as PlannedOperation;
    const text = describeSkip(reason, byId);
    if (!tally.open.delete(id)) return;
    if (reason.kind === "cancelled") tally.interrupted = true;
    tally.skipped.push({ operation, reason: text });
    session.emit({ kind: "operation-skipped", operation: id, key: operation.key, at: session.clock.now(), reason: text });
  };

  await leaveWhenAborted(
    session.abort,
    runSchedule(nodes, {
      parallel: input.parallel ?? 64,
      stop: session.stop,
      run,
      refuse: (id) => asserts.refuse(byId.get(id) as PlannedOperation),
      onSkip,
    }),
  );
}

/** A handler that does not heed its signal must not keep us. */
function leaveWhenAborted(abort: AbortSignal, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(abort.reason);
    if (abort.aborted) leave();
    abort.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => abort.removeEventListener("abort", leave));
  });
}

function schemaOf(input: ApplyInput, operation: PlannedOperation) {
  const connection = input.connectionOf(operation);
  return connection && handlerOf(connection, operation.type)?.schema;
}

/** Decides about each possible replacement once, when the first of its operations starts. */
function createPossible(input: ApplyInput, finish: FinishContext): (operation: PlannedOperation) => PossibleVerdict {
  const changes = new Map<string, Change>();
  for (const change of input.plan.changes)
    if (change.operations.some((operation) => operation.when !== undefined)) changes.set(change.key, change);
  const verdicts = new Map<string, PossibleVerdict>();
  const judge = (key: string, operation: PlannedOperation): PossibleVerdict => {
    const known = verdicts.get(key);
    if (known) return known;
    const change = changes.get(key);
    const schema = schemaOf(input, operation);
    // The object that decides is replaced for certain.
    if (!change || !schema) return { kind: "replaced" };
    const leader = change.operations.find((each) => each.follows !== undefined)?.follows;
    const first = change.operations[0] as PlannedOperation;
    const { lineage, keeper } = input.session;
    const verdict =
      leader !== undefined && leader !== key
        ? judge(leader, changes.get(leader)?.operations[0] ?? first)
        : judgePossible(change, { schema: schemaOf(input, first) ?? schema, finish, lineage, keeper });
    if (verdict.kind !== "unfinished") verdicts.set(key, verdict);
    return verdict;
  };
  return (operation) => judge(operation.key, operation);
}

/** The way that was not taken. */
function leaveOut(session: Session, operation: PlannedOperation, verdict: PossibleVerdict): OperationResult {
  const proof = verdict.kind === "kept" ? verdict.proof : "the object is replaced";
  const omitted = operation.steps.map((step) => ({ step: step.key, proof }));
  for (const omission of omitted)
    session.emit({ kind: "step-omitted", operation: operation.id, key: operation.key, at: session.clock.now(), ...omission });
  return { kind: "done", omitted };
}

interface Freshness {
  note(operation: PlannedOperation): void;
  isFresh(operation: PlannedOperation): boolean;
}

/** Milliseconds for which a cloud may answer that it does not know what it made a moment ago. */
const indexLag = 120_000;

function createFreshness(session: Session): Freshness {
  const madeAt = new Map<string, number>();
  return {
    note: (operation) => {
      if (operation.phase === "create") madeAt.set(operation.id, session.clock.monotonic());
    },
    isFresh: (operation) => {
      const now = session.clock.monotonic();
      return operation.after.some((id) => now - (madeAt.get(id) ?? Number.NEGATIVE_INFINITY) < indexLag);
    },
  };
}

function tellResult(
  session: Session,
  operation: PlannedOperation,
  result: OperationResult,
  asserts: AssertWatch,
  freshness: Freshness,
  tally: Tally,
): "done" | "failed" {
  const told = { operation: operation.id, key: operation.key, at: session.clock.now() };
  tally.open.delete(operation.id);
  switch (result.kind) {
    case "done": {
      tally.done.push(operation);
      for (const omission of result.omitted) tally.omitted.push({ operation, ...omission });
      if (result.omitted.length < operation.steps.length || operation.steps.length === 0) tally.changed = true;
      freshness.note(operation);
      // A successor may stand for the key by now: what was deleted is told by its own id.
      const id = (operation.phase === "delete" ? (operation.row?.id ?? operation.objectId) : session.rows.current(operation.key)?.id)?.id;
      session.emit({ kind: "operation-done", ...told, ...(id !== undefined && { id }) });
      tellAsserts(session, asserts.done(operation.id), tally);
      return "done";
    }
    case "failed": {
      tally.failed.push({ operation, error: result.error });
      tally.changed ||= result.changed === true;
      const { code, vendorCode, requestId, hint } = result.error.details;
      const failure = {
        code,
        message: result.error.message,
        ...(vendorCode !== undefined && { vendorCode }),
        ...(requestId !== undefined && { requestId }),
        ...(hint !== undefined && { hint }),
      };
      session.emit({ kind: "operation-failed", ...told, failure, unresolved: false });
      return "failed";
    }
    case "unresolved":
      tally.unresolved.push({ operation, reason: result.reason });
      session.emit({ kind: "operation-failed", ...told, failure: { code: "timeout", message: result.reason }, unresolved: true });
      return "failed";
    case "cancelled":
      tally.interrupted = true;
      tally.skipped.push({ operation, reason: "the run was stopped" });
      session.emit({ kind: "operation-skipped", ...told, reason: "the run was stopped" });
      return "failed";
  }
}

function tellAsserts(session: Session, failed: readonly FailedAssert[], tally: Tally): void {
  for (const assert of failed) {
    tally.failedAsserts.push(assert);
    session.emit({ kind: "assert-failed", message: assert.message, at: session.clock.now() });
  }
}

function describeSkip(reason: SkipReason, byId: ReadonlyMap<string, PlannedOperation>): string {
  switch (reason.kind) {
    case "dependency":
      return `it depends on \`${byId.get(reason.on)?.key ?? reason.on}\`, which was not done`;
    case "refused":
      return reason.because;
    case "cancelled":
      return "the run was stopped";
  }
}

function describeUnreachable(operation: PlannedOperation): ProviderError {
  return new ProviderError(`the cloud \`${operation.cloud}\` of \`${operation.key}\` cannot be called`, { code: "denied", effect: "none" });
}

function describeUnfinished(operation: PlannedOperation, missing: readonly string[]): ProviderError {
  return new ProviderError(`\`${operation.key}\` needs ${missing.map((text) => `\`${text}\``).join(", ")}, which the cloud did not give`, {
    code: "invalid",
    effect: "none",
  });
}
