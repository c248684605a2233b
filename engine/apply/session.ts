// One holder of the lock, from the moment it is taken until it is given back: the lease and its heartbeat, the rows, the journal as it
// was found, and the one way to write. Settling, planning and applying of one command happen inside one session.

import type { SecretKeeper } from "../state/secret-keeper.ts";
import type { Holder, JournalEntry, RunRow, StateChange, StateMeta, StateStore } from "../state/store.ts";
import type { Clock } from "./clock.ts";
import type { ApplyEvent } from "./events.ts";
import { guardLease } from "./heartbeat.ts";
import { createRateLimiter } from "./rate-limit.ts";
import { createRetryBudget } from "./retry.ts";
import { indexRows, type RowIndex } from "./row-index.ts";
import type { RunContext } from "./run-context.ts";

export interface SessionOptions {
  readonly store: StateStore;
  readonly holder: Holder;
  readonly clock: Clock;
  readonly keeper: SecretKeeper;
  /** Aborted by the first Ctrl-C: start nothing new. */
  readonly stop?: AbortSignal;
  /** Aborted by the second: leave now; the journal covers what is in flight. */
  readonly abort?: AbortSignal;
  readonly onEvent?: (event: ApplyEvent) => void;
  /** 180,000 unless said otherwise. */
  readonly leaseMilliseconds?: number;
  /** Milliseconds that one request may take; well inside the lease. 60,000 unless said otherwise. */
  readonly requestDeadline?: number;
  /** Where lost requests are known to land sooner than the handlers say: embedded clouds. */
  readonly lateEffectLimit?: number;
}

export interface Session extends RunContext {
  readonly store: StateStore;
  readonly rows: RowIndex;
  /** As found when the lock was taken. `serial` is what a plan made before must name. */
  readonly meta: StateMeta;
  /** Open entries as found when the lock was taken, for settle. */
  readonly journal: readonly JournalEntry[];
  /** The runs before this one, newest first. */
  readonly earlierRuns: readonly RunRow[];
  /** The serial that the first write sets: one more than found. */
  readonly serial: number;
  /** Whether anything was written. */
  hasWritten(): boolean;
  /** Gives the lock back. Safe to call twice, and after the lease was lost. */
  close(): Promise<void>;
}

export type Opened =
  | { readonly kind: "open"; readonly session: Session }
  | { readonly kind: "held"; readonly heldBy: Holder; readonly until: number };

/** Takes the lock and reads the state under it, or says who holds it. */
export async function openSession(options: SessionOptions): Promise<Opened> {
  const { store, clock } = options;
  const leaseMilliseconds = options.leaseMilliseconds ?? 180_000;
  const requestDeadline = options.requestDeadline ?? Math.min(60_000, leaseMilliseconds / 3);
  const takenAt = clock.monotonic();
  const lease = await store.acquire(options.holder, leaseMilliseconds);
  if ("heldBy" in lease) return { kind: "held", ...lease };

  const lost = new AbortController();
  const abort = options.abort ? AbortSignal.any([options.abort, lost.signal]) : lost.signal;
  const stop = options.stop ? AbortSignal.any([options.stop, abort]) : abort;
  const guard = guardLease({ lease, leaseMilliseconds, takenAt, requestDeadline, clock, onLost: (error) => lost.abort(error) });
  try {
    const [meta, objects, journal, earlierRuns] = await Promise.all([
      store.readMeta(),
      store.readObjects(),
      store.readJournal(),
      store.readRuns(10),
    ]);
    // Whoever held the lock before sent its last request inside its lease, so before it was ours: nothing is on the wire that was sent later.
    const heldSince = clock.now();
    const inFlight = journal.map((entry) => (entry.latestSend > heldSince ? { ...entry, latestSend: heldSince } : entry));
    const rows = indexRows(objects);
    let written = false;
    const write = async (change: StateChange): Promise<void> => {
      // Every later write of this session belongs to the same serial; the store keeps what it replaces under it.
      const first = !written;
      written = true;
      // In the order in which writes are made, not in that in which they become durable; a write that fails ends the run.
      rows.record(change);
      await lease.write(first ? { ...change, meta: { ...change.meta, serial: meta.serial + 1 } } : change);
    };
    const session: Session = {
      run: clock.newId(),
      lineage: meta.lineage,
      clock,
      keeper: options.keeper,
      limiter: createRateLimiter(clock),
      budget: createRetryBudget(),
      guard,
      write,
      emit: options.onEvent ?? (() => {}),
      stop,
      abort,
      requestDeadline,
      lateEffectLimit: options.lateEffectLimit ?? Number.POSITIVE_INFINITY,
      store,
      rows,
      meta,
      journal: inFlight,
      earlierRuns,
      serial: meta.serial + 1,
      hasWritten: () => written,
      close: async () => {
        guard.stop();
        if (!lost.signal.aborted) await lease.release();
      },
    };
    return { kind: "open", session };
  } catch (error) {
    guard.stop();
    await lease.release();
    throw error;
  }
}
