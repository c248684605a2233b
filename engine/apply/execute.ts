// Carries out one operation of a plan: its steps one after another, and after each the row that a kill right then must find.

import type { NativeMap } from "../lower/native-value.ts";
import { regionOf } from "../observe/place.ts";
import type { PlannedOperation } from "../plan/change.ts";
import type { FinishContext } from "../plan/finish-values.ts";
import { isSameData } from "../plan/normalise.ts";
import { rowProps, unknownWriteOnly } from "../plan/row-props.ts";
import { upgradeRow } from "../plan/upgrade-row.ts";
import { ProviderError } from "../provider/errors.ts";
import type { Handler, ObjectId, Observed, Step } from "../provider/provider.ts";
import { describeRelease } from "../state/release.ts";
import type { JournalEntry, ObjectRow, StateChange } from "../state/store.ts";
import { actionOf, deriveSteps, type FinishedOperation } from "./derive-steps.ts";
import { tellMade } from "./end-entry.ts";
import { readAttributes } from "./read-attributes.ts";
import type { RowIndex } from "./row-index.ts";
import { type CloudConnection, handlerOf, type RunContext } from "./run-context.ts";
import type { Slot } from "./scheduler.ts";
import { type StepOutcome, sendStep } from "./send-step.ts";

export type OperationResult =
  | { readonly kind: "done"; readonly omitted: FinishedOperation["omitted"] }
  /** `changed`: steps before the one that failed were done, or it left an object. */
  | { readonly kind: "failed"; readonly error: ProviderError; readonly changed?: true }
  | { readonly kind: "unresolved"; readonly reason: string }
  | { readonly kind: "cancelled" };

export interface ExecuteContext {
  readonly run: RunContext;
  readonly rows: RowIndex;
  readonly finish: FinishContext;
  readonly connection: CloudConnection;
  /** Whether an operation that this one came after created something a moment ago. */
  readonly isFresh: (planned: PlannedOperation) => boolean;
}

/** What an operation works on while it goes on. */
interface Work {
  readonly context: ExecuteContext;
  readonly planned: PlannedOperation;
  readonly handler: Handler;
  readonly slot: Slot;
  readonly finished: FinishedOperation;
  /** As the state has it now, or as it will be first written. */
  row: ObjectRow;
  /** Of this row: props as recorded once everything is done. */
  readonly record: NativeMap;
  /** In the same form: props as the steps are to leave the object. */
  readonly goal: NativeMap;
  /** The row it takes the place of, retired with the first write of the new one. */
  readonly predecessor: ObjectRow | undefined;
  readonly set: Set<string>;
  readonly handles: Record<string, string>;
  stepsDone: number;
}

/** Carries out one operation. Throws what `sendStep` throws. */
export async function executeOperation(context: ExecuteContext, planned: PlannedOperation, slot: Slot): Promise<OperationResult> {
  const { run, rows } = context;
  if (planned.phase === "forget") {
    if (planned.row) await run.write(forgetRow(planned.row, planned.releases === true, run));
    return { kind: "done", omitted: [] };
  }
  const handler = handlerOf(context.connection, planned.type);
  if (!handler) throw new Error(`no provider knows the type \`${planned.type}\``);
  // What was planned on may have moved on within this run: a predecessor became retiring.
  const standing = planned.row && rows.byObject(planned.row.object);
  // A stray of ours bears the object mark of the row that took its place; only the physical id tells them apart.
  // The plan was made on rows of today's version; those of the session are as they were stored.
  const recorded = standing && standing.id.id === planned.row?.id.id ? (upgradeRow(standing, handler.schema) ?? standing) : undefined;
  const row = recorded ?? planned.row;
  const derived = deriveSteps(planned, { handler, finish: context.finish, lineage: run.lineage, keeper: run.keeper, ...(row && { row }) });
  if (derived.kind === "unfinished") return { kind: "failed", error: describeMissing(planned, derived.missing, derived.mistakes) };
  const finished = derived.operation;
  for (const omission of finished.omitted) {
    run.emit({ kind: "step-omitted", operation: planned.id, key: planned.key, at: run.clock.now(), ...omission });
  }
  const result =
    planned.phase === "delete"
      ? await executeDelete(context, planned, handler, slot, finished, row, recorded)
      : await executeWrite(context, planned, handler, slot, finished, row);
  return result ?? { kind: "done", omitted: finished.omitted };
}

