// What every law of an annotation does: applies a stack through faults and a death, lets calm return and applies again, and looks at what was
// sent. Judges nothing by marks, journal or state.

import fc from "fast-check";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import { calm, type Weather } from "../../providers/memory/faults.ts";
import type { LedgerEntry, WorldObject } from "../../providers/memory/world-object.ts";
import { describeObject, type Thing, toGraph, toIdentities } from "./annotated-stacks.ts";
import { judgeRequests } from "./engine-oracle.ts";
import type { CommandOptions, Outcome, Rig } from "./engine-rig.ts";
import { compareWorld } from "./engine-stacks.ts";
import type { LawVerdict } from "./law.ts";

export interface Trouble {
  readonly weather: Weather;
  /** Dies at this place; null: lives. */
  readonly killAt: number | null;
  readonly stopAfter: number | null;
}

export const share = fc.double({ min: 0, max: 1, noNaN: true });
/** Chances for up to so many things. */
export const shares = fc.array(share, { minLength: 16, maxLength: 16 });

const rare = fc.constantFrom(0, 0, 0.03, 0.1);

/** Without requests that land twice: those leave twins, which are another law's matter. */
const anyWeather: fc.Arbitrary<Weather> = fc.record({
  rates: fc.record({ throttle: rare, error: rare, cut: rare, denied: fc.constantFrom(0, 0, 0.02), partial: rare }),
  limit: fc.integer({ min: 0, max: 12 }),
  latency: fc.constantFrom([0, 0] as const, [10, 300] as const),
  lag: fc.record({ id: fc.constantFrom(0, 20_000), tag: fc.constantFrom(0, 60_000), list: fc.constantFrom(0, 30_000) }),
  late: fc.constant(0),
});

export const anyTrouble: fc.Arbitrary<Trouble> = fc.record({
  weather: fc.oneof({ weight: 1, arbitrary: fc.constant(calm) }, { weight: 2, arbitrary: anyWeather }),
  killAt: fc.option(fc.integer({ min: 1, max: 140 }), { freq: 2 }),
  stopAfter: fc.option(fc.integer({ min: 0, max: 20_000 }), { freq: 1 }),
});

export interface Played {
  readonly outcomes: readonly Outcome[];
  /** The undisturbed apply at the end. */
  readonly final: Outcome;
  /** What the engine did to the world, in order. */
  readonly deeds: readonly LedgerEntry[];
  readonly wrong: readonly string[];
}

/** Applies through trouble, then undisturbed. An apply that is refused sends nothing, so a refusal shows in `final` as well. */
export async function applyThrough(rig: Rig, graph: NativeGraph, trouble: Trouble, options: CommandOptions = {}): Promise<Played> {
  const from = rig.world.ledger.length;
  const first = await applyOnce(rig, graph, trouble, options);
  rig.cloud.setWeather(calm);
  await rig.time.pass(60_000);
  const final = await rig.apply(graph, options);
  const outcomes = [first, final];
  return { outcomes, final, deeds: deedsSince(rig, from), wrong: outcomes.flatMap((outcome) => listUnplanned(rig, outcome)) };
}

/** By rig: what plans of all commands so far have shown. */
const shown = new WeakMap<Rig, Set<string>>();

/** Requests that no plan showed. Each outcome of a rig is to be judged once, in order. */
export function listUnplanned(rig: Rig, outcome: Outcome): readonly string[] {
  const planned = shown.get(rig) ?? new Set<string>();
  shown.set(rig, planned);
  return judgeRequests(outcome, rig.cloud.wire, planned);
}

/** One apply in trouble, with no second one. */
export async function applyOnce(rig: Rig, graph: NativeGraph, trouble: Trouble, options: CommandOptions = {}): Promise<Outcome> {
  rig.cloud.setWeather(trouble.weather);
  const outcome = await rig.apply(graph, {
    ...options,
    ...(trouble.killAt !== null && { killAt: trouble.killAt }),
    ...(trouble.stopAfter !== null && { stopAfter: trouble.stopAfter }),
  });
  rig.cloud.setWeather(calm);
  return outcome;
}

/** Effects that requests of the engine had since the ledger was so long. */
export function deedsSince(rig: Rig, from: number): readonly LedgerEntry[] {
  return rig.world.ledger.slice(from).filter((entry) => entry.by === "engine" && entry.effect !== "none");
}

/** What is wrong when these should be in force and a plan should find nothing to do. */
export async function judgeInForce(rig: Rig, things: readonly Thing[], played: Played, foreign: ReadonlySet<string> = new Set()) {
  const { final } = played;
  const wrong = [...played.wrong];
  if (final.result?.kind !== "done") wrong.push(describeEnd(final));
  // What is only used is in the world, and what was let go of may be.
  const managed = things.filter((thing) => thing.annotations.forget !== true);
  wrong.push(...compareWorld(rig.world, toIdentities(managed), foreign));
  wrong.push(...(await judgeEmpty(rig, things)));
  return wrong;
}

/** The changes of a plan that should have none. */
export async function judgeEmpty(rig: Rig, things: readonly Thing[], when = "the second plan"): Promise<readonly string[]> {
  const { plan, problems } = await rig.plan(toGraph(things));
  return [
    ...problems.map((problem) => `${when}: ${problem.message}`),
    ...(plan?.changes ?? []).map(
      (change) => `${when} is not empty: ${change.action} ${change.key} ${change.props.map((prop) => prop.prop).join(" ")}`,
    ),
  ];
}

export function describeEnd({ result, problems, refused, killed }: Outcome): string {
  const failed = result?.failed.map(({ operation, error }) => `${operation.id}: ${error.message}`) ?? [];
  const open = result?.unresolved.map(({ operation, reason }) => `${operation.id}: ${reason}`) ?? [];
  const told = [...failed, ...open, ...problems.map((problem) => problem.message), refused ?? "", killed?.message ?? ""].filter(Boolean);
  return `the undisturbed apply ended as ${result?.kind}: ${told.join("; ")}`;
}

/** Remembers objects, and tells later which of them are no longer as they were. */
export function watchObjects(objects: readonly WorldObject[]): () => readonly string[] {
  const before = objects.map((object) => describeObject(object));
  return () =>
    objects.flatMap((object, index) =>
      describeObject(object) === before[index] ? [] : [`${object.id} was touched: ${before[index]} became ${describeObject(object)}`],
    );
}

/** Of the living that bear such an identity. */
export function findObject(rig: Rig, who: string): WorldObject | undefined {
  return rig.world.living().find((object) => (object.props.Tags as { readonly name?: string } | undefined)?.name === who);
}

export function tellVerdict(
  rig: Rig,
  wrong: readonly string[],
  outcomes: readonly Outcome[],
  more: Readonly<Record<string, number>> = {},
): LawVerdict {
  const tally: Record<string, number> = { ...more };
  const count = (name: string, times = 1): void => {
    tally[name] = (tally[name] ?? 0) + times;
  };
  for (const [fault, times] of rig.cloud.faults()) count(`fault/${fault}`, times);
  for (const { killed, result, settled, problems } of outcomes) {
    if (killed) count("kill/kills");
    count(`outcome/${killed ? "killed" : (result?.kind ?? (problems.length > 0 ? "refused" : "none"))}`);
    for (const each of settled) count(`settled/${each.outcome}`);
  }
  return { wrong, tally };
}
