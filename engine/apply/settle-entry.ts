// Decides what became of one request that was in flight when a run ended. Writes nothing: settle.ts records the verdict.

import { regionOf } from "../observe/place.ts";
import { ProviderError } from "../provider/errors.ts";
import type { Handler, ObjectId, Observed, Step } from "../provider/provider.ts";
import { SecretKeyMissing } from "../state/secret-keeper.ts";
import type { JournalEntry } from "../state/store.ts";
import { awaitCreated, findCreated } from "./find-effect.ts";
import { awaitCompletion } from "./poll-step.ts";
import { type CloudConnection, lateEffectOf, type RunContext, readCall } from "./run-context.ts";
import { openMap } from "./sealed-values.ts";
import { resendEntry } from "./send-step.ts";
import { awaitEffect, lookAtEffect } from "./step-effect.ts";

export type Verdict =
  /** `observed` or `id` tells what it made. `failed`: it made an object that the cloud calls failed. */
  | { readonly kind: "happened"; readonly id?: ObjectId; readonly observed?: Observed; readonly failed?: string }
  /** It happened, and what it made is gone. */
  | { readonly kind: "gone"; readonly reason: string }
  | { readonly kind: "never"; readonly reason?: string }
  | { readonly kind: "unresolved"; readonly reason: string };

export interface EntryContext {
  readonly run: RunContext;
  readonly handler: Handler;
  readonly connection: CloudConnection;
  /** False: a request may not be sent again, only looked for. */
  readonly sends?: boolean;
}

/** Waits as long as certainty needs: at most until the request can no longer land. */
export async function settleEntry(context: EntryContext, entry: JournalEntry): Promise<Verdict> {
  if (!entry.step.creates) return settleChange(context, entry);
  if (entry.handle !== undefined) {
    const polled = await settleByHandle(context, entry);
    if (polled) return polled;
  }
  if (entry.id !== undefined) return settleById(context, entry, idOf(context, entry, entry.id));
  if (context.sends !== false && isTokenValid(context, entry)) return settleByToken(context, entry);
  return settleByMark(context, entry);
}

function idOf(context: EntryContext, entry: JournalEntry, id: string): ObjectId {
  const { identity } = context.connection;
  // As it was written when the answer came: a name may mean another incarnation by now.
  if (entry.row.id.id === id) return entry.row.id;
  return { type: entry.type, account: identity.account, region: regionOf(context.handler.schema, identity), id };
}

function isTokenValid({ run, handler }: EntryContext, entry: JournalEntry): boolean {
  const { tokenValid } = handler.schema;
  if (entry.step.replay !== "token" || tokenValid === undefined) return false;
  // The last byte of a resend must still arrive within the time.
  return run.clock.now() + 2 * run.requestDeadline < entry.earliestSend + tokenValid;
}

/** The step as it was sent, as far as the journal tells; the plan's impact was for the reader. */
function stepOf(entry: JournalEntry, body: Step["body"]): Step {
  const { replay, ...step } = entry.step;
  return { ...step, replay: replay as Step["replay"], body, impact: "none" };
}

function questionOf(entry: JournalEntry) {
  return { action: entry.action, step: entry.step, row: entry.row, goal: entry.goal ?? entry.row.props, sent: entry.operation };
}

const noSlot = { priority: 0, rest: <Result>(work: () => Promise<Result>): Promise<Result> => work() };

function pollTask(context: EntryContext, entry: JournalEntry) {
  const { handler, connection } = context;
  return { operation: entry.operation, key: entry.key, handler, connection, step: stepOf(entry, {}), slot: noSlot };
}

