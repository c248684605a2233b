// The requests that protect what Koine does not know: written over by nobody, sent back as it was read.

import { describe, expect, it } from "vitest";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { Handler, NativeChange, ObjectId } from "../../engine/provider/provider.ts";
import { mapAt, mapsAt } from "./json.ts";
import { handlers } from "./objects/handlers.ts";
import type { Arm, ArmRequest } from "./operations.ts";
import type { ArmCall } from "./reads.ts";

const base = "/subscriptions/s/resourceGroups/g/providers";
const marks = { lineage: "l1", object: "o1", operation: "p1", address: "machine.web:machine" };

interface Sent extends ArmRequest {
  readonly operation: string;
}

/** Answers reads by `there` (undefined: not found), and writes with 200. */
function armWith(there: NativeMap | undefined): { readonly call: ArmCall; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const client: Arm = {
    subscription: "s",
    region: "westeurope",
    async send(operation, request) {
      sent.push({ operation, ...request });
      if (!operation.endsWith(".get")) return { status: 200, body: {}, headers: {} };
      if (there === undefined) throw new ProviderError("not there", { code: "not_found", effect: "none" });
      return { status: 200, body: there, headers: {} };
    },
    follow: () => Promise.reject(new Error("nothing is followed")),
    close: () => undefined,
  };
  return { call: { client, identity: { account: "s", region: "westeurope" }, signal: AbortSignal.timeout(1_000), marks }, sent };
}

function handlerOf(type: string): Handler<Arm> {
  const handler = handlers[type];
  if (handler === undefined) throw new Error(`no handler for ${type}`);
  return handler;
}

async function carryOut(type: string, there: NativeMap | undefined, change: Partial<NativeChange>): Promise<readonly Sent[]> {
  const { call, sent } = armWith(there);
  const handler = handlerOf(type);
  const steps = handler.steps({ action: "update", desired: {}, observed: {}, attributes: {}, changed: [], generation: 1, ...change });
  for (const step of steps) await handler.perform({ ...call, ...(change.id && { id: change.id }) }, step, step.body);
  return sent;
}

const idOf = (type: string, id: string): ObjectId => ({ type, account: "s", region: "westeurope", id });

