// Plays one schedule of commands under bad weather, lets calm return, applies once more without disturbance, and has it judged.

import type { NativeGraph, NativeObject } from "../../engine/lower/native-graph.ts";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import { isSameData } from "../../engine/plan/normalise.ts";
import { calm } from "../../providers/memory/faults.ts";
import { memoryTypes } from "../../providers/memory/types.ts";
import { isLiving, type WorldObject } from "../../providers/memory/world-object.ts";
import { editStack } from "./engine-edits.ts";
import {
  explainTwin,
  explainUnresolved,
  isGhost,
  judgeForeign,
  judgeOmission,
  judgeRequests,
  judgeVerdicts,
  judgeWire,
  judgeWorld,
  livingOf,
} from "./engine-oracle.ts";
import { type CommandOptions, createRig, type Outcome, type Rig } from "./engine-rig.ts";
import { type StackSpec, toGraph } from "./engine-stacks.ts";
import type { Meddling, Stage, Storm } from "./engine-stages.ts";
import { addTally, type LawVerdict } from "./law.ts";

export interface Aftermath extends LawVerdict {
  readonly rig: Rig;
  readonly outcomes: readonly Outcome[];
}

/** One storm while it is played. */
interface Play {
  readonly rig: Rig;
  readonly outcomes: Outcome[];
  readonly wrong: string[];
  readonly tally: Record<string, number>;
  readonly planned: Set<string>;
  /** What others wrote into bodies, to be found there at the end. */
  readonly notes: Map<WorldObject, NativeMap>;
}

export async function playStorm(storm: Storm): Promise<Aftermath> {
  const wrong: string[] = [];
  const tally: Record<string, number> = { "schedule/schedules": 1 };
  const rig: Rig = createRig(storm.seed, undefined, (event, command) => {
    if (event.kind !== "step-omitted") return;
    count(tally, "omission/proved");
    wrong.push(...judgeOmission(rig.world, event, command));
  });
  const play: Play = { rig, outcomes: [], wrong, tally, planned: new Set(), notes: new Map() };
  plantStrangers(rig);
  if (storm.vault) take(play, await rig.apply(withVault(toGraph([]), 20)));
  let stack = storm.stack;
  let graph = toGraph(stack);
  for (const [index, stage] of storm.stages.entries()) {
    await rig.time.pass(stage.rest);
    stack = stage.edits.reduce(editStack, stage.stack ?? stack);
    const size = storm.vault?.shrink.includes(index) ? 10 : 20;
    const wrap = (spec: StackSpec): NativeGraph => (storm.vault ? withVault(toGraph(spec), size) : toGraph(spec));
    stack = await playStage(play, stage, stack, wrap);
    graph = storm.vault ? withVault(toGraph(stack), 20) : toGraph(stack);
    if (stage.hand) await decideByHand(play);
  }
  await judgeEnd(play, graph);
  const faults = rig.cloud.faults();
  for (const [fault, times] of faults) count(tally, `fault/${fault}`, times);
  for (const outcome of play.outcomes) addTally(tally, tallyOf(outcome));
  return { wrong: [...new Set(wrong)], tally, rig, outcomes: play.outcomes };
}

function count(tally: Record<string, number>, name: string, times = 1): void {
  addTally(tally, { [name]: times });
}

function tallyOf(outcome: Outcome): Record<string, number> {
  const tally: Record<string, number> = { "command/apply": 1 };
  if (outcome.killed) count(tally, "kill/kills");
  if (outcome.stoppedAt !== undefined) count(tally, "kill/stops");
  const end = outcome.killed ? "killed" : outcome.lost ? "lost" : outcome.refused !== undefined ? "refused" : outcome.result?.kind;
  count(tally, `outcome/${end ?? "problem"}`);
  for (const problem of outcome.problems) count(tally, `problem/${problem.kind}`);
  for (const each of outcome.settled) count(tally, `settled/${each.outcome}`);
  for (const stray of outcome.plan?.strays ?? []) count(tally, `stray/${stray.kind}`);
  return tally;
}

/** Two that look much like ours, one of them with the marks of another stack. */
function plantStrangers({ world }: Rig): void {
  world.plant("memory.Network", { Cidr: "10.0.0.0/16", Tags: { name: "stranger" } });
  const marks = { lineage: "another", object: "another", operation: "another", address: "another" };
  world.plant("memory.Address", { Tags: { name: "stranger" } }, marks);
}

/** A protected disk; at the smaller size it would have to be replaced. */
function withVault(graph: NativeGraph, size: number): NativeGraph {
  const key = "disk.vault:disk";
  const vault: NativeObject = {
    key,
    address: "disk.vault",
    role: "disk",
    type: "memory.Disk",
    cloud: "memory",
    provider: "memory",
    props: { Size: size, Tags: { name: key } },
    after: [],
    from: {},
    places: { "*": { file: "law.koine", start: 0, end: 0 } },
    annotations: { protect: true },
  };
  return { ...graph, objects: new Map([...graph.objects, [key, vault]]) };
}

