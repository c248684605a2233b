// A process that can be killed at any await: once it is, nothing of what it began goes on. The world does: requests on the wire still land.

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

export interface MemoryProcess {
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
}

export interface ProcessOptions {
  readonly time: WorldTime;
  /** Dies at this place, counted from 1. Absent: never. */
  readonly killAt?: number;
  /** Milliseconds by which its wall clock is wrong. */
  readonly skew?: number;
}

/** Never resolves: what waited for it is gone with its process. */
function forever<Result>(): Promise<Result> {
  return new Promise<Result>(() => {});
}

export function startProcess(options: ProcessOptions): MemoryProcess {
  const { time, killAt } = options;
  const skew = options.skew ?? 0;
  const began = time.now();
  let alive = true;
  let count = 0;
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
  /** False: the process is dead, now or since before. */
  const pass = (place: string): boolean => {
    if (!alive) return false;
    count += 1;
    if (count === killAt) kill(place);
    return alive;
  };

  const guard = async <Result>(place: string, work: () => Promise<Result>): Promise<Result> => {
    if (!pass(`${place} (before)`)) return forever();
    try {
      const result = await work();
      return pass(`${place} (after)`) ? result : forever();
    } catch (error) {
      if (!pass(`${place} (after)`)) return forever();
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
      const stop = (): void => {
        takeBack();
        if (alive) reject(signal?.reason);
      };
      const takeBack = time.after(milliseconds, () => {
        signal?.removeEventListener("abort", stop);
        if (alive) resolve();
      });
      signal?.addEventListener("abort", stop, { once: true });
    });
  };

  return {
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
