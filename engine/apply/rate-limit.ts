// Token buckets per account, region and operation, filled from what a provider documents. Who waits is served by priority.
// A bucket that the cloud answers `throttled` for is lowered at once and raised slowly.

import type { NativeMap } from "../lower/native-value.ts";
import type { Identity, RateLimit } from "../provider/provider.ts";
import type { Clock } from "./clock.ts";
import { createHeap, type Heap } from "./heap.ts";

export interface RateLimiter {
  /** Takes what the request costs from its buckets. Undefined when it may go at once; else a promise of its turn, rejected with the signal's reason. */
  acquire(request: RateRequest): Promise<void> | undefined;
  /** The cloud said `throttled`: everything this operation spends from is lowered. */
  lower(request: Pick<RateRequest, "scope" | "operation">): void;
}

export interface RateRequest {
  readonly scope: RateScope;
  readonly operation: string;
  readonly body: NativeMap;
  /** Higher goes first. */
  readonly priority: number;
  readonly signal: AbortSignal;
}

/** Whose buckets: limits are per account and region. */
export interface RateScope {
  readonly provider: string;
  readonly identity: Identity;
  readonly limits: readonly RateLimit[];
}

interface Bucket {
  readonly limit: RateLimit;
  tokens: number;
  /** Per millisecond, at present; at most what is documented. */
  rate: number;
  at: number;
}

interface Waiting {
  readonly request: RateRequest;
  readonly buckets: readonly Bucket[];
  readonly order: number;
  state: "waiting" | "gone";
  readonly resolve: () => void;
}

interface Line {
  readonly queue: Heap<Waiting>;
  serving: boolean;
}

/** After a throttle the documented rate is regained in this many milliseconds. */
const recovery = 120_000;
/** Seconds by which one request may take longer to arrive than another. */
const arrivalSpread = 1;
/** A lowered bucket keeps this share of its rate. */
const lowest = 1 / 16;

/** Makes the limiter of one run. */
export function createRateLimiter(clock: Clock): RateLimiter {
  const buckets = new Map<string, Bucket>();
  const lines = new Map<string, Line>();
  const matches = new Map<string, readonly RateLimit[]>();
  let order = 0;

  const limitsOf = (scope: RateScope, operation: string): readonly RateLimit[] => {
    const name = `${scope.provider} ${operation}`;
    let found = matches.get(name);
    if (!found) {
      found = matchLimits(scope.limits, operation);
      matches.set(name, found);
    }
    return found;
  };

  const bucketsOf = (scope: RateScope, operation: string): readonly Bucket[] =>
    limitsOf(scope, operation).map((limit) => {
      const name = `${scope.provider} ${scope.identity.account} ${scope.identity.region} ${limit.bucket}`;
      let bucket = buckets.get(name);
      if (!bucket) {
        bucket = { limit, tokens: limit.capacity, rate: limit.refillPerSecond / 1000, at: clock.monotonic() };
        buckets.set(name, bucket);
      }
      return bucket;
    });

  const serve = async (line: Line): Promise<void> => {
    line.serving = true;
    for (let first = line.queue.peek(); first; first = line.queue.peek()) {
      if (first.state === "gone") {
        line.queue.pop();
        continue;
      }
      const wait = takeTokens(first.buckets, first.request.body, clock.monotonic());
      if (wait === 0) {
        line.queue.pop();
        first.state = "gone";
        first.resolve();
      } else {
        await clock.sleep(wait);
      }
    }
    line.serving = false;
  };

  return {
    acquire: (request) => {
      const own = bucketsOf(request.scope, request.operation);
      const [primary] = own;
      if (!primary) return undefined;
      const name = `${request.scope.provider} ${request.scope.identity.account} ${request.scope.identity.region} ${primary.limit.bucket}`;
      let line = lines.get(name);
      if (!line) {
        line = { queue: createHeap(comesFirst), serving: false };
        lines.set(name, line);
      }
      if (line.queue.size() === 0 && takeTokens(own, request.body, clock.monotonic()) === 0) return undefined;
      const queued = line;
      return new Promise<void>((resolve, reject) => {
        const leave = (): void => {
          waiting.state = "gone";
          reject(request.signal.reason);
        };
        const waiting: Waiting = {
          request,
          buckets: own,
          order: order++,
          state: "waiting",
          resolve: () => {
            request.signal.removeEventListener("abort", leave);
            resolve();
          },
        };
        if (request.signal.aborted) {
          leave();
          return;
        }
        request.signal.addEventListener("abort", leave, { once: true });
        queued.queue.push(waiting);
        if (!queued.serving) void serve(queued);
      });
    },
    lower: ({ scope, operation }) => {
      for (const bucket of bucketsOf(scope, operation)) {
        refill(bucket, clock.monotonic());
        const documented = bucket.limit.refillPerSecond / 1000;
        bucket.tokens = Math.min(bucket.tokens, 0);
        bucket.rate = Math.max(bucket.rate / 2, documented * lowest);
      }
    },
  };
}

function comesFirst(left: Waiting, right: Waiting): boolean {
  return left.request.priority !== right.request.priority ? left.request.priority > right.request.priority : left.order < right.order;
}

/** The buckets of an operation: the first match that counts requests and the first that counts a cost. */
export function matchLimits(limits: readonly RateLimit[], operation: string): readonly RateLimit[] {
  const hit = (limit: RateLimit): boolean =>
    limit.operations.some((pattern) => (pattern.endsWith("*") ? operation.startsWith(pattern.slice(0, -1)) : pattern === operation));
  const requests = limits.find((limit) => !limit.cost && hit(limit));
  const resources = limits.find((limit) => limit.cost && hit(limit));
  return [requests, resources].filter((limit) => limit !== undefined);
}

function refill(bucket: Bucket, now: number): void {
  const elapsed = Math.max(0, now - bucket.at);
  bucket.at = now;
  const documented = bucket.limit.refillPerSecond / 1000;
  bucket.tokens = Math.min(bucket.limit.capacity, bucket.tokens + elapsed * bucket.rate);
  bucket.rate = Math.min(documented, bucket.rate + (documented * elapsed) / recovery);
}

/**
 * Tokens that stay in the bucket, unless a request is so dear that it needs them. The cloud counts when requests arrive, not when they leave: what was
 * sent apart can arrive together, and a bucket that is full while the first are on their way gains nothing meanwhile.
 */
function reserveOf(limit: RateLimit, cost: number): number {
  return Math.max(0, Math.min(limit.refillPerSecond * arrivalSpread, limit.capacity - cost));
}

/** Takes from all buckets or from none. Gives 0 when taken, else the milliseconds until it is worth asking again. */
function takeTokens(buckets: readonly Bucket[], body: NativeMap, now: number): number {
  let wait = 0;
  const costs = buckets.map((bucket) => {
    refill(bucket, now);
    // A request dearer than the whole bucket goes when the bucket is full; it could never go otherwise.
    const cost = Math.min(bucket.limit.cost?.(body) ?? 1, bucket.limit.capacity);
    const missing = cost + reserveOf(bucket.limit, cost) - bucket.tokens;
    if (missing > 1e-9) wait = Math.max(wait, Math.ceil(missing / bucket.rate));
    return cost;
  });
  if (wait > 0) return wait;
  buckets.forEach((bucket, index) => {
    bucket.tokens -= costs[index] ?? 0;
  });
  return 0;
}