function isVault(object: WorldObject): boolean {
  return (object.props.Tags as NativeMap | undefined)?.name === "disk.vault:disk";
}

// ── A stage ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Gives the stack that is to be in force after it. */
async function playStage(play: Play, stage: Stage, stack: StackSpec, wrap: (stack: StackSpec) => NativeGraph): Promise<StackSpec> {
  const { rig, tally, wrong } = play;
  const graph = wrap(stack);
  const { deed } = stage;
  count(tally, `deed/${deed.kind}`);
  await scheduleMeddling(play, stage.meddling);
  rig.cloud.setWeather(stage.weather);
  const options: CommandOptions = {
    ...(stage.killAt !== null && { killAt: stage.killAt }),
    ...(stage.stop !== null && { stop: stage.stop }),
    ...(stage.stopAfter !== null && { stopAfter: stage.stopAfter }),
    skew: stage.skew,
  };
  switch (deed.kind) {
    case "apply":
      take(play, await rig.apply(graph, options));
      return stack;
    case "destroy":
      take(play, await rig.apply(graph, { ...options, destroy: true }));
      return stack;
    case "target": {
      const keys = [...graph.objects.values()];
      const chosen = keys[Math.min(keys.length - 1, Math.floor(deed.at * keys.length))];
      take(play, await rig.apply(graph, { ...options, ...(chosen && { target: [chosen.address] }) }));
      return stack;
    }
    case "plan":
      await planOnly(play, graph, options);
      return stack;
    case "file":
      await applyFile(play, graph, options);
      return stack;
    case "stale": {
      const { file } = await planOnly(play, graph, {});
      const between = take(play, await rig.apply(wrap([...stack].reverse()), options));
      if (file) {
        const before = (await rig.store.readMeta()).serial;
        const outcome = take(play, await rig.apply(graph, { file }));
        const wrote = before !== file.serial;
        // The same source, stopped half-way, is a run of this very plan: the file goes on with it.
        const resumes =
          between.plan?.digest.basis === file.digest.basis && (between.killed !== undefined || between.result?.kind === "interrupted");
        if (wrote && !resumes && outcome.refused === undefined && outcome.problems.length === 0)
          wrong.push("mismatch: a plan file was applied though another run had written since");
      }
      return stack;
    }
    case "pair": {
      const next = deed.edits.reduce(editStack, stack);
      const second = { graph: wrap(next), options: { skew: deed.skew }, delay: deed.delay };
      const [one, other] = await rig.applyTwo({ graph, options }, second);
      // In the order in which they held the lock, so that what one had planned is known when the other settles it.
      for (const outcome of rig.holders.at(-1)?.process === one.process ? [other, one] : [one, other]) take(play, outcome);
      return next;
    }
  }
}

function take(play: Play, outcome: Outcome): Outcome {
  play.outcomes.push(outcome);
  play.wrong.push(...judgeRequests(outcome, play.rig.cloud.wire, play.planned));
  return outcome;
}

/** A plan sends nothing and writes nothing, whatever the weather. */
async function planOnly(play: Play, graph: NativeGraph, options: Pick<CommandOptions, "killAt" | "stop" | "skew">) {
  const { rig } = play;
  const sent = rig.cloud.wire.length;
  const before = await readStore(rig);
  const planned = await rig.plan(graph, options);
  count(play.tally, "command/plan");
  if (rig.cloud.wire.length !== sent) play.wrong.push("mismatch: a plan sent something");
  if ((await readStore(rig)) !== before) play.wrong.push("mismatch: a plan wrote something");
  return planned;
}

async function readStore({ store }: Rig): Promise<string> {
  return JSON.stringify([
    await store.readMeta(),
    await store.readObjects(),
    await store.readJournal(),
    await store.readOutputs(),
    await store.readRuns(100),
  ]);
}

/** A plan file holds once: the rest of a killed run may follow, nothing else. */
async function applyFile(play: Play, graph: NativeGraph, options: CommandOptions): Promise<void> {
  const { rig, wrong, tally } = play;
  const { file } = await planOnly(play, graph, {});
  if (!file) return;
  const first = take(play, await rig.apply(graph, { ...options, file }));
  const again = take(play, await rig.apply(graph, { file }));
  if (first.killed && again.refused === undefined && again.result) count(tally, "file/resumed");
  if (again.refused !== undefined) count(tally, `file/refused ${again.refused.split(":")[0]}`);
  const ended =
    first.result !== undefined && first.result.kind !== "interrupted" && first.result.kind !== "lost" && first.plan?.changes.length !== 0;
  if (ended && again.refused === undefined && again.problems.length === 0) wrong.push("mismatch: a plan file was applied twice");
}

