// Until when a lease holds, in memory that two threads share: the one that renews writes it, the one that sends reads it right before each
// request, without a message that a busy thread would not hear. Knows neither stores nor clouds.

/** One moment by both clocks of this machine. */
export interface Moment {
  /** Milliseconds that only rise, since the process began; stands still while the machine sleeps. */
  readonly monotonic: number;
  /** Milliseconds since the epoch; a clock that is set may jump. */
  readonly wall: number;
}

export interface LeaseValidity {
  readonly buffer: SharedArrayBuffer;
  /** The lease holds until the earlier of the two. */
  until(): Moment;
  /** `asked`: before the renewal was asked for; the store may have extended the lease at any time since. */
  extend(asked: Moment, leaseMilliseconds: number): void;
  isLost(): boolean;
  lose(): void;
}

/** Of the same buffer in another thread, or of a new one. */
export function createValidity(buffer: SharedArrayBuffer = new SharedArrayBuffer(3 * BigInt64Array.BYTES_PER_ELEMENT)): LeaseValidity {
  const cells = new BigInt64Array(buffer);
  const read = (cell: number): number => Number(Atomics.load(cells, cell));
  const write = (cell: number, value: number): void => void Atomics.store(cells, cell, BigInt(Math.floor(value)));
  return {
    buffer,
    until: () => ({ monotonic: read(0), wall: read(1) }),
    // Two threads may renew at once: each value is justified by a renewal of its own, whichever stands in the end.
    extend: (asked, leaseMilliseconds) => {
      write(0, asked.monotonic + leaseMilliseconds);
      write(1, asked.wall + leaseMilliseconds);
    },
    isLost: () => read(2) !== 0,
    lose: () => write(2, 1),
  };
}

/** Whether the lease holds for this many milliseconds from now. */
export function holdsFor(validity: LeaseValidity, now: Moment, milliseconds: number): boolean {
  const until = validity.until();
  // Both clocks must say so: the monotonic one does not see that the machine slept, the other may have been set back.
  return now.monotonic + milliseconds <= until.monotonic && now.wall + milliseconds <= until.wall;
}