describe("a change", () => {
  const card = {
    id: `${base}/Microsoft.Network/networkInterfaces/card`,
    etag: 'W/"7"',
    location: "westeurope",
    tags: { owner: "somebody" },
    futureField: { kept: true },
    properties: {
      enableAcceleratedNetworking: true,
      ipConfigurations: [
        { name: "second", properties: { primary: false, privateIPAddress: "10.0.0.9", publicIPAddress: { id: "/other" } } },
        { name: "first", properties: { primary: true, privateIPAddress: "10.0.0.4", publicIPAddress: { id: "/old" }, futureField: 1 } },
      ],
    },
  };

  it("goes out with the etag that was read, and with everything that it does not name", async () => {
    const change = {
      id: idOf("azure.network.NetworkInterface", card.id),
      desired: { publicIPAddress: "/new" },
      changed: ["publicIPAddress"],
    };
    const [read, write, ...more] = await carryOut("azure.network.NetworkInterface", card, change);
    expect(more).toEqual([]);
    expect(read?.operation).toBe("networkInterfaces.get");
    expect(write).toMatchObject({ operation: "networkInterfaces.createOrUpdate", at: ["g", "card"], headers: { "If-Match": 'W/"7"' } });
    const [second, first] = card.properties.ipConfigurations;
    expect(write?.body).toEqual({
      ...card,
      properties: {
        ...card.properties,
        ipConfigurations: [second, { ...first, properties: { ...first?.properties, publicIPAddress: { id: "/new" } } }],
      },
    });
  });

  it("takes away what the source no longer has", async () => {
    const change = { id: idOf("azure.network.NetworkInterface", card.id), changed: ["publicIPAddress"] };
    const write = (await carryOut("azure.network.NetworkInterface", card, change)).at(-1);
    const configurations = mapsAt(write?.body, "properties", "ipConfigurations");
    expect(configurations[0]?.properties).toHaveProperty("publicIPAddress");
    expect(configurations[1]?.properties).not.toHaveProperty("publicIPAddress");
  });

  it("of a rule leaves its note, and nothing of the shape that it had", async () => {
    const rule = {
      etag: 'W/"1"',
      properties: { description: "koine l1 o1", priority: 100, direction: "Inbound", sourceAddressPrefix: "*", destinationPortRange: "80" },
    };
    const id = idOf("azure.network.SecurityRule", `${base}/Microsoft.Network/networkSecurityGroups/nsg/securityRules/web`);
    const desired = {
      priority: 100,
      direction: "Inbound",
      sourceApplicationSecurityGroups: ["/asg"],
      destinationAddressPrefixes: ["*"],
      destinationPortRanges: ["80", "443"],
    };
    const write = (await carryOut("azure.network.SecurityRule", rule, { id, desired, changed: ["destinationPortRanges"] })).at(-1);
    const properties = write?.body?.properties as NativeMap;
    expect(properties).toMatchObject({
      description: "koine l1 o1",
      destinationPortRanges: ["80", "443"],
      sourceApplicationSecurityGroups: [{ id: "/asg" }],
    });
    expect(properties).not.toHaveProperty("sourceAddressPrefix");
    expect(properties).not.toHaveProperty("destinationPortRange");
  });

  it("of tags patches tags alone, with those of others", async () => {
    const network = { tags: { team: "a", owner: "somebody", gone: "x", "koine-lineage": "l1" }, properties: { addressSpace: {} } };
    const id = idOf("azure.network.VirtualNetwork", `${base}/Microsoft.Network/virtualNetworks/net`);
    const change = {
      id,
      desired: { tags: { team: "b", owner: "somebody" } },
      observed: { tags: { team: "a", owner: "somebody", gone: "x" } },
      changed: ["tags"],
    };
    const write = (await carryOut("azure.network.VirtualNetwork", network, change)).at(-1);
    expect(write).toEqual({
      operation: "virtualNetworks.updateTags",
      at: ["g", "net"],
      body: { tags: { owner: "somebody", "koine-lineage": "l1", team: "b" } },
    });
  });
});

