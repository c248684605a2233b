// Repeats reading calls that a cloud could not answer just now. Reads change nothing, so they may always be repeated.

import type { Clock } from "../apply/clock.ts";
import { backOff } from "../apply/retry.ts";
import { type ErrorCode, ProviderError } from "../provider/errors.ts";

const passing: ReadonlySet<ErrorCode> = new Set(["throttled", "unavailable", "timeout", "not_ready"]);
const attempts = 8;

/** Repeats with full jitter while the answer is one that passes; the last error is thrown as it is. */
export function retryReads(
  clock: Pick<Clock, "sleep" | "random">,
  signal: AbortSignal,
): <Answer>(read: () => Promise<Answer>) => Promise<Answer> {
  return async (read) => {
    for (let failures = 0; ; failures++) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof ProviderError) || !passing.has(error.details.code) || failures + 1 >= attempts || signal.aborted)
          throw error;
        await clock.sleep(backOff(failures, clock, error.details.retryAfter), signal);
      }
    }
  };
}
