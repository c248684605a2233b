// One step of an operation: journal the intent, send the request, learn its effect, wait until it is complete. A request goes out
// only under a durable journal entry and inside the lease; what became of it is always written down, or left open for settle.

import type { NativeMap } from "../lower/native-value.ts";
import { regionOf } from "../observe/place.ts";
import { openSecrets } from "../plan/native-form.ts";
import { ProviderError, type ProviderErrorDetails } from "../provider/errors.ts";
import type { Ack, Handler, ObjectId, Observed, Step } from "../provider/provider.ts";
import type { JournalEntry, ObjectRow } from "../state/store.ts";
import { tellMade } from "./end-entry.ts";
import { awaitCreated } from "./find-effect.ts";
import { explainHeld, nameBlockers } from "./name-blockers.ts";
import { performRequest } from "./perform-request.ts";
import { awaitCompletion, type Completion } from "./poll-step.ts";
import { backOff, judgeError } from "./retry.ts";
import { type CloudConnection, lateEffectOf, type RunContext } from "./run-context.ts";
import type { Slot } from "./scheduler.ts";
import { sealMap } from "./sealed-values.ts";
import { awaitEffect } from "./step-effect.ts";

export interface StepTask {
  readonly operation: string;
  readonly key: string;
  readonly type: string;
  readonly generation: number;
  readonly action: "create" | "update" | "delete";
  readonly handler: Handler;
  readonly connection: CloudConnection;
  /** Body finished; secrets still tagged. */
  readonly step: Step;
  /** The row as it will be once the step is done; without a physical id while there is none. */
  readonly row: ObjectRow;
  /** All props as the operation is to leave them, in the form of a row. */
  readonly goal: NativeMap;
  readonly id?: ObjectId;
  /** Handles that earlier steps of the operation acknowledged, by step key. */
  readonly earlier: Readonly<Record<string, string>>;
  readonly slot: Slot;
  /** Nothing of the operation was sent yet: it may still be left out when the run is stopped. */
  readonly first: boolean;
  /** Whether what the request names was made a moment ago, so that the cloud may not know it yet. */
  readonly fresh: () => boolean;
}

/** `entry` is still open; who asked ends it in the transaction that records what follows. */
export type StepOutcome =
  | { readonly kind: "done"; readonly entry: JournalEntry; readonly id?: ObjectId; readonly observed?: Observed }
  | {
      readonly kind: "failed";
      readonly entry: JournalEntry;
      readonly error: ProviderError;
      readonly leaves: "nothing" | "object";
      readonly id?: ObjectId;
    }
  /** It may have happened and nothing could tell; the entry stays open for the next settle. */
  | { readonly kind: "unresolved"; readonly entry: JournalEntry; readonly reason: string }
  | { readonly kind: "cancelled" };

/** Carries out one step. Throws `LeaseLost`, `SecretKeyMissing`, the reason of `run.abort`, or our own defects; never `ProviderError`. */
export async function sendStep(run: RunContext, task: StepTask): Promise<StepOutcome> {
  const { clock } = run;
  const until = clock.monotonic() + task.handler.schema.timeouts[task.action];
  let previous: JournalEntry | undefined;
  for (let attempt = 1; ; attempt++) {
    if (!(await takeTurn(run, task, previous === undefined))) return previous ? cancelAfter(previous) : { kind: "cancelled" };
    const entry = await journalIntent(run, task, previous);
    const result = await sendAttempt(run, task, entry, attempt, until);
    if (result.kind !== "refused") return result;
    const { error, entry: ended } = result;
    const wait = backOff(attempt - 1, clock, error.details.retryAfter);
    const given = mayRepeat(run, error.details) && clock.monotonic() + wait <= until && !run.stop.aborted;
    if (!given) return { kind: "failed", entry: ended, error: await explainHeld(run, task, error), leaves: "nothing" };
    await note(run, task, error, attempt);
    await task.slot.rest(() => clock.sleep(wait, run.abort));
    previous = { ...ended, state: "failed", reason: error.message };
  }
}

function cancelAfter(previous: JournalEntry): StepOutcome {
  const error = new ProviderError(previous.reason ?? "stopped before it was repeated", { code: "timeout", effect: "none" });
  return { kind: "failed", entry: previous, error, leaves: "nothing" };
}

