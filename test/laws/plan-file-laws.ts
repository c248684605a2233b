// Plan files and selections: what was reviewed is what is done, once, or nothing is; what is left out is left alone.

import fc from "fast-check";
import { calm } from "../../providers/memory/faults.ts";
import { addressOf, anyThings, idsOf, type Thing, toGraph, toIdentities, whoOf, withDependents, withParents } from "./annotated-stacks.ts";
import {
  anyTrouble,
  applyOnce,
  applyThrough,
  deedsSince,
  describeEnd,
  judgeEmpty,
  listUnplanned,
  shares,
  type Trouble,
  tellVerdict,
} from "./annotation-play.ts";
import { createRig, type Outcome, type Rig } from "./engine-rig.ts";
import { compareWorld } from "./engine-stacks.ts";
import { defineLaw } from "./law.ts";
import { alterations, alterFile, listOmitted, listSent, listShown, passThroughText } from "./plan-file-play.ts";

const anyEvent = fc.oneof(
  fc.record({ kind: fc.constantFrom("nothing" as const, "edit of the sources" as const, "faults" as const) }),
  fc.record({ kind: fc.constant("drift" as const), at: fc.nat({ max: 30 }), deed: fc.constantFrom("edit" as const, "remove" as const) }),
  fc.record({ kind: fc.constant("another run" as const), kills: fc.option(fc.integer({ min: 5, max: 60 })) }),
  fc.record({ kind: fc.constant("kill" as const), kills: fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 2, maxLength: 5 }) }),
  fc.record({ kind: fc.constant("altered" as const), how: fc.constantFrom(...alterations), sealed: fc.boolean() }),
);

const noTrouble: Trouble = { weather: calm, killAt: null, stopAfter: null };

/** Somebody edits or removes a living object, as far as a cloud lets him. */
function drift(rig: Rig, at: number, deed: "edit" | "remove"): void {
  const living = rig.world.living();
  const object = living[at % Math.max(1, living.length)];
  if (!object) return;
  if (deed === "remove") {
    if (rig.world.childrenOf(object.id).length === 0) rig.world.remove(object.id);
  } else if (object.type === "memory.Subnet") rig.world.edit(object.id, { Public: object.props.Public !== true });
  else if (object.type === "memory.Machine") rig.world.edit(object.id, { Power: object.props.Power === "off" ? "on" : "off" });
  else if (object.type === "memory.Firewall") rig.world.edit(object.id, { Rules: ["tcp/7"] });
}

