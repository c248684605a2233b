import { expect, test } from "vitest";
import { runSchedule, type ScheduleNode, type SkipReason } from "./scheduler.ts";

const never = new AbortController().signal;

function node(id: string, after: readonly string[] = [], weight = 1, locks: readonly string[] = []): ScheduleNode {
  return { id, after, weight, locks };
}

/** Runs with each node ending after one turn; tells starts in order, the greatest number at once, and what was skipped. */
async function play(nodes: readonly ScheduleNode[], options: { parallel?: number; fail?: readonly string[]; stop?: AbortSignal } = {}) {
  const started: string[] = [];
  const skipped: Record<string, SkipReason> = {};
  const overlaps = new Set<string>();
  const active = new Set<string>();
  const locksOf = new Map(nodes.map((each) => [each.id, each.locks]));
  let most = 0;
  await runSchedule(nodes, {
    parallel: options.parallel ?? 2,
    stop: options.stop ?? never,
    run: async (id) => {
      started.push(id);
      for (const other of active) if (locksOf.get(other)?.some((lock) => locksOf.get(id)?.includes(lock))) overlaps.add(`${other}/${id}`);
      active.add(id);
      most = Math.max(most, active.size);
      await new Promise(setImmediate);
      active.delete(id);
      return options.fail?.includes(id) ? "failed" : "done";
    },
    onSkip: (id, reason) => {
      skipped[id] = reason;
    },
  });
  return { started, skipped, most, overlaps: [...overlaps] };
}

test("dependencies come first, and the longest path before the others", async () => {
  const { started, most } = await play([node("short"), node("a"), node("b", ["a"], 5), node("c", ["b"])], { parallel: 1 });
  expect(started).toEqual(["a", "b", "short", "c"]);
  expect(most).toBe(1);
});

test("independent branches go on after a failure, dependents are skipped with what they waited for", async () => {
  const { started, skipped } = await play([node("a"), node("b", ["a"]), node("c", ["b"]), node("d"), node("e", ["d"])], { fail: ["a"] });
  expect(started.toSorted()).toEqual(["a", "d", "e"]);
  expect(skipped).toEqual({ b: { kind: "dependency", on: "a" }, c: { kind: "dependency", on: "a" } });
});

test("nodes under one lock run one at a time, also with several locks each, and all of them run", async () => {
  const nodes = Array.from({ length: 60 }, (_, index) => node(`n${index}`, [], index % 7, [`x${index % 3}`, `y${index % 4}`]));
  const { started, overlaps, most } = await play(nodes, { parallel: 8 });
  expect(overlaps).toEqual([]);
  expect(started.length).toBe(60);
  expect(most).toBeGreaterThan(1);
});

test("a node at rest leaves its slot to others and takes it back", async () => {
  let busy = 0;
  let most = 0;
  const order: string[] = [];
  await runSchedule([node("a", [], 2), node("b", [], 1)], {
    parallel: 1,
    stop: never,
    run: async (id, slot) => {
      most = Math.max(most, ++busy);
      order.push(`${id} in`);
      busy -= 1;
      await slot.rest(() => new Promise((resolve) => setTimeout(resolve, id === "a" ? 20 : 1)));
      most = Math.max(most, ++busy);
      order.push(`${id} back`);
      busy -= 1;
      return "done";
    },
    onSkip: () => {},
  });
  expect(order).toEqual(["a in", "b in", "b back", "a back"]);
  expect(most).toBe(1);
});

test("once stopped nothing new starts, and what runs is finished", async () => {
  const stop = new AbortController();
  const skipped: string[] = [];
  const ended: string[] = [];
  await runSchedule([node("a"), node("b"), node("c", ["a"])], {
    parallel: 1,
    stop: stop.signal,
    run: async (id) => {
      stop.abort();
      await new Promise(setImmediate);
      ended.push(id);
      return "done";
    },
    onSkip: (id, reason) => {
      if (reason.kind === "cancelled") skipped.push(id);
    },
  });
  expect(ended).toEqual(["a"]);
  expect(skipped.toSorted()).toEqual(["b", "c"]);
});

test("a cycle and a throw are reported, never waited for", async () => {
  await expect(play([node("a", ["b"]), node("b", ["a"])])).rejects.toThrow(/wait for each other/);
  const broken = runSchedule([node("a"), node("b", ["a"])], {
    parallel: 1,
    stop: never,
    run: async () => {
      throw new Error("broken");
    },
    onSkip: () => {},
  });
  await expect(broken).rejects.toThrow("broken");
});

test("a hundred thousand nodes start without recursion and in near-linear time", async () => {
  const nodes = Array.from({ length: 100_000 }, (_, index) => node(`n${index}`, index < 1000 ? [] : [`n${index % 1000}`]));
  let count = 0;
  await runSchedule(nodes, {
    parallel: 10,
    stop: never,
    run: async (_, slot) => {
      await slot.rest(async () => {});
      count += 1;
      return "done";
    },
    onSkip: () => {},
  });
  expect(count).toBe(100_000);
});
