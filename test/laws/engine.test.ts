// The engine's promises over random stacks: what an apply makes, and what a kill anywhere leaves to be mended.

import fc from "fast-check";
import { expect, test } from "vitest";
import { replayLaw, stormLaw } from "./engine-laws.ts";
import { judgeRequests } from "./engine-oracle.ts";
import { createRig, type Outcome } from "./engine-rig.ts";
import { anyStack, compareWorld, type StackSpec, toGraph } from "./engine-stacks.ts";
import { describeFailure } from "./law.ts";

/** More runs than on a push: `KOINE_LAW_RUNS=10000 KOINE_LAW_SEED=7 vitest run test/laws/engine.test.ts`. */
function runs(usual: number): fc.Parameters<unknown> {
  const seed = process.env.KOINE_LAW_SEED;
  return { numRuns: Number(process.env.KOINE_LAW_RUNS ?? usual), ...(seed !== undefined && { seed: Number(seed) }) };
}

/** `planned`: what commands before it showed, which settle may repeat. */
function demandClean(outcome: Outcome, planned = new Set<string>()): void {
  expect(outcome.problems).toEqual([]);
  expect(outcome.result?.failed.map(({ operation, error }) => `${operation.id}: ${error.message}`)).toEqual([]);
  expect(outcome.result?.unresolved).toEqual([]);
  expect(outcome.result?.kind).toBe("done");
  expect(judgeRequests(outcome, [], planned).filter((text) => text.includes("planned"))).toEqual([]);
}

async function listSecondPlan(rig: ReturnType<typeof createRig>, stack: StackSpec): Promise<readonly string[] | undefined> {
  return (await rig.plan(toGraph(stack))).plan?.changes.map((change) => `${change.action} ${change.key}`);
}

test("an undisturbed apply makes the world as desired, edits included, and a second plan is empty", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), anyStack, anyStack, async (seed, first, second) => {
      const rig = createRig(seed);
      for (const stack of [first, second]) {
        demandClean(await rig.apply(toGraph(stack)));
        expect(compareWorld(rig.world, toGraph(stack))).toEqual([]);
        expect(await listSecondPlan(rig, stack)).toEqual([]);
      }
      demandClean(await rig.apply(toGraph(second), { destroy: true }));
      expect(rig.world.living()).toEqual([]);
      expect(await rig.store.readObjects()).toEqual([]);
    }),
    runs(40),
  );
});

const before: StackSpec = [
  {
    cidr: "10.0.0.0/16",
    dns: true,
    gateway: true,
    rules: ["tcp/22", "tcp/80"],
    subnets: [
      {
        zone: "a",
        public: true,
        routed: true,
        machines: [{ size: "m.1x1", image: "image-1", key: true, firewalled: true, password: "one", power: "on", address: true, disk: 10 }],
      },
    ],
  },
];

/** Updates in place, with a restart, of members; replacements create-first, delete-first and of what hangs on them; an object less, one more. */
const after: StackSpec = [
  {
    cidr: "10.0.0.0/16",
    dns: false,
    gateway: true,
    rules: ["tcp/22", "udp/53"],
    subnets: [
      {
        zone: "a",
        public: false,
        routed: true,
        machines: [
          { size: "m.2x4", image: "image-2", key: false, firewalled: true, password: "two", power: "on", address: true, disk: 20 },
        ],
      },
      { zone: "a", public: false, routed: false, machines: [] },
    ],
  },
];

for (const [name, from, to] of [
  ["a create", undefined, before],
  ["a change", before, after],
  ["a destroy", after, undefined],
] as const) {
  test(`killed at every single await of ${name}, one more apply makes the world of an undisturbed run`, async () => {
    const play = async (killAt?: number) => {
      const rig = createRig(11);
      if (from) demandClean(await rig.apply(toGraph(from)));
      const graph = toGraph(to ?? from ?? []);
      const options = { destroy: to === undefined };
      const outcome = await rig.apply(graph, { ...options, ...(killAt !== undefined && { killAt }) });
      if (killAt !== undefined) {
        const current = (await rig.store.readObjects()).filter((row) => row.status === "current").map((row) => row.key);
        expect(current, `killed at ${killAt}: two rows stand for one key`).toEqual([...new Set(current)]);
        const planned = new Set<string>();
        judgeRequests(outcome, [], planned);
        demandClean(await rig.apply(graph, options), planned);
      }
      return { rig, outcome };
    };
    const { outcome, rig } = await play();
    demandClean(outcome);
    const made = countMade(rig);
    for (let killAt = 1; killAt <= outcome.passed; killAt++) {
      const killed = await play(killAt);
      const place = killed.outcome.killed?.place;
      expect(place, `nothing died at ${killAt}`).toBeDefined();
      const wrong = to ? compareWorld(killed.rig.world, toGraph(to)) : killed.rig.world.living().map((object) => object.id);
      expect(wrong, `killed at ${killAt}, ${place}`).toEqual([]);
      expect(countMade(killed.rig), `killed at ${killAt}, ${place}: something was made twice`).toBe(made);
      if (to) expect(await listSecondPlan(killed.rig, to), `killed at ${killAt}, ${place}`).toEqual([]);
    }
  });
}

/** Every object that was ever made, the ended included. */
function countMade(rig: ReturnType<typeof createRig>): number {
  return rig.world.ledger.filter((entry) => entry.effect === "create").length;
}

test("whatever happens on the way (faults, kills, stops, edits by others), one undisturbed apply ends in the desired world", async () => {
  const report = await stormLaw.run({
    runs: Number(process.env.KOINE_LAW_RUNS ?? 150),
    // One seed, so that what held yesterday holds today or somebody broke it; `npm run laws` takes a new one each time.
    seed: Number(process.env.KOINE_LAW_SEED ?? 20_300_101),
    shrinkFor: 15_000,
  });
  expect(report.failure && describeFailure(report)).toBeUndefined();
  for (const name of [
    "throttle",
    "error",
    "error-after",
    "cut",
    "late",
    "duplicate",
    "echo",
    "fail",
    "partial",
    "empty",
    "linger",
    "lockout",
  ]) {
    expect(report.tally[`fault/${name}`] ?? 0, `${name} was never tried`).toBeGreaterThan(0);
  }
  for (const name of ["kills", "stops"]) expect(report.tally[`kill/${name}`] ?? 0).toBeGreaterThan(0);
});

test("a seed tells all: played twice, a schedule leaves the same ledger, requests and events", async () => {
  const report = await replayLaw.run({ runs: 10, seed: 20_300_102, shrinkFor: 5_000 });
  expect(report.failure && describeFailure(report)).toBeUndefined();
});
