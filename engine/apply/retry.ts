// What to do after a request was refused or went unanswered: the table of error code × effect × replay class as one pure
// function, and the waiting between attempts. Sends nothing itself.

import type { ErrorCode, ProviderErrorDetails } from "../provider/errors.ts";
import type { Step } from "../provider/provider.ts";
import type { Clock } from "./clock.ts";

/**
 * - `done`: the cloud says that what the step wants is so.
 * - `resend`: the same bytes with the same token, within the same attempt.
 * - `again`: the cloud refused and nothing happened; a new attempt, journaled as such.
 * - `find`: it may have happened; only a look decides, never a resend.
 * - `verify`: something like it exists; it is ours if its mark or its natural key and values say so.
 * - `gone`: it happened and was ended since; a new attempt.
 * - `fail`: nothing happened and waiting does not help.
 */
export type Verdict = "done" | "resend" | "again" | "find" | "verify" | "gone" | "fail";

export interface RetryContext {
  readonly step: Pick<Step, "replay" | "creates" | "deletes">;
  /** An earlier send of this attempt went unanswered, so a refusal of this one does not prove that nothing happened. */
  readonly uncertain: boolean;
  /** What the request names was made a moment ago, so that a `not_found` may be the cloud's index that lags. */
  readonly fresh: boolean;
}

/** Refusals that waiting mends. */
const passing: ReadonlySet<ErrorCode> = new Set(["throttled", "unavailable", "timeout", "not_ready", "dependency"]);

/** Decides what follows an error. Pure. */
export function judgeError(error: Pick<ProviderErrorDetails, "code" | "effect" | "lasting">, context: RetryContext): Verdict {
  const { step, uncertain, fresh } = context;
  if (error.lasting === true) return uncertain ? "find" : "fail";
  if (error.code === "not_found" && step.deletes) return "done";
  if (error.code === "mismatch") return "find";
  if (error.code === "gone") return step.deletes ? "done" : "gone";
  if (error.effect === "unknown") return step.replay === "marked" ? "find" : "resend";
  if (error.code === "conflict" && step.replay === "natural") return "verify";
  // What is in the way may be what the unanswered send has made: an attachment says that its volume is in use.
  if (error.code === "dependency" && step.replay === "natural" && uncertain) return "find";
  const mends =
    passing.has(error.code) || (error.code === "not_found" && fresh) || (error.code === "conflict" && step.replay === "idempotent");
  if (!mends) return uncertain ? "find" : "fail";
  return uncertain ? "resend" : "again";
}

const base = 200;
const longest = 20_000;

/** Full jitter: anything from nothing to an exponential bound; never less than the cloud asked for. Milliseconds. */
export function backOff(failures: number, clock: Pick<Clock, "random">, retryAfter?: number): number {
  const bound = Math.min(longest, base * 2 ** Math.min(failures, 20));
  const wait = Math.ceil(clock.random() * bound);
  return retryAfter === undefined ? Math.max(1, wait) : retryAfter + Math.ceil(clock.random() * base);
}

/** Keeps an outage from becoming a storm: repeats after outages are paid from a common purse that answers fill. */
export interface RetryBudget {
  /** False when the purse is empty: give up instead of repeating. */
  spend(): boolean;
  /** After each answer that was not an outage. */
  earn(): void;
}

/** Starts full. Ten answers pay for one repeat. */
export function createRetryBudget(capacity = 500): RetryBudget {
  let purse = capacity;
  return {
    spend: () => {
      if (purse < 1) return false;
      purse -= 1;
      return true;
    },
    earn: () => {
      purse = Math.min(capacity, purse + 0.1);
    },
  };
}