/** Waits for the rate limit. False: the run was stopped meanwhile, and the step may still be left out. */
async function takeTurn(run: RunContext, task: StepTask, fresh: boolean): Promise<boolean> {
  const signal = task.first && fresh ? run.stop : run.abort;
  const { provider, identity } = task.connection;
  const turn = run.limiter.acquire({
    scope: { provider: provider.name, identity, limits: provider.limits },
    operation: task.step.operation,
    body: task.step.body,
    priority: task.slot.priority,
    signal,
  });
  if (!turn) return !signal.aborted;
  try {
    await task.slot.rest(() => turn);
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted && signal === run.stop && !run.abort.aborted) return false;
    throw error;
  }
}

async function journalIntent(run: RunContext, task: StepTask, previous: JournalEntry | undefined): Promise<JournalEntry> {
  const { step, row } = task;
  const operation = run.clock.newId();
  const now = run.clock.now();
  const entry: JournalEntry = {
    operation,
    run: run.run,
    object: row.object,
    key: task.key,
    type: task.type,
    generation: task.generation,
    action: task.action,
    step: {
      key: step.key,
      operation: step.operation,
      replay: step.replay,
      ...(step.creates && { creates: true }),
      ...(step.deletes && { deletes: true }),
      ...(step.marks && { marks: true }),
      ...(step.sets && { sets: step.sets }),
    },
    body: sealMap(step.body, run.keeper, { lineage: run.lineage, key: task.key }),
    row,
    ...(!step.creates && !step.deletes && task.goal !== row.props && { goal: task.goal }),
    token: operation,
    schemaVersion: task.handler.schema.version,
    earliestSend: now,
    latestSend: now + run.requestDeadline,
    state: "intended",
  };
  await run.write({ putJournal: previous ? [previous, entry] : [entry] });
  return entry;
}

/** Sends a journaled request once more, with the same token and bytes: settle, while the cloud still remembers the token. */
export async function resendEntry(run: RunContext, task: StepTask, entry: JournalEntry): Promise<StepOutcome | Refused> {
  const until = run.clock.monotonic() + task.handler.schema.timeouts[task.action];
  return sendAttempt(run, task, await extendEntry(run, entry), 1, until, true);
}

/** The cloud refused, or nothing can land any more: this attempt is over. `gone`: it happened and was ended since. */
export type Refused = { readonly kind: "refused"; readonly entry: JournalEntry; readonly error: ProviderError; readonly gone?: true };

/** One attempt: one operation id, one token, one body; sent again only where the replay class makes that harmless. */
async function sendAttempt(
  run: RunContext,
  task: StepTask,
  intent: JournalEntry,
  attempt: number,
  until: number,
  sentBefore = false,
): Promise<StepOutcome | Refused> {
  const { clock } = run;
  const body = openSecrets(task.step.body) as NativeMap;
  let entry = intent;
  let uncertain = sentBefore;
  let unansweredAt: number | undefined;
  for (let sends = 0; ; ) {
    const sent = await performRequest(run, task, entry, body, { attempt, resend: sentBefore || sends > 0 });
    if (sent.kind === "ack") {
      run.budget.earn();
      return awaitLanding(run, task, unansweredAt, await complete(run, task, entry, sent.ack, until));
    }
    if (sent.kind === "withheld") {
      // The last look at the clock said that the journaled send time is over; what was sent before still counts.
      entry = await extendEntry(run, entry);
      continue;
    }
    sends += 1;
    const { error } = sent;
    const before = unansweredAt;
    if (error.details.effect === "unknown") unansweredAt = clock.now();
    const verdict = judgeError(error.details, { step: task.step, uncertain, fresh: task.fresh() });
    if (error.details.code === "throttled") run.limiter.lower({ scope: scopeOf(task), operation: task.step.operation });
    if (error.details.effect === "none" && error.details.code !== "unavailable" && error.details.code !== "timeout") run.budget.earn();
    switch (verdict) {
      case "done":
        return { kind: "done", entry, ...(task.id && { id: task.id }) };
      case "again":
        return { kind: "refused", entry, error };
      case "gone":
        return { kind: "refused", entry, error, gone: true };
      case "fail":
        return { kind: "failed", entry, error: await explainHeld(run, task, error), leaves: "nothing" };
      case "find":
      case "verify": {
        const learned = await learn(run, task, entry, {
          error,
          uncertain: uncertain || error.details.effect === "unknown" || error.details.code === "mismatch",
          until,
          patience: verdict === "verify" ? "lag" : "wait",
        });
        // What is found was made by one of the requests; another one may be on its way.
        return awaitLanding(run, task, before, learned);
      }
      case "resend": {
        uncertain ||= error.details.effect === "unknown";
        const wait = backOff(sends - 1, clock, error.details.retryAfter);
        if (!mayRepeat(run, error.details) || clock.monotonic() + wait > until) {
          return awaitLanding(run, task, before, await learn(run, task, entry, { error, uncertain: true, until, patience: "look" }));
        }
        await note(run, task, error, sends);
        await task.slot.rest(() => clock.sleep(wait, run.abort));
        entry = await extendEntry(run, entry);
      }
    }
  }
}

