// `@adopt`, `@existing`, `@forget`: whose an object is. Taken over without being made, used without being touched, let go without being ended.

import fc from "fast-check";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import type { WorldObject } from "../../providers/memory/world-object.ts";
import {
  addressOf,
  anyThings,
  parentsOf,
  type Thing,
  toGraph,
  toIdentities,
  whoOf,
  withDependents,
  withParents,
} from "./annotated-stacks.ts";
import {
  anyTrouble,
  applyOnce,
  applyThrough,
  deedsSince,
  describeEnd,
  findObject,
  judgeEmpty,
  judgeInForce,
  listUnplanned,
  shares,
  tellVerdict,
  watchObjects,
} from "./annotation-play.ts";
import { createRig, type Outcome, type Rig } from "./engine-rig.ts";
import { resolveValue } from "./engine-stacks.ts";
import { defineLaw } from "./law.ts";

const foreignMarks = { lineage: "f".repeat(32), object: "e".repeat(32), operation: "d".repeat(32), address: "thing.theirs:thing" };

/**
 * Somebody else makes the main objects of some resources, as the source has them but for what may differ. Those whose parents nobody made are
 * left out. Gives what was made, by uid.
 */
function plantSome(
  rig: Rig,
  things: readonly Thing[],
  isChosen: (position: number) => boolean,
  differs: boolean,
): ReadonlyMap<string, WorldObject> {
  const planted = new Map<string, WorldObject>();
  const byKey = new Map<string, WorldObject>();
  const graph = toIdentities(things);
  for (const [position, thing] of things.entries()) {
    if (!isChosen(position) || !parentsOf(thing).every((uid) => planted.has(uid))) continue;
    const object = graph.objects.get(whoOf(thing));
    if (!object) continue;
    const wanted = resolveValue(object.props, byKey) as NativeMap;
    const made = rig.world.plant(object.type, { ...wanted, ...(differs ? differingProps(thing) : {}) });
    planted.set(thing.uid, made);
    byKey.set(object.key, made);
  }
  return planted;
}

/** Other values of what an update can bring in line. */
function differingProps(thing: Thing): NativeMap {
  switch (thing.kind) {
    case "network":
      return { Dns: !thing.dns };
    case "firewall":
      return { Rules: ["tcp/9", ...thing.rules.slice(1)] };
    case "subnet":
      return { Public: !thing.public };
    case "machine":
      return { Power: thing.power === "on" ? "off" : "on" };
    case "disk":
      return { Size: thing.size - 5 };
    default:
      return {};
  }
}

function annotate(things: readonly Thing[], planted: ReadonlyMap<string, WorldObject>, name: "adopt" | "existing"): readonly Thing[] {
  return things.map((thing): Thing => {
    const object = planted.get(thing.uid);
    return object ? { ...thing, annotations: { ...thing.annotations, [name]: object.id } } : thing;
  });
}

/** Secrets that cannot be read back cannot be compared, so an adopted machine is taken as having them: planted ones do. */
export const adoptLaw = defineLaw({
  name: "annotation-adopt",
  arbitrary: fc.record({
    seed: fc.integer(),
    things: anyThings,
    chosen: shares,
    differs: fc.boolean(),
    /** Of another stack: refused, until it is told to take them. */
    foreign: fc.boolean(),
    missing: fc.boolean(),
    trouble: anyTrouble,
  }),
  play: async ({ seed, things, chosen, differs, foreign, missing, trouble }) => {
    const rig = createRig(seed);
    const planted = plantSome(rig, things, (position) => (chosen[position % 16] ?? 0) < 0.7, differs);
    const ids = new Set([...planted.values()].map((object) => object.id));
    const wrong: string[] = [];
    const outcomes: Outcome[] = [];
    const source = annotate(things, planted, "adopt");
    const refuse = async (graph: readonly Thing[], kind: string): Promise<void> => {
      const from = rig.world.ledger.length;
      const outcome = await rig.apply(toGraph(graph));
      outcomes.push(outcome);
      if (!outcome.problems.some((problem) => problem.kind === kind))
        wrong.push(`adopting should be refused as ${kind}, and ${describeEnd(outcome)}`);
      if (deedsSince(rig, from).length > 0) wrong.push("something was done in spite of a refusal");
    };
    const [first] = planted.keys();
    if (missing && first !== undefined)
      await refuse(
        source.map((thing) => (thing.uid === first ? ({ ...thing, annotations: { adopt: "nothing-0" } } as Thing) : thing)),
        "existing",
      );
    if (foreign && planted.size > 0) {
      for (const object of planted.values()) object.marks = { ...foreignMarks, object: object.id };
      await refuse(source, "foreign");
    }
    const played = await applyThrough(rig, toGraph(source), trouble, foreign ? { take: true } : {});
    outcomes.push(...played.outcomes);
    wrong.push(...(await judgeInForce(rig, source, played)));
    for (const deed of played.deeds)
      if (ids.has(deed.id) && deed.effect !== "update") wrong.push(`${deed.effect} of ${deed.id}, which was to be taken over`);
    const { lineage } = await rig.store.readMeta();
    for (const thing of source) {
      const object = planted.get(thing.uid);
      if (!object) continue;
      if (findObject(rig, whoOf(thing))?.id !== object.id) wrong.push(`${thing.uid} is not what was to be taken over`);
      if (object.marks.lineage !== lineage) wrong.push(`${object.id} was taken over without a mark`);
    }
    wrong.push(...(await judgeEmpty(rig, things, "the plan without `@adopt`")));
    // From here on it is ours like any other: it ends when the source drops it, and not before.
    const last = await applyThrough(rig, toGraph([]), { ...trouble, killAt: null });
    outcomes.push(...last.outcomes);
    wrong.push(...last.wrong, ...rig.world.living().map((object) => `${object.id} outlived its place in the source`));
    return tellVerdict(rig, wrong, outcomes, { "annotation/adopted": planted.size });
  },
});

