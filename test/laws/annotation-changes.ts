// `@ignore`, `@protect`, `@replace`, `@after`: what of an object may change, whether it may go, and in which order.

import fc from "fast-check";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import type { LedgerEntry } from "../../providers/memory/world-object.ts";
import { addressOf, anyThings, idsOf, parentsOf, type Thing, toGraph, toIdentities, whoOf, withDependents } from "./annotated-stacks.ts";
import {
  anyTrouble,
  applyThrough,
  deedsSince,
  describeEnd,
  findObject,
  judgeEmpty,
  judgeInForce,
  listUnplanned,
  type Played,
  shares,
  tellVerdict,
} from "./annotation-play.ts";
import { createRig, type Outcome } from "./engine-rig.ts";
import { compareWorld } from "./engine-stacks.ts";
import { defineLaw } from "./law.ts";

/** Of each kind: what is left alone, under its name in the language; how somebody else edits it; and the resource as it is then. */
const ignorable: Readonly<
  Record<
    string,
    {
      readonly prop: string;
      readonly edit: NativeMap;
      readonly seen: Readonly<Record<string, unknown>>;
      readonly written: Readonly<Record<string, unknown>>;
    }
  >
> = {
  network: { prop: "dns", edit: { Dns: true }, seen: { dns: true }, written: { dns: false } },
  firewall: { prop: "allow", edit: { Rules: ["tcp/666"] }, seen: { rules: ["tcp/666"] }, written: { rules: ["tcp/5"] } },
  subnet: { prop: "public", edit: { Public: true }, seen: { public: true }, written: { public: false } },
  machine: { prop: "size", edit: { Size: "m.9x9" }, seen: { size: "m.9x9" }, written: { size: "m.3x3" } },
  disk: { prop: "size", edit: { Size: 99 }, seen: { size: 99 }, written: { size: 33 } },
};

/** An edit beside what is ignored, in place. */
function editBeside(thing: Thing): Thing {
  if (thing.kind === "machine")
    return { ...thing, power: thing.power === "on" ? "off" : "on", ...(thing.password !== null && { password: `${thing.password}+` }) };
  return thing;
}

export const ignoreLaw = defineLaw({
  name: "annotation-ignore",
  arbitrary: fc.record({
    seed: fc.integer(),
    things: anyThings,
    chosen: shares,
    at: fc.nat({ max: 20 }),
    order: fc.constantFrom<"before" | "after" | undefined>("before", "after", undefined),
    troubles: fc.tuple(anyTrouble, anyTrouble, anyTrouble),
  }),
  play: async ({ seed, things, chosen, at, order, troubles }) => {
    const rig = createRig(seed);
    const source = things.map((thing, position): Thing => {
      const known = ignorable[thing.kind];
      if (!known || (chosen[position % 16] ?? 0) > 0.7) return thing;
      // The order of a replacement is free for what claims nothing that its successor needs.
      const written = order !== undefined && thing.kind === "machine" && !things.some((each) => parentsOf(each).includes(thing.uid));
      return { ...thing, annotations: { ignore: [known.prop], ...(written && { replace: order }) } };
    });
    const ignoring = source.filter((thing) => thing.annotations.ignore !== undefined);
    const outcomes: Outcome[] = [];
    const wrong: string[] = [];
    const see = (thing: Thing): Thing =>
      ignoring.some((each) => each.uid === thing.uid) ? ({ ...thing, ...ignorable[thing.kind]?.seen } as Thing) : thing;
    const judge = (played: Played, force: readonly Thing[]): void => {
      outcomes.push(...played.outcomes);
      wrong.push(
        ...played.wrong,
        ...(played.final.result?.kind === "done" ? [] : [describeEnd(played.final)]),
        ...compareWorld(rig.world, toIdentities(force)),
      );
    };
    judge(await applyThrough(rig, toGraph(source), troubles[0]), source);
    for (const thing of ignoring) {
      const object = findObject(rig, whoOf(thing));
      if (object) rig.world.edit(object.id, ignorable[thing.kind]?.edit ?? {});
    }
    wrong.push(...(await judgeEmpty(rig, source, "the plan after an edit of what is ignored")));
    const written = source.map(
      (thing): Thing => (thing.annotations.ignore ? ({ ...thing, ...ignorable[thing.kind]?.written } as Thing) : thing),
    );
    wrong.push(...(await judgeEmpty(rig, written, "the plan after the source changed what is ignored")));
    const edited = written.map(editBeside);
    judge(await applyThrough(rig, toGraph(edited), troubles[1]), edited.map(see));
    wrong.push(...(await judgeEmpty(rig, edited)));
    // Made anew, it is as the source says; what is replaced with it as well.
    const victim = ignoring[at % Math.max(1, ignoring.length)];
    if (victim && wrong.length === 0) {
      const before = idsOf(rig.world);
      const played = await applyThrough(rig, toGraph(edited), troubles[2], { replace: [addressOf(victim)] });
      const after = idsOf(rig.world);
      const remade = (thing: Thing): boolean => before.get(whoOf(thing)) !== after.get(whoOf(thing));
      // What stands on it may insist on an order that cannot be.
      if (played.final.problems.some((problem) => problem.kind === "claims"))
        return tellVerdict(rig, wrong, [...outcomes, ...played.outcomes]);
      if (!edited.some((thing) => thing.uid === victim.uid && remade(thing)))
        wrong.push(`${victim.uid} was not replaced: ${describeEnd(played.final)}`);
      judge(
        played,
        edited.map((thing) => (remade(thing) ? thing : see(thing))),
      );
    }
    return tellVerdict(rig, wrong, outcomes, { "annotation/ignored": ignoring.length });
  },
});