function forgetRow(row: ObjectRow, releases: boolean, { run, clock }: RunContext): StateChange {
  const release = releases ? [describeRelease(row, { run, at: clock.now(), cause: "forget" })] : [];
  return { removeObjects: [row.object], ...(release.length > 0 && { putJournal: release }) };
}

function describeMissing(planned: PlannedOperation, missing: readonly string[], mistakes: readonly string[]): ProviderError {
  const list = missing.map((text) => `\`${text}\``).join(", ");
  const reason = mistakes.length > 0 ? `: ${mistakes.join("; ")}` : ", which the cloud did not give";
  return new ProviderError(`\`${planned.key}\` needs ${list}${reason}`, { code: "invalid", effect: "none" });
}

// ── Deletes ─────────────────────────────────────────────────────────────────────────────────────────────────────

async function executeDelete(
  context: ExecuteContext,
  planned: PlannedOperation,
  handler: Handler,
  slot: Slot,
  finished: FinishedOperation,
  row: ObjectRow | undefined,
  recorded: ObjectRow | undefined,
): Promise<OperationResult | undefined> {
  const { run } = context;
  const known = row ?? strayRow(planned, context);
  const work: Work = {
    context,
    planned,
    handler,
    slot,
    finished,
    row: known,
    record: {},
    goal: {},
    predecessor: undefined,
    set: new Set(),
    handles: {},
    stepsDone: 0,
  };
  const removal: StateChange = recorded ? { removeObjects: [recorded.object] } : {};
  for (const [index, step] of finished.steps.entries()) {
    const outcome = await sendStep(run, taskOf(work, step, index, work.row));
    if (outcome.kind !== "done") return recordEnd(work, outcome);
    noteHandle(work, step, outcome.entry);
    const last = index === finished.steps.length - 1;
    await run.write({ ...(last && removal), putJournal: [{ ...outcome.entry, state: "happened" }] });
    tellDone(work, step);
  }
  // Nothing to ask for: it went with its parent.
  if (finished.steps.length === 0 && recorded) await run.write(removal);
  return undefined;
}

/** A stray of ours has no row; its journal entry still needs one to be settled by. */
function strayRow(planned: PlannedOperation, context: ExecuteContext): ObjectRow {
  const { run, connection } = context;
  return {
    object: run.clock.newId(),
    key: planned.key,
    address: planned.key,
    role: "stray",
    type: planned.type,
    generation: planned.generation,
    status: "retiring",
    cloud: planned.cloud,
    provider: planned.provider,
    settings: {},
    id: planned.objectId ?? blankId(planned, connection),
    props: {},
    attributes: planned.attributes,
    after: [],
    schemaVersion: handlerOf(connection, planned.type)?.schema.version ?? 1,
  };
}

// ── Creates, updates, adoptions, renames ────────────────────────────────────────────────────────────────────────

async function executeWrite(
  context: ExecuteContext,
  planned: PlannedOperation,
  handler: Handler,
  slot: Slot,
  finished: FinishedOperation,
  row: ObjectRow | undefined,
): Promise<OperationResult | undefined> {
  const { run } = context;
  const work = beginWork(context, planned, handler, slot, finished, row);
  // Adopted and renamed objects are ours from here on, whatever becomes of the steps.
  if (planned.phase === "adopt" || planned.phase === "rename") await run.write({ putObjects: [work.row] });
  let observed: Observed | undefined;
  const last = finished.steps.length - 1;
  for (const [index, step] of finished.steps.entries()) {
    for (const name of namesSetBy(step, finished.steps, work.record)) work.set.add(name);
    const goal = withProps(work, index === last);
    const outcome = await sendStep(run, taskOf(work, step, index, goal));
    if (outcome.kind !== "done") return recordEnd(work, outcome);
    noteHandle(work, step, outcome.entry);
    observed = outcome.observed;
    if (!observed && index === last && mayHaveNews(work)) observed = await readAttributes(run, taskOf(work, step, index, goal), outcome.id);
    const id = observed?.id ?? outcome.id ?? goal.id;
    const next = {
      ...goal,
      id,
      attributes: { ...goal.attributes, ...observed?.attributes },
      ...(step.creates && { madeAt: run.clock.now() }),
    };
    await run.write({ putObjects: withPredecessor(work, next), putJournal: [{ ...tellMade(outcome.entry, id), state: "happened" }] });
    work.row = next;
    tellDone(work, step);
  }
  if (last < 0) await recordUnsent(work);
  return undefined;
}