/** Where a repeat would empty what was made, the step is not done before none can land. Epoch milliseconds of the last one that went unanswered. */
async function awaitLanding<Outcome extends StepOutcome | Refused>(
  run: RunContext,
  task: StepTask,
  unansweredAt: number | undefined,
  outcome: Outcome,
): Promise<Outcome> {
  const { schema } = task.handler;
  const risky = schema.emptiedByRepeat === true && task.step.creates === true;
  // Once the run is to stop, nothing more is written under it.
  if (outcome.kind !== "done" || unansweredAt === undefined || !risky || run.stop.aborted) return outcome;
  const wait = unansweredAt + lateEffectOf(run, schema) - run.clock.now();
  if (wait <= 0) return outcome;
  emitWaiting(run, task, "it was asked for more than once: waiting until no request can land any more");
  await task.slot.rest(() => run.clock.sleep(wait, run.stop).catch(() => run.abort.throwIfAborted()));
  return outcome;
}

function scopeOf(task: StepTask) {
  const { provider, identity } = task.connection;
  return { provider: provider.name, identity, limits: provider.limits };
}

/** Outages are repeated on a common budget; what the cloud itself says will pass is waited for until the time is up. */
function mayRepeat(run: RunContext, details: ProviderErrorDetails): boolean {
  const outage = details.code === "unavailable" || details.code === "timeout" || details.effect === "unknown";
  return !outage || run.budget.spend();
}

/** Before a resend: no request may be on the wire outside the journaled times. */
async function extendEntry(run: RunContext, entry: JournalEntry): Promise<JournalEntry> {
  const extended = { ...entry, latestSend: run.clock.now() + run.requestDeadline };
  await run.write({ putJournal: [extended] });
  return extended;
}

/** Milliseconds for which a cloud may not know by id what it answered a moment ago. */
const answerLag = 120_000;

async function complete(run: RunContext, task: StepTask, entry: JournalEntry, ack: Ack, until: number): Promise<StepOutcome | Refused> {
  // An answer that only repeats the name does not make it another incarnation.
  const repeats = ack.id === undefined || (ack.id === task.id?.id && ack.incarnation === undefined);
  const told = repeats ? task.id : objectIdOf(task, ack);
  const acknowledged: JournalEntry = {
    ...(ack.id === undefined ? entry : tellMade(entry, told)),
    state: "acknowledged",
    ...(ack.id !== undefined && { id: ack.id }),
    ...(ack.handle !== undefined && { handle: ack.handle }),
  };
  const completion: Promise<Completion> = awaitCompletion(
    run,
    task,
    { ...(told && { id: told }), ...(ack.handle !== undefined && { handle: ack.handle }) },
    // An answer that comes late, to a process that was stopped meanwhile, still gets the time in which the cloud may not show what it made.
    Math.max(until, run.clock.monotonic() + answerLag),
  );
  // What the answer told is written as soon as it is known; waiting for completion goes on beside it.
  const written = ack.id !== undefined || ack.handle !== undefined ? run.write({ putJournal: [acknowledged] }) : undefined;
  // One that fails means that the lease is lost, which the next write tells as well.
  written?.catch(() => {});
  const progress = await completion;
  // A step that is complete is recorded by the very next write, which may share this one's commit.
  if (progress.kind !== "done") await written;
  if (progress.kind === "failed") {
    const error = await explainHeld(run, task, progress.error);
    return { kind: "failed", entry: acknowledged, error, leaves: progress.leaves, ...(told && { id: told }) };
  }
  // The entry stays open with what the answer told: whether the object is there is for settle to find out.
  if (progress.kind === "unknown") return { kind: "unresolved", entry: acknowledged, reason: progress.error.message };
  const id = progress.observed?.id ?? told;
  if (task.step.creates && !id) {
    const error = new ProviderError(`${task.step.operation} was answered without an id`, { code: "unavailable", effect: "unknown" });
    return learn(run, task, acknowledged, { error, uncertain: true, until, patience: "wait" });
  }
  return { kind: "done", entry: acknowledged, ...(id && { id }), ...(progress.observed && { observed: progress.observed }) };
}

