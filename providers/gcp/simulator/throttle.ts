// The documented rate quotas, per project and minute: each counts on its own, and is whole again at the start of the next minute.
// https://cloud.google.com/compute/docs/api-rate-limits

import { GceError } from "./errors.ts";
import { regionOf } from "./links.ts";
import type { Method } from "./method.ts";

/** "1500 requests/minute" is the default of each of them. */
const PER_MINUTE = 1500;

export interface Throttle {
  /** Spends what a request costs, or throws rateLimitExceeded (403). `now` in milliseconds. */
  spend(project: string, scope: string, method: Method, now: number): void;
}

export function createThrottle(): Throttle {
  const counts = new Map<string, { readonly minute: number; readonly count: number }>();
  return {
    spend: (project, scope, method, now) => {
      const limit = nameLimit(method);
      // What is in a region or zone counts by region.
      const key = `${project} ${limit} ${scope.includes("/") ? regionOf(scope) : ""}`;
      const minute = Math.floor(now / 60_000);
      const before = counts.get(key);
      const count = before?.minute === minute ? before.count + 1 : 1;
      if (count > PER_MINUTE) refuseRate(project, limit);
      counts.set(key, { minute, count });
    },
  };
}

function nameLimit({ id, mutating }: Method): string {
  if (/Operations\.(get|wait)$/.test(id)) return "OperationReadRequestsPerMinutePerProject";
  if (mutating) return "defaultPerMinutePerProject";
  return /[lL]ist$/.test(id) ? "ListRequestsPerMinutePerProject" : "ReadRequestsPerMinutePerProject";
}

/** "You receive a 403 error with the reason rateLimitExceeded." */
export function refuseRate(project: string, limit: string): never {
  throw new GceError(
    403,
    "rateLimitExceeded",
    `Quota exceeded for quota metric 'Queries' and limit '${limit}' of service 'compute.googleapis.com' for consumer 'projects/${project}'.`,
    "usageLimits",
  );
}
