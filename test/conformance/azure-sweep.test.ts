// What a look at many objects costs: calls in proportion to pages, whatever else the subscription holds.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import type { Ack, ObjectId } from "../../engine/provider/provider.ts";
import { handlers } from "../../providers/azure/objects/handlers.ts";
import type { Arm } from "../../providers/azure/operations.ts";
import { populateForeign, readRequests } from "../../providers/azure/simulator/inspect.ts";
import { machineProps } from "./azure-machine-cases.ts";
import { azureCloud, location, makeGroup, makeNetwork, subscription } from "./azure-surroundings.ts";
import { createExecutor, type Executor } from "./executor.ts";
import { countRequests as countOnWire, openSimulated } from "./simulated-world.ts";

/** Rows of one page of the embedded Resource Manager. */
const page = 250;
const ours = 1_000;
const foreign = 10_000;

let directory: string;
let stop: () => Promise<void>;
let stage: Executor<Arm>;
let machines: readonly ObjectId[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "koine-azure-sweep-"));
  populateForeign(directory, foreign, subscription);
  const open = await openSimulated(azureCloud, directory);
  stage = createExecutor(open.world);
  stop = async () => {
    await open.stop();
    await rm(directory, { recursive: true, force: true });
  };
  machines = await makeMachines();
}, 240_000);
afterAll(() => stop?.());

/** Creates past the executor, many at once, and waits for none: the embedded cloud is done after one look. */
async function perform(type: string, n: number, desired: NativeMap): Promise<Ack> {
  const handler = stage.handlerOf(type);
  const [create] = handler.steps({ action: "create", desired, observed: {}, attributes: {}, changed: [], generation: 1 });
  if (create === undefined) throw new Error("nothing is created");
  const token = `${type.length}${n}`.padStart(32, "0");
  const marks = { lineage: stage.lineage, object: token, operation: token, address: `machine.web[${n}]` };
  const call = stage.call({ token, marks });
  const ack = await handler.perform(call, create, create.body);
  for (let looks = 0; ack.handle !== undefined && looks < 50; looks++) {
    const { body } = await call.client.follow("operations.get", ack.handle, call.signal);
    if (body.status === "Succeeded") return ack;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return ack;
}

async function makeMachines(): Promise<readonly ObjectId[]> {
  const resourceGroup = await makeGroup(stage, 0);
  const virtualNetwork = await makeNetwork(stage, resourceGroup, 0);
  const subnet = (await stage.make("azure.network.Subnet", { virtualNetwork, name: "all", addressPrefix: "10.0.0.0/20" })).id.id;
  const common = await machineProps(stage, "");
  const made: ObjectId[] = [];
  const makeOne = async (n: number): Promise<void> => {
    const placed = { resourceGroup, location };
    const card = await perform("azure.network.NetworkInterface", n, { name: `card-${n}`, ...placed, subnet });
    const { id = "" } = await perform("azure.compute.VirtualMachine", n, {
      name: `web-${n}`,
      ...placed,
      ...common,
      networkInterface: card.id ?? "",
    });
    made.push({ type: "azure.compute.VirtualMachine", ...stage.world.identity, id });
  };
  let next = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let n = next++; n < ours; n = next++) await makeOne(n);
    }),
  );
  return made;
}

/** Requests that `work` makes, by operation: as the client counts them, and as the server logs them. */
async function countRequests(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const { wire } = stage.world;
  const before = wire.length;
  const logged = readRequests(directory).length;
  const counts = await countOnWire(wire, work);
  expect(readRequests(directory).length - logged).toBe(wire.length - before);
  return counts;
}

const statuses = Math.ceil((ours + foreign) / page);

it("sweeps 1,000 machines of ours among 10,000 of others by pages", async () => {
  let found = 0;
  const counts = await countRequests(async () => {
    const seen = await handlers["azure.compute.VirtualMachine"]?.find(stage.call(), { kind: "lineage", lineage: stage.lineage });
    found = seen?.filter((each) => each.props.power === "on").length ?? 0;
  });
  expect(found).toBe(ours);
  expect(counts).toEqual({
    "azure:resourceGroups.list": 1,
    // Machines, interfaces and disks that carry the mark, a thousand in each page.
    "azure:resources.list": Math.ceil((3 * ours + 1) / 1_000),
    "azure:virtualMachines.list": ours / page,
    "azure:disks.listByResourceGroup": ours / page,
    // Whether machines run is told by the list of the whole subscription alone.
    "azure:virtualMachines.listAll": statuses,
  });
}, 60_000);

it("looks at 1,000 machines by id without a call for each", async () => {
  let seen = 0;
  const counts = await countRequests(async () => {
    const observation = await handlers["azure.compute.VirtualMachine"]?.observe(stage.call(), machines, "list");
    seen = observation?.found.length ?? 0;
  });
  expect(seen).toBe(ours);
  expect(counts).toEqual({
    "azure:virtualMachines.list": ours / page,
    "azure:disks.listByResourceGroup": ours / page,
    "azure:virtualMachines.listAll": statuses,
  });
}, 60_000);

it("shares what all types of a look ask for", async () => {
  const types = ["azure.network.NetworkInterface", "azure.network.PublicIPAddress", "azure.network.VirtualNetwork"];
  const by = { kind: "lineage", lineage: stage.lineage } as const;
  const counts = await countRequests(() => Promise.all(types.map((type) => handlers[type]?.find(stage.call(), by))));
  expect(counts).toEqual({
    "azure:resourceGroups.list": 1,
    "azure:resources.list": Math.ceil((3 * ours + 1) / 1_000),
    "azure:networkInterfaces.list": ours / page,
    "azure:publicIPAddresses.list": 1,
    "azure:virtualNetworks.list": 1,
  });
}, 60_000);

it("does not take the disks that came with machines for disks of their own", async () => {
  const disks = await handlers["azure.compute.Disk"]?.find(stage.call(), { kind: "lineage", lineage: stage.lineage });
  expect(disks).toEqual([]);
}, 60_000);

it("polls what starts together in one list", async () => {
  const handler = handlers["azure.compute.VirtualMachine"];
  const [create] = handler?.steps({ action: "create", desired: {}, observed: {}, attributes: {}, changed: [], generation: 1 }) ?? [];
  if (handler === undefined || create === undefined) throw new Error("nothing is created");
  const some = machines.slice(0, 20);
  const counts = await countRequests(async () => {
    const looks = await Promise.all(some.map((id) => handler.poll(stage.call(), create, { id })));
    expect(looks.map((look) => look.kind === "done" && look.observed?.id.id)).toEqual(some.map((id) => id.id));
  });
  expect(counts).toEqual({
    "azure:virtualMachines.list": ours / page,
    "azure:disks.listByResourceGroup": ours / page,
    "azure:virtualMachines.listAll": statuses,
  });
}, 60_000);
