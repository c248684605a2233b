// Time and chance as the engine sees them. Injected, so that laws run on a virtual clock; nothing else in apply reads the system's.

import { randomFillSync } from "node:crypto";

export interface Clock {
  /** Milliseconds since the epoch, for what is written down. */
  now(): number;
  /** Milliseconds that only rise, for deadlines and leases. */
  monotonic(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** In [0, 1), for jitter. */
  random(): number;
  /** 128 random bits as hex, for object ids, operation ids and tokens. */
  newId(): string;
}

/** The clock of this machine. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (milliseconds, signal) => sleepOnTimer(milliseconds, signal),
    random: () => Math.random(),
    newId: createIdSource(),
  };
}

/** Ids from a pool: asking the system for 16 bytes at a time is what costs. */
function createIdSource(): () => string {
  const size = 16;
  const pool = Buffer.alloc(256 * size);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    at += size;
    return pool.toString("hex", at - size, at);
  };
}

function sleepOnTimer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
