// Each fault of the in-process cloud alone, on the smallest world in which it can do harm: that it is what it says, and what the engine makes of it.

import { expect, test } from "vitest";
import { calm, type Fault, type Weather } from "../../providers/memory/faults.ts";
import { createRig, type Outcome, type Rig } from "./engine-rig.ts";
import { compareWorld, type MachineSpec, type NetworkSpec, type StackSpec, toGraph } from "./engine-stacks.ts";

const machine: MachineSpec = {
  size: "m.1x1",
  image: "image-1",
  key: false,
  firewalled: false,
  password: null,
  power: "on",
  address: false,
  disk: null,
};
const network: NetworkSpec = { cidr: "10.0.0.0/16", dns: false, gateway: false, rules: null, subnets: [] };
const small: StackSpec = [network];
const hosted: StackSpec = [{ ...network, subnets: [{ zone: "a", public: false, routed: false, machines: [machine] }] }];
const recorded = (value: string, ttl = 60): StackSpec => [{ ...network, record: { slot: 0, value, ttl } }];

function weather(fault: Fault, limit = 1): Weather {
  return { ...calm, rates: { [fault]: 1 }, limit, late: 60_000 };
}

function outside(rig: Rig): ReadonlySet<string> {
  return new Set(rig.world.living().flatMap((object) => (object.origin === "outside" ? [object.id] : [])));
}

async function demandMended(rig: Rig, stack: StackSpec): Promise<Outcome> {
  rig.cloud.setWeather(calm);
  const outcome = await rig.apply(toGraph(stack));
  expect(outcome.result?.kind).toBe("done");
  expect(compareWorld(rig.world, toGraph(stack), outside(rig))).toEqual([]);
  return outcome;
}

/** The weather turns when the operation is sent for the first time. */
function turnAt(rig: Rig, operation: string, next: Weather): void {
  let turned = false;
  const sent = rig.cloud.sent as Map<string, number>;
  const set = sent.set.bind(sent);
  sent.set = (name, times) => {
    if (name === operation && !turned) {
      turned = true;
      rig.cloud.setWeather(next);
    }
    return set(name, times);
  };
}

test("a 5xx after the effect is looked for, not repeated", async () => {
  const rig = createRig(1, weather("error-after"));
  expect((await rig.apply(toGraph(small))).result?.kind).toBe("done");
  expect(rig.cloud.sent.get("memory:CreateNetwork")).toBe(1);
  expect(rig.world.byType("memory.Network").length).toBe(1);
});

test("a second delivery seconds after the answer is reported as unclaimed, and touched by nobody", async () => {
  const rig = createRig(2, weather("echo"));
  await rig.apply(toGraph(small));
  await rig.time.pass(120_000);
  expect(rig.world.living().length).toBe(2);
  const next = await rig.apply(toGraph(small));
  expect(next.plan?.strays.map((stray) => stray.kind)).toEqual(["unclaimed"]);
  expect(rig.world.living().length).toBe(2);
});

test("an effect that lands during the settle of the next run is found there", async () => {
  let during = 0;
  for (let seed = 1; during < 3; seed++) {
    for (let killAt = 1; ; killAt++) {
      const rig = createRig(seed, { ...weather("late"), late: 290_000 });
      const { killed } = await rig.apply(toGraph(small), { killAt });
      expect(killed, "nothing died at the request").toBeDefined();
      if (killed?.place !== "memory:CreateNetwork (after)") continue;
      // Takes over as soon as the lease ends, when the request may not have landed yet.
      const next = await rig.apply(toGraph(small));
      expect(next.settled.map((each) => each.outcome)).toEqual(["happened"]);
      const made = rig.world.ledger.filter((entry) => entry.effect === "create");
      expect(made.length).toBe(1);
      if ((made[0]?.at ?? 0) > (rig.holders.at(-1)?.at ?? Number.POSITIVE_INFINITY)) during += 1;
      break;
    }
  }
});

