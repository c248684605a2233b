// The documented token buckets: Resource Manager's per subscription and region, and those of compute and network.
// https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
// https://learn.microsoft.com/azure/virtual-machines/compute-throttling-limits

import { type BucketSize, createBuckets } from "../../simulation/buckets.ts";
import type { Prepared } from "./dispatch.ts";
import { refuse } from "./errors.ts";

/** Per subscription and service principal; "the token bucket" since 2024. */
const MANAGER: Readonly<Record<"read" | "write" | "delete", BucketSize>> = { read: [250, 25], write: [200, 10], delete: [200, 10] };

/** Microsoft.Network: reads 10,000 and writes 1,000 in five minutes. */
const NETWORK: Readonly<Record<"read" | "write", BucketSize>> = { read: [10_000, 10_000 / 300], write: [1_000, 1_000 / 300] };

/** Of one machine: a dozen updates in five minutes, four a minute. */
const MACHINE_WRITES: BucketSize = [12, 4 / 60];

export interface Throttle {
  /** Spends what a request costs, or throws TooManyRequests (429) with Retry-After. `now` in milliseconds. */
  spend(prepared: Prepared, now: number): void;
}

export function createThrottle(): Throttle {
  const buckets = createBuckets();
  return {
    spend: ({ request, route, subscription, facts }, now) => {
      const owner = subscription.toLowerCase();
      const verb = !facts.mutating ? "read" : request.method === "DELETE" ? "delete" : "write";
      const write = verb === "read" ? "read" : "write";
      const provider = "type" in route ? route.type.provider : undefined;
      const granted =
        buckets.take(`${owner} manager ${verb}`, MANAGER[verb], 1, now) &&
        (provider !== "network" || buckets.take(`${owner} network ${write}`, NETWORK[write], 1, now)) &&
        (!facts.mutating ||
          route.kind === "list" ||
          !("type" in route) ||
          route.type.noun !== "virtualMachines" ||
          !("armId" in route) ||
          buckets.take(`${route.armId.toLowerCase()} writes`, MACHINE_WRITES, 1, now));
      if (!granted) refuseThrottled();
    },
  };
}

export function refuseThrottled(): never {
  refuse(
    "TooManyRequests",
    "The request is being throttled as the limit has been reached for operation type - Write. Please try again later.",
    429,
    { retryAfter: 1 },
  );
}
