// Opens a persisted world from outside the wire: for each cloud's inspect.ts. Plays what is due, acts, and closes; servers of the same world see
// the result at once.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AnyRow } from "./rows.ts";
import { openStore, type Store, type WorldFormat } from "./store.ts";
import type { WorldView } from "./world.ts";

export interface Inspection<R extends AnyRow, Settings> {
  readonly format: WorldFormat<R>;
  /** Others' passages keep the times that were set when they began; those begun here end at once. */
  readonly settings: () => Settings;
  advance(view: WorldView<R, Settings>, now: number): void;
}

/** Acts on the world in a folder, which is made when missing. */
export function withWorld<R extends AnyRow, Settings, T>(
  inspection: Inspection<R, Settings>,
  directory: string,
  act: (view: WorldView<R, Settings>) => T,
  now = Date.now(),
): T {
  const store: Store<R> = openStore(inspection.format, directory, 1);
  try {
    const view = { store, settings: inspection.settings() };
    inspection.advance(view, now);
    return act(view);
  } finally {
    store.close();
  }
}

/** Looks at the world in a folder; a world that nobody made yet is an empty one. Throws for a world in memory. */
export function lookAtWorld<R extends AnyRow, Settings, T>(
  inspection: Inspection<R, Settings>,
  directory: string,
  look: (view: WorldView<R, Settings>) => T,
  empty: T,
): T {
  if (directory === ":memory:") throw new Error("a world in memory can be looked into by its own process only");
  if (!existsSync(join(directory, inspection.format.file))) return empty;
  return withWorld(inspection, directory, look);
}
