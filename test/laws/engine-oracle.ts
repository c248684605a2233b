// The judge of a schedule. It reads the world's ledger, a capture of the wire, the source and what the commands printed; it knows nothing of
// marks, journal or state. What it lets a person do needs a fault on that very request which explains it.

import type { ApplyEvent } from "../../engine/apply/events.ts";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import type { Plan } from "../../engine/plan/change.ts";
import { isSameProp } from "../../engine/plan/normalise.ts";
import { canonical } from "../../grammar/graph/canonical.ts";
import type { WireRecord } from "../../providers/memory/cloud.ts";
import { memoryTypes } from "../../providers/memory/types.ts";
import type { World } from "../../providers/memory/world.ts";
import { isLiving, type WorldObject } from "../../providers/memory/world-object.ts";
import type { Outcome, Rig } from "./engine-rig.ts";
import { compareProps, resolveValue } from "./engine-stacks.ts";

// ── Performed ⊆ planned ─────────────────────────────────────────────────────────────────────────────────────────

/** `planned` are the requests that plans of commands before this one showed, by key; grows with this one's. */
export function judgeRequests(outcome: Outcome, wire: readonly WireRecord[], planned: Set<string>): readonly string[] {
  const wrong: string[] = [];
  const shown = new Set<string>();
  for (const change of outcome.plan?.changes ?? []) {
    for (const operation of change.operations) {
      for (const step of operation.steps) {
        shown.add(`${operation.id} ${step.key} ${step.operation}`);
        planned.add(`${operation.key} ${step.operation}`);
      }
    }
  }
  const told = new Map<string, number>();
  for (const event of outcome.events) {
    if (event.kind !== "step-sent") continue;
    told.set(event.request, (told.get(event.request) ?? 0) + 1);
    // What settle repeats goes by the name of its attempt, and was shown by the plan of the command that died.
    const known = event.operation.includes("@")
      ? shown.has(`${event.operation} ${event.step} ${event.request}`)
      : planned.has(`${event.key} ${event.request}`);
    if (!known) wrong.push(`mismatch: ${event.operation} ${event.step} was not planned`);
  }
  const sent = new Map<string, number>();
  for (const record of wire) if (record.process === outcome.process) sent.set(record.operation, (sent.get(record.operation) ?? 0) + 1);
  for (const operation of new Set([...told.keys(), ...sent.keys()])) {
    const [said, went] = [told.get(operation) ?? 0, sent.get(operation) ?? 0];
    // A whole-object change reads before it sends, and may never come to send; nor may who dies or has lost its lease.
    const fewer =
      operation === "memory:ModifyRecord" || outcome.killed !== undefined || outcome.lost === true || outcome.result?.kind === "lost";
    if (went > said || (went < said && !fewer)) wrong.push(`mismatch: ${operation} was sent ${went} times and told ${said} times`);
  }
  return wrong;
}

/**
 * One token is one set of bytes; nothing goes out twice that only a mark protects, or under a token that the cloud has forgotten. Nobody sets
 * out to send once another has taken the lock; who was stopped on the way may still come through.
 */
export function judgeWire(rig: Rig): readonly string[] {
  const { wire } = rig.cloud;
  const wrong: string[] = [];
  for (const record of wire)
    if (record.operation !== "memory:ModifyRecord" && hasLostLock(rig, record.process, record.askedAt))
      wrong.push(`mismatch: ${record.operation} was sent after another had taken the lock`);
  const first = new Map<string, WireRecord>();
  for (const record of wire) {
    if (record.token === undefined) continue;
    const before = first.get(record.token);
    if (!before) {
      first.set(record.token, record);
      continue;
    }
    const same =
      before.operation === record.operation &&
      before.id === record.id &&
      (before.body === record.body || record.operation === "memory:ModifyRecord");
    if (!same) wrong.push(`mismatch: a token was sent again with other bytes: ${record.operation}`);
    const type = Object.values(memoryTypes).find(({ noun }) => record.operation === `memory:Create${noun}`);
    if (type?.creation.replay === "marked") wrong.push(`mismatch: ${record.operation} was sent twice for one intent`);
    if (type?.creation.replay === "token" && record.at - before.at > (type.schema.tokenValid ?? 0))
      wrong.push(`mismatch: ${record.operation} was sent again after its token's time`);
  }
  return wrong;
}

/**
 * Nothing of anybody else was changed or ended. Gives apart how often a name changed hands between a command's look and its request: where a
 * cloud takes only names, no request can be sure whom it meets.
 */
export function judgeForeign(rig: Rig, outcomes: readonly Outcome[]): { readonly wrong: readonly string[]; readonly races: number } {
  const { ledger } = rig.world;
  const began = new Map(outcomes.map((outcome) => [outcome.process, outcome.beganAt]));
  const wrong: string[] = [];
  let races = 0;
  for (const entry of ledger) {
    if (entry.by !== "engine" || entry.effect === "none" || entry.owner !== "outside") continue;
    const record = entry.wire && rig.cloud.wire[entry.wire.request];
    const taken = ledger.findLast((each) => each.id === entry.id && each.effect === "create" && each.at <= entry.at)?.at ?? 0;
    const named = memoryTypes[entry.type]?.incarnations === true;
    if (named && record && taken >= (began.get(record.process ?? 0) ?? Number.POSITIVE_INFINITY)) races += 1;
    else wrong.push(`mismatch: ${entry.operation} touched ${entry.id}, which is not ours`);
  }
  return { wrong, races };
}