/** Undefined: the handle tells nothing more. The cloud does not know it, or it is done and shows no object: another hand may have removed it. */
async function settleByHandle(context: EntryContext, entry: JournalEntry): Promise<Verdict | undefined> {
  const { run, handler } = context;
  // An answer to a change tells no id; it is the object's own.
  const own = entry.row.id.id === "" ? undefined : entry.row.id;
  const known = entry.id === undefined ? own : idOf(context, entry, entry.id);
  const on = { ...(known && { id: known }), ...(entry.handle !== undefined && { handle: entry.handle }) };
  const until = run.clock.monotonic() + handler.schema.timeouts[entry.action];
  const end = await awaitCompletion(run, pollTask(context, entry), on, until);
  if (end.kind === "done") {
    const id = end.observed?.id ?? known;
    if (entry.step.creates && !id) return undefined;
    return { kind: "happened", ...(id && { id }), ...(end.observed && { observed: end.observed }) };
  }
  if (end.kind === "unknown") return end.error.details.code === "not_found" ? undefined : { kind: "unresolved", reason: end.error.message };
  if (end.leaves === "nothing") return { kind: "never", reason: end.error.message };
  if (!entry.step.creates) return { kind: "never", reason: end.error.message };
  if (!known) return end.error.details.code === "timeout" ? undefined : { kind: "unresolved", reason: end.error.message };
  return end.error.details.code === "timeout"
    ? { kind: "happened", id: known }
    : { kind: "happened", id: known, failed: end.error.message };
}

/** The answer told the id, so it happened; what is left is whether it still is, and is complete. */
async function settleById(context: EntryContext, entry: JournalEntry, id: ObjectId): Promise<Verdict> {
  const { run, handler, connection } = context;
  const seen = await awaitEffect(
    run,
    { handler, connection, ...questionOf(entry), id },
    entry.latestSend + lateEffectOf(run, handler.schema),
    "exists",
  );
  if (seen.kind === "unclear") return { kind: "unresolved", reason: seen.reason };
  if (seen.kind === "not-done" || !seen.observed) return { kind: "gone", reason: `\`${id.id}\` was made and is gone since` };
  return awaitWhole(context, entry, seen.observed);
}

/** Lets what exists become complete, so that its attributes can be read. */
async function awaitWhole(context: EntryContext, entry: JournalEntry, observed: Observed): Promise<Verdict> {
  const { run, handler } = context;
  const until = run.clock.monotonic() + handler.schema.timeouts[entry.action];
  const end = await awaitCompletion(run, pollTask(context, entry), { id: observed.id }, until);
  if (end.kind === "done") return { kind: "happened", id: observed.id, observed: end.observed ?? observed };
  if (end.kind === "unknown") return { kind: "happened", id: observed.id, observed };
  if (end.leaves === "nothing") return { kind: "gone", reason: end.error.message };
  if (end.error.details.code === "timeout") return { kind: "happened", id: observed.id, observed };
  return { kind: "happened", id: observed.id, observed, failed: end.error.message };
}

async function settleByToken(context: EntryContext, entry: JournalEntry): Promise<Verdict> {
  const { run, handler, connection } = context;
  let step: Step;
  try {
    step = stepOf(entry, openMap(entry.body, run.keeper, { lineage: run.lineage, key: entry.key }));
  } catch (error) {
    // Without the key the bytes cannot be sent again; what they did can still be looked for.
    if (error instanceof SecretKeyMissing) return settleByMark(context, entry);
    throw error;
  }
  const outcome = await resendEntry(
    run,
    {
      operation: entry.operation,
      key: entry.key,
      type: entry.type,
      generation: entry.generation,
      action: entry.action,
      handler,
      connection,
      step,
      row: entry.row,
      goal: entry.goal ?? entry.row.props,
      earlier: {},
      slot: noSlot,
      first: false,
      fresh: () => false,
    },
    entry,
  );
  switch (outcome.kind) {
    case "done":
      return { kind: "happened", ...(outcome.id && { id: outcome.id }), ...(outcome.observed && { observed: outcome.observed }) };
    case "refused":
      return outcome.gone ? { kind: "gone", reason: outcome.error.message } : { kind: "never", reason: outcome.error.message };
    case "failed":
      if (outcome.leaves === "object" && outcome.id) {
        const slow = outcome.error.details.code === "timeout";
        return { kind: "happened", id: outcome.id, ...(!slow && { failed: outcome.error.message }) };
      }
      return { kind: "never", reason: outcome.error.message };
    case "unresolved":
      return { kind: "unresolved", reason: outcome.reason };
    case "cancelled":
      return { kind: "unresolved", reason: "stopped before it was settled" };
  }
}

