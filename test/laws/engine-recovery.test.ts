// Single promises of the engine, each on the smallest world that can break it.

import { expect, test } from "vitest";
import { openSession, type Session } from "../../engine/apply/session.ts";
import { previewSettle, settleByHand } from "../../engine/apply/settle.ts";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import { nativeRef } from "../../engine/lower/native-value.ts";
import { createSecretKeeper } from "../../engine/state/secrets.ts";
import { LeaseLost } from "../../engine/state/store.ts";
import { type Deferred, tag, type Value } from "../../grammar/graph/value.ts";
import { bool, string } from "../../grammar/types/type.ts";
import type { Fault, Weather } from "../../providers/memory/faults.ts";
import { startProcess } from "../../providers/memory/process.ts";
import { createMemoryProvider } from "../../providers/memory/provider.ts";
import { createRig, type Rig } from "./engine-rig.ts";
import { compareWorld, type MachineSpec, type StackSpec, toGraph } from "./engine-stacks.ts";

const keeper = createSecretKeeper(() => new Uint8Array(32).fill(7));
const machine: MachineSpec = {
  size: "m.1x1",
  image: "image-1",
  key: true,
  firewalled: true,
  password: "one",
  power: "on",
  address: true,
  disk: 10,
};
const full: StackSpec = [
  {
    cidr: "10.0.0.0/16",
    dns: true,
    gateway: true,
    rules: ["tcp/22", "tcp/80"],
    subnets: [{ zone: "a", public: true, routed: true, machines: [machine] }],
  },
];
const small: StackSpec = [{ cidr: "10.0.0.0/16", dns: false, gateway: false, rules: null, subnets: [] }];

function weather(fault: Fault, limit = 1): Weather {
  return { rates: { [fault]: 1 }, limit, latency: [0, 0], lag: { id: 0, tag: 0, list: 0 }, late: 60_000 };
}

function count(rig: Rig, type: string): number {
  return rig.world.living().filter((object) => object.type === type).length;
}

test("in calm, the requests sent are exactly the steps planned", async () => {
  const rig = createRig(1);
  const { plan, events } = await rig.apply(toGraph(full));
  const planned = plan?.changes.flatMap((change) => change.operations.flatMap((each) => each.steps.map((step) => step.operation))) ?? [];
  const sent = [...rig.cloud.sent].flatMap(([operation, times]) => Array.from({ length: times }, () => operation));
  expect(sent.toSorted()).toEqual(planned.toSorted());
  expect(events.filter((event) => event.kind === "step-sent").length).toBe(planned.length);
  expect(planned.length).toBeGreaterThan(12);
});

test("events are complete: each operation that starts ends, and the run begins and ends", async () => {
  const rig = createRig(2);
  const { plan, events } = await rig.apply(toGraph(full));
  const ids = plan?.changes.flatMap((change) => change.operations.map((each) => each.id)).toSorted();
  const named = (kind: string) =>
    events.flatMap((event) => (event.kind === kind && "operation" in event ? [event.operation] : [])).toSorted();
  expect(named("operation-started")).toEqual(ids);
  expect(named("operation-done")).toEqual(ids);
  expect([events[0]?.kind, events.at(-1)?.kind]).toEqual(["apply-started", "apply-ended"]);
  const destroyed = await rig.apply(toGraph(full), { destroy: true });
  const ended = destroyed.events.find((event) => event.kind === "step-done" && event.key === "machine.m000:machine");
  expect(ended?.at).toBeGreaterThanOrEqual(rig.world.byType("memory.Machine")[0]?.goneAt ?? Number.POSITIVE_INFINITY);
});

for (const fault of ["cut", "late", "error", "throttle"] as const) {
  test(`a ${fault} at any one request leaves one of each, without a person`, async () => {
    const places = [...(await createRigApplied(3)).cloud.sent.values()].reduce((sum, times) => sum + times, 0);
    for (let at = 0; at < places; at++) {
      const rig = createRig(3);
      await applyWithFault(rig, fault, at);
      expect(compareWorld(rig.world, toGraph(full)), `${fault} at request ${at}`).toEqual([]);
    }
  });
}

async function createRigApplied(seed: number): Promise<Rig> {
  const rig = createRig(seed);
  await rig.apply(toGraph(full));
  return rig;
}

/** The fault comes at the request with this number: the weather turns when it has been counted. */
async function applyWithFault(rig: Rig, fault: Fault, at: number): Promise<void> {
  let seen = 0;
  const sent = rig.cloud.sent as Map<string, number>;
  const set = sent.set.bind(sent);
  sent.set = (operation, times) => {
    if (seen++ === at) rig.cloud.setWeather(weather(fault));
    return set(operation, times);
  };
  expect((await rig.apply(toGraph(full))).result?.kind).toBe("done");
}

