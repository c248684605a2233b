// What is not ours is never touched: names that others hold, groups that others use, copies of marks, the other region of the same subscription.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import type { Marks, NativeChange } from "../../engine/provider/provider.ts";
import { canonicalId } from "../../providers/azure/arm-id.ts";
import { connectArm } from "../../providers/azure/client.ts";
import { markKeys } from "../../providers/azure/marks.ts";
import { readWorld } from "../../providers/azure/simulator/inspect.ts";
import { makeMachine } from "./azure-machine-cases.ts";
import {
  act,
  azureCloud,
  isRead,
  location,
  makeDisk,
  makeGroup,
  makeSubnet,
  nameOf,
  rawOf,
  type Stage,
  subscription,
} from "./azure-surroundings.ts";
import { createExecutor, newId } from "./executor.ts";
import { openSimulated } from "./simulated-world.ts";

let directory: string;
let endpoint: string;
let begin: () => Stage;
let stop: () => Promise<void>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "koine-azure-guards-"));
  const open = await openSimulated(azureCloud, directory);
  endpoint = open.endpoint;
  begin = () => createExecutor(open.world);
  stop = async () => {
    await open.stop();
    await rm(directory, { recursive: true, force: true });
  };
});
afterAll(() => stop?.());

function creation(desired: NativeMap): NativeChange {
  return { action: "create", desired, observed: {}, attributes: {}, changed: Object.keys(desired), generation: 1 };
}

function marksOf(stage: Stage): Marks {
  return { lineage: stage.lineage, object: newId(), operation: newId(), address: "network.main:network" };
}

async function create(stage: Stage, type: string, desired: NativeMap, marks = marksOf(stage)) {
  const handler = stage.handlerOf(type);
  const [step] = handler.steps(creation(desired));
  if (step === undefined) throw new Error("nothing is created");
  return handler.perform(stage.call({ marks, token: marks.operation }), step, step.body);
}

/** How many requests that change something have gone out so far. */
function countWrites(stage: Stage): number {
  return stage.world.wire.filter((operation) => !isRead(operation)).length;
}

describe("a name that somebody else holds", () => {
  it.each(["azure.network.VirtualNetwork", "azure.compute.Disk"])("is an error for %s, and its resource stays as it is", async (type) => {
    const stage = begin();
    const resourceGroup = await makeGroup(stage, 1);
    const isNetwork = type === "azure.network.VirtualNetwork";
    const collection = isNetwork ? "virtualNetworks" : "disks";
    const provider = isNetwork ? "Microsoft.Network" : "Microsoft.Compute";
    const id = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/${provider}/${collection}/taken`;
    const foreign = isNetwork
      ? { location, tags: { owner: "somebody" }, properties: { addressSpace: { addressPrefixes: ["192.168.0.0/16"] } } }
      : {
          location,
          tags: { owner: "somebody" },
          sku: { name: "Standard_LRS" },
          properties: { creationData: { createOption: "Empty" }, diskSizeGB: 8 },
        };
    await act(stage, `${collection}.createOrUpdate`, id, foreign);
    const before = await rawOf(stage, collection, id);

    const desired = isNetwork
      ? { name: "TAKEN", resourceGroup, location, addressPrefixes: ["10.0.0.0/16"] }
      : { name: "TAKEN", resourceGroup, location, diskSizeGB: 64, sku: "Premium_LRS" };
    const refusal = await create(stage, type, desired).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      message: expect.stringContaining("/taken` exists already and was not made by this stack"),
      details: { code: "conflict", effect: "none", lasting: true, hint: expect.stringContaining("@adopt(") },
    });
    expect(await rawOf(stage, collection, id)).toEqual(before);
    expect(await stage.handlerOf(type).find(stage.call(), { kind: "lineage", lineage: stage.lineage })).toEqual([]);
    await act(stage, `${collection}.delete`, id);
    await stage.cleanUp();
  });

  it("names the stack's own object that holds it", async () => {
    const stage = begin();
    const resourceGroup = await makeGroup(stage, 2);
    const desired = { name: "mine", resourceGroup, location };
    await stage.make("azure.network.ApplicationSecurityGroup", desired);
    const refusal = await create(stage, "azure.network.ApplicationSecurityGroup", desired).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ message: expect.stringContaining("belongs to `test.azure.network.ApplicationSecurityGroup`") });
    await stage.cleanUp();
  });

  it("is our own when an earlier send of the same attempt has made it, and nothing is sent twice", async () => {
    const stage = begin();
    const resourceGroup = await makeGroup(stage, 3);
    const desired = { name: "once", resourceGroup, location };
    const marks = marksOf(stage);
    const first = await create(stage, "azure.network.ApplicationSecurityGroup", desired, marks);
    const sent = countWrites(stage);
    const again = await create(stage, "azure.network.ApplicationSecurityGroup", desired, marks);
    expect(again).toMatchObject({ id: first.id, incarnation: first.incarnation });
    expect(sent).toBeGreaterThan(0);
    expect(countWrites(stage)).toBe(sent);
    stage.adopt("azure.network.ApplicationSecurityGroup", first.id ?? "");
    await stage.cleanUp();
  });
});