// ── Other people ────────────────────────────────────────────────────────────────────────────────────────────────

async function scheduleMeddling(play: Play, meddling: readonly Meddling[]): Promise<void> {
  for (const each of meddling) {
    if (each.after === 0) await meddle(play, each);
    else if (each.deed !== "strip") play.rig.time.after(each.after, () => void meddle(play, each));
  }
}

/**
 * Of what a request made whose answer nobody wrote down, only somebody's copy with all its marks would be left: neither an engine nor a person could
 * know. The one deed that schedules leave out.
 */
async function isLastProof({ world, store }: Rig, object: WorldObject, deed: Meddling["deed"]): Promise<boolean> {
  const known = [...(await store.readObjects()).map((row) => row.id.id), ...(await store.readJournal()).map((entry) => entry.id)];
  return !known.includes(object.id) && (deed === "restore" || world.living().some((each) => each.copyOf === object));
}

async function meddle({ rig, tally, notes }: Play, { at, deed }: Meddling): Promise<void> {
  const { world } = rig;
  const ours = world.living().filter((object) => object.origin === "engine" && object.readyAt <= rig.time.now() && !isVault(object));
  const object = ours[Math.min(ours.length - 1, Math.floor(at * ours.length))];
  if (!object) return;
  if ((deed === "remove" || deed === "recreate" || deed === "restore") && (await isLastProof(rig, object, deed))) {
    count(tally, "others/not done: only a copy of an unanswered create would be left");
    return;
  }
  const before = world.ledger.length;
  switch (deed) {
    case "strip":
      // Without its mark, what was made by a request whose answer was lost belongs to nobody.
      if ((await rig.store.readObjects()).some((row) => row.id.id === object.id && row.status === "current")) world.strip(object.id);
      break;
    case "remove":
      // A cloud refuses others too while something refers to it.
      if (world.childrenOf(object.id).length === 0) world.remove(object.id);
      break;
    case "copy":
      if (memoryTypes[object.type]?.schema.marks === "tags") world.copy(object.id);
      break;
    case "recreate":
    case "restore":
      // Only where the name does not make it the same object: what has neither mark nor incarnation is who it is by its parents.
      if (memoryTypes[object.type]?.schema.marks !== "tags" || world.childrenOf(object.id).length > 0) return;
      world.remove(object.id);
      if (object.props.Name !== undefined) world.plant(object.type, object.props, deed === "restore" ? object.marks : undefined);
      break;
    case "annotate":
      if (object.type !== "memory.Record") return;
      notes.set(object, { ...notes.get(object), Note: `note ${before}` });
      world.annotate(object.id, { Note: `note ${before}` });
      break;
    case "edit":
      if (object.type === "memory.Subnet") world.edit(object.id, { Public: object.props.Public !== true });
      else if (object.type === "memory.Firewall") world.edit(object.id, { Rules: ["tcp/1"] });
      else if (object.type === "memory.Machine") world.edit(object.id, { Power: object.props.Power === "off" ? "on" : "off" });
      else if (object.type === "memory.Record") world.edit(object.id, { Ttl: 7 });
      break;
  }
  if (world.ledger.length > before) count(tally, `others/${deed}`);
}

/** What was named unresolved is decided by a person who looks at what is there, once nothing can land any more. */
async function decideByHand(play: Play): Promise<void> {
  const { rig, outcomes } = play;
  const named = outcomes.at(-1)?.settled.filter((each) => each.outcome === "unresolved") ?? [];
  if (named.length === 0) return;
  await rig.time.pass(400_000);
  for (const { operation } of named) await settleTruly(play, operation, "person/settled between");
}

async function settleTruly({ rig, tally }: Play, operation: string, reason: string): Promise<void> {
  const entry = (await rig.store.readJournal()).find((each) => each.operation === operation);
  if (!entry) return;
  const [is] = entry.step.creates ? livingOf(rig, operation) : [];
  await rig.settle(operation, is ? { kind: "is", id: is.id } : { kind: "never" });
  count(tally, reason);
}

// ── The end ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Rounds of apply and person; each explained deed can bring at most one more to light. */
const rounds = 5;