async function settleByMark(context: EntryContext, entry: JournalEntry): Promise<Verdict> {
  const { run, handler, connection } = context;
  const until = entry.latestSend + lateEffectOf(run, handler.schema);
  const sought = await awaitCreated(handler, connection, entry, { until, clock: run.clock, signal: run.abort });
  switch (sought.kind) {
    case "one":
      return awaitWhole(context, entry, sought.observed);
    case "none":
      return { kind: "never" };
    case "foreign":
      return { kind: "never", reason: sought.description };
    case "unclear":
      return { kind: "unresolved", reason: sought.reason };
  }
}

async function settleChange(context: EntryContext, entry: JournalEntry): Promise<Verdict> {
  const { run, handler, connection } = context;
  if (entry.handle !== undefined) {
    const polled = await settleByHandle(context, entry);
    if (polled) return polled;
  }
  const until = entry.latestSend + lateEffectOf(run, handler.schema);
  const effect = await awaitEffect(run, { handler, connection, ...questionOf(entry), id: entry.row.id }, until);
  switch (effect.kind) {
    case "done":
      return { kind: "happened", id: effect.observed?.id ?? entry.row.id, ...(effect.observed && { observed: effect.observed }) };
    case "not-done":
      return { kind: "never" };
    case "unclear":
      return { kind: "unresolved", reason: effect.reason };
  }
}

// ── For a plan ──────────────────────────────────────────────────────────────────────────────────────────────────

/** One look, nothing sent, nothing waited for: what cannot be known yet is `unresolved` for this plan. */
export async function previewEntry(context: EntryContext, entry: JournalEntry): Promise<Verdict> {
  try {
    return await lookOnce(context, entry);
  } catch (error) {
    if (error instanceof ProviderError) return { kind: "unresolved", reason: error.message };
    throw error;
  }
}

async function lookOnce(context: EntryContext, entry: JournalEntry): Promise<Verdict> {
  const { run, handler, connection } = context;
  const over = run.clock.now() > entry.latestSend + lateEffectOf(run, handler.schema);
  const open: Verdict = {
    kind: "unresolved",
    reason: "its request was in flight when the run ended and may still take effect; apply waits until that is certain",
  };
  if (!entry.step.creates) {
    const effect = await lookAtEffect({ handler, connection, ...questionOf(entry), id: entry.row.id }, run.abort);
    if (effect.kind === "unclear") return { kind: "unresolved", reason: effect.reason };
    if (effect.kind === "not-done") return over ? { kind: "never" } : open;
    return { kind: "happened", id: effect.observed?.id ?? entry.row.id, ...(effect.observed && { observed: effect.observed }) };
  }
  if (entry.id !== undefined) {
    const id = idOf(context, entry, entry.id);
    const seen = await handler.observe(readCall(connection, run.abort), [id], "list");
    const observed = seen.found.find((each) => !each.dead);
    if (observed) return { kind: "happened", id: observed.id, observed };
    const unknown = seen.unknown[0];
    if (unknown) return { kind: "unresolved", reason: unknown.reason };
    return over ? { kind: "gone", reason: `\`${entry.id}\` was made and is gone since` } : open;
  }
  const sought = await findCreated(handler, connection, entry, run.abort);
  if (sought.kind === "one") return { kind: "happened", id: sought.observed.id, observed: sought.observed };
  if (sought.kind === "unclear") return { kind: "unresolved", reason: sought.reason };
  if (entry.handle !== undefined) return open;
  if (isTokenValid(context, entry))
    return { kind: "unresolved", reason: "its request was in flight when the run ended; apply sends it again first" };
  return over ? { kind: "never" } : open;
}
