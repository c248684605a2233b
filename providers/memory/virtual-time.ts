// The one seeded scheduler of the in-process cloud: it owns time, chance and the order in which things complete. Nothing waits for
// real time; when all code has come to rest, the clock jumps to the next event.

import { createEventQueue } from "./event-queue.ts";

/** Time as the in-process cloud needs it. */
export interface WorldTime {
  /** Milliseconds since the epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Runs later, whoever asked for it may be gone by then. Gives a function that takes it back. */
  after(milliseconds: number, run: () => void): () => void;
}

export interface VirtualTime extends WorldTime {
  /** Lets events happen until `work` has settled. Throws when it can never settle: everything rests and no event is left. */
  play<Result>(work: Promise<Result>): Promise<Result>;
  /** Lets this much time pass with all that happens in it. */
  pass(milliseconds: number): Promise<void>;
}

export function createVirtualTime(seed: number): VirtualTime {
  const random = createRandom(seed);
  // What is due at one moment happens in an order that the seed chooses, not in the one it was asked for.
  const events = createEventQueue(random);
  return {
    now: events.now,
    random,
    after: events.after,
    play: async (work) => {
      let settled = false;
      const end = (): void => {
        settled = true;
      };
      work.then(end, end);
      for (;;) {
        // All promise reactions run before an immediate does, so after it everything rests.
        await new Promise(setImmediate);
        if (settled) return work;
        if (!events.step(Number.POSITIVE_INFINITY)) throw new Error("everything rests and nothing is left to happen");
      }
    },
    pass: async (milliseconds) => {
      const until = events.now() + milliseconds;
      do await new Promise(setImmediate);
      while (events.step(until));
      events.jump(until);
    },
  };
}

/** Real time, for the in-process cloud behind a command: nothing is delayed. */
export function createInstantTime(): WorldTime {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}

/** mulberry32: small, fast, good enough to choose faults with. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
