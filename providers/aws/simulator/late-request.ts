// A request whose caller was cut off before it took effect, and which takes effect all the same, later. It may fail then; nobody hears of it.

import { performRequest, prepareRequest } from "./dispatch.ts";
import { Ec2Error } from "./errors.ts";
import type { TimerHandlers, WorldView } from "./world.ts";

export function lateRequest(view: WorldView): TimerHandlers["late-request"] {
  return (world, timer) => {
    const form = new URLSearchParams(String(timer.detail?.form ?? ""));
    const caller = { account: world.account, region: world.region };
    try {
      performRequest(view, caller, prepareRequest(form, caller), form, world.now, { fault: "landed late", unheard: true });
    } catch (error) {
      if (!(error instanceof Ec2Error)) throw error;
    }
  };
}