describe("a resource group", () => {
  const remove = { action: "delete", desired: {}, observed: {}, attributes: {}, changed: [] } as const;

  it("is not deleted while something foreign is in it, and the refusal names it", async () => {
    const stage = begin();
    const name = await makeGroup(stage, 4);
    const id = canonicalId(`/subscriptions/${subscription}/resourceGroups/${name}`);
    const stranger = `${id}/providers/Microsoft.Network/virtualNetworks/stranger`;
    await act(stage, "virtualNetworks.createOrUpdate", stranger, {
      location,
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
    });
    const target = { type: "azure.resources.ResourceGroup", ...stage.world.identity, id };
    const handler = stage.handlerOf(target.type);
    const [step] = handler.steps({ ...remove, id: target, generation: 1 });
    if (step === undefined) throw new Error("nothing is deleted");
    const refusal = await handler.perform(stage.call({ id: target }), step, step.body).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      message: expect.stringContaining('Microsoft.Network/virtualNetworks "stranger"'),
      details: { code: "dependency", effect: "none", lasting: true },
    });
    expect(readWorld(directory).some((each) => canonicalId(each.id) === canonicalId(stranger) && each.living)).toBe(true);
    expect((await handler.blockers(stage.call(), target)).map((each) => each.id)).toEqual([canonicalId(stranger)]);
    await act(stage, "virtualNetworks.delete", stranger);
    await stage.cleanUp();
    expect(readWorld(directory).some((each) => canonicalId(each.id) === id)).toBe(false);
  });

  it("waits for what is the stack's own", async () => {
    const stage = begin();
    const name = await makeGroup(stage, 5);
    await stage.make("azure.network.ApplicationSecurityGroup", { name: "own", resourceGroup: name, location });
    const id = {
      type: "azure.resources.ResourceGroup",
      ...stage.world.identity,
      id: canonicalId(`/subscriptions/${subscription}/resourceGroups/${name}`),
    };
    const handler = stage.handlerOf(id.type);
    const [step] = handler.steps({ ...remove, id, generation: 1 });
    if (step === undefined) throw new Error("nothing is deleted");
    const refusal = await handler.perform(stage.call({ id }), step, step.body).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ details: { code: "dependency", effect: "none" } });
    expect(refusal).not.toMatchObject({ details: { lasting: true } });
    await stage.cleanUp();
  });

  it("that is gone has taken everything with it: absent, and not unknown", async () => {
    const stage = begin();
    const name = await makeGroup(stage, 6);
    const made = await stage.make("azure.network.ApplicationSecurityGroup", { name: "swept", resourceGroup: name, location });
    const rules = await stage.make("azure.network.NetworkSecurityGroup", { name: "swept", resourceGroup: name, location });
    await act(stage, "resourceGroups.delete", `/subscriptions/${subscription}/resourceGroups/${name}`);
    for (const { id } of [made, rules]) {
      const seen = await stage.handlerOf(id.type).observe(stage.call(), [id], "list");
      expect(seen).toEqual({ found: [], absent: [id], unknown: [] });
    }
    const many = Array.from({ length: 9 }, (_, n) => ({ ...made.id, id: `${made.id.id}-${n}` }));
    const seen = await stage.handlerOf(made.id.type).observe(stage.call(), many, "list");
    expect(seen.absent).toEqual(many);
  });
});

it("disks that Azure made along with a machine carry copies of its marks and are no objects", async () => {
  const stage = begin();
  const group = await makeGroup(stage, 7);
  await makeMachine(stage, group, 7);
  const own = await makeDisk(stage, group, "own");
  const copies = readWorld(directory).filter(
    (each) => each.type === "Microsoft.Compute/disks" && each.tags[markKeys.lineage] === stage.lineage,
  );
  expect(copies.length).toBe(2);
  const found = await stage.handlerOf("azure.compute.Disk").find(stage.call(), { kind: "lineage", lineage: stage.lineage });
  expect(found.map((each) => each.id.id)).toEqual([own]);
  await stage.cleanUp();
});

it("a sweep of one region leaves the other region's objects to the other cloud", async () => {
  const stage = begin();
  const elsewhere = connectArm({ subscription, region: "northeurope", endpoint, simulated: true, koineVersion: "test" });
  const here = await makeGroup(stage, 8);
  const there = nameOf(stage, "far", 8);
  await stage.make("azure.resources.ResourceGroup", { name: there, location: "northeurope" });
  const near = await stage.make("azure.network.ApplicationSecurityGroup", { name: "near", resourceGroup: here, location });
  const far = await stage.make("azure.network.ApplicationSecurityGroup", { name: "far", resourceGroup: there, location: "northeurope" });
  const handler = stage.handlerOf("azure.network.ApplicationSecurityGroup");
  const by = { kind: "lineage", lineage: stage.lineage } as const;
  expect((await handler.find(stage.call(), by)).map((each) => each.id.id)).toEqual([near.id.id]);
  const identity = { account: subscription, region: "northeurope" };
  expect((await handler.find(stage.call({ client: elsewhere, identity }), by)).map((each) => each.id.id)).toEqual([far.id.id]);
  await stage.cleanUp();
});

it("an id that a person wrote is read in any case", async () => {
  const stage = begin();
  const group = await makeGroup(stage, 9);
  const subnet = await makeSubnet(stage, group, 9);
  const handler = stage.handlerOf("azure.network.Subnet");
  const written = handler.canonicalId?.(subnet.toUpperCase()) ?? "";
  expect(written).toBe(subnet);
  const seen = await handler.observe(stage.call(), [{ type: "azure.network.Subnet", ...stage.world.identity, id: written }], "each");
  expect(seen.found).toHaveLength(1);
  expect(await handler.blockers(stage.call(), seen.found[0]?.id ?? { type: "", account: "", region: "", id: "" })).toEqual([]);
  await stage.cleanUp();
});