test("a refusal after an unanswered send proves nothing: the same bytes go out again, and there is one object", async () => {
  for (const seed of [31, 32, 33]) {
    const rig = createRig(seed);
    const faults: Record<string, Fault> = { 1: "cut", 2: "throttle" };
    let machines = 0;
    const sent = rig.cloud.sent as Map<string, number>;
    const set = sent.set.bind(sent);
    sent.set = (operation, times) => {
      const fault = operation === "memory:CreateMachine" ? faults[++machines] : undefined;
      if (fault) rig.cloud.setWeather(weather(fault));
      return set(operation, times);
    };
    expect((await rig.apply(toGraph(full))).result?.kind).toBe("done");
    expect(machines).toBe(3);
    expect(rig.world.byType("memory.Machine").length).toBe(1);
  }
});

test("what an answer told is durable before the wait for completion: a kill in it leaves the handle in the journal", async () => {
  for (let killAt = 1; ; killAt++) {
    const rig = createRig(34);
    const { killed } = await rig.apply(toGraph(full), { killAt });
    if (!killed) throw new Error("no kill while the machine was pending");
    if (killed.place !== "read operation (after)") continue;
    const entry = (await rig.store.readJournal()).find((each) => each.type === "memory.Machine");
    expect([entry?.state, entry?.handle?.startsWith("operation-")]).toEqual(["acknowledged", true]);
    return;
  }
});

test("a create that lands long after it was given up is a stray of ours: the next plan deletes it and leaves its twin alone", async () => {
  const rig = createRig(35);
  rig.cloud.setWeather({ ...weather("late"), late: 40_000_000 });
  expect((await rig.apply(toGraph(small))).result?.kind).toBe("done");
  const [kept] = rig.world.living();
  await rig.time.pass(41_000_000);
  expect(count(rig, "memory.Network")).toBe(2);
  const next = await rig.apply(toGraph(small));
  expect(next.plan?.strays.map((stray) => stray.kind)).toEqual(["claimed"]);
  expect(next.result?.kind).toBe("done");
  expect(rig.world.living().map((object) => object.id)).toEqual([kept?.id]);
  expect((await rig.store.readObjects()).map((row) => row.id.id)).toEqual([kept?.id]);
});

test("a create that ends as failed is recorded, replaced by the next plan, and leaves nothing behind", async () => {
  const rig = createRig(4, weather("fail"));
  const first = await rig.apply(toGraph(small));
  expect(first.result?.kind).toBe("partial");
  expect(first.result?.failed[0]?.error.message).toContain("no capacity");
  rig.cloud.setWeather(weather("fail", 0));
  expect((await rig.apply(toGraph(small))).result?.kind).toBe("done");
  expect(compareWorld(rig.world, toGraph(small))).toEqual([]);
});

test("a failure skips what depends on it with the reason, and the rest goes on", async () => {
  const rig = createRig(5);
  rig.cloud.setWeather({ ...weather("denied"), rates: {} });
  let denied = false;
  const sent = rig.cloud.sent as Map<string, number>;
  const set = sent.set.bind(sent);
  sent.set = (operation, times) => {
    if (operation === "memory:CreateSubnet" && !denied) {
      denied = true;
      rig.cloud.setWeather(weather("denied"));
    }
    return set(operation, times);
  };
  const { result } = await rig.apply(toGraph(full));
  expect(result?.kind).toBe("partial");
  expect(result?.failed.map(({ operation }) => operation.key)).toEqual(["subnet.s00:subnet"]);
  expect(result?.skipped.find(({ operation }) => operation.key === "machine.m000:machine")?.reason).toBe(
    "it depends on `subnet.s00:subnet`, which was not done",
  );
  expect(count(rig, "memory.Disk")).toBe(1);
  expect(count(rig, "memory.Machine")).toBe(0);
});

test("stopped once, what is on its way is finished; the next apply does the rest", async () => {
  const rig = createRig(6);
  rig.cloud.setWeather({ ...weather("cut", 0), latency: [500, 600] });
  const first = await rig.apply(toGraph(full), { stopAfter: 1_500 });
  expect(first.result?.kind).toBe("interrupted");
  expect(first.result?.done.length).toBeGreaterThan(0);
  expect(await rig.store.readJournal()).toEqual([]);
  expect((await rig.apply(toGraph(full))).result?.kind).toBe("done");
  expect(compareWorld(rig.world, toGraph(full))).toEqual([]);
});