test("a delete that is accepted and never carried out is told as a failure, and done by the next apply", async () => {
  const rig = createRig(4);
  await rig.apply(toGraph(hosted));
  turnAt(rig, "memory:DeleteMachine", weather("undone"));
  const first = await rig.apply(toGraph(small));
  expect(first.result?.failed[0]?.error.message).toContain("not complete in time");
  expect(rig.world.living().some((object) => object.type === "memory.Machine")).toBe(true);
  await demandMended(rig, small);
});

test("what a deleted dependent still holds up is waited for", async () => {
  const rig = createRig(5);
  await rig.apply(toGraph(hosted));
  turnAt(rig, "memory:DeleteMachine", weather("linger"));
  const { result, events } = await rig.apply(toGraph(small));
  expect(result?.kind).toBe("done");
  expect(events.some((event) => event.kind === "waiting" && event.note.includes(" is used by memory.Machine "))).toBe(true);
  expect(rig.world.ledger.some((entry) => entry.refusal === "DependencyViolation")).toBe(true);
});

test("an empty page with more to follow is not the end of a list", async () => {
  const rig = createRig(6, weather("echo"));
  await rig.apply(toGraph(small));
  await rig.time.pass(120_000);
  rig.cloud.setWeather(weather("empty", 3));
  const second = await rig.plan(toGraph(small));
  expect([second.problems, second.plan?.changes, second.plan?.strays.length]).toEqual([[], [], 1]);
  expect(rig.cloud.faults().get("empty")).toBeGreaterThan(0);
});

test("permission lost midway leaves what is done recorded; given back, the rest follows", async () => {
  const rig = createRig(7);
  turnAt(rig, "memory:CreateMachine", { ...calm, lockout: { after: 0, lasts: 3_600_000, what: "all" } });
  const first = await rig.apply(toGraph(hosted));
  expect(first.result?.kind).toBe("partial");
  const blind = await rig.plan(toGraph(hosted));
  expect(blind.plan).toBeUndefined();
  expect(blind.problems.map((problem) => problem.kind)).toContain("unknown");
  await rig.time.pass(3_600_000);
  await demandMended(rig, hosted);
  expect(rig.cloud.faults().get("lockout")).toBeGreaterThan(0);
});

test("a token is not sent again after its time: the process comes back hours later and looks instead", async () => {
  for (let killAt = 1; ; killAt++) {
    const rig = createRig(8);
    const { killed } = await rig.apply(toGraph(hosted), { killAt });
    if (!killed) throw new Error("no kill at the request");
    if (killed.place !== "memory:CreateMachine (after)") continue;
    await rig.time.pass(4 * 3_600_000);
    await demandMended(rig, hosted);
    expect(rig.cloud.sent.get("memory:CreateMachine")).toBe(1);
    expect(rig.world.byType("memory.Machine").length).toBe(1);
    return;
  }
});

test("a whole-object change sends back what others wrote, under the version it read", async () => {
  const rig = createRig(9);
  await rig.apply(toGraph(recorded("one")));
  const [record] = rig.world.byType("memory.Record");
  rig.world.annotate(record?.id ?? "", { Note: "theirs" });
  await demandMended(rig, recorded("two"));
  expect([record?.props.Value, record?.extra]).toEqual(["two", { Note: "theirs" }]);
});

test("a whole-object change against a stale version is refused, merged anew and carried out", async () => {
  const rig = createRig(10);
  await rig.apply(toGraph(recorded("one")));
  const [record] = rig.world.byType("memory.Record");
  rig.cloud.setWeather({ ...calm, latency: [1_000, 1_001] });
  // While the request is under way: after the read that it merges into, before it arrives.
  const sent = rig.cloud.sent as Map<string, number>;
  const set = sent.set.bind(sent);
  sent.set = (name, times) => {
    if (name === "memory:ModifyRecord" && times === 1) rig.time.after(500, () => rig.world.annotate(record?.id ?? "", { Note: "theirs" }));
    return set(name, times);
  };
  expect((await rig.apply(toGraph(recorded("two")))).result?.kind).toBe("done");
  expect(rig.world.ledger.some((entry) => entry.refusal === "PreconditionFailed")).toBe(true);
  expect([record?.props.Value, record?.extra]).toEqual(["two", { Note: "theirs" }]);
});

