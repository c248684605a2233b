// A store whose failures are told in its own words: which state, what is wrong, what to do. What is no failure of the store passes as it is.

import type { Lease, StateStore } from "./store.ts";

/** `explain` gives the error to throw instead; undefined keeps the one that was thrown. */
export function explainFailures(store: StateStore, explain: (error: unknown) => Error | undefined): StateStore {
  const guard =
    <Input extends readonly unknown[], Result>(run: (...input: Input) => Promise<Result>) =>
    async (...input: Input): Promise<Result> => {
      try {
        return await run(...input);
      } catch (error) {
        throw explain(error) ?? error;
      }
    };
  const guardLease = (lease: Lease): Lease => ({
    ...lease,
    renew: guard(lease.renew),
    write: guard(lease.write),
    release: guard(lease.release),
  });
  return {
    location: store.location,
    readMeta: guard(store.readMeta),
    readObjects: guard(store.readObjects),
    readJournal: guard(store.readJournal),
    readEnded: guard(store.readEnded),
    readOutputs: guard(store.readOutputs),
    readRun: guard(store.readRun),
    readRuns: guard(store.readRuns),
    readSerials: guard(store.readSerials),
    readMade: guard(store.readMade),
    readHistory: guard(store.readHistory),
    readChanges: guard(store.readChanges),
    acquire: guard(async (holder, leaseMilliseconds) => {
      const taken = await store.acquire(holder, leaseMilliseconds);
      return "fence" in taken ? guardLease(taken) : taken;
    }),
    breakLock: guard(store.breakLock),
    close: store.close,
  };
}
