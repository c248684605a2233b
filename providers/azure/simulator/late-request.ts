// A request whose caller was cut off before it took effect, and which takes effect all the same, later. It may fail then; nobody hears of it.

import { type ArmRequest, performRequest, prepareRequest } from "./dispatch.ts";
import { ArmError } from "./errors.ts";
import { finishOperation } from "./finish.ts";
import type { JsonMap } from "./rows.ts";
import { TYPES } from "./types.ts";
import { advanceWorld, type TimerHandlers, type WorldView } from "./world.ts";

/** What the clock does in a world. */
export function makeTimers(view: WorldView): TimerHandlers {
  return {
    finish: finishOperation(TYPES),
    "late-request": (world, timer) => {
      try {
        performRequest(view, prepareRequest(readLate(timer.detail ?? {})), world.now, { fault: "landed late", unheard: true });
      } catch (error) {
        if (!(error instanceof ArmError)) throw error;
      }
    },
  };
}

/** Plays everything that is due by `now`. */
export function playDue(view: WorldView, now: number): void {
  advanceWorld(view, makeTimers(view), now);
}

/** A request as a timer keeps it. */
export function writeLate(request: ArmRequest): Readonly<Record<string, unknown>> {
  return { ...request, query: request.query.toString() };
}

function readLate(detail: Readonly<Record<string, unknown>>): ArmRequest {
  return {
    ...(detail as unknown as ArmRequest),
    query: new URLSearchParams(String(detail.query)),
    body: detail.body as JsonMap | undefined,
  };
}
