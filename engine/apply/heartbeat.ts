// Keeps the lease alive and answers, right before each request, whether its deadline still lies inside it. Judged by the
// monotonic clock: a process that was stopped for longer than its lease must notice before it sends, not after.

import { type Lease, LeaseLost } from "../state/store.ts";
import type { Clock } from "./clock.ts";

export interface LeaseGuard {
  /** Undefined when a request may be sent now; else a promise of that moment. Throws or rejects with `LeaseLost`. */
  ready(): Promise<void> | undefined;
  /** Ends the heartbeat. */
  stop(): void;
}

export interface LeaseGuardOptions {
  readonly lease: Lease;
  /** What the lease was taken for, in milliseconds, and when, by the monotonic clock before it was asked for. */
  readonly leaseMilliseconds: number;
  readonly takenAt: number;
  /** Longest time that one request may be on the wire. */
  readonly requestDeadline: number;
  readonly clock: Clock;
  /** Called once, with what every later `ready` throws. */
  readonly onLost: (error: LeaseLost) => void;
}

/** Starts the heartbeat. */
export function guardLease(options: LeaseGuardOptions): LeaseGuard {
  const { lease, leaseMilliseconds, requestDeadline, clock } = options;
  const stopped = new AbortController();
  let validUntil = options.takenAt + leaseMilliseconds;
  let lost: LeaseLost | undefined;
  let renewing: Promise<void> | undefined;

  const lose = (error: unknown): LeaseLost => {
    const first = lost === undefined;
    lost ??=
      error instanceof LeaseLost
        ? error
        : new LeaseLost(`the lease could not be renewed: ${error instanceof Error ? error.message : String(error)}`);
    if (first) options.onLost(lost);
    return lost;
  };

  const renew = (): Promise<void> => {
    renewing ??= (async () => {
      // Counted from before the call: the store may have extended it at any time since.
      const asked = clock.monotonic();
      try {
        await lease.renew();
        validUntil = asked + leaseMilliseconds;
      } catch (error) {
        // A store that is away for a moment costs nothing while the lease still runs.
        if (error instanceof LeaseLost || clock.monotonic() >= validUntil) throw lose(error);
      } finally {
        renewing = undefined;
      }
    })();
    return renewing;
  };

  const beat = async (): Promise<void> => {
    try {
      while (!lost) {
        await clock.sleep(leaseMilliseconds / 3, stopped.signal);
        await renew();
      }
    } catch {
      // Stopped, or lost; `ready` tells the latter.
    }
  };
  void beat();

  const fits = (): boolean => clock.monotonic() + requestDeadline <= validUntil;

  return {
    ready: () => {
      if (lost) throw lost;
      if (fits()) return undefined;
      return renew().then(() => {
        if (lost) throw lost;
        if (!fits()) throw lose(new LeaseLost("the lease is too short for a request, or its renewal took too long"));
      });
    },
    stop: () => stopped.abort(new Error("the run has ended")),
  };
}
