// Waits until a request's effect is complete: polls as the cloud asks, within the operation's time. Reads only.

import { isSameIncarnation } from "../observe/world.ts";
import { ProviderError } from "../provider/errors.ts";
import type { Handler, ObjectId, Observed, PollTarget, Step } from "../provider/provider.ts";
import { backOff } from "./retry.ts";
import { type CloudConnection, type RunContext, readCall } from "./run-context.ts";

export type Completion =
  | { readonly kind: "done"; readonly observed?: Observed }
  | { readonly kind: "failed"; readonly error: ProviderError; readonly leaves: "nothing" | "object" }
  /** The cloud acknowledged the request and then would not say what became of it. */
  | { readonly kind: "unknown"; readonly error: ProviderError };

export interface PollTask {
  readonly operation: string;
  readonly key: string;
  readonly handler: Handler;
  readonly connection: CloudConnection;
  readonly step: Step;
  readonly slot: { rest<Result>(work: () => Promise<Result>): Promise<Result> };
}

/** Milliseconds for which the cloud may not know an id that it told a moment ago. */
const indexLag = 120_000;

/** Polls until done, failed, or `until` (monotonic milliseconds) has passed; the last is a failure that leaves the object. */
export async function awaitCompletion(run: RunContext, task: PollTask, on: PollTarget, until: number): Promise<Completion> {
  const { clock } = run;
  const { handler, step } = task;
  const call = { ...readCall(task.connection, run.abort), ...(on.id && { id: on.id }) };
  const began = clock.monotonic();
  let failures = 0;
  let shown: string | undefined;
  for (;;) {
    let wait: number;
    try {
      const progress = await handler.poll(call, step, on);
      // Another object bears the name by now: what was asked for is not what is seen.
      if (progress.kind === "done") return isAnother(on.id, progress.observed) ? { kind: "done" } : progress;
      if (progress.kind === "failed") return progress;
      failures = 0;
      wait = Math.max(1, progress.retryAfter);
      if (progress.note !== undefined && progress.note !== shown) {
        shown = progress.note;
        run.emit({ kind: "waiting", operation: task.operation, key: task.key, at: clock.now(), step: step.key, note: progress.note });
      }
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      run.abort.throwIfAborted();
      if (error.details.code === "not_found" && step.deletes) return { kind: "done" };
      if (!passes(error, clock.monotonic() - began)) return { kind: "unknown", error };
      wait = backOff(failures++, clock, error.details.retryAfter);
    }
    if (clock.monotonic() + wait > until) return { kind: "failed", error: describeTimeout(step, on.id, shown), leaves: "object" };
    await task.slot.rest(() => clock.sleep(wait, run.abort));
  }
}

function isAnother(asked: ObjectId | undefined, seen: Observed | undefined): boolean {
  return asked !== undefined && asked.id !== "" && seen !== undefined && !isSameIncarnation(asked, seen.id);
}

function passes(error: ProviderError, waited: number): boolean {
  switch (error.details.code) {
    case "throttled":
    case "unavailable":
    case "timeout":
    case "not_ready":
    case "dependency":
      return true;
    case "not_found":
      return waited < indexLag;
    default:
      return false;
  }
}

function describeTimeout(step: Step, id: ObjectId | undefined, status: string | undefined): ProviderError {
  const what = id ? `\`${id.id}\`` : "the operation";
  const state = status === undefined ? "" : ` (it is "${status}")`;
  return new ProviderError(`${step.operation} is not complete in time: ${what} is still not ready${state}`, {
    code: "timeout",
    effect: "unknown",
    hint: "the object is recorded; the next apply goes on from there",
  });
}
