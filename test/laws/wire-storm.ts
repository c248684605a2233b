// One schedule of commands over the wire, under bad weather, and the judgement after one undisturbed apply. The judge reads the embedded cloud's world and its
// log of requests only; it knows nothing of marks, journal or state. Time is virtual, so that minutes of waiting cost nothing and a case can be replayed.

import fc from "fast-check";
import { type Deed, deeds, meddle, plantStrangers, readBytes, removeByHand } from "../support/another-hand.ts";
import { type CloudName, clouds } from "../support/clouds.ts";
import { Died, type Life, startLife } from "../support/life.ts";
import { createPacedTime } from "../support/paced-time.ts";
import { compareWorlds, describeDifferences, type Portrait, portray } from "../support/same-world.ts";
import { type Applied, openStackRig, type StackRig } from "../support/stack-rig.ts";
import type { LawVerdict } from "./law.ts";
import { anyEdit, anyStack, type Edit, editStack, type StackSpec, writeStack } from "./wire-stacks.ts";

interface Trouble {
  readonly kind: "cut before" | "cut after" | "late" | "error" | "throttle" | "deny" | "fail" | "twice" | "partial-page" | "empty-page";
  /** The first request, counted from 1, that it meets, and how many in a row. */
  readonly from: number;
  readonly times: number;
}

interface Stage {
  readonly edits: readonly Edit[];
  readonly command: "apply" | "plan" | "destroy";
  readonly troubles: readonly Trouble[];
  readonly lag: { readonly ids: number; readonly tags: number; readonly lists: number };
  readonly killAt: number | null;
  readonly stopAfter: number | null;
  readonly meddling: { readonly deed: Deed; readonly share: number } | null;
}

export interface WireStorm {
  readonly seed: number;
  readonly stack: StackSpec;
  readonly stages: readonly Stage[];
}

/** Milliseconds after which a request that was cut lands all the same. */
const lateBy = 45_000;

const anyTrouble: fc.Arbitrary<Trouble> = fc.record({
  kind: fc.constantFrom(
    ...([
      "cut before",
      "cut after",
      "cut after",
      "late",
      "late",
      "error",
      "throttle",
      "deny",
      "fail",
      "twice",
      "partial-page",
      "empty-page",
    ] as const),
  ),
  from: fc.integer({ min: 1, max: 40 }),
  times: fc.constantFrom(1, 1, 2, 5),
});

