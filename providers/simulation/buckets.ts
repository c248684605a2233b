// Token buckets by name. Which bucket a request spends from, and how large it is, is the cloud's business.

/** Tokens at most, and how many come back in a second. */
export type BucketSize = readonly [capacity: number, refillPerSecond: number];

export interface Buckets {
  /** Takes `cost` tokens at `now` (milliseconds); false, and nothing taken, when there are too few. */
  take(name: string, size: BucketSize, cost: number, now: number): boolean;
}

export function createBuckets(): Buckets {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take: (name, [capacity, refill], cost, now) => {
      const bucket = buckets.get(name) ?? { tokens: capacity, at: now };
      bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1000) * refill);
      bucket.at = now;
      buckets.set(name, bucket);
      if (bucket.tokens < cost) return false;
      bucket.tokens -= cost;
      return true;
    },
  };
}
