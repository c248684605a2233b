// `@was`: a resource that says what it was keeps its object, whatever else changes addresses with it, and whatever happens on the way.

import fc from "fast-check";
import { addressOf, anyThings, idsOf, type Thing, toGraph, whoOf } from "./annotated-stacks.ts";
import {
  anyTrouble,
  applyThrough,
  findObject,
  judgeEmpty,
  judgeInForce,
  listUnplanned,
  share,
  shares,
  tellVerdict,
} from "./annotation-play.ts";
import { createRig, type Outcome, type Rig } from "./engine-rig.ts";
import { defineLaw } from "./law.ts";

const anyRound = fc.record({
  /** Decides who bears which name of those that its kind has, and of two fresh ones. */
  order: shares,
  /** How many of a kind may change names at all: 0 none, 1 all. */
  movement: fc.constantFrom(0.5, 1),
  /** Former addresses of earlier rounds stay in the source. */
  keeps: fc.boolean(),
  edits: fc.constantFrom<readonly Edit[]>([], [], ["size"], ["password"], ["rules"], ["gateway"], ["size", "password", "dns"]),
  editAt: share,
  protects: fc.boolean(),
  trouble: anyTrouble,
});

type Edit = "size" | "password" | "rules" | "gateway" | "dns";

/** An edit in place: nothing is replaced by it. */
function editThing(thing: Thing, edit: Edit): Thing {
  if (edit === "size" && thing.kind === "machine") return { ...thing, size: thing.size === "m.1x1" ? "m.2x4" : "m.1x1" };
  if (edit === "size" && thing.kind === "disk") return { ...thing, size: thing.size + 10 };
  if (edit === "password" && thing.kind === "machine" && thing.password !== null) return { ...thing, password: `${thing.password}+` };
  if (edit === "rules" && thing.kind === "firewall")
    return { ...thing, rules: thing.rules.length > 1 ? thing.rules.slice(1) : ["tcp/1", "tcp/2"] };
  if (edit === "gateway" && thing.kind === "network") return { ...thing, gateway: !thing.gateway };
  if (edit === "dns" && thing.kind === "network") return { ...thing, dns: !thing.dns };
  return thing;
}

interface Movement {
  readonly order: readonly number[];
  readonly movement: number;
  readonly keeps: boolean;
}

/** Names change hands among those of a kind: alone, in chains, in circles, to names that nobody had. */
function rename(things: readonly Thing[], round: Movement, number: number, lastFrom: Map<string, string>): readonly Thing[] {
  const chance = (position: number): number => round.order[position % round.order.length] ?? 0;
  const kinds = [...new Set(things.map((thing) => thing.kind))];
  return kinds.flatMap((kind) => {
    const all = things.filter((thing) => thing.kind === kind);
    const moving = all.filter((_, position) => chance(position) <= round.movement);
    const names = [...moving.map((thing) => thing.name), `each["${number}"]`, `fresh${number}`];
    const sorted = names.map((name, position) => ({ name, at: chance(position * 7 + number) })).sort((a, b) => a.at - b.at);
    const next = all.map((thing) => moveTo(thing, sorted[moving.indexOf(thing)]?.name ?? thing.name, round.keeps));
    // The very exchange that was made last cannot be told from one that stayed in the source: a third name is needed for that.
    const repeats = next.some((thing) => {
      const holder = all.find((each) => each.name === thing.name && each.uid !== thing.uid);
      const from = holder && lastFrom.get(holder.uid);
      return from !== undefined && thing.annotations.was?.includes(from);
    });
    if (repeats) return all.map((thing) => moveTo(thing, thing.name, round.keeps));
    for (const [position, thing] of all.entries()) if (thing.name !== next[position]?.name) lastFrom.set(thing.uid, addressOf(thing));
    return next;
  });
}

function moveTo(thing: Thing, name: string, keeps: boolean): Thing {
  const { was: kept = [], ...others } = thing.annotations;
  const was = [...(name === thing.name ? [] : [addressOf(thing)]), ...(keeps ? kept : [])].filter(
    (address) => address !== `${thing.kind}.${name}`,
  );
  return { ...thing, name, annotations: { ...others, ...(was.length > 0 && { was }) } };
}

/** Marks that name another address than the object has. */
function listMisnamed(rig: Rig, things: readonly Thing[]): readonly string[] {
  return things.flatMap((thing) => {
    const { marks } = findObject(rig, whoOf(thing)) ?? {};
    const address = `${addressOf(thing)}:${thing.kind}`;
    return marks === undefined || marks.address === address ? [] : [`the mark of ${address} names ${marks.address}`];
  });
}

export const wasLaw = defineLaw({
  name: "annotation-was",
  arbitrary: fc.record({ seed: fc.integer(), things: anyThings, rounds: fc.array(anyRound, { minLength: 1, maxLength: 3 }) }),
  play: async ({ seed, things, rounds }) => {
    const rig = createRig(seed);
    const first = await rig.apply(toGraph(things));
    const outcomes: Outcome[] = [first];
    const wrong = [...listUnplanned(rig, first)];
    let now = things;
    let moved = 0;
    const lastFrom = new Map<string, string>();
    for (const [number, round] of rounds.entries()) {
      const before = idsOf(rig.world);
      const next = rename(now, round, number, lastFrom).map((thing, position) => {
        // A gateway taken out is an end, and what is protected has none.
        const edits = round.protects ? round.edits.filter((edit) => edit !== "gateway") : round.edits;
        const edited = (round.order[(position + 5) % 16] ?? 0) < round.editAt ? edits.reduce(editThing, thing) : thing;
        const { protect: _, ...others } = edited.annotations;
        return { ...edited, annotations: { ...others, ...(round.protects && { protect: true as const }) } };
      });
      moved += next.filter((thing, position) => thing.name !== now[position]?.name).length;
      const played = await applyThrough(rig, toGraph(next), round.trouble);
      outcomes.push(...played.outcomes);
      wrong.push(...(await judgeInForce(rig, next, played)));
      const ended = played.deeds.filter((deed) => deed.effect !== "update" && deed.type !== "memory.Gateway");
      wrong.push(...ended.map((deed) => `${deed.effect} of ${deed.id} by a rename`));
      const after = idsOf(rig.world);
      for (const [who, id] of before)
        if (after.get(who) !== id && !who.endsWith(":gateway")) wrong.push(`${who} was ${id} and is ${after.get(who)}`);
      wrong.push(...listMisnamed(rig, next));
      const bare = next.map((thing): Thing => ({ ...thing, annotations: { ...thing.annotations, was: [] } }));
      wrong.push(...(await judgeEmpty(rig, bare, "the plan without `@was`")));
      now = round.keeps ? next : bare;
      if (wrong.length > 0) break;
    }
    return tellVerdict(rig, wrong, outcomes, { "annotation/moved": moved });
  },
});
