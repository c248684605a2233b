// One account and region of the world as a request sees it: rows, ids, the clock, and what is to happen later. The only way to rows for rules.

import { createHash } from "node:crypto";
import { type Delays, type Passage, passageTime } from "./clock.ts";
import type { Kind, NewRow, Row, RowByKind, TimerAction, TimerRow } from "./rows.ts";
import type { Store } from "./store.ts";

/** How long the cloud's indexes trail behind its truth, in milliseconds; 0 by default. */
export interface Lag {
  /** An id that was just made is `NotFound`. */
  readonly ids: number;
  /** Filters see the tags of before. */
  readonly tags: number;
  /** Lists leave out what was just made. */
  readonly lists: number;
  /** While behind, a look may see the truth all the same: replicas differ. */
  readonly seesTruth: () => boolean;
}

export interface Quotas {
  readonly vpcs: number;
  readonly addresses: number;
  readonly instances: number;
  readonly vcpus: number;
  readonly natGatewaysPerZone: number;
  readonly rulesPerGroup: number;
  readonly groupsPerInterface: number;
}

export interface Settings {
  readonly delays: Delays;
  readonly lag: Lag;
  readonly quotas: Quotas;
  /** Milliseconds that a client token is remembered. */
  readonly tokenWindow: number;
}

export interface World {
  readonly account: string;
  readonly region: string;
  readonly realm: string;
  readonly now: number;
  readonly settings: Settings;
  readonly seed: number;
  /** Set by a fault: what this request creates ends in its failed state. */
  readonly failing?: { readonly reason: string };
  get<K extends Kind>(kind: K, id: string): RowByKind<K> | undefined;
  all<K extends Kind>(kind: K): Iterable<RowByKind<K>>;
  count(kind: Kind): number;
  by<K extends Kind>(kind: K, index: string, key: string): readonly RowByKind<K>[];
  countBy(kind: Kind, index: string, key: string): number;
  /** Makes a row. */
  add<K extends Kind>(kind: K, row: NewRow<K>): RowByKind<K>;
  /** Replaces a row by a changed copy; answers the copy. */
  change<K extends Kind>(row: RowByKind<K>, change: Partial<RowByKind<K>>): RowByKind<K>;
  remove(row: Row): void;
  /** `vpc-0` and 16 hex digits, from the seed and the count of ids made so far. */
  newId(prefix: string): string;
  /** A number below `below`, from the seed and the count so far. */
  draw(below: number): number;
  /** Has something happen once the passage is over. */
  after(passage: Passage, action: TimerAction, target: string, detail?: Readonly<Record<string, unknown>>): void;
  at(time: number, action: TimerAction, target: string, detail?: Readonly<Record<string, unknown>>): void;
}

export interface WorldView {
  readonly store: Store;
  readonly settings: Settings;
}

/** The world of one account and region at one moment. Rows made within it carry that moment. */
export function viewWorld(view: WorldView, account: string, region: string, now: number, failing?: { readonly reason: string }): World {
  const { store, settings } = view;
  const { memory } = store;
  const realm = `${account}/${region}`;
  const world: World = {
    account,
    region,
    realm,
    now,
    settings,
    seed: store.seed,
    ...(failing === undefined ? {} : { failing }),
    get: (kind, id) => memory.get(realm, kind, id),
    all: (kind) => memory.all(realm, kind),
    count: (kind) => memory.count(realm, kind),
    by: (kind, index, key) => memory.by(realm, kind, index, key),
    countBy: (kind, index, key) => memory.countBy(realm, kind, index, key),
    add: <K extends Kind>(kind: K, row: NewRow<K>) => {
      const made = {
        ...row,
        tags: row.tags ?? {},
        kind,
        realm,
        n: store.nextNumber(),
        createdAt: now,
        tagsAt: now,
      } as unknown as RowByKind<K>;
      memory.put(made);
      return made;
    },
    change: <K extends Kind>(row: RowByKind<K>, change: Partial<RowByKind<K>>) => {
      const changed: RowByKind<K> = { ...row, ...change };
      memory.put(changed);
      return changed;
    },
    remove: (row) => memory.remove(row.realm, row.kind, row.id),
    newId: (prefix) => {
      const hash = createHash("sha256").update(`${store.seed}/${prefix}/${store.nextNumber()}`).digest("hex");
      return `${prefix}-0${hash.slice(0, 16)}`;
    },
    draw: (below) => createHash("sha256").update(`${store.seed}/draw/${store.nextNumber()}`).digest().readUInt32BE(0) % below,
    after: (passage, action, target, detail) => world.at(now + passageTime(passage, settings.delays), action, target, detail),
    at: (time, action, target, detail) => {
      world.add("timer", { id: `timer-${store.nextNumber()}`, at: time, action, target, ...(detail === undefined ? {} : { detail }) });
    },
  };
  return world;
}

/** What happens when a timer is due; the target may be gone by then. */
export type TimerHandlers = Readonly<Record<TimerAction, (world: World, timer: TimerRow) => void>>;

/**
 * Plays everything that is due, in order of time and each at its own moment. A late request has a transaction of its own: when it is refused it
 * takes back its own changes only. Writes only when something is due.
 */
export function advanceWorld(view: WorldView, handlers: TimerHandlers, now: number): void {
  const { store } = view;
  const isDue = (timer: TimerRow | undefined): timer is TimerRow => timer !== undefined && timer.at <= now;
  const worldAt = (timer: TimerRow): World => {
    const [account = "", region = ""] = timer.realm.split("/");
    return viewWorld(view, account, region, timer.at);
  };
  while (isDue(store.memory.firstTimer())) {
    const late = store.write(() => {
      for (let timer = store.memory.firstTimer(); isDue(timer); timer = store.memory.firstTimer()) {
        store.memory.remove(timer.realm, "timer", timer.id);
        if (timer.action === "late-request") return timer;
        handlers[timer.action](worldAt(timer), timer);
      }
      return undefined;
    });
    if (late !== undefined) handlers["late-request"](worldAt(late), late);
  }
}
