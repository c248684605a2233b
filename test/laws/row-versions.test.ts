// Rows and requests of another version of their type: older ones are understood everywhere and written anew only with their next change, newer ones are
// refused with the reason. The network of the in-process cloud plays a type at version 2, whose `Cidr` was called `Block` in version 1.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import { makePlan } from "../../engine/plan/make-plan.ts";
import type { JournalEntry, ObjectRow, StateChange } from "../../engine/state/store.ts";
import { createMemoryProvider } from "../../providers/memory/provider.ts";
import { memoryTypes } from "../../providers/memory/types.ts";
import { createRig, type Rig } from "./engine-rig.ts";
import { compareWorld, type StackSpec, toGraph } from "./engine-stacks.ts";

const type = "memory.Network";
const schema = memoryTypes[type]?.schema;
const today = { ...schema };

function rename(props: NativeMap, from: string, to: string): NativeMap {
  const { [from]: value, ...rest } = props;
  return value === undefined ? props : { ...rest, [to]: value };
}

beforeAll(() => {
  Object.assign(schema ?? {}, { version: 2, upgrade: { 1: (props: NativeMap) => rename(props, "Block", "Cidr") } });
});

afterAll(() => {
  Object.assign(schema ?? {}, { version: today.version, upgrade: undefined });
});

const plain: StackSpec = [{ cidr: "10.0.0.0/16", dns: false, gateway: false, rules: null, subnets: [] }];
const resolving: StackSpec = plain.map((network) => ({ ...network, dns: true }));

function toVersion(row: ObjectRow, version: number): ObjectRow {
  if (row.type !== type) return row;
  return { ...row, schemaVersion: version, props: version === 1 ? rename(row.props, "Cidr", "Block") : row.props };
}

function entryToVersion(entry: JournalEntry, version: number): JournalEntry {
  const goal = entry.goal && version === 1 ? rename(entry.goal, "Cidr", "Block") : entry.goal;
  return { ...entry, schemaVersion: version, row: toVersion(entry.row, version), ...(goal && { goal }) };
}

async function write(rig: Rig, change: StateChange): Promise<void> {
  const lease = await rig.store.acquire({ id: "test", description: "a test" }, 60_000);
  if ("heldBy" in lease) throw new Error("the lock is held");
  await lease.write(change);
  await lease.release();
}

/** A world as another Koine left it. */
async function createOld(version: number): Promise<Rig> {
  const rig = createRig(7);
  await rig.apply(toGraph(plain));
  await write(rig, { putObjects: (await rig.store.readObjects()).map((row) => toVersion(row, version)) });
  return rig;
}

const networkOf = async (rig: Rig): Promise<ObjectRow | undefined> => (await rig.store.readObjects()).find((row) => row.type === type);

test("an older row is as good as one of today, and stays as it is while nothing changes", async () => {
  const rig = await createOld(1);
  const before = await networkOf(rig);
  expect(before?.props).toHaveProperty("Block");
  const { plan } = await rig.plan(toGraph(plain));
  expect(plan?.changes).toEqual([]);
  expect((await rig.apply(toGraph(plain))).plan?.changes).toEqual([]);
  expect(await networkOf(rig)).toEqual(before);
});

test("its next change writes it in the new version", async () => {
  const rig = await createOld(1);
  const { plan, result } = await rig.apply(toGraph(resolving));
  expect(plan?.changes.map((change) => [change.action, change.props.map((prop) => prop.prop)])).toEqual([["update", ["Dns"]]]);
  expect(result?.kind).toBe("done");
  const row = await networkOf(rig);
  expect(row?.schemaVersion).toBe(2);
  expect(row?.props).toMatchObject({ Cidr: "10.0.0.0/16", Dns: true });
  expect(row?.props).not.toHaveProperty("Block");
  expect(compareWorld(rig.world, toGraph(resolving))).toEqual([]);
});

test("it can be destroyed", async () => {
  const rig = await createOld(1);
  expect((await rig.apply(toGraph(plain), { destroy: true })).result?.kind).toBe("done");
  expect(await rig.store.readObjects()).toEqual([]);
  expect(rig.world.living()).toEqual([]);
});

test("compared with the state alone it shows no change either", async () => {
  const rig = await createOld(1);
  const provider = createMemoryProvider({ cloud: rig.cloud, time: rig.time });
  const { plan } = await makePlan({
    graph: toGraph(plain),
    world: "simulated",
    lineage: (await rig.store.readMeta()).lineage,
    serial: 1,
    rows: await rig.store.readObjects(),
    handler: (_, name) => provider.handlers[name],
    offline: true,
    basis: { sources: {}, inputs: {}, lock: "", lineage: "", serial: 1, koine: "0", world: "simulated", options: {} },
    look: { client: async () => Promise.reject(new Error("no cloud is called")), signal: new AbortController().signal },
  });
  expect(plan?.changes).toEqual([]);
});

test("requests in flight of an older version are settled: wherever the run was killed, the world is as desired", async () => {
  for (const edited of [plain, resolving]) {
    let killed = 0;
    for (let killAt = 1; ; killAt++) {
      const rig = edited === plain ? createRig(7) : await createOld(1);
      const outcome = await rig.apply(toGraph(edited), { killAt });
      if (!outcome.killed) break;
      const open = await rig.store.readJournal();
      killed += open.length;
      await writeAfterLock(rig, { putJournal: open.map((entry) => entryToVersion(entry, 1)) });
      await rig.apply(toGraph(edited));
      expect(compareWorld(rig.world, toGraph(edited)), `killed at ${killAt}`).toEqual([]);
      expect(await rig.store.readJournal()).toEqual([]);
      expect((await rig.apply(toGraph(edited))).plan?.changes).toEqual([]);
    }
    expect(killed).toBeGreaterThan(0);
  }
});

/** The lock of a killed process is held until its lease is over. */
async function writeAfterLock(rig: Rig, change: StateChange): Promise<void> {
  await rig.store.breakLock();
  await write(rig, change);
}

test("a newer row is refused with the reason, in the source or out of it, and nothing is done", async () => {
  const rig = await createOld(3);
  const living = rig.world.living().length;
  for (const options of [{}, { destroy: true }]) {
    const { problems, plan } = await rig.apply(toGraph(plain), options);
    expect(plan).toBeUndefined();
    expect(problems[0]).toMatchObject({
      kind: "unsupported",
      message: expect.stringContaining("version 3 of `memory.Network`, and this Koine knows 2"),
    });
  }
  expect(rig.world.living()).toHaveLength(living);
  expect((await networkOf(rig))?.schemaVersion).toBe(3);
});

test.each([
  [3, "newer Koine (version 3 of `memory.Network`, and this one knows 2)"],
  [0, "nothing leads from there to version 2"],
])("a request in flight of version %i is unresolved, with the reason", async (version, words) => {
  for (let killAt = 1; ; killAt++) {
    const rig = createRig(7);
    if (!(await rig.apply(toGraph(plain), { killAt })).killed) throw new Error("it was never killed with a request in flight");
    const open = await rig.store.readJournal();
    if (open.length === 0) continue;
    await writeAfterLock(rig, { putJournal: open.map((entry) => entryToVersion(entry, version)) });
    const { settled, plan } = await rig.apply(toGraph(plain));
    expect(settled[0]).toMatchObject({ outcome: "unresolved", reason: expect.stringContaining(words) });
    expect(plan?.blocked?.length).toBeGreaterThan(0);
    expect((await rig.store.readJournal())[0]?.state).toBe("unresolved");
    return;
  }
});
