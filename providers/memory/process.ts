// A process that can be killed or stopped at any await: once it is killed, nothing of what it began goes on; while it is stopped,
// nothing of it moves. The world does: requests on the wire still land, leases run out.

import type { Clock } from "../../engine/apply/clock.ts";
import type { WorldTime } from "./virtual-time.ts";

/** Thrown to whoever waits for a process that was killed. */
export class Killed extends Error {
  /** Where it was: `write`, `sleep`, `memory:CreateNetwork`. */
  readonly place: string;

  constructor(place: string) {
    super(`killed at ${place}`);
    this.name = "Killed";
    this.place = place;
  }
}

/**
 * Places where it can be killed or stopped are those where it touches what outlives it: before and after each request, each call of the
 * store, each sleep. Code between two of them changes nothing but its own memory, so dying inside it is dying at the place before.
 */
export interface MemoryProcess {
  /** Tells the processes of one world apart. */
  readonly number: number;
  /** Clock of the code that runs in it. Its own offset from the world's time stands for a skewed machine. */
  readonly clock: Clock;
  /** Does work whose effect lies outside, between two places where the process may die: before it, and before its answer is seen. */
  guard<Result>(place: string, work: () => Promise<Result>): Promise<Result>;
  /** Runs the code of the process; rejects with `Killed` once it is killed. */
  run<Result>(main: () => Promise<Result>): Promise<Result>;
  /** Places passed so far: each is one where it could have been killed. */
  passed(): number;
  isAlive(): boolean;
  kill(place: string): void;
  /** Where it was stopped; absent: nowhere. */
  stoppedAt(): string | undefined;
}

export interface ProcessOptions {
  readonly time: WorldTime;
  readonly number?: number;
  /** Dies at this place, counted from 1. Absent: never. */
  readonly killAt?: number;
  /** Stopped at this place by the system, and continued after so many milliseconds; its monotonic clock goes on meanwhile. */
  readonly stop?: { readonly at: number; readonly lasts: number };
  /** Milliseconds by which its wall clock is wrong. */
  readonly skew?: number;
}

/** Never resolves: what waited for it is gone with its process. */
function forever<Result>(): Promise<Result> {
  return new Promise<Result>(() => {});
}

export function startProcess(options: ProcessOptions): MemoryProcess {
  const { time, killAt, stop } = options;
  const skew = options.skew ?? 0;
  const began = time.now();
  let alive = true;
  let count = 0;
  let stoppedAt: string | undefined;
  /** Set while it is stopped. */
  let rest: Promise<void> | undefined;
  let end: (error: Killed) => void = () => {};
  const death = new Promise<never>((_, reject) => {
    end = reject;
  });
  death.catch(() => {});

  const kill = (place: string): void => {
    if (!alive) return;
    alive = false;
    end(new Killed(place));
  };
  /** Counts the place. False: the process is dead, now or since before. */
  const pass = (place: string): boolean => {
    if (!alive) return false;
    count += 1;
    if (count === killAt) kill(place);
    if (stop && count === stop.at) {
      stoppedAt = place;
      rest = new Promise((resolve) => {
        time.after(stop.lasts, () => {
          rest = undefined;
          resolve();
        });
      });
    }
    return alive;
  };
  /** The same, and waits while the process is stopped: what was to come next comes then. */
  const cross = async (place: string): Promise<boolean> => {
    if (!pass(place)) return false;
    while (rest) await rest;
    return alive;
  };

  const guard = async <Result>(place: string, work: () => Promise<Result>): Promise<Result> => {
    if (!(await cross(`${place} (before)`))) return forever();
    try {
      const result = await work();
      return (await cross(`${place} (after)`)) ? result : forever();
    } catch (error) {
      if (!(await cross(`${place} (after)`))) return forever();
      throw error;
    }
  };

  const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    if (!alive) return forever();
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const leave = (): void => {
        takeBack();
        if (alive) reject(signal?.reason);
      };
      const wake = async (): Promise<void> => {
        if (!(await cross("sleep"))) return;
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const takeBack = time.after(milliseconds, () => void wake());
      signal?.addEventListener("abort", leave, { once: true });
    });
  };

  return {
    number: options.number ?? 0,
    clock: {
      now: () => time.now() + skew,
      monotonic: () => time.now() - began,
      sleep,
      random: time.random,
      newId: () => makeId(time.random),
    },
    guard,
    run: (main) => Promise.race([main(), death]),
    passed: () => count,
    isAlive: () => alive,
    kill,
    stoppedAt: () => stoppedAt,
  };
}

/** 128 bits as hex. */
export function makeId(random: () => number): string {
  let text = "";
  for (let part = 0; part < 4; part++) {
    text += Math.floor(random() * 4_294_967_296)
      .toString(16)
      .padStart(8, "0");
  }
  return text;
}