export const anyWireStorm: fc.Arbitrary<WireStorm> = fc.record({
  seed: fc.integer(),
  stack: anyStack,
  stages: fc.array(
    fc.record({
      edits: fc.array(anyEdit, { maxLength: 3 }),
      command: fc.constantFrom("apply", "apply", "apply", "apply", "plan", "destroy"),
      troubles: fc.array(anyTrouble, { maxLength: 4 }),
      lag: fc.record({ ids: fc.constantFrom(0, 5_000), tags: fc.constantFrom(0, 20_000), lists: fc.constantFrom(0, 20_000) }),
      killAt: fc.option(fc.integer({ min: 1, max: 400 }), { freq: 2 }),
      stopAfter: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) }),
      meddling: fc.option(fc.record({ deed: fc.constantFrom(...deeds), share: fc.double({ min: 0, max: 1, noNaN: true }) }), { freq: 2 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

function writeFaults({ troubles, lag }: Stage): unknown {
  const rules = troubles.map(({ kind, from, times }) => {
    const nth = Array.from({ length: times }, (_, index) => from + index);
    if (kind === "partial-page") return { operation: "reading", nth, do: { kind, keep: 1 } };
    if (kind === "empty-page") return { operation: "reading", nth, do: { kind } };
    const [word, when] = kind.split(" ");
    if (word === "cut") return { operation: "mutating", nth, do: { kind: "cut", when } };
    return { operation: "mutating", nth, do: kind === "late" ? { kind, ms: lateBy } : { kind } };
  });
  return { rules, lag };
}

/** Worlds that one undisturbed apply of a text makes, where strangers live. */
const calm = new Map<string, readonly Portrait[]>();

async function expectWorld(cloud: CloudName, text: string): Promise<readonly Portrait[]> {
  const known = calm.get(`${cloud}\n${text}`);
  if (known) return known;
  const pace = createPacedTime({ seed: 1 });
  const rig = await openStackRig({ cloud, pace, requestDeadline: 60_000 });
  try {
    plantStrangers(cloud, rig.directory);
    const { result } = await rig.apply(text);
    if (result.kind !== "done") throw new Error(`an undisturbed apply ended ${result.kind}: ${describeEnd(result)}\n${text}`);
    const made = portray(cloud, rig.directory, text);
    if (calm.size > 500) calm.clear();
    calm.set(`${cloud}\n${text}`, made);
    return made;
  } finally {
    await rig.close();
  }
}

/** Plays a storm, lets calm return, applies once more, judges. */
export async function playWireStorm(cloud: CloudName, storm: WireStorm): Promise<LawVerdict> {
  const pace = createPacedTime({ seed: storm.seed });
  const rig = await openStackRig({ cloud, pace, requestDeadline: 60_000 });
  const tally: Record<string, number> = {};
  const count = (name: string): void => {
    tally[name] = (tally[name] ?? 0) + 1;
  };
  const wrong: string[] = [];
  const pass = (milliseconds: number): Promise<void> => pace.play(pace.clock.sleep(milliseconds));
  const log = (): ReturnType<StackRig["requests"]> => clouds[cloud].requests(rig.directory);
  const see = (): readonly string[] => clouds[cloud].see(rig.directory).map((object) => object.id);

  const run = async (text: string, stage: Pick<Stage, "command" | "killAt" | "stopAfter">): Promise<Applied | undefined> => {
    const life = startLife({
      ...(stage.killAt === null ? {} : { killAt: stage.killAt }),
      ...(stage.stopAfter === null ? {} : { stopAfter: stage.stopAfter }),
    });
    const before = log().length;
    const stack = await pace.play(rig.compile(text));
    const flags = stage.command === "destroy" ? { destroy: true, acceptLoss: true } : { acceptLoss: true };
    const end = await rig.applyStack(stack, flags, life).then(
      (applied) => ({ applied }),
      (error: unknown) => ({ error }),
    );
    // What was sent before a death is answered, and nobody hears it.
    await pass(1);
    wrong.push(...listUnplanned(life, log().slice(before)));
    if ("error" in end) {
      const { error } = end;
      const hasNoPlan = error instanceof Error && error.message.startsWith("no plan: ");
      if (!hasNoPlan && !(error instanceof Died)) throw error;
      count(hasNoPlan ? "outcome/no plan" : "outcome/killed");
    } else {
      count(`outcome/${end.applied.result.kind}`);
      for (const one of end.applied.settled) count(`settled/${one.outcome}`);
      return end.applied;
    }
    return undefined;
  };

  /** Whatever no cloud's rule and no row explains: somebody else's, and twins that no one but a person may end. */
  const removeStrays = async (text: string, theirs: ReadonlySet<string>): Promise<number> => {
    const { plan } = await rig.plan(text);
    const strays = new Set(plan?.strays.map((stray) => stray.id.id));
    const mine = clouds[cloud].see(rig.directory).filter((object) => strays.has(object.id) && !theirs.has(object.id));
    for (const object of mine) removeByHand(cloud, rig.directory, object);
    return mine.length;
  };

  try {
    plantStrangers(cloud, rig.directory);
    const foreign = new Map(readBytes(cloud, rig.directory, new Set(see())));
    const copies = new Set<string>();
    const taken = new Set<string>();
    let spec = storm.stack;
    for (const stage of storm.stages) {
      spec = editStack(spec, stage.edits);
      const text = writeStack(cloud, spec);
      await rig.changeFaults({});
      // Marks of a request whose end is not known must stay what they are: which of two it made, nobody could tell.
      const settled = (await rig.store.readJournal()).length === 0;
      if (stage.meddling && settled) {
        const rows = new Set((await rig.store.readObjects()).filter((row) => row.status === "current").map((row) => row.id.id));
        const { deed, share } = stage.meddling;
        const done = meddle(cloud, rig.directory, deed, share, (id) => rows.has(id) && !foreign.has(id));
        if (done) count(`fault/${done.deed}`);
        if (done?.made !== undefined) {
          for (const [id, bytes] of readBytes(cloud, rig.directory, new Set([done.made]))) foreign.set(id, bytes);
          (done.deed === "copy" ? copies : taken).add(done.made);
        }
      }
      await rig.changeFaults(writeFaults(stage));
      if (stage.command === "plan") await rig.plan(text, { acceptLoss: true }).catch(() => undefined);
      else await run(text, stage);
      // A request that was cut, repeated and answered may land once more; settle waits for those of a killed run only.
      if (stage.killAt === null) await pass(lateBy + 1_000);
    }
    for (const { fault } of log()) if (fault !== undefined && fault !== "out of band") count(`fault/${fault}`);
    const mayHaveTwins = log().some(({ fault }) => fault !== undefined && /twice|landed late/.test(fault));

    const text = writeStack(cloud, spec);
    await rig.changeFaults({});
    await pass(600_000);
    wrong.push(...compareBytes(foreign, readBytes(cloud, rig.directory, new Set(foreign.keys()))));
    // Who took a name over lets it go; until then nobody else can have it.
    for (const { type, id } of clouds[cloud].see(rig.directory)) if (taken.has(id)) removeByHand(cloud, rig.directory, { type, id });
    for (const id of taken) foreign.delete(id);
    const undisturbed = { command: "apply", killAt: null, stopAfter: null } as const;
    let final = await run(text, undisturbed);
    if (mayHaveTwins && (await removeStrays(text, new Set(foreign.keys()))) > 0) {
      count("outcome/twin removed by a person");
      final = await run(text, undisturbed);
    }
    if (final?.result.kind !== "done") wrong.push(`the undisturbed apply ended ${final ? describeEnd(final.result) : "without a plan"}`);
    const made = portray(cloud, rig.directory, text).filter((one) => !copies.has(one.id));
    wrong.push(...describeDifferences(compareWorlds(made, await expectWorld(cloud, text))));
    const second = await rig.plan(text);
    for (const problem of second.problems) wrong.push(`plan: ${problem.message}`);
    for (const change of second.plan?.changes ?? [])
      wrong.push(`second plan: ${change.action} ${change.key} ${change.props.map((prop) => prop.prop).join(" ")}`);
    wrong.push(...compareBytes(foreign, readBytes(cloud, rig.directory, new Set(foreign.keys()))));
    // Azure lists what stands in the stack's own group; a copy elsewhere is not seen there.
    const reported = new Set(second.plan?.strays.map((stray) => stray.id.id));
    if (cloud !== "azure") for (const id of copies) if (!reported.has(id)) wrong.push(`${id} bears copied marks, and no plan reports it`);
  } finally {
    await rig.close();
  }
  return { wrong, tally };
}

/**
 * Requests that no plan showed. Settle may repeat those of an earlier run, whose operation is named by a journal id; every request on the wire must be one that the
 * run said it sends.
 */
function listUnplanned(life: Life, requests: ReturnType<StackRig["requests"]>): readonly string[] {
  const shown = new Set(
    life.plan()?.changes.flatMap((change) => change.operations.flatMap((each) => each.steps.map((step) => `${each.id} ${step.key}`))),
  );
  const sent = life.events.filter((event) => event.kind === "step-sent");
  const unplanned = sent.filter(({ operation, step }) => operation.includes("@") && !shown.has(`${operation} ${step}`));
  const announced = new Map<string, number>();
  for (const { request } of sent) {
    const name = request.slice(request.indexOf(":") + 1);
    announced.set(name, (announced.get(name) ?? 0) + 1);
  }
  const onTheWire = new Map<string, number>();
  for (const { mutating, operation, fault } of requests) {
    if (!mutating || fault === "out of band" || fault === "landed late") continue;
    // A proxy's second delivery is logged as the first is.
    onTheWire.set(operation, (onTheWire.get(operation) ?? 0) + (fault?.includes("twice") ? 0.5 : 1));
  }
  return [
    ...unplanned.map(({ operation, step }) => `${operation} ${step} was not planned`),
    ...[...onTheWire].flatMap(([name, times]) =>
      times > (announced.get(name) ?? 0) ? [`${name} was sent ${times} times, and ${announced.get(name) ?? 0} were announced`] : [],
    ),
  ];
}

function compareBytes(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): readonly string[] {
  return [...before].flatMap(([id, bytes]) =>
    now.get(id) === bytes ? [] : [`${id} is not ours and was touched: ${bytes} became ${now.get(id)}`],
  );
}

function describeEnd({ kind, failed, unresolved }: Applied["result"]): string {
  const reasons = [
    ...failed.map(({ operation, error }) => `${operation.id}: ${error.message}`),
    ...unresolved.map(({ operation, reason }) => `${operation.id} is unresolved: ${reason}`),
  ];
  return `${kind}: ${reasons.join("; ")}`;
}