/** Taking over was cut short, and then the source lets go: whatever came of it, the object stays. */
export const adoptForgetLaw = defineLaw({
  name: "annotation-adopt-forget",
  arbitrary: fc.record({ seed: fc.integer(), things: anyThings, at: fc.nat({ max: 20 }), trouble: anyTrouble, again: anyTrouble }),
  play: async ({ seed, things, at, trouble, again }) => {
    const rig = createRig(seed);
    const alone = things.filter((thing) => parentsOf(thing).length === 0 && withDependents([thing.uid], things).size === 1);
    const chosen = alone[at % Math.max(1, alone.length)];
    if (!chosen) return tellVerdict(rig, [], []);
    const planted = plantSome(rig, things, (position) => things[position] === chosen, false);
    const object = planted.get(chosen.uid) as WorldObject;
    const first = await applyOnce(rig, toGraph(annotate(things, planted, "adopt")), trouble);
    const wrong = [...listUnplanned(rig, first)];
    const letGo = things.map((thing): Thing => (thing === chosen ? { ...thing, annotations: { forget: true } } : thing));
    const { props } = object;
    const played = await applyThrough(rig, toGraph(letGo), again);
    const gateway = chosen.kind === "network" && chosen.gateway ? [findObject(rig, whoOf(chosen, "gateway"))?.id ?? ""] : [];
    wrong.push(...(await judgeInForce(rig, letGo, played, new Set([object.id, ...gateway]))));
    const last = await applyThrough(rig, toGraph(letGo.filter((thing) => thing === chosen || thing.annotations.forget)), again);
    wrong.push(...last.wrong);
    if (object.endedAt !== undefined) wrong.push(`${object.id} was ended after it was let go`);
    if (JSON.stringify(object.props) !== JSON.stringify(props)) wrong.push(`${object.id} was changed after it was let go`);
    return tellVerdict(rig, wrong, [first, ...played.outcomes, ...last.outcomes], { "annotation/let-go": 1 });
  },
});

export const existingLaw = defineLaw({
  name: "annotation-existing",
  arbitrary: fc.record({
    seed: fc.integer(),
    things: anyThings,
    chosen: shares,
    troubles: fc.tuple(anyTrouble, anyTrouble, anyTrouble),
    ending: fc.constantFrom("gone" as const, "changed" as const, "destroyed" as const),
  }),
  play: async ({ seed, things, chosen, troubles, ending }) => {
    const rig = createRig(seed);
    const planted = plantSome(rig, things, (position) => (chosen[position % 16] ?? 0) < 0.6, false);
    const source = annotate(things, planted, "existing");
    const touched = watchObjects([...planted.values()]);
    const outcomes: Outcome[] = [];
    const wrong: string[] = [];
    // Gateways and attachments of what is only used are the business of whoever made it.
    const used = source.map((thing): Thing => (planted.has(thing.uid) && thing.kind === "network" ? { ...thing, gateway: false } : thing));
    const expected = used.map((thing): Thing => (planted.has(thing.uid) && thing.kind === "disk" ? { ...thing, machine: null } : thing));
    const apply = async (stack: readonly Thing[], force: readonly Thing[], position: 0 | 1 | 2): Promise<void> => {
      const played = await applyThrough(rig, toGraph(stack), troubles[position]);
      outcomes.push(...played.outcomes);
      wrong.push(...(await judgeInForce(rig, force, played)), ...touched());
    };
    await apply(source, expected, 0);
    const edit = (thing: Thing): Thing =>
      thing.kind === "machine" && !planted.has(thing.uid) ? { ...thing, power: thing.power === "on" ? "off" : "on" } : thing;
    await apply(source.map(edit), expected.map(edit), 1);
    const [victim] = [...planted.values()].filter((object) => object.type === "memory.Network");
    if (ending === "destroyed" || !victim) {
      const played = await applyThrough(rig, toGraph(source), troubles[2], { destroy: true });
      outcomes.push(...played.outcomes);
      wrong.push(...played.wrong, ...touched());
      const left = new Set([...planted.values()].map((object) => object.id));
      wrong.push(...rig.world.living().flatMap((object) => (left.has(object.id) ? [] : [`${object.id} was left by a destroy`])));
    } else {
      const changes = ending === "gone" ? () => rig.world.remove(victim.id) : () => rig.world.edit(victim.id, { Cidr: "10.9.0.0/16" });
      changes();
      const from = rig.world.ledger.length;
      const outcome = await rig.apply(toGraph(source));
      outcomes.push(outcome);
      if (!outcome.problems.some((problem) => problem.kind === "existing" && problem.message.includes(victim.id)))
        wrong.push(`${victim.id} is ${ending}, and ${describeEnd(outcome)}`);
      if (deedsSince(rig, from).length > 0) wrong.push("something was done in spite of a refusal");
    }
    return tellVerdict(rig, wrong, outcomes, { "annotation/used": planted.size, [`existing/${victim ? ending : "destroyed"}`]: 1 });
  },
});