function beginWork(
  context: ExecuteContext,
  planned: PlannedOperation,
  handler: Handler,
  slot: Slot,
  finished: FinishedOperation,
  row: ObjectRow | undefined,
): Work {
  const { run, rows } = context;
  const place = { lineage: run.lineage, key: planned.key };
  const written = rowProps(finished.record, place, run.keeper);
  // A rename writes no props: digests of secrets are made anew, because their key is the address.
  const record = planned.phase === "rename" ? { ...row?.props, ...written } : written;
  const goal = finished.desired === finished.record || planned.phase === "rename" ? record : rowProps(finished.desired, place, run.keeper);
  const base = row ? { ...row, attributes: { ...row.attributes, ...planned.attributes } } : newRow(context, planned, handler);
  const described = planned.becomes ? describeRow(context, planned, base, planned.becomes) : base;
  return {
    context,
    planned,
    handler,
    slot,
    finished,
    row: { ...described, props: firstProps(handler, planned, described, record) },
    record,
    goal,
    predecessor: planned.phase === "create" ? findPredecessor(planned, rows) : undefined,
    set: new Set(),
    handles: {},
    stepsDone: 0,
  };
}

/** The row that a new one takes the place of: the newest former generation that is still there. */
function findPredecessor(planned: PlannedOperation, rows: RowIndex): ObjectRow | undefined {
  const former = (planned.becomes?.formerly ?? []).map((object) => rows.byObject(object)).find((row) => row !== undefined);
  return former && former.object !== planned.row?.object ? former : undefined;
}

/** What the row holds before any step is done. */
function firstProps(handler: Handler, planned: PlannedOperation, described: ObjectRow, record: NativeMap): NativeMap {
  if (planned.phase === "adopt") return adoptedProps(handler, planned, record);
  if (planned.phase !== "rename" && described.was === undefined) return described.props;
  return { ...described.props, ...Object.fromEntries(Object.entries(record).filter(([name]) => !planned.changed.includes(name))) };
}

/** What was found of the props that the source writes; those that cannot be read are marked as not known. */
function adoptedProps(handler: Handler, planned: PlannedOperation, record: NativeMap): NativeMap {
  const seen = Object.fromEntries(
    Object.keys(record).flatMap((name) => (planned.observed[name] === undefined ? [] : [[name, planned.observed[name]]])),
  );
  return { ...seen, ...unknownWriteOnly(handler.schema, record) };
}

function newRow(context: ExecuteContext, planned: PlannedOperation, handler: Handler): ObjectRow {
  return {
    object: context.run.clock.newId(),
    key: planned.key,
    address: planned.key,
    role: "",
    type: planned.type,
    generation: planned.generation,
    status: "current",
    cloud: planned.cloud,
    provider: planned.provider,
    settings: {},
    id: planned.objectId ?? blankId(planned, context.connection),
    props: {},
    attributes: planned.objectId ? planned.attributes : {},
    after: [],
    schemaVersion: handler.schema.version,
  };
}

/** What the plan says of the row takes the place of what an earlier one said, protection included. */
function describeRow(
  context: ExecuteContext,
  planned: PlannedOperation,
  base: ObjectRow,
  draft: NonNullable<PlannedOperation["becomes"]>,
): ObjectRow {
  const { protect: _, formerly: __, movedFrom: ___, ...kept } = base;
  const after = draft.after.map((key) => context.rows.current(key)?.object).filter((object) => object !== undefined);
  const was = planned.phase === "rename" ? (base.was ?? base.key) : base.was;
  const { key, cloud, provider } = planned;
  return { ...kept, ...draft, key, cloud, provider, after, ...(was !== undefined && { was }) };
}

function blankId(planned: PlannedOperation, connection: CloudConnection): ObjectId {
  const schema = handlerOf(connection, planned.type)?.schema ?? {};
  return { type: planned.type, account: connection.identity.account, region: regionOf(schema, connection.identity), id: "" };
}

/** Whether what the cloud gave the object is not known yet, or may be another since. */
function mayHaveNews({ planned, handler }: Work): boolean {
  if (planned.phase === "create") return true;
  return Object.values(handler.schema.attributes).some((attribute) =>
    attribute.changesWith?.some((name) => planned.changed.includes(name)),
  );
}