/** A change that needs the object anew. */
function editHard(thing: Thing, number: number): Thing {
  switch (thing.kind) {
    case "network":
      return { ...thing, cidr: `10.${100 + number}.0.0/16` };
    case "firewall":
      return thing;
    case "subnet":
      return { ...thing, zone: thing.zone === "a" ? "b" : "a" };
    case "key":
      return { ...thing, text: `ssh ${number}` };
    case "machine":
      return { ...thing, image: `image-${10 + number}` };
    case "disk":
      return { ...thing, size: thing.size - 1 };
  }
}

const attacks = ["destroy", "remove", "change", "replace", "parent"] as const;

export const protectLaw = defineLaw({
  name: "annotation-protect",
  arbitrary: fc.record({
    seed: fc.integer(),
    things: anyThings,
    chosen: shares,
    attacks: fc.array(fc.record({ kind: fc.constantFrom(...attacks), at: fc.nat({ max: 20 }), trouble: anyTrouble }), {
      minLength: 1,
      maxLength: 4,
    }),
    last: anyTrouble,
  }),
  play: async ({ seed, things, chosen, attacks: plans, last }) => {
    const rig = createRig(seed);
    const guard = (thing: Thing, position: number): Thing =>
      (chosen[position % 16] ?? 0) < 0.4 ? { ...thing, annotations: { ...thing.annotations, protect: true } } : thing;
    const source = things.map(guard);
    const outcomes: Outcome[] = [];
    const tally: Record<string, number> = {};
    const first = await applyThrough(rig, toGraph(source), last);
    outcomes.push(...first.outcomes);
    const wrong = [...(await judgeInForce(rig, source, first))];
    const guarded = source.filter((thing) => thing.annotations.protect);
    const ids = new Map(guarded.map((thing) => [findObject(rig, whoOf(thing))?.id, thing]));
    const from = rig.world.ledger.length;
    let now = source;
    let destroyed = false;
    for (const [number, { kind, at, trouble }] of plans.entries()) {
      if (wrong.length > 0) break;
      const target = now[at % now.length] as Thing;
      const parent = now.find((thing) => parentsOf(target).includes(thing.uid)) ?? target;
      const gone = withDependents([target.uid], now);
      const hard = kind === "parent" ? parent : target;
      const next =
        kind === "remove"
          ? now.filter((thing) => !gone.has(thing.uid))
          : kind === "change" || kind === "parent"
            ? now.map((thing) => (thing.uid === hard.uid ? editHard(thing, number) : thing))
            : now;
      // What must go with it. What stands on a replaced object may have to be made anew, and that counts.
      const hit = kind === "destroy" ? now : kind === "remove" ? now.filter((thing) => gone.has(thing.uid)) : [hard];
      const certain = hit.filter(
        (thing) =>
          thing.annotations.protect &&
          (kind !== "change" && kind !== "parent"
            ? true
            : next.find((each) => each.uid === thing.uid) !== now.find((each) => each.uid === thing.uid)),
      );
      const deeds = rig.world.ledger.length;
      const options = kind === "destroy" ? { destroy: true } : kind === "replace" ? { replace: [addressOf(target)] } : {};
      const changes = editHard(hard, number) !== hard && JSON.stringify(editHard(hard, number)) !== JSON.stringify(hard);
      const played = await applyThrough(rig, toGraph(next), trouble, options);
      outcomes.push(...played.outcomes);
      wrong.push(...played.wrong);
      const named = new Set(played.final.problems.filter((problem) => problem.kind === "protected").map((problem) => problem.address));
      const refused = played.final.problems.length > 0;
      if (certain.length > 0 && (kind === "destroy" || kind === "remove" || kind === "replace" || changes)) {
        for (const thing of certain)
          if (!named.has(addressOf(thing)))
            wrong.push(`${kind}: ${addressOf(thing)} is protected and was not named: ${describeEnd(played.final)}`);
      }
      if (refused && deedsSince(rig, deeds).length > 0) wrong.push(`${kind}: something was done in spite of a refusal`);
      if (refused && named.size === 0) wrong.push(`${kind}: ${describeEnd(played.final)}`);
      tally[`protect/${refused ? "refused" : "done"}`] = (tally[`protect/${refused ? "refused" : "done"}`] ?? 0) + 1;
      if (!refused) {
        destroyed = kind === "destroy";
        if (destroyed) break;
        now = next;
        wrong.push(...(await judgeInForce(rig, now, played)));
      }
    }
    for (const deed of deedsSince(rig, from)) {
      const thing = ids.get(deed.id);
      if (thing && deed.effect === "delete") wrong.push(`${deed.id} of ${thing.uid} is protected and was ended`);
    }
    // Taken off, and applied: no request is sent for that. Then it may go.
    const bare = now.map((thing): Thing => ({ ...thing, annotations: {} }));
    const freed = await applyThrough(rig, toGraph(bare), last);
    if (freed.deeds.length > 0 && !destroyed) wrong.push("taking `@protect` off sent a request");
    const ended = await applyThrough(rig, toGraph([]), last);
    wrong.push(
      ...freed.wrong,
      ...ended.wrong,
      ...rig.world.living().map((object) => `${object.id} is left after protection was taken off`),
    );
    return tellVerdict(rig, wrong, [...outcomes, ...freed.outcomes, ...ended.outcomes], tally);
  },
});

