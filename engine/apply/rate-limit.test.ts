import { expect, test } from "vitest";
import { startProcess } from "../../providers/memory/process.ts";
import { createVirtualTime } from "../../providers/memory/virtual-time.ts";
import type { RateLimit } from "../provider/provider.ts";
import { createRateLimiter, matchLimits } from "./rate-limit.ts";

const requests: RateLimit = { bucket: "requests", operations: ["x:Make", "x:Change*"], capacity: 20, refillPerSecond: 5 };
const resources: RateLimit = {
  bucket: "resources",
  operations: ["x:Make"],
  capacity: 10,
  refillPerSecond: 2,
  cost: (body) => Number(body.count ?? 1),
};
const signal = new AbortController().signal;

function begin(limits: readonly RateLimit[]) {
  const time = createVirtualTime(1);
  const { clock } = startProcess({ time });
  const limiter = createRateLimiter(clock);
  const scope = { provider: "x", identity: { account: "a", region: "r" }, limits };
  const acquire = (operation: string, priority = 0, body = {}): Promise<void> =>
    limiter.acquire({ scope, operation, body, priority, signal }) ?? Promise.resolve();
  return { time, clock, limiter, scope, acquire };
}

test("an operation spends from the first bucket that counts requests and the first that counts cost", () => {
  expect(matchLimits([requests, resources], "x:Make").map((limit) => limit.bucket)).toEqual(["requests", "resources"]);
  expect(matchLimits([requests, resources], "x:ChangeName").map((limit) => limit.bucket)).toEqual(["requests"]);
  expect(matchLimits([requests, resources], "x:Delete")).toEqual([]);
});

test("500 requests never exceed the bucket and take no more than 1.1 of the least time possible", async () => {
  const { time, clock, acquire } = begin([requests]);
  const at: number[] = [];
  await time.play(Promise.all(Array.from({ length: 500 }, () => acquire("x:Make").then(() => at.push(clock.monotonic())))));
  at.forEach((moment, index) => {
    expect(index + 1).toBeLessThanOrEqual(20 + (moment / 1000) * 5 + 1e-6);
  });
  expect(at.at(-1)).toBeLessThanOrEqual(1.1 * ((500 - 20) / 5) * 1000);
});

test("a request that is overtaken on its way by all that came later is not refused for it", async () => {
  const { time, clock, acquire } = begin([requests]);
  await time.play(acquire("x:Make"));
  const arrivals = [900];
  await time.pass(800);
  await time.play(Promise.all(Array.from({ length: 30 }, () => acquire("x:Make").then(() => void arrivals.push(clock.monotonic())))));
  let tokens = 20;
  let last = 0;
  for (const at of arrivals.sort((left, right) => left - right)) {
    tokens = Math.min(20, tokens + ((at - last) / 1000) * 5) - 1;
    last = at;
    expect(tokens).toBeGreaterThanOrEqual(0);
  }
});

test("a dear request waits for its cost, and one dearer than the bucket for a full one", async () => {
  const { time, clock, acquire } = begin([requests, resources]);
  await time.play(acquire("x:Make", 0, { count: 8 }));
  await time.play(acquire("x:Make", 0, { count: 6 }));
  // 2 of 10 are left, 6 are wanted, and what a second brings stays in the bucket: 6 are missing.
  expect(clock.monotonic()).toBe(3_000);
  await time.play(acquire("x:Make", 0, { count: 99 }));
  expect(clock.monotonic()).toBe(7_000);
});

test("of those who wait the more important goes first, and who gives up leaves the line", async () => {
  const { time, limiter, scope, acquire } = begin([{ ...requests, capacity: 1 }]);
  await time.play(acquire("x:Make"));
  const order: string[] = [];
  const leaving = new AbortController();
  const gone = limiter.acquire({ scope, operation: "x:Make", body: {}, priority: 9, signal: leaving.signal });
  const waiting = [acquire("x:Make", 1).then(() => order.push("minor")), acquire("x:Make", 5).then(() => order.push("major"))];
  leaving.abort(new Error("left"));
  await expect(gone).rejects.toThrow("left");
  await time.play(Promise.all(waiting));
  expect(order).toEqual(["major", "minor"]);
});

test("a throttle answer lowers the rate at once; it comes back slowly", async () => {
  const { time, clock, limiter, scope, acquire } = begin([{ ...requests, capacity: 1 }]);
  const pace = async (): Promise<number> => {
    await time.play(acquire("x:Make"));
    const before = clock.monotonic();
    await time.play(acquire("x:Make"));
    return clock.monotonic() - before;
  };
  expect(await pace()).toBe(200);
  limiter.lower({ scope, operation: "x:Make" });
  const slow = await pace();
  expect(slow).toBeGreaterThan(350);
  await time.pass(300_000);
  expect(await pace()).toBe(200);
});
