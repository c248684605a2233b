// Keeps the lease alive and answers, right before each request, whether its deadline still lies inside it. A process that was
// stopped for longer than its lease must notice before it sends, not after.

import { type Lease, LeaseLost } from "../state/store.ts";
import type { Clock } from "./clock.ts";
import type { LeaseThread } from "./lease-thread.ts";
import { createValidity, holdsFor, type Moment } from "./lease-validity.ts";

export interface LeaseGuard {
  /** Undefined when a request may be sent now; else a promise of that moment. Throws or rejects with `LeaseLost`. */
  ready(): Promise<void> | undefined;
  /** Ends the heartbeat. */
  stop(): void;
}

export interface LeaseGuardOptions {
  readonly lease: Lease;
  /** What the lease was taken for, in milliseconds, and when: before it was asked for. */
  readonly leaseMilliseconds: number;
  readonly asked: Moment;
  /** Longest time that one request may be on the wire. */
  readonly requestDeadline: number;
  readonly clock: Clock;
  /** Called once, with what every later `ready` throws. */
  readonly onLost: (error: LeaseLost) => void;
}

/**
 * Milliseconds after which the heartbeat gets a thread of its own. Starting one costs the processor some 50 ms, which a run that is over by
 * then need not pay. What may keep our own thread busy for longer than a lease is planning a large stack, and observing one takes longer than this.
 */
const threadDelay = 1_000;

export function readMoment(clock: Clock): Moment {
  return { monotonic: clock.monotonic(), wall: clock.now() };
}

/** Starts the heartbeat: in this thread, and, where the store can be reached from another, soon in one of its own. */
export function guardLease(options: LeaseGuardOptions): LeaseGuard {
  const { lease, leaseMilliseconds, requestDeadline, clock } = options;
  const stopped = new AbortController();
  const validity = createValidity();
  validity.extend(options.asked, leaseMilliseconds);
  let lost: LeaseLost | undefined;
  let renewing: Promise<void> | undefined;
  let thread: LeaseThread | undefined;

  const lose = (error: unknown): LeaseLost => {
    const first = lost === undefined;
    lost ??=
      error instanceof LeaseLost
        ? error
        : new LeaseLost(`the lease could not be renewed: ${error instanceof Error ? error.message : String(error)}`);
    validity.lose();
    if (first) options.onLost(lost);
    return lost;
  };

  /** False: the store was away, and the lease still runs. */
  const renewOnce = async (): Promise<boolean> => {
    const asked = readMoment(clock);
    try {
      await lease.renew();
      validity.extend(asked, leaseMilliseconds);
      return true;
    } catch (error) {
      if (error instanceof LeaseLost || !holdsFor(validity, readMoment(clock), 0)) throw lose(error);
      return false;
    }
  };

  const beat = async (): Promise<void> => {
    try {
      for (let renewed = true; !lost; ) {
        await clock.sleep(leaseMilliseconds / (renewed ? 3 : 12), stopped.signal);
        renewed = thread?.isRunning() === true || (await renewOnce());
      }
    } catch {
      // Stopped, or lost; `ready` tells the latter.
    }
  };

  const startThread = async (): Promise<void> => {
    const { renewal } = lease;
    if (!renewal) return;
    try {
      await clock.sleep(Math.min(threadDelay, leaseMilliseconds / 12), stopped.signal);
      const { startLeaseThread } = await import("./lease-thread.ts");
      if (stopped.signal.aborted) return;
      thread = startLeaseThread({
        renewal,
        buffer: validity.buffer,
        monotonic: clock.monotonic,
        onLost: (message) => lose(new LeaseLost(message)),
        // This thread's own heartbeat goes on by itself.
        onBroken: () => {
          thread = undefined;
        },
      });
    } catch {
      // Stopped meanwhile, or the system gives no thread: this one's own heartbeat goes on.
    }
  };

  void beat();
  void startThread();

  const fits = (): boolean => holdsFor(validity, readMoment(clock), requestDeadline);

  return {
    ready: () => {
      if (lost) throw lost;
      if (validity.isLost()) throw lose(new LeaseLost("the lease could not be kept; another run may have taken over the state"));
      if (fits()) return undefined;
      renewing ??= renewOnce()
        .then(() => {
          if (lost) throw lost;
          if (!fits()) throw lose(new LeaseLost("the lease is too short for a request, or its renewal took too long"));
        })
        .finally(() => {
          renewing = undefined;
        });
      return renewing;
    },
    stop: () => {
      stopped.abort(new Error("the run has ended"));
      thread?.end();
    },
  };
}