test.each([true, false])("a name that somebody else took after a deletion is left alone (with our marks: %s)", async (marked) => {
  const rig = createRig(11);
  await rig.apply(toGraph(recorded("one")));
  const [record] = rig.world.byType("memory.Record");
  if (!record) throw new Error("no record");
  rig.world.remove(record.id);
  const theirs = rig.world.plant(record.type, { ...record.props, Value: "theirs" }, marked ? record.marks : undefined);
  const outcome = await rig.apply(toGraph(recorded("one")));
  expect(outcome.result?.kind).not.toBe("done");
  expect(outcome.plan?.strays.map((stray) => stray.kind)).toEqual(marked ? ["unclaimed"] : []);
  await rig.apply(toGraph(small));
  expect([theirs.endedAt, theirs.props.Value]).toEqual([undefined, "theirs"]);
});

test("somebody's copy with all our marks is neither taken over nor deleted, whatever the journal still knew of the original", async () => {
  for (let killAt = 1; ; killAt++) {
    const rig = createRig(12);
    const { killed } = await rig.apply(toGraph(small), { killAt });
    const [made] = rig.world.byType("memory.Network");
    const copy = made && rig.world.copy(made.id);
    const outcomes = [await rig.apply(toGraph(small)), await rig.apply(toGraph([{ ...network, dns: true }]))];
    // Nothing was written down of what it made, and two bear its mark: nobody can know.
    if (killed?.place === "memory:CreateNetwork (after)") expect(outcomes[0]?.settled.map((each) => each.outcome)).toEqual(["unresolved"]);
    expect(copy?.endedAt, `killed at ${killed?.place}`).toBeUndefined();
    expect(rig.world.ledger.filter((entry) => entry.by === "engine" && entry.owner === "outside")).toEqual([]);
    expect(outcomes.flatMap((outcome) => outcome.plan?.strays ?? []).filter((stray) => stray.kind === "claimed")).toEqual([]);
    if (!killed) return;
  }
});

test("a process stopped between its last check and the request makes at worst a stray, which the next apply deletes", async () => {
  let seen = 0;
  for (let at = 1; ; at++) {
    const rig = createRig(13);
    const stopped = { graph: toGraph(small), options: { stop: { at, lasts: 1_200_000 } } };
    const [first] = await rig.applyTwo(stopped, { graph: toGraph(small), options: {}, delay: 1_000 });
    if (first.stoppedAt === "memory:CreateNetwork (before)") {
      seen += 1;
      expect(rig.world.living().length).toBe(2);
      expect(first.result?.kind).toBe("lost");
      const next = await demandMended(rig, small);
      expect(next.plan?.strays.map((stray) => stray.kind)).toEqual(["claimed"]);
    }
    expect(rig.world.living().length, `stopped at ${first.stoppedAt}`).toBe(1);
    if (first.stoppedAt === undefined) break;
  }
  expect(seen).toBe(1);
});

test("two at once on machines whose clocks differ by minutes: one waits for the other, and both end well", async () => {
  for (const skew of [-180_000, 180_000]) {
    const rig = createRig(14, { ...calm, latency: [100, 2_000] });
    const next: StackSpec = [{ ...network, dns: true }];
    const outcomes = await rig.applyTwo({ graph: toGraph(hosted), options: { skew } }, { graph: toGraph(next), options: {}, delay: 500 });
    expect(outcomes.map((outcome) => outcome.result?.kind)).toEqual(["done", "done"]);
    expect(compareWorld(rig.world, toGraph(next))).toEqual([]);
  }
});
