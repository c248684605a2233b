// Reads for polling, put together: three hundred machines that start at once are looked at by a few list calls, not by three hundred.
// Holds nothing once a read has been answered.

import { ProviderError } from "../../engine/provider/errors.ts";

interface Batch {
  readonly values: Set<string>;
  /** Those who wait and have not gone away; the read is broken off when nobody is left. */
  waiting: number;
  readonly abort: AbortController;
  readonly answer: Promise<unknown>;
  start(): void;
}

const batches = new WeakMap<object, Map<string, Batch>>();

const gatherers = new WeakMap<object, (milliseconds: number) => Promise<void>>();

/** How the reads of this owner wait for others to join them; by the machine's timers unless said. */
export function gatherBy(owner: object, gather: (milliseconds: number) => Promise<void>): void {
  gatherers.set(owner, gather);
}

/** Long enough for polls of one turn to meet, short enough not to be felt. */
const gather = 20;

/** What is read together: everything under one `name` of one `owner` (the client), at most `most` values at once. */
export interface Gathering<Answer> {
  readonly owner: object;
  readonly name: string;
  readonly most: number;
  read(values: readonly string[], signal: AbortSignal): Promise<Answer>;
}

/**
 * Reads one value together with whatever else is asked for under the same name within a few milliseconds. `read` gets all values and a signal
 * that aborts once every caller has; every caller gets the whole answer. Rejects with `ProviderError` as the read does, or when `signal` aborts.
 */
export async function readTogether<Answer>(gathering: Gathering<Answer>, value: string, signal: AbortSignal): Promise<Answer> {
  const { owner, name, most } = gathering;
  const open = batches.get(owner) ?? new Map<string, Batch>();
  batches.set(owner, open);
  const current = open.get(name);
  const batch = current === undefined || current.values.size >= most ? openBatch(open, gathering) : current;
  batch.values.add(value);
  batch.waiting += 1;
  return new Promise<Answer>((resolve, reject) => {
    const leave = (): void => {
      batch.waiting -= 1;
      if (batch.waiting === 0) batch.abort.abort(signal.reason);
      reject(new ProviderError("the look was broken off", { code: "timeout", effect: "none" }));
    };
    if (signal.aborted) {
      leave();
      return;
    }
    signal.addEventListener("abort", leave, { once: true });
    batch.answer.then(
      (answer) => {
        signal.removeEventListener("abort", leave);
        resolve(answer as Answer);
      },
      (error: unknown) => {
        signal.removeEventListener("abort", leave);
        reject(error);
      },
    );
  });
}

function openBatch<Answer>(open: Map<string, Batch>, { owner, name, read }: Gathering<Answer>): Batch {
  const abort = new AbortController();
  const values = new Set<string>();
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  // A batch whose callers have all gone may still fail; nobody is left to hear it.
  promise.catch(() => undefined);
  const batch: Batch = {
    values,
    waiting: 0,
    abort,
    answer: promise,
    start: () => {
      if (open.get(name) === batch) open.delete(name);
      read([...values], abort.signal).then(resolve, reject);
    },
  };
  open.set(name, batch);
  const wait = gatherers.get(owner);
  if (wait) void wait(gather).then(() => batch.start());
  else setTimeout(() => batch.start(), gather);
  return batch;
}