export const planFileLaw = defineLaw({
  name: "plan-file",
  arbitrary: fc.record({
    seed: fc.integer(),
    before: anyThings,
    after: anyThings,
    third: anyThings,
    event: anyEvent,
    trouble: anyTrouble,
    starts: fc.boolean(),
  }),
  play: async ({ seed, before, after, third, event, trouble, starts }) => {
    const rig = createRig(seed);
    const outcomes: Outcome[] = [];
    const wrong: string[] = [];
    const take = (outcome: Outcome): Outcome => {
      outcomes.push(outcome);
      wrong.push(...listUnplanned(rig, outcome));
      return outcome;
    };
    if (!starts) take(await rig.apply(toGraph(before)));
    const planned = await rig.plan(toGraph(after));
    const file = planned.file && passThroughText(planned.file);
    if (!file) return tellVerdict(rig, [`no file: ${planned.problems.map((problem) => problem.message).join("; ")}`], outcomes);
    const shown = listShown(file);
    const isEmpty = file.changes.length === 0 && file.outputs.length === 0;
    const sent: string[] = [];
    /** Applies the file; what it sends must stand in it, and a refusal sends nothing. */
    const apply = async (used: typeof file, options: Partial<Trouble> = {}, stack: readonly Thing[] = after): Promise<Outcome> => {
      const from = rig.world.ledger.length;
      const outcome = take(await applyOnce(rig, toGraph(stack), { ...noTrouble, ...options }, { file: used }));
      const own = listSent(outcome);
      sent.push(...own);
      for (const step of own) if (!shown.has(step)) wrong.push(`${step} was sent, and the file does not show it`);
      if (outcome.refused !== undefined && (own.length > 0 || deedsSince(rig, from).length > 0))
        wrong.push(`refused (${outcome.refused}), and something was done`);
      return outcome;
    };
    /** It was carried out to its end: everything in it was sent or proved needless, and it is of no use any more. */
    const expectWhole = async (outcome: Outcome): Promise<void> => {
      // Killed after its end was written, it has been used; the world tells that it was.
      const ended = outcome.result?.kind === "done" || (event.kind === "kill" && outcome.refused === "used");
      if (!ended) wrong.push(`${event.kind}: ${describeEnd(outcome)}`);
      wrong.push(...compareWorld(rig.world, toIdentities(after)), ...(await judgeEmpty(rig, after)));
      const again = await apply(file);
      if (!isEmpty && again.refused !== "used")
        wrong.push(`the file was used, and its second apply ended as ${again.refused ?? again.result?.kind}`);
    };
    const expectRefused = (outcome: Outcome): void => {
      if (outcome.refused === undefined) wrong.push(`${event.kind}: the file was applied, and ${describeEnd(outcome)}`);
    };
    const tally: Record<string, number> = { [`plan-file/${event.kind}`]: 1 };
    switch (event.kind) {
      case "nothing": {
        const outcome = await apply(file);
        const omitted = listOmitted(outcome);
        const done = new Set(sent);
        for (const step of shown)
          if (!done.has(step) && !omitted.has(step.slice(0, step.lastIndexOf(" "))))
            wrong.push(`${step} stands in the file, and was neither sent nor proved needless`);
        await expectWhole(outcome);
        break;
      }
      case "faults": {
        const outcome = await apply(file, trouble);
        const again = await apply(file);
        if (outcome.result?.kind === "done" && !isEmpty && again.refused !== "used")
          wrong.push("a file that was carried out was applied again");
        if (again.result && again.result.kind !== "done") wrong.push(`after faults: ${describeEnd(again)}`);
        break;
      }
      case "edit of the sources":
        if (JSON.stringify(third) !== JSON.stringify(after)) expectRefused(await apply(file, {}, third));
        await expectWhole(await apply(file));
        break;
      case "drift": {
        drift(rig, event.at, event.deed);
        const outcome = await apply(file);
        if (outcome.refused === undefined) await expectWhole(outcome);
        tally[`drift/${outcome.refused === undefined ? "done" : "refused"}`] = 1;
        break;
      }
      case "another run": {
        const serial = (await rig.store.readMeta()).serial;
        if (event.kills !== null) await apply(file, { killAt: event.kills });
        const between = (await rig.store.readMeta()).serial;
        take(await rig.apply(toGraph(third)));
        const wrote = (await rig.store.readMeta()).serial !== between;
        const outcome = await apply(file);
        if (wrote) expectRefused(outcome);
        tally[`overtaken/${between === serial ? "before" : "within"}`] = 1;
        break;
      }
      case "kill": {
        let outcome: Outcome | undefined;
        for (const killAt of event.kills) {
          outcome = await apply(file, { killAt });
          if (!outcome.killed) break;
        }
        const final = outcome?.killed ? await apply(file) : outcome;
        if (final) await expectWhole(final);
        break;
      }
      case "altered": {
        const altered = alterFile(file, event.how, event.sealed);
        if (altered) expectRefused(await apply(altered));
        await expectWhole(await apply(file));
        break;
      }
    }
    return tellVerdict(rig, wrong, outcomes, tally);
  },
});

/** Everything that a chain of references in either stack connects with these. */
function connected(uids: ReadonlySet<string>, stacks: readonly (readonly Thing[])[]): ReadonlySet<string> {
  let reached = uids;
  for (let size = -1; size !== reached.size; ) {
    size = reached.size;
    for (const stack of stacks) reached = new Set([...withDependents(reached, stack), ...withParents(reached, stack)]);
  }
  return reached;
}

