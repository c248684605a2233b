// One schedule of commands under bad weather, and the judgement after one undisturbed apply. The judge reads the world and its ledger only.

import fc from "fast-check";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { Weather } from "../../providers/memory/faults.ts";
import { createRig, type Outcome, type Rig } from "./engine-rig.ts";
import { anyStack, compareWorld, type StackSpec, toGraph } from "./engine-stacks.ts";

export interface Stage {
  readonly stack: StackSpec;
  readonly weather: Weather;
  /** Dies at this place; null: lives. */
  readonly killAt: number | null;
  readonly stopAfter: number | null;
  /** What somebody else does before it: to the living object at this share of all. */
  readonly meddling: { readonly at: number; readonly deed: "edit" | "remove" | "strip" } | null;
  /** Milliseconds that its machine's clock is wrong. */
  readonly skew: number;
}

export interface Storm {
  readonly seed: number;
  readonly stages: readonly Stage[];
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const rare = fc.constantFrom(0, 0, 0.02, 0.1);

export const anyWeather: fc.Arbitrary<Weather> = fc.record({
  rates: fc.record({
    throttle: rare,
    error: rare,
    cut: rare,
    late: rare,
    duplicate: rare,
    fail: rare,
    denied: fc.constantFrom(0, 0, 0.01),
    partial: rare,
  }),
  limit: fc.integer({ min: 0, max: 30 }),
  latency: fc.constantFrom([0, 0] as const, [10, 300] as const, [100, 5_000] as const),
  lag: fc.record({ id: fc.constantFrom(0, 20_000), tag: fc.constantFrom(0, 60_000), list: fc.constantFrom(0, 30_000) }),
  late: fc.constantFrom(5_000, 200_000),
});

export const anyStorm: fc.Arbitrary<Storm> = fc.record({
  seed: fc.integer(),
  stages: fc.array(
    fc.record({
      stack: anyStack,
      weather: anyWeather,
      killAt: fc.option(fc.integer({ min: 1, max: 300 })),
      stopAfter: fc.option(fc.integer({ min: 0, max: 60_000 }), { freq: 5 }),
      meddling: fc.option(fc.record({ at: share, deed: fc.constantFrom("edit", "remove", "strip") })),
      skew: fc.constantFrom(0, 0, -2_000, 2_000),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

export interface Aftermath {
  readonly wrong: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly rig: Rig;
}

/** Plays a storm, then lets calm return and applies once more. */
export async function playStorm(storm: Storm): Promise<Aftermath> {
  const rig = createRig(storm.seed);
  const strangers = [
    rig.world.plant("memory.Network", { Cidr: "10.0.0.0/16", Tags: { name: "stranger" } }),
    rig.world.plant(
      "memory.Address",
      { Tags: { name: "stranger" } },
      { lineage: "another", object: "another", operation: "another", address: "another" },
    ),
  ];
  const before = strangers.map((object) => JSON.stringify([object.props, object.marks]));
  const outcomes: Outcome[] = [];
  const wrong: string[] = [];
  for (const stage of storm.stages) {
    await meddle(rig, stage, new Set(strangers.map((object) => object.id)));
    rig.cloud.setWeather(stage.weather);
    const outcome = await rig.apply(toGraph(stage.stack), {
      ...(stage.killAt !== null && { killAt: stage.killAt }),
      ...(stage.stopAfter !== null && { stopAfter: stage.stopAfter }),
      skew: stage.skew,
    });
    outcomes.push(outcome);
    wrong.push(...listUnplanned(outcome));
    // A request that was cut, repeated and answered may land once more later; after the next change of the same thing that would undo
    // it, and no journal can forbid it. Settle waits for the requests of a killed run; for those of a whole one we wait here.
    if (!outcome.killed) await rig.time.pass(stage.weather.late + 2_000);
  }
  const last = storm.stages.at(-1);
  if (!last) return { wrong, outcomes, rig };
  const graph = toGraph(last.stack);
  rig.cloud.setWeather({ rates: {}, limit: 0, latency: [0, 0], lag: { id: 0, tag: 0, list: 0 }, late: 0 });
  await rig.time.pass(300_000);
  let final = await rig.apply(graph);
  outcomes.push(final);
  wrong.push(...listUnplanned(final));
  const twins = await removeTwins(rig, outcomes, graph);
  if (twins > 0) {
    const faults = rig.cloud.faults();
    if (!faults.has("duplicate") && !faults.has("late")) wrong.push("a person had to remove something");
    final = await rig.apply(graph);
    outcomes.push(final);
    wrong.push(...listUnplanned(final));
  }
  if (final.result?.kind !== "done") wrong.push(describeEnd(final));
  const foreign = new Set(strangers.map((object) => object.id));
  wrong.push(...compareWorld(rig.world, graph, foreign));
  if (rig.world.ledger.some((entry) => entry.refusal === "IdempotentParameterMismatch"))
    wrong.push("a token was sent again with other bytes");
  const second = await rig.plan(graph);
  for (const problem of second.problems) wrong.push(`plan: ${problem.message}`);
  for (const change of second.plan?.changes ?? [])
    wrong.push(`second plan: ${change.action} ${change.key} ${change.props.map((prop) => prop.prop).join(" ")}`);
  strangers.forEach((object, index) => {
    if (JSON.stringify([object.props, object.marks]) !== before[index] || object.endedAt !== undefined)
      wrong.push(`${object.id} was touched and is not ours`);
  });
  return { wrong, outcomes, rig };
}

/**
 * Where nothing but the mark tells two objects apart and a proxy delivers a create twice, there are two; and a create that was repeated
 * may land a second time after what it made was deleted. What no row knows is reported and never touched, or both are named as
 * unresolved: a person removes it. Gives how many were removed.
 */
async function removeTwins(rig: Rig, outcomes: readonly Outcome[], graph: NativeGraph): Promise<number> {
  const before = rig.world.living().length;
  for (const { plan } of outcomes) {
    const open = new Set(plan?.settled.flatMap((each) => (each.outcome === "unresolved" ? [each.operation] : [])));
    for (const stray of plan?.strays ?? [])
      if (stray.kind === "unclaimed" && !open.has(stray.marks.operation ?? "")) rig.world.remove(stray.id.id);
  }
  for (const entry of await rig.store.readJournal()) {
    const [, ...others] = rig.world.byOperation(entry.operation);
    for (const other of others) rig.world.remove(other.id);
  }
  // A type that neither the source nor the state has any more is not listed, so a twin of it is not reported.
  const listed = new Set([...(await rig.store.readObjects()), ...graph.objects.values()].map((each) => each.type));
  const { lineage } = await rig.store.readMeta();
  for (const object of rig.world.living()) if (object.marks.lineage === lineage && !listed.has(object.type)) rig.world.remove(object.id);
  return before - rig.world.living().length;
}

async function meddle(rig: Rig, { meddling }: Stage, strangers: ReadonlySet<string>): Promise<void> {
  const ours = rig.world.living().filter((object) => !strangers.has(object.id));
  const object = meddling ? ours[Math.min(ours.length - 1, Math.floor(meddling.at * ours.length))] : undefined;
  if (!object || !meddling) return;
  if (meddling.deed === "strip") {
    // Without its mark, what was made by a request whose answer was lost belongs to nobody.
    if ((await rig.store.readObjects()).some((row) => row.id.id === object.id && row.status === "current")) rig.world.strip(object.id);
  } else if (meddling.deed === "remove") {
    // A cloud refuses others too while something refers to it.
    if (rig.world.childrenOf(object.id).length === 0) rig.world.remove(object.id);
  } else if (object.type === "memory.Subnet") rig.world.edit(object.id, { Public: object.props.Public !== true });
  else if (object.type === "memory.Firewall") rig.world.edit(object.id, { Rules: ["tcp/1"] });
  else if (object.type === "memory.Machine") rig.world.edit(object.id, { Power: object.props.Power === "off" ? "on" : "off" });
}

/** Requests that no plan showed. Settle may repeat those of an earlier run; their operation is named by a journal id. */
export function listUnplanned(outcome: Outcome): readonly string[] {
  const shown = new Set(
    outcome.plan?.changes.flatMap((change) => change.operations.flatMap((each) => each.steps.map((step) => `${each.id} ${step.key}`))),
  );
  return outcome.events.flatMap((event) =>
    event.kind === "step-sent" && event.operation.includes("@") && outcome.plan && !shown.has(`${event.operation} ${event.step}`)
      ? [`${event.operation} ${event.step} was not planned`]
      : [],
  );
}

function describeEnd(outcome: Outcome): string {
  const failed = outcome.result?.failed.map(({ operation, error }) => `${operation.id}: ${error.message}`) ?? [];
  const open = outcome.result?.unresolved.map(({ operation, reason }) => `${operation.id}: ${reason}`) ?? [];
  const problems = outcome.problems.map((problem) => problem.message);
  return `the undisturbed apply ended as ${outcome.result?.kind}: ${[...failed, ...open, ...problems].join("; ")}`;
}