function objectIdOf(task: StepTask, ack: Ack): ObjectId {
  const { identity } = task.connection;
  const { account } = identity;
  const region = regionOf(task.handler.schema, identity);
  return { type: task.type, account, region, id: ack.id ?? "", ...(ack.incarnation !== undefined && { incarnation: ack.incarnation }) };
}

interface Doubt {
  readonly error: ProviderError;
  /** A send of this attempt may have had effect. */
  readonly uncertain: boolean;
  readonly until: number;
  /** `wait`: until nothing can land any more. `look`: once, and leave what it does not tell to settle. */
  readonly patience: "wait" | "lag" | "look";
}

/** Milliseconds for which lists may not show what a name or claim already collides with. */
const listLag = 60_000;

/** Lets only a look decide whether the step happened. */
async function learn(run: RunContext, task: StepTask, entry: JournalEntry, doubt: Doubt): Promise<StepOutcome | Refused> {
  const { clock } = run;
  const { handler, connection, step } = task;
  const waits = doubt.uncertain && doubt.patience !== "look" && !run.stop.aborted;
  const lag = doubt.patience === "lag" && !run.stop.aborted ? listLag : 0;
  const until = waits ? entry.latestSend + lateEffectOf(run, handler.schema) : clock.now() + lag;
  if (waits) emitWaiting(run, task, "looking whether the request took effect");
  if (!step.creates) {
    const effect = await task.slot.rest(() => awaitEffect(run, { ...task, sent: entry.operation }, until));
    if (effect.kind === "done")
      return { kind: "done", entry, ...(task.id && { id: task.id }), ...(effect.observed && { observed: effect.observed }) };
    if (effect.kind === "unclear" && doubt.uncertain) return { kind: "unresolved", entry, reason: effect.reason };
    return concludeNever(task, entry, doubt, waits);
  }
  const sought = await task.slot.rest(() => awaitCreated(handler, connection, entry, { until, clock, signal: run.abort }));
  switch (sought.kind) {
    case "one": {
      const { id, incarnation } = sought.observed.id;
      return complete(run, task, entry, { id, ...(incarnation !== undefined && { incarnation }) }, doubt.until);
    }
    case "unclear":
      return { kind: "unresolved", entry, reason: sought.reason };
    case "foreign": {
      const { details, message } = doubt.error;
      const error = new ProviderError(`${message} (${sought.description})`, { ...details, code: "conflict", effect: "none" }, doubt.error);
      return { kind: "failed", entry, error, leaves: "nothing" };
    }
    case "none":
      return concludeNever(task, entry, doubt, waits);
  }
}

/** Nothing of ours was seen. After the wait nothing can land any more, which is as good as a refusal; before, it stays open. */
function concludeNever(task: StepTask, entry: JournalEntry, doubt: Doubt, waited: boolean): StepOutcome | Refused {
  const { error } = doubt;
  if (doubt.uncertain && !waited) return { kind: "unresolved", entry, reason: error.message };
  const repeats =
    error.details.effect === "unknown" || judgeError(error.details, { step: task.step, uncertain: false, fresh: task.fresh() }) === "again";
  return repeats ? { kind: "refused", entry, error } : { kind: "failed", entry, error, leaves: "nothing" };
}

function emitWaiting(run: RunContext, task: StepTask, text: string): void {
  run.emit({ kind: "waiting", operation: task.operation, key: task.key, at: run.clock.now(), step: task.step.key, note: text });
}

/** Tells why a step waits; for a delete that is held up, by what. Asked for again only now and then. */
async function note(run: RunContext, task: StepTask, error: ProviderError, failures: number): Promise<void> {
  const { code } = error.details;
  const asks = task.step.deletes && (code === "dependency" || code === "conflict") && (failures === 1 || failures % 10 === 0);
  const held = asks ? await nameBlockers(run, task) : undefined;
  emitWaiting(run, task, held ?? (code === "throttled" ? "the cloud asks to slow down" : error.message));
}