export const replaceOrderLaw = defineLaw({
  name: "annotation-replace",
  arbitrary: fc.record({
    seed: fc.integer(),
    things: anyThings,
    orders: fc.array(fc.constantFrom<"before" | "after" | undefined>("before", "after", undefined), { minLength: 16, maxLength: 16 }),
    at: fc.nat({ max: 20 }),
    asked: fc.boolean(),
    trouble: anyTrouble,
  }),
  play: async ({ seed, things, orders, at, asked, trouble }) => {
    const rig = createRig(seed);
    const source = things.map((thing, position): Thing => {
      const written = orders[position % 16];
      // A cloud keeps what something carries, so it cannot go before that has its successor.
      const carried = thing.kind === "firewall" && things.some((each) => parentsOf(each).includes(thing.uid));
      const replace = carried && written === "after" ? undefined : written;
      return replace ? { ...thing, annotations: { replace } } : thing;
    });
    const first = await rig.apply(toGraph(source));
    const wrong = [...listUnplanned(rig, first)];
    const target = source[at % source.length] as Thing;
    const next = asked ? source : source.map((thing) => (thing === target ? editHard(thing, 1) : thing));
    const from = rig.world.ledger.length;
    const played = await applyThrough(rig, toGraph(next), trouble, asked ? { replace: [addressOf(target)] } : {});
    const outcomes = [first, ...played.outcomes];
    const { final } = played;
    if (final.problems.length > 0) {
      for (const problem of final.problems) {
        const insists = source.some((thing) => addressOf(thing) === problem.address && thing.annotations.replace === "before");
        if (problem.kind !== "claims" || !insists || !/`\w+/.test(problem.message.slice(problem.message.indexOf(":"))))
          wrong.push(describeEnd(final));
      }
      if (deedsSince(rig, from).length > 0) wrong.push("something was done in spite of a refusal");
      return tellVerdict(rig, wrong, outcomes, { "replace/refused": 1 });
    }
    wrong.push(
      ...played.wrong,
      ...(final.result?.kind === "done" ? [] : [describeEnd(final)]),
      ...compareWorld(rig.world, toIdentities(next)),
    );
    const tally: Record<string, number> = {};
    const placeOf = (id: string, effect: LedgerEntry["effect"]): number =>
      played.deeds.findIndex((deed) => deed.id === id && deed.effect === effect);
    for (const thing of next) {
      const written = thing.annotations.replace;
      if (written === undefined) continue;
      const line = [...rig.world.objects.values()].filter(
        (object) => (object.props.Tags as { readonly name?: string } | undefined)?.name === whoOf(thing),
      );
      for (const [position, made] of line.entries()) {
        const old = line[position - 1];
        if (!old || placeOf(made.id, "create") < 0) continue;
        const [ended, began] = [placeOf(old.id, "delete"), placeOf(made.id, "create")];
        tally[`replace/${written}`] = (tally[`replace/${written}`] ?? 0) + 1;
        if (written === "before" ? began > ended : ended > began)
          wrong.push(`${thing.uid} was to be replaced "${written}", and ${old.id} ended at ${ended}, ${made.id} began at ${began}`);
      }
    }
    return tellVerdict(rig, wrong, outcomes, tally);
  },
});
