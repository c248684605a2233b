// Runs on a rig, each judged for its order: the whole stack up and down, and one pair of native types through everything that can happen to its two
// ends. Shared by the clouds; knows their differences from data only.

import { expect } from "vitest";
import type { PlanFlags } from "../../../cli/prepare-plan.ts";
import { providers } from "../../../cli/providers.ts";
import type { NativeGraph } from "../../../engine/lower/native-graph.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { type CloudName, mutationsOn, tallyClouds } from "../../support/clouds.ts";
import type { Applied, StackRig } from "../../support/stack-rig.ts";
import { type Edge, listEdges, pairOf, partOf, repoint, smallestOf, without } from "./edges.ts";
import { judgeOrder, type Verdict } from "./judge.ts";
import type { CloudCases } from "./pair-case.ts";
import { makeTwin, type TwinRules } from "./twins.ts";
import { deleteOutOfOrder, type Outcome } from "./wrong-order.ts";

export type WholeStack = Awaited<ReturnType<StackRig["compile"]>>;

export interface Stage {
  readonly cloud: CloudName;
  readonly rig: StackRig;
  readonly whole: WholeStack;
  readonly cases: CloudCases;
}

export function schemaOn(cloud: CloudName, type: string): NativeSchema {
  const schema = providers.get(cloud)?.handlers[type]?.schema;
  if (!schema) throw new Error(`${cloud} has no type ${type}`);
  return schema;
}

/** How much of each rig's log was looked at. */
const read = new WeakMap<StackRig, number>();

/** Applies a graph; everything succeeds and comes in order. */
export async function bring(stage: Stage, native: NativeGraph, flags: PlanFlags = {}): Promise<{ applied: Applied; verdict: Verdict }> {
  const { cloud, rig, whole } = stage;
  const before = await rig.store.readObjects();
  const sent = read.get(rig) ?? 0;
  const applied = await rig.applyStack({ ...whole, native }, flags);
  const log = mutationsOn(cloud, rig.directory);
  read.set(rig, log.length);
  const verdict = judgeOrder({
    applied,
    before,
    wanted: listEdges(native),
    wire: log.slice(sent),
    deletedWith: (type) => schemaOn(cloud, type).deletedWith ?? [],
  });
  expect(applied.result.failed.map(({ operation, error }) => `${operation.id}: ${error.message}`)).toEqual([]);
  expect(applied.result.kind).toBe("done");
  expect(verdict.wrong).toEqual([]);
  return { applied, verdict };
}

/** Whether a source can point the referrer at another object: not where a reference is given once, or where only the lowering orders the two. */
export function isMovable(cloud: CloudName, { referrer, prop }: Edge): boolean {
  return prop !== undefined && schemaOn(cloud, referrer.type).givenOnce?.includes(prop) !== true;
}

/** Plays one pair on an empty world and leaves it empty; gives what the cloud made of the wrong order. */
export async function playPair(stage: Stage, edges: readonly Edge[]): Promise<Outcome> {
  const { cloud, rig, whole, cases } = stage;
  const edge = smallestOf(whole.native, edges);
  if (!edge) throw new Error("there is no such pair");
  const { referrer, referred } = edge;
  const rules: TwinRules = { schemaOf: (type) => schemaOn(cloud, type), differs: cases.differs };
  const pair = makeTwin(partOf(whole.native, [referrer.key]), referred.key, rules);
  await bring(stage, pair.graph);

  // The referrer is pointed at the twin, and what it pointed at is taken out of the source: in one run.
  const standing = without(repoint(pair.graph, referred.key, pair.key), referred.key);
  const moved = await bring(stage, standing);
  expect(endedIn(moved.applied)).toContain(referred.key);

  // What the referrer stands on gives way to a successor. Where it must go first and is held, the plan says so, and both are named.
  const alone = await rig.planStack({ ...whole, native: standing }, { replace: [pair.key] });
  expect(alone.plan === undefined).toBe(alone.problems.some((problem) => problem.kind === "claims"));
  const replaced = await bring(stage, standing, { replace: alone.plan ? [pair.key] : [pair.key, referrer.key] });
  expect(endedIn(replaced.applied)).toContain(pair.key);

  const outcome = await tryWrongOrder(stage, pair.key);
  if (outcome.kind === "refused") {
    const known = cases.pairs[pairOf(edge)];
    if (known && "refused" in known && known.because === undefined) await expectNamed(stage, pair.key, referrer.key);
    const { applied } = await bring(stage, without(standing, referrer.key));
    expect(applied.plan.changes.map(({ key, action }) => [key, action])).toEqual([[referrer.key, "delete"]]);
  }
  // From the rows alone: the source has nothing any more.
  await bring(stage, partOf(whole.native, []));
  expect(tallyClouds(rig.directory)).toEqual({});
  return outcome;
}

/** The referred is deleted while the referrer is there. What is refused leaves the world as it was. */
async function tryWrongOrder({ cloud, rig, whole }: Stage, key: string): Promise<Outcome> {
  const row = (await rig.store.readObjects()).find((each) => each.key === key && each.status === "current");
  if (!row) throw new Error(`there is no row of ${key}`);
  const before = tallyClouds(rig.directory);
  const outcome = await deleteOutOfOrder(await rig.connect(whole, cloud), row);
  if (outcome.kind === "refused") expect(tallyClouds(rig.directory)).toEqual(before);
  // Not a request of the engine's.
  read.set(rig, mutationsOn(cloud, rig.directory).length);
  return outcome;
}

/** What holds up the delete is named: the referrer itself, or what it belongs to. */
async function expectNamed({ cloud, rig, whole }: Stage, referred: string, referrer: string): Promise<void> {
  const rows = await rig.store.readObjects();
  const [held, holding] = [referred, referrer].map((key) => rows.find((row) => row.key === key && row.status === "current"));
  if (!held || !holding) throw new Error("a row is gone");
  const { provider, client, identity } = await rig.connect(whole, held.cloud);
  const blockers = await provider.handlers[held.type]?.blockers({ client, identity, signal: AbortSignal.timeout(30_000) }, held.id);
  const names = new Set([
    holding.id.id,
    ...holding.id.id.split("|"),
    ...Object.values(holding.props),
    ...Object.values(holding.attributes),
  ]);
  const seen = (blockers ?? []).flatMap(({ id, holder }) => (holder === undefined ? [id] : [id, holder]));
  expect({ cloud, of: held.id.id, seen, named: seen.some((id) => id !== held.id.id && names.has(id)) }).toMatchObject({ named: true });
}

function endedIn({ plan }: Applied): readonly string[] {
  return plan.changes.flatMap((change) => change.operations.flatMap(({ phase, key }) => (phase === "delete" ? [key] : [])));
}
