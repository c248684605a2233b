// One project of the world as a request sees it: rows, ids and the clock. The only way to rows for rules.

import {
  advanceRealms,
  type TimerHandlers as HandlersOf,
  type RequestFaults,
  type WorldView as ViewOf,
  viewRealm,
  type WorldOf,
} from "../../simulation/world.ts";
import { listIndexEntries } from "./indexes.ts";
import type { AnyRow, TimerRow } from "./rows.ts";
import type { Settings } from "./settings.ts";

export type WorldView = ViewOf<AnyRow, Settings>;

/** How the world is kept. */
export const WORLD_FORMAT = { file: "gce.sqlite", listEntries: listIndexEntries };

export interface World extends WorldOf<AnyRow, Settings> {
  readonly project: string;
  /** The method that is carried out: `instances.insert`. */
  readonly method: string;
  /** An object's id: 19 digits, unique, of the seed. */
  newId(): string;
}

/** The world of one project at one moment. */
export function viewWorld(view: WorldView, project: string, now: number, method = "", faults?: RequestFaults): World {
  const realm = viewRealm(view, project, now, faults);
  return {
    ...realm,
    project,
    method,
    newId: () => String(10n ** 18n + (BigInt(`0x${realm.drawHex("id").slice(0, 16)}`) % (8n * 10n ** 18n))),
  };
}

/** What happens when a timer is due; the target may be gone by then. */
export type TimerHandlers = HandlersOf<World, TimerRow>;

/** Plays everything that is due, in order of time and each at its own moment. */
export function advanceWorld(view: WorldView, handlers: TimerHandlers, now: number): void {
  advanceRealms(view.store, (project, at) => viewWorld(view, project, at), handlers, now);
}

/** Times as GCE writes them. */
export function writeTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+00:00");
}
