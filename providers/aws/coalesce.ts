// Reads for polling, put together: three hundred machines that start at once are looked at by a few describe calls, not by three hundred.
// Holds nothing once a read has been answered.

import { ProviderError } from "../../engine/provider/errors.ts";
import { valuesPerFilter } from "./sweep.ts";

interface Batch {
  readonly values: Set<string>;
  /** Those who wait and have not gone away; the read is broken off when nobody is left. */
  waiting: number;
  readonly abort: AbortController;
  readonly rows: Promise<readonly unknown[]>;
  start(): void;
}

const batches = new WeakMap<object, Map<string, Batch>>();

/** Long enough for polls of one turn to meet, short enough not to be felt. */
const gather = 20;

/**
 * Reads the rows of one value together with whatever else is asked for under `name` within a few milliseconds. `read` gets all values and a
 * signal that aborts once every caller has. Rejects with `ProviderError` as the read does, or when `signal` aborts.
 */
export async function readTogether<Row>(
  owner: object,
  name: string,
  value: string,
  signal: AbortSignal,
  read: (values: readonly string[], signal: AbortSignal) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const open = batches.get(owner) ?? new Map<string, Batch>();
  batches.set(owner, open);
  const current = open.get(name);
  const batch = current === undefined || current.values.size >= valuesPerFilter ? openBatch(open, name, read) : current;
  batch.values.add(value);
  batch.waiting += 1;
  return new Promise<readonly Row[]>((resolve, reject) => {
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
    batch.rows.then(
      (rows) => {
        signal.removeEventListener("abort", leave);
        resolve(rows as readonly Row[]);
      },
      (error: unknown) => {
        signal.removeEventListener("abort", leave);
        reject(error);
      },
    );
  });
}

function openBatch<Row>(
  open: Map<string, Batch>,
  name: string,
  read: (values: readonly string[], signal: AbortSignal) => Promise<readonly Row[]>,
): Batch {
  const abort = new AbortController();
  const values = new Set<string>();
  const { promise, resolve, reject } = Promise.withResolvers<readonly unknown[]>();
  // A batch whose callers have all gone may still fail; nobody is left to hear it.
  promise.catch(() => undefined);
  const batch: Batch = {
    values,
    waiting: 0,
    abort,
    rows: promise,
    start: () => {
      if (open.get(name) === batch) open.delete(name);
      read([...values], abort.signal).then(resolve, reject);
    },
  };
  open.set(name, batch);
  setTimeout(() => batch.start(), gather);
  return batch;
}
