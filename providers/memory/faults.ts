// What can go wrong between a client and the in-process cloud, and how often. Chosen by the world's own chance, so a seed tells all.

export type Fault =
  /** Refused by a rate limit; nothing happened. */
  | "throttle"
  /** A 5xx before any effect; the caller cannot know that. */
  | "error"
  /** A 5xx after the effect. */
  | "error-after"
  /** The connection is cut after the effect; the caller never learns. */
  | "cut"
  /** Cut, and the effect lands seconds to minutes later. */
  | "late"
  /** A proxy delivers the request twice at once; the answer is that of the second. */
  | "duplicate"
  /** A proxy delivers the request a second time, seconds to minutes after it was answered. */
  | "echo"
  /** The create is answered, and ends as failed. */
  | "fail"
  /** A delete is accepted and never carried out. */
  | "undone"
  /** A delete is carried out, and what it referred to is held up for a while longer. */
  | "linger"
  /** No permission for this one request. */
  | "denied"
  /** A list, or a read of many, ends before its end. */
  | "partial"
  /** A page of a list is empty and more follow. */
  | "empty";

/** Counted beside the drawn ones: a request that came while permission was lost. */
export type CountedFault = Fault | "lockout";

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
  /** Most milliseconds after which a late effect, or an echo, lands. */
  readonly late: number;
  /** Permission is lost this long after the weather began, and given back later. */
  readonly lockout?: { readonly after: number; readonly lasts: number; readonly what: "read" | "change" | "all" } | null | undefined;
}

export const calm: Weather = { rates: {}, limit: 0, latency: [0, 0], lag: { id: 0, tag: 0, list: 0 }, late: 0 };

export type RequestKind = "create" | "change" | "delete" | "read" | "list";

const changes: readonly Fault[] = ["throttle", "error", "error-after", "cut", "late", "duplicate", "echo", "denied"];
const faultsOf: Readonly<Record<RequestKind, readonly Fault[]>> = {
  create: [...changes, "fail"],
  change: changes,
  delete: [...changes, "undone", "linger"],
  read: ["throttle", "error", "partial", "denied"],
  list: ["throttle", "error", "partial", "denied", "empty"],
};

/** Draws at most one fault for a request. */
export function createFaults(
  weather: Weather,
  random: () => number,
): { draw(request: RequestKind): Fault | undefined; readonly drawn: Map<CountedFault, number> } {
  const drawn = new Map<CountedFault, number>();
  let left = weather.limit;
  return {
    drawn,
    draw: (request) => {
      if (left <= 0) return undefined;
      let chance = random();
      for (const fault of faultsOf[request]) {
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