/**
 * What settle called `never` had no effect after that; and within one command nothing was made twice, unless somebody ended the first or it
 * failed. Who was stopped between check and send is beyond both.
 */
export function judgeVerdicts(rig: Rig, outcomes: readonly Outcome[]): readonly string[] {
  const { wire } = rig.cloud;
  const wrong: string[] = [];
  const never = new Map<string, number>();
  for (const { settled, settledAt } of outcomes)
    for (const each of settled) if (each.outcome === "never" && settledAt !== undefined) never.set(each.operation, settledAt);
  const made = new Map<string, WorldObject>();
  for (const entry of rig.world.ledger) {
    const record = entry.wire && wire[entry.wire.request];
    if (!record || entry.effect === "none" || wasOusted(rig, record)) continue;
    const verdict = never.get(record.token ?? "");
    if (verdict !== undefined && entry.at > verdict && entry.wire?.via !== "echo")
      wrong.push(`mismatch: ${entry.operation} was settled as never and had its effect ${Math.round((entry.at - verdict) / 1000)} s later`);
    const object = entry.effect === "create" ? rig.world.objects.get(entry.id) : undefined;
    if (!object || object.willFail) continue;
    const name = `${record.process} ${record.operation} ${record.body}`;
    const before = made.get(name);
    made.set(name, object);
    const token = before?.wire && wire[before.wire.request]?.token;
    if (before && before !== object && token !== record.token && isLiving(before))
      wrong.push(`duplicate: ${entry.operation} made ${before.id} and ${entry.id} in one command`);
  }
  return wrong;
}

// ── Omissions ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Whether what an omitted step would have done is so in the world at this moment. */
export function judgeOmission(
  world: World,
  event: ApplyEvent & { readonly kind: "step-omitted" },
  command: { readonly graph: NativeGraph; readonly plan: Plan; readonly beganAt: number },
): readonly string[] {
  const change = command.plan.changes.find((each) => each.operations.some((operation) => operation.id === event.operation));
  const operation = change?.operations.find((each) => each.id === event.operation);
  const step = operation?.steps.find((each) => each.key === event.step);
  if (!change || !operation || !step) return [`mismatch: ${event.operation} ${event.step} was omitted and never planned`];
  const old = change.operations.find((each) => each.phase === "delete");
  const id = operation.objectId?.id ?? operation.row?.id.id ?? old?.objectId?.id ?? old?.row?.id.id;
  const object = id === undefined ? undefined : world.objects.get(id);
  const describe = (text: string) => [`mismatch: ${event.operation} ${event.step} was omitted (${event.proof}), but ${text}`];
  if (!object) return describe("there is no object");
  // What moved since the look cannot be held against the proof; the next plan shows it.
  const moved = world.ledger.some(
    (entry) =>
      entry.id === id && entry.at >= command.beganAt && entry.effect === "update" && (entry.by === "outside" || entry.wire?.via !== "sent"),
  );
  if (moved) return [];
  const wanted = command.graph.objects.get(event.key)?.props;
  if (!wanted) return describe("the source does not have it");
  const matched = matchNewest(world, command.graph);
  const differs = (name: string): boolean => {
    const spec = memoryTypes[object.type]?.schema.props[name];
    return spec === undefined || !isSameProp(spec, resolveValue(wanted[name] ?? null, matched) ?? undefined, object.props[name]);
  };
  if (operation.when !== undefined) {
    const forcing = change.props.filter((prop) => prop.forces !== undefined).map((prop) => prop.prop);
    if (change.operations.some((each) => each.follows !== undefined)) return [];
    const replaced = forcing.some(differs);
    if (replaced === (operation.when === "replaced")) return describe(`${forcing.join(", ")} ${replaced ? "differ" : "do not differ"}`);
    return [];
  }
  const [verb, name = "", ...rest] = step.key.split(":");
  if (verb === "add" || verb === "remove") {
    const members = Array.isArray(object.props[name]) ? object.props[name] : [];
    const has = members.some((member) => canonical(member) === rest.join(":"));
    return has === (verb === "add") ? [] : describe(`${name} is ${canonical(members)}`);
  }
  const names = step.sets ?? [name];
  return names.flatMap((each) => (differs(each) ? describe(`${each} is ${canonical(object.props[each] ?? null)}`) : []));
}

/** By key: the object made last that lives under it. */
function matchNewest(world: World, graph: NativeGraph): ReadonlyMap<string, WorldObject> {
  const matched = new Map<string, WorldObject>();
  for (const object of world.living()) {
    const name = (object.props.Tags as NativeMap | undefined)?.name;
    if (object.origin === "engine" && typeof name === "string" && graph.objects.get(name)?.type === object.type) matched.set(name, object);
  }
  return matched;
}

