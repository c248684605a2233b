// One realm of a world as a request sees it: rows, the clock, and what is to happen later; and the clock's hands. The only way to rows for rules.

import { createHash } from "node:crypto";
import type { AnyRow, KindOf, NewRow, RowByKind, TimerOf, TimerRowOf } from "./rows.ts";
import type { Store } from "./store.ts";

export interface WorldOf<R extends AnyRow, Settings> {
  readonly realm: string;
  readonly now: number;
  readonly settings: Settings;
  readonly seed: number;
  /** Set by a fault: what this request creates ends in its failed state. */
  readonly failing?: { readonly reason: string };
  /** Set by a fault: milliseconds for which what this request ends holds on to what it held. */
  readonly lingers?: number;
  get<K extends KindOf<R>>(kind: K, id: string): RowByKind<R, K> | undefined;
  all<K extends KindOf<R>>(kind: K): Iterable<RowByKind<R, K>>;
  count(kind: KindOf<R>): number;
  by<K extends KindOf<R>>(kind: K, index: string, key: string): readonly RowByKind<R, K>[];
  countBy(kind: KindOf<R>, index: string, key: string): number;
  /** Makes a row. */
  add<K extends KindOf<R>>(kind: K, row: NewRow<R, K>): RowByKind<R, K>;
  /** Replaces a row by a changed copy; answers the copy. */
  change<K extends KindOf<R>>(row: RowByKind<R, K>, change: Partial<RowByKind<R, K>>): RowByKind<R, K>;
  remove(row: R): void;
  /** A hex digest of 64 digits, from the seed, the purpose and the count so far. */
  drawHex(purpose: string): string;
  /** A number below `below`, from the seed and the count so far. */
  draw(below: number): number;
  at(time: number, action: TimerOf<R>["action"], target: string, detail?: Readonly<Record<string, unknown>>): void;
}

/** What a fault plan asks of the world for one request. */
export type RequestFaults = Pick<WorldOf<AnyRow, unknown>, "failing" | "lingers">;

export interface WorldView<R extends AnyRow, Settings> {
  readonly store: Store<R>;
  readonly settings: Settings;
}

/** The world of one realm at one moment. Rows made within it carry that moment. */
export function viewRealm<R extends AnyRow, Settings>(
  view: WorldView<R, Settings>,
  realm: string,
  now: number,
  faults: RequestFaults = {},
): WorldOf<R, Settings> {
  const { store, settings } = view;
  const { memory } = store;
  const add = <K extends KindOf<R>>(kind: K, row: object): RowByKind<R, K> => {
    const made = { ...row, kind, realm, n: store.nextNumber(), createdAt: now } as unknown as RowByKind<R, K>;
    memory.put(made);
    return made;
  };
  return {
    realm,
    now,
    settings,
    seed: store.seed,
    ...(faults.failing === undefined ? {} : { failing: faults.failing }),
    ...(faults.lingers === undefined ? {} : { lingers: faults.lingers }),
    get: (kind, id) => memory.get(realm, kind, id),
    all: (kind) => memory.all(realm, kind),
    count: (kind) => memory.count(realm, kind),
    by: (kind, index, key) => memory.by(realm, kind, index, key),
    countBy: (kind, index, key) => memory.countBy(realm, kind, index, key),
    add,
    change: <K extends KindOf<R>>(row: RowByKind<R, K>, change: Partial<RowByKind<R, K>>) => {
      const changed: RowByKind<R, K> = { ...row, ...change };
      memory.put(changed);
      return changed;
    },
    remove: (row) => memory.remove(row.realm, row.kind, row.id),
    drawHex: (purpose) => createHash("sha256").update(`${store.seed}/${purpose}/${store.nextNumber()}`).digest("hex"),
    draw: (below) => createHash("sha256").update(`${store.seed}/draw/${store.nextNumber()}`).digest().readUInt32BE(0) % below,
    at: (time, action, target, detail) => {
      add("timer", { id: `timer-${store.nextNumber()}`, at: time, action, target, ...(detail === undefined ? {} : { detail }) });
    },
  };
}

/** What happens when a timer is due; the target may be gone by then. */
export type TimerHandlers<World, Timer extends TimerRowOf<string>> = Readonly<
  Record<Timer["action"], (world: World, timer: Timer) => void>
>;

/**
 * Plays everything that is due, in order of time and each at its own moment. A `late-request` has a transaction of its own: when it is refused it
 * takes back its own changes only. Writes only when something is due.
 */
export function advanceRealms<R extends AnyRow, World>(
  store: Store<R>,
  viewAt: (realm: string, now: number) => World,
  handlers: TimerHandlers<World, TimerOf<R>>,
  now: number,
): void {
  const firstDue = (): TimerOf<R> | undefined => {
    const timer = store.memory.firstTimer();
    return timer !== undefined && timer.at <= now ? timer : undefined;
  };
  const play = (timer: TimerOf<R>): void => handlers[timer.action as TimerOf<R>["action"]](viewAt(timer.realm, timer.at), timer);
  while (firstDue() !== undefined) {
    const late = store.write(() => {
      for (let timer = firstDue(); timer !== undefined; timer = firstDue()) {
        store.memory.remove(timer.realm, timer.kind, timer.id);
        if (timer.action === "late-request") return timer;
        play(timer);
      }
      return undefined;
    });
    if (late !== undefined) play(late);
  }
}
