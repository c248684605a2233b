// One account and region of the world as a request sees it: rows, ids, the clock, and what is to happen later. The only way to rows for rules.

import type { Store } from "../../simulation/store.ts";
import {
  advanceRealms,
  type TimerHandlers as HandlersOf,
  type RequestFaults,
  type WorldView as ViewOf,
  viewRealm,
  type WorldOf,
} from "../../simulation/world.ts";
import { type Passage, passageTime } from "./clock.ts";
import { listIndexEntries } from "./indexes.ts";
import type { AnyRow, Kind, NewRow, RowByKind, TimerAction, TimerRow } from "./rows.ts";
import type { Settings } from "./settings.ts";

export type Ec2Store = Store<AnyRow>;
export type WorldView = ViewOf<AnyRow, Settings>;

/** How the world is kept. */
export const WORLD_FORMAT = { file: "aws.db", listEntries: listIndexEntries };

export interface World extends Omit<WorldOf<AnyRow, Settings>, "add" | "drawHex"> {
  readonly account: string;
  readonly region: string;
  /** Makes a row. */
  add<K extends Kind>(kind: K, row: NewRow<K>): RowByKind<K>;
  /** `vpc-0` and 16 hex digits, from the seed and the count of ids made so far. */
  newId(prefix: string): string;
  /** Has something happen once the passage is over. */
  after(passage: Passage, action: TimerAction, target: string, detail?: Readonly<Record<string, unknown>>): void;
}

/** The world of one account and region at one moment. Rows made within it carry that moment. */
export function viewWorld(view: WorldView, account: string, region: string, now: number, faults?: RequestFaults): World {
  const realm = viewRealm(view, `${account}/${region}`, now, faults);
  return {
    ...realm,
    account,
    region,
    add: <K extends Kind>(kind: K, row: NewRow<K>) =>
      realm.add(kind, { ...row, tags: row.tags ?? {}, tagsAt: now } as never) as unknown as RowByKind<K>,
    newId: (prefix) => `${prefix}-0${realm.drawHex(prefix).slice(0, 16)}`,
    after: (passage, action, target, detail) => realm.at(now + passageTime(passage, view.settings.delays), action, target, detail),
  };
}

/** What happens when a timer is due; the target may be gone by then. */
export type TimerHandlers = HandlersOf<World, TimerRow>;

/** Plays everything that is due, in order of time and each at its own moment. */
export function advanceWorld(view: WorldView, handlers: TimerHandlers, now: number): void {
  const viewAt = (realm: string, at: number): World => {
    const [account = "", region = ""] = realm.split("/");
    return viewWorld(view, account, region, at);
  };
  advanceRealms(view.store, viewAt, handlers, now);
}
