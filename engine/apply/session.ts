// One holder of the lock, from the moment it is taken until it is given back: the lease and its heartbeat, the rows, the journal as it
// was found, and the one way to write. Settling, planning and applying of one command happen inside one session.

import type { SecretKeeper } from "../state/secret-keeper.ts";
import {
  type Holder,
  type JournalEntry,
  LeaseLost,
  type RunRow,
  type StateChange,
  type StateMeta,
  type StateStore,
} from "../state/store.ts";
import type { Clock } from "./clock.ts";
import type { ApplyEvent } from "./events.ts";
import { guardLease, readMoment } from "./heartbeat.ts";
import { createRateLimiter } from "./rate-limit.ts";
import { createRetryBudget } from "./retry.ts";
import { indexRows, type RowIndex } from "./row-index.ts";
import type { RunContext } from "./run-context.ts";
import { followStoreClock } from "./store-clock.ts";

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
  /** What the history calls the serial that this run makes, with the run: `apply`. A write may name another. */
  readonly cause?: string;
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
  const asked = readMoment(clock);
  const lease = await store.acquire(options.holder, leaseMilliseconds);
  if ("heldBy" in lease) return { kind: "held", ...lease };

  const lost = new AbortController();
  const abort = options.abort ? AbortSignal.any([options.abort, lost.signal]) : lost.signal;
  const stop = options.stop ? AbortSignal.any([options.stop, abort]) : abort;
  const guard = guardLease({ lease, leaseMilliseconds, asked, requestDeadline, clock, onLost: (error) => lost.abort(error) });
  try {
    const [meta, objects, journal, earlierRuns] = await Promise.all([
      store.readMeta(),
      store.readObjects(),
      store.readJournal(),
      store.readRuns(10),
    ]);
    const inFlight = journal.map((entry) => boundSend(entry, lease.quietAt));
    const rows = indexRows(objects);
    let written = false;
    const run = clock.newId();
    const made = options.cause === undefined ? {} : { cause: options.cause, run };
    const write = async (change: StateChange): Promise<void> => {
      // Every later write of this session belongs to the same serial; the store keeps what it replaces under it.
      const first = !written;
      written = true;
      // In the order in which writes are made, not in that in which they become durable; a write that fails ends the run.
      rows.record(change);
      try {
        await lease.write(first ? { ...change, meta: { ...made, ...change.meta, serial: nextSerial(meta.serial, change) } } : change);
      } catch (error) {
        // The others of this run are told at once, and what is on the wire is cut: none of it could be written down any more.
        if (error instanceof LeaseLost) lost.abort(error);
        throw error;
      }
    };
    const session: Session = {
      run,
      lineage: meta.lineage,
      clock: followStoreClock(clock, lease.takenAt, asked),
      keeper: options.keeper,
      limiter: createRateLimiter(clock),
      budget: createRetryBudget(),
      guard,
      write,
      // What is told as it happens goes by the clock of this machine, as everything else that it shows.
      emit: (event) => options.onEvent?.({ ...event, at: clock.now() }),
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

/**
 * What may be on the wire of an entry that an earlier holder left, told as a time after which it was not sent.
 *
 * - An entry tells the latest moment itself. Its writer looked at the lease right before it sent: the request's whole deadline lay inside it.
 * - A lease that ran out, was given back, or whose process is dead allows no request after the lock was ours: `quietAt` is that moment, and what
 *   the entry allows beyond is not to be waited for. So a successor waits for the longest request of its predecessor by construction: the
 *   store does not give the lock before the lease has ended, and no request was sent that could be under way longer.
 * - A lease that was broken (`state unlock`) may still run. Its holder learns of it with its next write or renewal; until then it may send what
 *   it has written down. `quietAt` is the end of that lease, and settle waits for each entry until it can no longer be on the wire.
 * - Both times are by the store's clock, and so is the clock that settle waits by: a holder whose own clock is wrong does not matter.
 * - What nothing can bound: a process that is stopped between its look at the lease and the send, and continued later. What it sends then is a
 *   request that settle may have given up as `never`. It is fenced from writing; what it makes bears our marks, and is a stray that the next
 *   plan traces to this entry and deletes.
 */
function boundSend(entry: JournalEntry, quietAt: number): JournalEntry {
  return entry.latestSend > quietAt ? { ...entry, latestSend: quietAt } : entry;
}

/** One more than it was; more where what is taken over (`state push`) has come further. */
function nextSerial(found: number, change: StateChange): number {
  return Math.max(found + 1, change.meta?.serial ?? 0);
}