/** Milliseconds that the engine gives one request. */
const requestDeadline = 60_000;

// ── What may be left to a person ────────────────────────────────────────────────────────────────────────────────

/** Faults after which one request can have had its effect more than once. */
const doubling = new Set(["duplicate", "echo", "late"]);

/** Everything that one attempt, told by its token, ever made. */
function madeBy(rig: Rig, token: string): readonly WorldObject[] {
  const requests = new Set(rig.cloud.wire.filter((record) => record.token === token).map((record) => record.request));
  return Object.keys(memoryTypes)
    .flatMap((type) => rig.world.byType(type))
    .filter((object) => object.wire && requests.has(object.wire.request));
}

/** Why one intent has two objects, or one too late; undefined: nothing on the wire explains it. */
export function explainTwin(rig: Rig, object: WorldObject): string | undefined {
  const record = object.wire && rig.cloud.wire[object.wire.request];
  if (!record || record.token === undefined) return undefined;
  if (wasOusted(rig, record)) return "sent by a process that was stopped between its last check and the request";
  const attempt = rig.cloud.wire.filter((each) => each.token === record.token);
  const doubled = attempt.find((each) => each.fault !== undefined && doubling.has(each.fault));
  return madeBy(rig, record.token).length > 1 && doubled ? `delivered more than once (${doubled.fault})` : undefined;
}

/** Whether an arrival was one too many: its attempt was answered before, or its sender had lost the lease. */
export function isGhost(rig: Rig, object: WorldObject): boolean {
  const record = object.wire && rig.cloud.wire[object.wire.request];
  if (!record) return false;
  if (wasOusted(rig, record)) return true;
  return rig.cloud.wire.some(
    (each) =>
      each.token === record.token && each.answeredAt !== undefined && each.answeredAt <= object.createdAt && object.wire?.via !== "sent",
  );
}

/** Sent after another process had taken the lock, or, by a process that was stopped on the way, after the longest time a request may take. */
function wasOusted(rig: Rig, record: WireRecord): boolean {
  return record.at - record.askedAt > requestDeadline || hasLostLock(rig, record.process, record.at);
}

function hasLostLock(rig: Rig, process: number | undefined, at: number): boolean {
  const own = rig.holders.findLast((holder) => holder.process === process);
  return own !== undefined && rig.holders.some((holder) => holder.process !== process && holder.at > own.at && holder.at < at);
}

/** Why nobody can know which object an intent made: two of it live, or somebody's copy beside it. */
export function explainUnresolved(rig: Rig, operation: string): string | undefined {
  const made = madeBy(rig, operation);
  const living = made.filter(isLiving);
  if (living.length > 1 && living.some((object) => explainTwin(rig, object) !== undefined)) return "one request, two objects";
  const copied = rig.world.living().some((object) => object.copyOf && made.includes(object.copyOf) && object.token === undefined);
  const marked = made.some((object) => memoryTypes[object.type]?.creation.replay !== "token");
  return copied && marked ? "somebody copied its marks" : undefined;
}

/** The living objects of one attempt: what a person finds who looks. */
export function livingOf(rig: Rig, operation: string): readonly WorldObject[] {
  return madeBy(rig, operation).filter(isLiving);
}

// ── The end ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** What of the engine's own lives and is not asked for; and what is asked for and is not so. */
export function judgeWorld(
  world: World,
  graph: NativeGraph,
): { readonly wrong: readonly string[]; readonly surplus: readonly WorldObject[] } {
  const wrong: string[] = [];
  const living = world.living().filter((object) => object.origin === "engine");
  const matched = new Map<string, WorldObject>();
  const taken = new Set<string>();
  for (const object of graph.objects.values()) {
    const wanted = resolveValue(object.props, matched) as NativeMap;
    const candidates = living.filter((each) => each.type === object.type && isMeant(each, object.key, wanted));
    // Of twins the one that is right counts; the others are surplus, to be reported.
    const chosen =
      candidates.find((each) => compareProps(object.key, each, wanted).length === 0 && each.willFail !== true) ?? candidates[0];
    if (!chosen) {
      wrong.push(`mismatch: ${object.key} is missing`);
      continue;
    }
    taken.add(chosen.id);
    matched.set(object.key, chosen);
    if (chosen.willFail) wrong.push(`mismatch: ${object.key} is broken`);
    wrong.push(...compareProps(object.key, chosen, wanted).map((text) => `mismatch: ${text}`));
  }
  return { wrong, surplus: living.filter((each) => !taken.has(each.id)) };
}

function isMeant(each: WorldObject, key: string, wanted: NativeMap): boolean {
  const type = memoryTypes[each.type];
  if (type?.schema.props.Tags) return (each.props.Tags as NativeMap | undefined)?.name === key;
  return (type?.schema.naturalKey ?? []).every((name) => each.props[name] === wanted[name]);
}