export const forgetLaw = defineLaw({
  name: "annotation-forget",
  arbitrary: fc.record({
    seed: fc.integer(),
    things: anyThings,
    at: fc.nat({ max: 20 }),
    /** Everything that stands on it is let go with it; else an error if anything does. */
    whole: fc.boolean(),
    troubles: fc.tuple(anyTrouble, anyTrouble, anyTrouble),
    staysInSource: fc.boolean(),
  }),
  play: async ({ seed, things, at, whole, troubles, staysInSource }) => {
    const rig = createRig(seed);
    const first = await rig.apply(toGraph(things));
    const chosen = things[at % things.length] as Thing;
    const dependents = withDependents([chosen.uid], things);
    const released = whole ? dependents : new Set([chosen.uid]);
    const source = things.map((thing): Thing => (released.has(thing.uid) ? { ...thing, annotations: { forget: true } } : thing));
    const addresses = new Set(things.filter((thing) => released.has(thing.uid)).map(addressOf));
    const objects = (await rig.store.readObjects())
      .filter((row) => addresses.has(row.address))
      .map((row) => rig.world.objects.get(row.id.id) as WorldObject);
    const touched = watchObjects(objects);
    const wrong = [...listUnplanned(rig, first)];
    const from = rig.world.ledger.length;
    const played = await applyThrough(rig, toGraph(source), troubles[0]);
    const outcomes = [first, ...played.outcomes];
    if (!whole && dependents.size > 1) {
      const told = played.final.problems.some((problem) => problem.kind === "missing" && problem.address === addressOf(chosen));
      if (!told) wrong.push(`others refer to what is let go, and ${describeEnd(played.final)}`);
      if (deedsSince(rig, from).length > 0) wrong.push("something was done in spite of a refusal");
      return tellVerdict(rig, wrong, outcomes, { "forget/refused": 1 });
    }
    const ids = new Set(objects.map((object) => object.id));
    wrong.push(...(await judgeInForce(rig, source, played, ids)), ...touched());
    if (played.deeds.length > 0) wrong.push(...played.deeds.map((deed) => `${deed.effect} of ${deed.id} by a forget`));
    if ((await rig.store.readObjects()).some((row) => ids.has(row.id.id))) wrong.push("a row of what was let go is still there");
    // Later runs, with and without it in the source, edits of the rest, its end: nothing touches what was let go.
    const rest = source.filter((thing) => staysInSource || !released.has(thing.uid));
    const edited = rest.map(
      (thing): Thing => (thing.kind === "machine" ? { ...thing, size: thing.size === "m.1x1" ? "m.2x4" : "m.1x1" } : thing),
    );
    const second = await applyThrough(rig, toGraph(edited), troubles[1]);
    wrong.push(...(await judgeInForce(rig, edited, second, ids)), ...touched());
    const kept = withParents(released, things);
    const last = await applyThrough(rig, toGraph(edited.filter((thing) => kept.has(thing.uid))), troubles[2]);
    wrong.push(
      ...(await judgeInForce(
        rig,
        edited.filter((thing) => kept.has(thing.uid)),
        last,
        ids,
      )),
      ...touched(),
    );
    return tellVerdict(rig, wrong, [...outcomes, ...second.outcomes, ...last.outcomes], { "forget/let-go": 1 });
  },
});