async function judgeEnd(play: Play, graph: NativeGraph): Promise<void> {
  const { rig, wrong, tally } = play;
  const { world } = rig;
  rig.cloud.setWeather(calm);
  // Whatever is on its way lands, and locks run out.
  await rig.time.pass(1_200_000);
  strangersLeave(play);
  let final = take(play, await rig.apply(graph));
  for (let round = 0; round < rounds && (await helpByHand(play, final, graph)); round++) final = take(play, await rig.apply(graph));
  if (final.result?.kind !== "done") wrong.push(`prompt: ${describeEnd(final)}`);
  const { wrong: differences, surplus } = judgeWorld(world, graph);
  wrong.push(...differences, ...surplus.map((object) => `orphan: ${object.type} ${object.id} (${JSON.stringify(object.props)})`));
  const foreign = judgeForeign(rig, play.outcomes);
  if (foreign.races > 0) count(tally, "race/a name changed hands between look and request", foreign.races);
  wrong.push(...foreign.wrong, ...judgeWire(rig), ...judgeVerdicts(rig, play.outcomes));
  for (const [object, note] of play.notes)
    if (isLiving(object) && world.objects.get(object.id) === object && !isSameData(object.extra, note))
      wrong.push(`mismatch: what others wrote into ${object.id} is lost`);
  for (const entry of world.ledger) {
    const object = world.objects.get(entry.id);
    if (entry.by === "engine" && entry.effect !== "none" && entry.effect !== "create" && object && isVault(object))
      wrong.push(`mismatch: the protected ${entry.id} was touched (${entry.operation})`);
  }
  const second = await planOnly(play, graph, {});
  wrong.push(...second.problems.map((problem) => `mismatch: second plan: ${problem.message}`));
  for (const change of second.plan?.changes ?? [])
    wrong.push(`mismatch: second plan: ${change.action} ${change.key} ${change.props.map((prop) => prop.prop).join(" ")}`);
  const listed = new Set(second.plan?.strays.map((stray) => stray.id.id));
  for (const object of world.living())
    if (object.copyOf && memoryTypes[object.type]?.schema.marks === "tags" && object.marks.lineage !== undefined && !listed.has(object.id))
      wrong.push(`orphan: the copy ${object.id} bears our marks and is not listed`);
  count(tally, "schedule/judged");
}

/** Who took a name that the source wants, or stands where a network has to go, takes it away again; other copies stay. */
function strangersLeave({ rig: { world } }: Play): void {
  for (const object of world.living()) {
    if (object.origin !== "outside") continue;
    const type = memoryTypes[object.type];
    if (type?.schema.exclusive || Object.keys(type?.parents ?? {}).length > 0) world.remove(object.id);
  }
}

/** What the last apply named and left to a person, done by one; false when there was nothing. Each has to be explained by the wire. */
async function helpByHand(play: Play, final: Outcome, graph: NativeGraph): Promise<boolean> {
  const { rig, wrong, tally } = play;
  const { world } = rig;
  let helped = false;
  for (const each of final.settled.filter((one) => one.outcome === "unresolved")) {
    const why = explainUnresolved(rig, each.operation);
    if (why === undefined) {
      wrong.push(`prompt: ${each.key} is unresolved (${each.reason}), and nothing on the wire explains it`);
      continue;
    }
    await settleTruly(play, each.operation, `person/settled: ${why}`);
    helped = true;
  }
  for (const stray of final.plan?.strays ?? []) {
    const object = world.objects.get(stray.id.id);
    if (!object || !isLiving(object)) continue;
    if (object.origin === "outside") {
      if (stray.kind === "claimed") wrong.push(`mismatch: ${object.id} is somebody's copy and was claimed`);
      continue;
    }
    if (stray.kind === "claimed" || helped) continue;
    const why = explainTwin(rig, object);
    if (why === undefined) {
      wrong.push(`orphan: ${object.type} ${object.id} is reported as unclaimed, and nothing on the wire explains it`);
      continue;
    }
    world.remove(object.id);
    count(tally, `person/removed a twin: ${why}`);
    helped = true;
  }
  const surplus = new Set(judgeWorld(world, graph).surplus);
  const told = final.result?.kind === "done" ? "" : describeEnd(final);
  for (const object of world.living()) {
    // Without marks nothing can tell whose it is: the one kind of leftover that no plan shows, but for what it holds up.
    if (!surplus.has(object) && !told.includes(object.id)) continue;
    if (memoryTypes[object.type]?.schema.marks !== "none" || !isGhost(rig, object)) continue;
    world.remove(object.id);
    count(tally, "person/removed an unmarked leftover of a request that landed once more");
    helped = true;
  }
  return helped;
}

function describeEnd(outcome: Outcome): string {
  const { result } = outcome;
  const failed = result?.failed.map(({ operation, error }) => `${operation.id}: ${error.message}`) ?? [];
  const open = result?.unresolved.map(({ operation, reason }) => `${operation.id}: ${reason}`) ?? [];
  const settled = outcome.settled.flatMap((each) => (each.outcome === "unresolved" ? [`${each.key}: ${each.reason}`] : []));
  const problems = outcome.problems.map((problem) => problem.message);
  return `the undisturbed apply ended as ${result?.kind}: ${[...failed, ...open, ...settled, ...problems].join("; ")}`;
}
