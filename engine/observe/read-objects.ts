// One sweep, or reads by id in batches. Turns refusals into "not known" with the reason; sends reading requests only.

import { ProviderError } from "../provider/errors.ts";
import type { Call, Handler, ObjectId, Observed } from "../provider/provider.ts";
import { idKey } from "./world.ts";

export interface Reader {
  readonly handler: Handler;
  readonly call: Call<unknown>;
  readonly calls: { sweeps: number; byId: number; each: number };
  readonly attempt: <Answer>(read: () => Promise<Answer>) => Promise<Answer>;
}

export interface ReadOutcome {
  readonly found: readonly Observed[];
  readonly absent: readonly ObjectId[];
  /** Why an id was not answered, by `idKey`. */
  readonly reasons: ReadonlyMap<string, string>;
  /** The call itself was refused: nothing is known of what it would have shown. */
  readonly failed?: string;
}

/** Ids asked for in one call of a handler, which may spread them over several requests. */
const batch = 1000;

export async function sweepType(reader: Reader, lineage: string): Promise<ReadOutcome> {
  reader.calls.sweeps++;
  try {
    const found = await reader.attempt(() => reader.handler.find(reader.call, { kind: "lineage", lineage }));
    return { found, absent: [], reasons: new Map() };
  } catch (error) {
    return { found: [], absent: [], reasons: new Map(), failed: reasonOf(error) };
  }
}

/** Every id is in `found`, `absent` or `reasons`, unless the call failed or the handler left it out, which counts as not told. */
export async function readById(reader: Reader, ids: readonly ObjectId[], depth: "list" | "each"): Promise<ReadOutcome> {
  const found: Observed[] = [];
  const absent: ObjectId[] = [];
  const reasons = new Map<string, string>();
  for (let start = 0; start < ids.length; start += batch) {
    const part = ids.slice(start, start + batch);
    if (depth === "each") reader.calls.each++;
    else reader.calls.byId++;
    try {
      const answer = await reader.attempt(() => reader.handler.observe(reader.call, part, depth));
      found.push(...answer.found);
      absent.push(...answer.absent);
      for (const { id, reason } of answer.unknown) reasons.set(idKey(id), reason);
    } catch (error) {
      const reason = reasonOf(error);
      for (const id of part) reasons.set(idKey(id), reason);
    }
  }
  return { found, absent, reasons };
}

/** Only what a cloud said is a reason; anything else is our defect, or the end of the run. */
function reasonOf(error: unknown): string {
  if (error instanceof ProviderError) return error.message;
  throw error;
}
