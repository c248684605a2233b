// A request whose caller was cut off before it took effect, and which takes effect all the same, later. It may fail then; nobody hears of it.

import { performRequest, prepareRequest, type RawRequest } from "./dispatch.ts";
import { GceError } from "./errors.ts";
import type { TimerHandlers, WorldView } from "./world.ts";

export function lateRequest(view: WorldView): TimerHandlers["late-request"] {
  return (world, timer) => {
    try {
      performRequest(view, prepareRequest(timer.detail?.raw as RawRequest), world.now, { fault: "landed late", unheard: true });
    } catch (error) {
      if (!(error instanceof GceError)) throw error;
    }
  };
}
