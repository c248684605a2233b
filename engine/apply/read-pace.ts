// The rhythm of one client's reads: the documented token buckets of its provider, beside those of the changes, which the run itself waits for.

import type { Provider, ReadPace } from "../provider/provider.ts";
import type { Clock } from "./clock.ts";
import { createRateLimiter } from "./rate-limit.ts";

/** Makes the pace of one client, which speaks for one account and region. */
export function createReadPace(provider: Pick<Provider, "name" | "limits">, clock: Clock): ReadPace {
  const limiter = createRateLimiter(clock);
  const scope = { provider: provider.name, identity: { account: "", region: "" }, limits: provider.limits };
  return {
    turn: (operation, signal) => limiter.acquire({ scope, operation, body: {}, priority: 0, signal }),
    lower: (operation) => limiter.lower({ scope, operation }),
    gather: (milliseconds) => clock.sleep(milliseconds),
  };
}
