// Reads what the cloud gave an object that is complete, where the answer did not tell: addresses, ids of parts. Reads only.

import { isSameIncarnation } from "../observe/world.ts";
import { ProviderError } from "../provider/errors.ts";
import type { Handler, ObjectId, Observed } from "../provider/provider.ts";
import { backOff } from "./retry.ts";
import { type CloudConnection, type RunContext, readCall } from "./run-context.ts";

interface Subject {
  readonly handler: Handler;
  readonly connection: CloudConnection;
  readonly slot: { rest<Result>(work: () => Promise<Result>): Promise<Result> };
}

/** Milliseconds for which a list may not show what is there. */
const listLag = 120_000;

/** Undefined when there is nothing to read (no attributes, no id) or the cloud does not show it in time; the next plan reads it then. */
export async function readAttributes(run: RunContext, subject: Subject, id: ObjectId | undefined): Promise<Observed | undefined> {
  const { clock } = run;
  if (!id || Object.keys(subject.handler.schema.attributes).length === 0) return undefined;
  const until = clock.monotonic() + listLag;
  for (let looks = 0; ; looks++) {
    try {
      const seen = await subject.handler.observe(readCall(subject.connection, run.abort), [id], "list");
      const found = seen.found.find((each) => isSameIncarnation(id, each.id));
      if (found) return found;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      run.abort.throwIfAborted();
      if (error.details.code === "denied" || error.details.code === "invalid") return undefined;
    }
    const wait = backOff(looks, clock);
    if (clock.monotonic() + wait > until) return undefined;
    await subject.slot.rest(() => clock.sleep(wait, run.abort));
  }
}