async function open(rig: Rig, options: { readonly frozen?: boolean } = {}): Promise<Session> {
  const process = startProcess({ time: rig.time });
  // A process that is stopped by the system: its timers do not fire, and it does not know.
  const clock = options.frozen ? { ...process.clock, sleep: () => new Promise<void>(() => {}) } : process.clock;
  const opened = await rig.time.play(openSession({ store: rig.store, holder: { id: "h", description: "law" }, clock, keeper }));
  if (opened.kind === "held") throw new Error("the lock is held");
  return opened.session;
}

test("a holder that slept past its lease can neither write nor send, and its successor can", async () => {
  const rig = createRig(7);
  const asleep = await open(rig, { frozen: true });
  await rig.time.pass(181_000);
  const successor = await open(rig);
  await expect(asleep.write({ putOutputs: { x: { value: 1, secret: false } } })).rejects.toThrow(LeaseLost);
  await expect((async () => asleep.guard.ready())()).rejects.toThrow(LeaseLost);
  await successor.write({ putOutputs: { x: { value: 2, secret: false } } });
  expect(await rig.store.readOutputs()).toEqual({ x: { value: 2, secret: false } });
  await successor.close();
});

test("a heartbeat keeps the lease for as long as the run takes", async () => {
  const rig = createRig(8);
  const session = await open(rig);
  await rig.time.pass(3_600_000);
  await session.write({ putOutputs: { x: { value: 1, secret: false } } });
  expect("heldBy" in (await rig.store.acquire({ id: "other", description: "other" }, 1_000))).toBe(true);
  await session.close();
});

/** A world in which a run died between the journaled intent of a create and the request. */
async function crashBeforeCreate(seed: number): Promise<Rig> {
  for (let killAt = 1; ; killAt++) {
    const rig = createRig(seed);
    const { killed } = await rig.apply(toGraph(small), { killAt });
    if (killed?.place === "memory:CreateNetwork (before)") return rig;
    if (!killed) throw new Error("the run was not killed where it should be");
  }
}

test("a plan settles in memory: it sends nothing, writes nothing, and guesses nothing that is still open", async () => {
  const rig = await crashBeforeCreate(9);
  const process = startProcess({ time: rig.time });
  const provider = createMemoryProvider({ cloud: rig.cloud, time: rig.time, process });
  const client = rig.cloud.connect(process);
  const journal = await rig.store.readJournal();
  const sent = rig.cloud.sent.size;
  const preview = async () =>
    rig.time.play(
      previewSettle({
        context: {
          clock: process.clock,
          abort: new AbortController().signal,
          lateEffectLimit: 300_000,
          requestDeadline: 60_000,
          lineage: "l",
          keeper,
        },
        entries: journal,
        rows: [],
        connectionOf: () => ({ provider, client, identity: client.identity }),
      }),
    );
  expect((await preview()).settled.map((each) => each.outcome)).toEqual(["unresolved"]);
  await rig.time.pass(400_000);
  expect((await preview()).settled.map((each) => each.outcome)).toEqual(["never"]);
  expect(rig.cloud.sent.size).toBe(sent);
  expect(await rig.store.readJournal()).toEqual(journal);
});

test("what cannot be known is decided by one command, and the next apply goes on from there", async () => {
  const rig = await crashBeforeCreate(10);
  const [entry] = await rig.store.readJournal();
  const made = rig.world.plant("memory.Network", { Cidr: "10.0.0.0/16", Tags: { name: "network.n0:network" } });
  await rig.time.pass(181_000);
  const session = await open(rig);
  if (!entry) throw new Error("nothing was in flight");
  await settleByHand(session, entry, { kind: "is", id: made.id });
  await session.close();
  const { result } = await rig.apply(toGraph(small));
  expect(result?.kind).toBe("done");
  expect(count(rig, "memory.Network")).toBe(1);
  expect(compareWorld(rig.world, toGraph(small))).toEqual([]);
});

function attribute(address: string, name: string): Deferred {
  const origin = { address, path: [name] };
  return { [tag]: "deferred", type: string, origins: [origin], expression: { op: "attribute", origin } };
}

function isEqual(left: Deferred, right: Value): Deferred {
  return { [tag]: "deferred", type: bool, origins: left.origins, expression: { op: "call", name: "#==", arguments: [left, right] } };
}

const span = { file: "law.koine", start: 0, end: 0 };

/** The full stack, with an output and an assert over the machine's size-dependent address. */
function withOutput(stack: StackSpec, assertion?: Value): NativeGraph {
  const graph = toGraph(stack);
  return {
    ...graph,
    outputs: new Map([["machine.m000", { id: nativeRef("machine.m000:machine", "Id") }]]),
    stackOutputs: new Map([["id", { name: "id", type: string, value: attribute("machine.m000", "id"), secret: false, span }]]),
    asserts: assertion === undefined ? [] : [{ condition: assertion, message: "wrong machine", span }],
  };
}