describe("a creation", () => {
  const machine = {
    name: "web",
    resourceGroup: "g",
    location: "westeurope",
    zones: ["1"],
    vmSize: "Standard_D2s_v5",
    imageReference: { publisher: "p", offer: "o", sku: "s", version: "1.0.0" },
    networkInterface: "/card",
    adminUsername: "me",
    sshKeys: ["ssh-ed25519 AAAA"],
    customData: "#cloud-config\n{}",
    osDisk: { storageAccountType: "Premium_LRS" },
    disks: [{ lun: 3, name: "data", diskSizeGB: 8, storageAccountType: "Premium_LRS" }],
  };
  const create = { action: "create", desired: machine, changed: Object.keys(machine) } as const;

  it("looks first, and lets the service refuse what has come since", async () => {
    const [read, write, ...more] = await carryOut("azure.compute.VirtualMachine", undefined, create);
    expect(more).toEqual([]);
    expect(read).toMatchObject({ operation: "virtualMachines.get", at: ["g", "web"] });
    expect(write).toMatchObject({ operation: "virtualMachines.createOrUpdate", at: ["g", "web"], headers: { "If-None-Match": "*" } });
    const body = write?.body as NativeMap;
    expect(body.tags).toMatchObject({
      "koine-lineage": "l1",
      "koine-object": "o1",
      "koine-operation": "p1",
      "koine-type": "azure.compute.VirtualMachine",
    });
    const { storageProfile, osProfile, networkProfile, securityProfile } = body.properties as NativeMap;
    expect(storageProfile).toMatchObject({
      osDisk: { createOption: "FromImage", deleteOption: "Delete" },
      dataDisks: [{ lun: 3, name: "web-data", createOption: "Empty", deleteOption: "Delete", diskSizeGB: 8 }],
    });
    expect(osProfile).toMatchObject({ computerName: "web", customData: Buffer.from(machine.customData).toString("base64") });
    expect(networkProfile).toMatchObject({ networkInterfaces: [{ id: "/card", properties: { deleteOption: "Detach" } }] });
    expect(securityProfile).toBeUndefined();
  });

  it("that has failed is tried again by the attempt that began it, and by no other", async () => {
    const failed = { tags: { "koine-operation": "p1" }, properties: { provisioningState: "Failed" } };
    expect((await carryOut("azure.compute.VirtualMachine", failed, create)).map((each) => each.operation)).toEqual([
      "virtualMachines.get",
      "virtualMachines.createOrUpdate",
    ]);
    const foreign = { tags: { "koine-operation": "p2" }, properties: { provisioningState: "Failed" } };
    await expect(carryOut("azure.compute.VirtualMachine", foreign, create)).rejects.toThrow("exists already");
  });

  it("of a successor carries its own name in its disks", async () => {
    const successor = { ...create, desired: { ...machine, name: "web-g2" }, generation: 2 };
    const write = (await carryOut("azure.compute.VirtualMachine", undefined, successor)).at(-1);
    expect(mapAt(write?.body, "properties", "storageProfile")).toMatchObject({ dataDisks: [{ name: "web-g2-data" }] });
    expect(mapAt(write?.body, "properties", "osProfile")).toMatchObject({ computerName: "web" });
  });
});

describe("what Azure reports as failed", () => {
  const address = { etag: 'W/"2"', properties: { provisioningState: "Failed", publicIPAllocationMethod: "Static" } };
  const id = idOf("azure.network.PublicIPAddress", `${base}/Microsoft.Network/publicIPAddresses/www`);
  const attributes = { provisioningState: "Failed" };

  it("is sent back as it is, which mends it", async () => {
    const sent = await carryOut("azure.network.PublicIPAddress", address, { action: "create", id, attributes });
    expect(sent.at(-1)).toEqual({
      operation: "publicIPAddresses.createOrUpdate",
      at: ["g", "www"],
      body: address,
      headers: { "If-Match": 'W/"2"' },
    });
  });

  it("is mended by the change that is made anyway", () => {
    const change = {
      action: "update",
      desired: { idleTimeoutInMinutes: 9 },
      observed: {},
      attributes,
      changed: ["idleTimeoutInMinutes"],
      id,
      generation: 1,
    } as const;
    expect(
      handlerOf("azure.network.NatGateway")
        .steps(change)
        .map((step) => step.key),
    ).toEqual(["modify"]);
    expect(
      handlerOf("azure.network.NatGateway")
        .steps({ ...change, action: "delete" })
        .map((step) => step.key),
    ).toEqual(["delete"]);
  });
});

it("an identity is taken off by name, and what the system gave stays", async () => {
  const identity = (name: string): string => `${base}/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  const there = {
    identity: { type: "SystemAssigned, UserAssigned", userAssignedIdentities: { [identity("OLD")]: {}, [identity("kept")]: {} } },
  };
  const id = idOf("azure.compute.VirtualMachine", `${base}/Microsoft.Compute/virtualMachines/web`);
  const change = { id, desired: { identities: [identity("kept"), identity("new")] }, changed: ["identities"] };
  const write = (await carryOut("azure.compute.VirtualMachine", there, change)).at(-1);
  expect(write?.body).toEqual({
    identity: {
      type: "SystemAssigned, UserAssigned",
      userAssignedIdentities: { [identity("kept")]: {}, [identity("new")]: {}, [identity("OLD")]: null },
    },
  });
});
