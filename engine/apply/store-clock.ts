// The clock of the state's store as this machine knows it. What is written down for others, times of requests above all, is told by it, because
// whoever settles them may run on a machine whose clock differs from ours.

import type { Clock } from "./clock.ts";
import type { Moment } from "./lease-validity.ts";

/**
 * A clock whose `now` is the store's, never behind it: `takenAt` by the store's clock was some time after `asked`, and of our two clocks the one
 * that has come further since counts (the monotonic one stands still while the machine sleeps, the other may be set back). It is ahead by
 * what asking took, or by as much as our own clock was set forward; a time of a request that is too late only makes settle wait longer.
 */
export function followStoreClock(clock: Clock, takenAt: number, asked: Moment): Clock {
  return { ...clock, now: () => Math.ceil(takenAt + Math.max(clock.monotonic() - asked.monotonic, clock.now() - asked.wall)) };
}
