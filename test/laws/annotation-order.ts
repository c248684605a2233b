// `@after`: what says so is made later and ended earlier, whenever each was made.

import fc from "fast-check";
import type { LedgerEntry } from "../../providers/memory/world-object.ts";
import { addressOf, anyThings, parentsOf, type Thing, toGraph } from "./annotated-stacks.ts";
import { anyTrouble, applyThrough, describeEnd, judgeInForce, shares, tellVerdict } from "./annotation-play.ts";
import { createRig, type Outcome, type Rig } from "./engine-rig.ts";
import { defineLaw } from "./law.ts";

/** An order in which each stands after what it refers to, otherwise by chance. */
function shuffle(things: readonly Thing[], order: readonly number[]): readonly Thing[] {
  const open = [...things];
  const done: Thing[] = [];
  while (open.length > 0) {
    const ready = open.filter((thing) => parentsOf(thing).every((uid) => done.some((each) => each.uid === uid)));
    const next = ready[Math.floor((order[done.length % order.length] ?? 0) * ready.length * 0.999)] as Thing;
    done.push(next);
    open.splice(open.indexOf(next), 1);
  }
  return done;
}

/** Each resource of the line may say that it comes after some before it. */
function addEdges(things: readonly Thing[], chosen: readonly number[], line: readonly Thing[]): readonly Thing[] {
  return things.map((thing) => {
    const place = line.findIndex((each) => each.uid === thing.uid);
    const after = line.slice(0, place).filter((_, position) => (chosen[(place * 5 + position) % chosen.length] ?? 0) < 0.3);
    return after.length === 0 ? thing : { ...thing, annotations: { ...thing.annotations, after: after.map(addressOf) } };
  });
}

/** Ids of all objects of a resource, told by what it is called and what hangs on it. */
function idsByThing(rig: Rig, things: readonly Thing[]): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  for (const object of rig.world.living()) {
    const named = (object.props.Tags as { readonly name?: string } | undefined)?.name;
    const disk = named ?? (rig.world.objects.get(String(object.props.DiskId))?.props.Tags as { readonly name?: string } | undefined)?.name;
    const thing = things.find((each) => disk?.startsWith(`${each.kind}.${each.uid}:`));
    if (thing) owners.set(thing.uid, [...(owners.get(thing.uid) ?? []), object.id]);
  }
  return owners;
}

/** Pairs of the source of which the first comes after the second. */
function pairsOf(things: readonly Thing[]): readonly (readonly [Thing, Thing])[] {
  return things.flatMap((thing) =>
    (thing.annotations.after ?? []).flatMap((address) =>
      things.filter((each) => addressOf(each) === address).map((each) => [thing, each] as const),
    ),
  );
}

export const afterLaw = defineLaw({
  name: "annotation-after",
  arbitrary: fc.record({
    seed: fc.integer(),
    things: anyThings,
    order: shares,
    chosen: shares,
    /** Made by an earlier run, before anything said what comes after what. */
    early: shares,
    ending: fc.constantFrom("destroy" as const, "remove" as const),
    troubles: fc.tuple(anyTrouble, anyTrouble, anyTrouble),
  }),
  play: async ({ seed, things, order, chosen, early, ending, troubles }) => {
    const rig = createRig(seed);
    const line = shuffle(things, order);
    const outcomes: Outcome[] = [];
    const wrong: string[] = [];
    // A part first: whatever does not need what is left out.
    const part: Thing[] = [];
    for (const [position, thing] of things.entries())
      if ((early[position % 16] ?? 0) < 0.5 && parentsOf(thing).every((uid) => part.some((each) => each.uid === uid))) part.push(thing);
    const first = await applyThrough(rig, toGraph(part), troubles[0]);
    outcomes.push(...first.outcomes);
    wrong.push(...(await judgeInForce(rig, part, first)));
    const source = addEdges(things, chosen, line);
    const pairs = pairsOf(source);
    const second = await applyThrough(rig, toGraph(source), troubles[1]);
    outcomes.push(...second.outcomes);
    wrong.push(...(await judgeInForce(rig, source, second)));
    const owners = idsByThing(rig, source);
    const made = placesOf(second.deeds, "create");
    const isBefore = (left: readonly string[], right: readonly string[], places: ReadonlyMap<string, number>): boolean =>
      left.every((one) => right.every((other) => (places.get(one) ?? -1) < (places.get(other) ?? Number.POSITIVE_INFINITY)));
    const existing = (uid: string, places: ReadonlyMap<string, number>): readonly string[] =>
      (owners.get(uid) ?? []).filter((id) => places.has(id));
    for (const [later, earlier] of pairs) {
      if (!isBefore(existing(earlier.uid, made), existing(later.uid, made), made))
        wrong.push(`${later.uid} was made before ${earlier.uid}`);
      const ready = Math.max(0, ...existing(earlier.uid, made).map((id) => rig.world.objects.get(id)?.readyAt ?? 0));
      for (const id of existing(later.uid, made))
        if ((rig.world.objects.get(id)?.createdAt ?? 0) < ready) wrong.push(`${later.uid} was made before ${earlier.uid} was complete`);
    }
    const last = await applyThrough(
      rig,
      toGraph(ending === "destroy" ? source : []),
      troubles[2],
      ending === "destroy" ? { destroy: true } : {},
    );
    outcomes.push(...last.outcomes);
    if (last.final.result?.kind !== "done") wrong.push(describeEnd(last.final));
    wrong.push(...last.wrong, ...rig.world.living().map((object) => `${object.id} is left`));
    const ended = placesOf(last.deeds, "delete");
    for (const [later, earlier] of pairs)
      if (!isBefore(existing(later.uid, ended), existing(earlier.uid, ended), ended))
        wrong.push(`${later.uid} was ended after ${earlier.uid}`);
    return tellVerdict(rig, wrong, outcomes, { "after/pairs": pairs.length, [`after/${ending}`]: 1 });
  },
});

function placesOf(deeds: readonly LedgerEntry[], effect: LedgerEntry["effect"]): ReadonlyMap<string, number> {
  return new Map(deeds.flatMap((deed, place) => (deed.effect === effect ? [[deed.id, place] as const] : [])));
}
