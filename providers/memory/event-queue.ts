// What is to happen, in order of time, on a clock that only jumps: shared by every virtual clock. Waits for nothing itself.

import { createHeap } from "../../engine/apply/heap.ts";

interface Event {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

export interface EventQueue {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs later. Gives a function that takes it back. */
  after(milliseconds: number, run: () => void): () => void;
  /** Lets the next event happen that is due by `limit`; false when there is none. */
  step(limit: number): boolean;
  /** Sets the clock to a later time at which nothing happens. */
  jump(to: number): void;
}

/** A date that no test may depend on. */
const epoch = Date.UTC(2030, 0, 1);

/** `order` tells which of two events of one moment is first: drawn, or counted. */
export function createEventQueue(order: () => number): EventQueue {
  const events = createHeap<Event>((left, right) => (left.at !== right.at ? left.at < right.at : left.order < right.order));
  let now = epoch;
  return {
    now: () => now,
    after: (milliseconds, run) => {
      const event: Event = { at: now + Math.max(0, milliseconds), order: order(), run };
      events.push(event);
      return () => {
        event.run = undefined;
      };
    },
    step: (limit) => {
      for (let next = events.peek(); next && next.at <= limit; next = events.peek()) {
        events.pop();
        const { run } = next;
        if (!run) continue;
        now = Math.max(now, next.at);
        run();
        return true;
      }
      return false;
    },
    jump: (to) => {
      now = Math.max(now, to);
    },
  };
}