export const selectionLaw = defineLaw({
  name: "plan-selection",
  arbitrary: fc.record({
    seed: fc.integer(),
    before: anyThings,
    after: anyThings,
    starts: fc.boolean(),
    option: fc.constantFrom("target" as const, "exclude" as const),
    chosen: shares,
    byFile: fc.boolean(),
    trouble: anyTrouble,
  }),
  play: async ({ seed, before, after, starts, option, chosen, byFile, trouble }) => {
    const rig = createRig(seed);
    const outcomes: Outcome[] = [];
    const wrong: string[] = [];
    const old = starts ? [] : before;
    const first = await rig.apply(toGraph(old));
    outcomes.push(first);
    wrong.push(...listUnplanned(rig, first));
    const named = after.filter((_, position) => (chosen[position % 16] ?? 0) < 0.3);
    if (named.length === 0) return tellVerdict(rig, wrong, outcomes);
    const uids = new Set(named.map((thing) => thing.uid));
    const options = { [option]: named.map(addressOf).sort() };
    const ids = idsOf(rig.world);
    const from = rig.world.ledger.length;
    if (byFile) {
      const planned = await rig.plan(toGraph(after), options);
      const file = planned.file && passThroughText(planned.file);
      if (!file) return tellVerdict(rig, ["no file"], outcomes);
      const outcome = await rig.apply(toGraph(after), { file });
      outcomes.push(outcome);
      wrong.push(...listUnplanned(rig, outcome));
      if (outcome.result?.kind !== "done") wrong.push(describeEnd(outcome));
    } else {
      const played = await applyThrough(rig, toGraph(after), trouble, options);
      outcomes.push(...played.outcomes);
      wrong.push(...played.wrong);
      if (played.final.result?.kind !== "done") wrong.push(describeEnd(played.final));
    }
    const touched = new Set(deedsSince(rig, from).map((deed) => deed.id));
    const whoTouched = new Set(
      [...rig.world.objects.values()].flatMap((object) => {
        const tags = object.props.Tags as { readonly name?: string } | undefined;
        return touched.has(object.id) && tags?.name !== undefined
          ? [tags.name.slice(tags.name.indexOf(".") + 1, tags.name.indexOf(":"))]
          : [];
      }),
    );
    if (starts) {
      // Nothing is there: what is made is told by the references alone. It is its attachment that needs a machine, not the disk.
      const loose = after.map((thing): Thing => (thing.kind === "disk" ? { ...thing, machine: null } : thing));
      const without = withDependents(uids, loose);
      const expected =
        option === "target" ? withParents(uids, after) : new Set(after.map((thing) => thing.uid).filter((uid) => !without.has(uid)));
      for (const thing of after)
        if (expected.has(thing.uid) !== whoTouched.has(thing.uid))
          wrong.push(`--${option} ${[...uids].join(" ")}: ${thing.uid} was ${whoTouched.has(thing.uid) ? "made" : "not made"}`);
    } else if (option === "target") {
      const near = connected(uids, [old, after]);
      for (const uid of whoTouched) if (!near.has(uid)) wrong.push(`--target ${[...uids].join(" ")}: ${uid} was touched`);
    } else {
      for (const thing of named) {
        const id = ids.get(whoOf(thing));
        if (id !== undefined && touched.has(id)) wrong.push(`--exclude ${thing.uid}: it was touched`);
        if (id === undefined && whoTouched.has(thing.uid)) wrong.push(`--exclude ${thing.uid}: it was made`);
      }
    }
    const full = await applyThrough(rig, toGraph(after), trouble);
    outcomes.push(...full.outcomes);
    wrong.push(...full.wrong, ...compareWorld(rig.world, toIdentities(after)), ...(await judgeEmpty(rig, after)));
    return tellVerdict(rig, wrong, outcomes, { [`selection/${option}`]: 1 });
  },
});

export const forcedLaw = defineLaw({
  name: "plan-replace",
  arbitrary: fc.record({ seed: fc.integer(), things: anyThings, chosen: shares, killAt: fc.option(fc.integer({ min: 1, max: 120 })) }),
  play: async ({ seed, things, chosen, killAt }) => {
    const rig = createRig(seed);
    const first = await rig.apply(toGraph(things));
    const wrong = [...listUnplanned(rig, first)];
    const named = things.filter((_, position) => (chosen[position % 16] ?? 0) < 0.25);
    if (named.length === 0) return tellVerdict(rig, wrong, [first]);
    const before = idsOf(rig.world);
    const outcome = await applyOnce(
      rig,
      toGraph(things),
      { weather: calm, killAt, stopAfter: null },
      { replace: named.map(addressOf).sort() },
    );
    wrong.push(...listUnplanned(rig, outcome));
    const outcomes = [first, outcome];
    if (outcome.killed) {
      const next = await rig.apply(toGraph(things));
      outcomes.push(next);
      wrong.push(...listUnplanned(rig, next));
    }
    wrong.push(...compareWorld(rig.world, toIdentities(things)), ...(await judgeEmpty(rig, things)));
    const after = idsOf(rig.world);
    const following = withDependents(new Set(named.map((thing) => thing.uid)), things);
    for (const thing of things) {
      const kept = before.get(whoOf(thing)) === after.get(whoOf(thing));
      if (named.includes(thing) && kept && !outcome.killed)
        wrong.push(`${thing.uid} was to be replaced, and was not: ${describeEnd(outcome)}`);
      if (!following.has(thing.uid) && !kept) wrong.push(`${thing.uid} was replaced, and nobody asked for it`);
    }
    return tellVerdict(rig, wrong, outcomes, { "selection/replaced": named.length });
  },
});