/** A creating step that does not say what it sets sets all that no other step does. */
function namesSetBy(step: Step, steps: readonly Step[], record: NativeMap): readonly string[] {
  if (step.sets) return step.sets;
  if (!step.creates) return [];
  const others = new Set(steps.flatMap((each) => (each === step ? [] : (each.sets ?? []))));
  return Object.keys(record).filter((name) => !others.has(name));
}

/** The row once the steps so far are done: nothing is recorded that was not set. */
function withProps(work: Work, complete: boolean): ObjectRow {
  if (complete) return completeRow(work);
  const props = { ...work.row.props };
  for (const name of work.set) {
    const value = work.record[name];
    if (value === undefined) delete props[name];
    else props[name] = value;
  }
  return { ...work.row, props, ...(work.planned.phase === "create" && { unfinished: true }) };
}

/** Marks and digests are those of its key now, but for a rename whose marks the update after it writes. */
function completeRow({ row, planned, handler, record }: Work): ObjectRow {
  const { was, taken: _, unfinished: __, ...named } = row;
  const isOpen = planned.phase === "rename" && !planned.marks && handler.schema.marks === "tags";
  return { ...named, ...(isOpen && was !== undefined && { was }), status: "current", props: record };
}

/** The row to write, and with the first write of a successor the predecessor that it retires. */
function withPredecessor(work: Work, row: ObjectRow): readonly ObjectRow[] {
  const { rows } = work.context;
  const { predecessor } = work;
  if (!predecessor || rows.byObject(row.object) || !rows.byObject(predecessor.object)) return [row];
  return [{ ...predecessor, status: "retiring" }, row];
}

/** All that was planned turned out to be so already; the row may still learn something. */
async function recordUnsent(work: Work): Promise<void> {
  const next = completeRow(work);
  const { rows, run } = work.context;
  if (!isSameRow(rows.byObject(next.object), next)) await run.write({ putObjects: [next] });
}

function isSameRow(left: ObjectRow | undefined, right: ObjectRow): boolean {
  return left !== undefined && isSameData(left as unknown as NativeMap, right as unknown as NativeMap);
}

// ── Steps ───────────────────────────────────────────────────────────────────────────────────────────────────────

function taskOf(work: Work, step: Step, index: number, row: ObjectRow) {
  const { context, planned, handler, slot } = work;
  return {
    operation: planned.id,
    key: planned.key,
    type: planned.type,
    generation: planned.generation,
    action: actionOf(planned),
    handler,
    connection: context.connection,
    step,
    row,
    goal: work.goal,
    ...(work.row.id.id !== "" && { id: work.row.id }),
    slot,
    first: index === 0,
    fresh: () => index > 0 || context.isFresh(planned),
    earlier: work.handles,
  };
}

function noteHandle(work: Work, step: Step, entry: JournalEntry): void {
  if (entry.handle !== undefined) work.handles[step.key] = entry.handle;
}

function tellDone(work: Work, step: Step): void {
  const { run } = work.context;
  work.stepsDone += 1;
  run.emit({ kind: "step-done", operation: work.planned.id, key: work.planned.key, at: run.clock.now(), step: step.key });
}

/** Ends the journal entry of a step that did not succeed, with the row that such an end leaves. */
async function recordEnd(work: Work, outcome: Exclude<StepOutcome, { readonly kind: "done" }>): Promise<OperationResult> {
  const { run, rows } = work.context;
  if (outcome.kind === "cancelled") return { kind: "cancelled" };
  if (outcome.kind === "unresolved") {
    // It stays open; why is kept for whoever looks before the next settle.
    await run.write({ putJournal: [{ ...outcome.entry, reason: outcome.reason }] });
    return { kind: "unresolved", reason: outcome.reason };
  }
  const { entry, error, leaves, id } = outcome;
  const born = leaves === "object" && entry.step.creates === true;
  if (born && !id) return { kind: "unresolved", reason: error.message };
  const ended: JournalEntry = { ...entry, state: born ? "happened" : "failed", reason: error.message };
  // One that is merely slow is whole; one that the cloud calls failed is replaced by the next plan.
  const status = error.details.code === "timeout" ? ("current" as const) : ("failed" as const);
  const row = born && id ? { ...entry.row, id, status, madeAt: run.clock.now() } : undefined;
  const written = row && (status === "current" ? withPredecessor(work, row) : [row]);
  await run.write({ ...(written && { putObjects: written }), putJournal: [ended] });
  if (row) work.row = rows.byObject(row.object) ?? row;
  return { kind: "failed", error, ...((row || work.stepsDone > 0) && { changed: true as const }) };
}
