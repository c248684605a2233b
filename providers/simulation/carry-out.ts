// Carries out one request and logs it, both in one transaction: either the effect and its record are durable, or neither is.

import type { Play, RequestFacts } from "./play.ts";
import type { AnyRow } from "./rows.ts";
import type { RequestRecord, Store } from "./store.ts";

export interface Work<Output, Answer> {
  readonly facts: RequestFacts;
  readonly now: number;
  readonly play: Play;
  /** Acts on the world. Throws the vendor's refusal. */
  run(): Output;
  /** The answer to a success. */
  succeed(output: Output, requestId: string): Answer;
  /** How a refusal is logged; undefined for a throw that is not one. */
  readRefusal(error: unknown): { readonly code: string; readonly status: number } | undefined;
  /** The answer to a refusal. */
  refuse(error: unknown, requestId: string): Answer;
  /** The same request once more, as a proxy delivers it. */
  again(): Answer;
}

/** Throws only what is not a refusal of the vendor's. */
export function carryOut<R extends AnyRow, Output, Answer>(store: Store<R>, work: Work<Output, Answer>): Answer {
  const { facts, now, play } = work;
  const record = (outcome: string, status: number): RequestRecord => ({
    ...facts,
    at: now,
    outcome,
    status,
    ...(play.fault === undefined ? {} : { fault: play.fault }),
  });
  const logSuccess = (): string => store.log(record(play.unheard === true ? "cut" : "ok", 200));
  try {
    if (!facts.mutating) {
      store.refresh();
      const output = work.run();
      return work.succeed(output, logSuccess());
    }
    const { output, requestId } = store.write(() => ({ output: work.run(), requestId: logSuccess() }));
    const first = work.succeed(output, requestId);
    if (play.twice === undefined) return first;
    const second = work.again();
    return play.twice === "second" ? second : first;
  } catch (error) {
    const refusal = work.readRefusal(error);
    if (refusal === undefined) throw error;
    return work.refuse(error, store.log(record(refusal.code, refusal.status)));
  }
}
