// Whether a step on an object that exists has had its effect: by looking at the object and deriving its steps anew. A step that
// would not be needed any more is done. Reads only. Shared by a run that waits for certainty and by settle.

import { tagOf } from "../../grammar/graph/value.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import { isSameProp } from "../plan/normalise.ts";
import { holdsDigest, isUnreadable } from "../plan/row-props.ts";
import { ProviderError } from "../provider/errors.ts";
import type { NativeProp, NativeSchema } from "../provider/native-schema.ts";
import type { Handler, ObjectId, Observed } from "../provider/provider.ts";
import type { ObjectRow } from "../state/store.ts";
import { backOff } from "./retry.ts";
import { type CloudConnection, type RunContext, readCall } from "./run-context.ts";

export interface EffectQuestion {
  readonly handler: Handler;
  readonly connection: CloudConnection;
  readonly action: "create" | "update" | "delete";
  readonly step: { readonly key: string; readonly deletes?: true; readonly marks?: true };
  /** The attempt, as its marks name it. */
  readonly sent: string;
  readonly row: ObjectRow;
  /** All props as the operation is to leave them, in the form of a row. */
  readonly goal: NativeMap;
  readonly id?: ObjectId;
}

export type Effect =
  | { readonly kind: "done"; readonly observed?: Observed }
  | { readonly kind: "not-done"; readonly observed?: Observed }
  | { readonly kind: "unclear"; readonly reason: string };

/** One look: whether the step is done, or only whether the object is there. Throws `ProviderError` for what may pass. */
export async function lookAtEffect(question: EffectQuestion, signal: AbortSignal, sought: "step" | "exists" = "step"): Promise<Effect> {
  const { handler, connection, step, id } = question;
  if (!id) return { kind: "unclear", reason: "the id of the object is not known" };
  const seen = await handler.observe(readCall(connection, signal), [id], "each");
  const unknown = seen.unknown[0];
  if (unknown) return { kind: "unclear", reason: unknown.reason };
  const observed = seen.found.find((each) => !each.dead && (id.incarnation === undefined || each.id.incarnation === id.incarnation));
  if (!observed) return question.action === "delete" ? { kind: "done" } : { kind: "not-done" };
  if (sought === "exists") return { kind: "done", observed };
  if (step.deletes) return { kind: "not-done", observed };
  if (step.marks) return { kind: observed.marks?.operation === question.sent ? "done" : "not-done", observed };
  return isStillNeeded(question, observed) ? { kind: "not-done", observed } : { kind: "done", observed };
}

function isStillNeeded(question: EffectQuestion, observed: Observed): boolean {
  const { handler, action, row, goal, step } = question;
  const deleting = action === "delete";
  const steps = handler.steps({
    action: deleting ? "delete" : "update",
    desired: deleting ? {} : goal,
    observed: observed.props,
    attributes: { ...row.attributes, ...observed.attributes },
    changed: deleting ? [] : listDiffering(handler.schema, goal, observed.props),
    id: observed.id,
    generation: row.generation,
  });
  return steps.some((each) => each.key === step.key);
}

/** Names of props that are not, or cannot be seen to be, as recorded. */
function listDiffering(schema: NativeSchema, recorded: NativeMap, observed: NativeMap): readonly string[] {
  return Object.keys(recorded).filter((name) => {
    const spec = schema.props[name];
    const value = recorded[name];
    if (!spec || value === undefined) return false;
    return isUnreadable(schema, name) || holdsDigest(value) || !isSeen(spec, value, observed[name]);
  });
}

/** Tags are owned key by key; whatever else stands beside ours does not count. */
function isSeen(spec: NativeProp, recorded: NativeValue, observed: NativeValue | undefined): boolean {
  if (spec.type !== "tags" || !isPlainMap(recorded) || !isPlainMap(observed)) return isSameProp(spec, recorded, observed);
  return Object.keys(recorded).every((name) => recorded[name] === observed[name]);
}

function isPlainMap(value: NativeValue | undefined): value is NativeMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && tagOf(value) === undefined;
}

/** Looks again and again until `until` (milliseconds since the epoch); `not-done` is certain only then. */
export async function awaitEffect(
  run: Pick<RunContext, "clock" | "abort">,
  question: EffectQuestion,
  until: number,
  sought: "step" | "exists" = "step",
): Promise<Effect> {
  const { clock } = run;
  for (let looks = 0; ; looks++) {
    const last = clock.now() > until;
    try {
      const effect = await lookAtEffect(question, run.abort, sought);
      if (effect.kind !== "not-done" || last) return effect;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const passes = ["throttled", "unavailable", "timeout", "not_ready"].includes(error.details.code);
      if (!passes || (last && looks > 20)) return { kind: "unclear", reason: error.message };
    }
    await clock.sleep(Math.min(backOff(Math.min(looks, 7), clock) + 100, last ? 20_000 : Math.max(1, until + 1 - clock.now())), run.abort);
  }
}
