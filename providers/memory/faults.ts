// What can go wrong between a client and the in-process cloud, and how often. Chosen by the world's own chance, so a seed tells all.

export type Fault =
  /** Refused by a rate limit; nothing happened. */
  | "throttle"
  /** A 5xx before any effect; the caller cannot know that. */
  | "error"
  /** The connection is cut after the effect; the caller never learns. */
  | "cut"
  /** Cut, and the effect lands seconds to minutes later. */
  | "late"
  /** A proxy delivers the request twice; the answer is that of the second. */
  | "duplicate"
  /** The create is answered, and ends as failed. */
  | "fail"
  /** No permission, for a while. */
  | "denied"
  /** A list ends before its end. */
  | "partial";

/** Chance of each per request, 0 to 1; absent: never. */
export type FaultRates = Readonly<Partial<Record<Fault, number>>>;

export interface Weather {
  readonly rates: FaultRates;
  /** At most so many faults of all kinds, so that every schedule ends. */
  readonly limit: number;
  /** Milliseconds that a request is under way: least and most. */
  readonly latency: readonly [number, number];
  /** Most milliseconds by which the index of ids, of tags, and the lists lag. */
  readonly lag: { readonly id: number; readonly tag: number; readonly list: number };
  /** Most milliseconds after which a late effect lands. Less than the engine waits for. */
  readonly late: number;
}

export const calm: Weather = { rates: {}, limit: 0, latency: [0, 0], lag: { id: 0, tag: 0, list: 0 }, late: 0 };

const forChanges: readonly Fault[] = ["throttle", "error", "cut", "late", "duplicate", "fail", "denied"];
const forReads: readonly Fault[] = ["throttle", "error", "partial", "denied"];

/** Draws at most one fault for a request. */
export function createFaults(
  weather: Weather,
  random: () => number,
): { draw(request: "change" | "read"): Fault | undefined; readonly drawn: Map<Fault, number> } {
  const drawn = new Map<Fault, number>();
  let left = weather.limit;
  return {
    drawn,
    draw: (request) => {
      if (left <= 0) return undefined;
      let chance = random();
      for (const fault of request === "change" ? forChanges : forReads) {
        const rate = weather.rates[fault] ?? 0;
        if (chance < rate) {
          left -= 1;
          drawn.set(fault, (drawn.get(fault) ?? 0) + 1);
          return fault;
        }
        chance -= rate;
      }
      return undefined;
    },
  };
}