test("outputs are finished at the end, and taken out with the stack", async () => {
  const rig = createRig(11);
  const { result } = await rig.apply(withOutput(full));
  const [made] = rig.world.byType("memory.Machine");
  expect(result?.outputs).toEqual({ id: { value: made?.id, secret: false } });
  await rig.apply(withOutput(full), { destroy: true });
  expect(await rig.store.readOutputs()).toEqual({});
});

test("an assert that does not hold stops what depends on its resource, and nothing else", async () => {
  const rig = createRig(12);
  const { result } = await rig.apply(withOutput(full, isEqual(attribute("machine.m000", "id"), "another")));
  expect(result?.kind).toBe("partial");
  expect(result?.failedAsserts.map((each) => each.message)).toEqual(["wrong machine"]);
  expect(count(rig, "memory.Machine")).toBe(1);
  expect(result?.skipped.map(({ operation }) => operation.key)).toEqual(["disk.m000:attachment"]);
  expect(result?.skipped[0]?.reason).toContain("wrong machine");
});

/** A key whose immutable text is an address that a change of the machine may, or may not, change. */
function withPossible(machineSpec: MachineSpec): NativeGraph {
  const graph = toGraph([
    { ...(full[0] as StackSpec[number]), subnets: [{ zone: "a", public: true, routed: false, machines: [machineSpec] }] },
  ]);
  const objects = new Map(graph.objects);
  const host = objects.get("machine.m000:machine");
  if (!host) throw new Error("no machine");
  objects.set(host.key, { ...host, props: { ...host.props, Public: true } });
  const hostKey = host.key;
  objects.set("key.late:key", {
    ...host,
    key: "key.late:key",
    address: "key.late",
    role: "key",
    type: "memory.Key",
    props: { Name: "late", PublicKey: nativeRef(hostKey, "PublicIp"), Tags: { name: "key.late:key" } },
    after: [hostKey],
  });
  return { ...graph, objects };
}

test("a possible replacement is carried out when the value differs, and left out with proof when it does not", async () => {
  const rig = createRig(13);
  await rig.apply(withPossible(machine));
  const before = keyOf(rig);

  const resized = await rig.apply(withPossible({ ...machine, size: "m.2x4" }));
  expect(resized.plan?.changes.find((change) => change.key === "key.late:key")?.possible).toBe(true);
  expect(resized.result?.kind).toBe("done");
  const replaced = keyOf(rig);
  expect(replaced).not.toBe(before);

  // Somebody switches it off: it is switched on again, and whether its address is another is known only then. It is not.
  const [host] = rig.world.byType("memory.Machine");
  rig.world.edit(host?.id ?? "", { Power: "off" });
  const mended = await rig.apply(withPossible({ ...machine, size: "m.2x4" }));
  expect(mended.plan?.changes.find((change) => change.key === "key.late:key")?.possible).toBe(true);
  expect(mended.result?.kind).toBe("done");
  expect(keyOf(rig)).toBe(replaced);
  expect(mended.result?.omitted.map(({ operation, step, proof }) => `${operation.id} ${step}: ${proof}`)).toEqual([
    "key.late:key@3:create create: `PublicKey` finished as it is there",
    "key.late:key@2:delete delete: `PublicKey` finished as it is there",
  ]);
});

test("a step whose value finishes equal to what is there is left out, with proof", async () => {
  const rig = createRig(14);
  const graph = withPossible(machine);
  const typed = graph.objects.get("disk.m000:disk");
  if (!typed) throw new Error("no disk");
  const objects = new Map(graph.objects);
  objects.set(typed.key, {
    ...typed,
    props: { ...typed.props, Type: nativeRef("machine.m000:machine", "PublicIp") },
    after: ["machine.m000:machine"],
  });
  await rig.apply({ ...graph, objects });
  const [host] = rig.world.byType("memory.Machine");
  rig.world.edit(host?.id ?? "", { Power: "off" });
  const { result } = await rig.apply({ ...graph, objects });
  expect(result?.kind).toBe("done");
  expect(result?.omitted.find((each) => each.operation.key === typed.key)?.proof).toBe("`Type` finished equal to what is there");
  expect(rig.cloud.sent.get("memory:ModifyDisk")).toBeUndefined();
});

function keyOf(rig: Rig): string | undefined {
  return rig.world.living().find((object) => (object.props.Tags as { readonly name?: string } | undefined)?.name === "key.late:key")?.id;
}
