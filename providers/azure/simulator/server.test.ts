// The main path through the vendor's own clients: every type is made, read, listed, changed and deleted.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ArmFixture, fast, keyData, location, makeNetwork, openArm, refusal } from "../../../test/support/arm-simulator.ts";

let fixture: ArmFixture;
beforeAll(async () => {
  fixture = await openArm();
});
afterAll(() => fixture.close());

async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

describe("the main path", () => {
  test("a network, a machine on it, and all of it away again", async () => {
    const { compute, network, resources } = fixture;
    const { subnet, nic } = await makeNetwork(fixture, "main");
    const group = await network.networkSecurityGroups.createOrUpdate("main", "nsg", { location, tags: { a: "b" } }, fast);
    const asg = await network.applicationSecurityGroups.createOrUpdate("main", "asg", { location }, fast);
    await network.securityRules.createOrUpdate(
      "main",
      "nsg",
      "allow",
      {
        protocol: "Tcp",
        sourcePortRange: "*",
        destinationPortRanges: ["80", "8000-8100"],
        sourceAddressPrefix: "*",
        destinationApplicationSecurityGroups: [{ id: asg.id ?? "" }],
        access: "Allow",
        priority: 100,
        direction: "Inbound",
      },
      fast,
    );
    const address = await network.publicIPAddresses.createOrUpdate(
      "main",
      "ip",
      { location, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
      fast,
    );
    const nat = await network.natGateways.createOrUpdate(
      "main",
      "nat",
      { location, sku: { name: "Standard" }, publicIpAddresses: [{ id: address.id ?? "" }] },
      fast,
    );
    await network.subnets.createOrUpdate(
      "main",
      "net",
      "a",
      { addressPrefix: "10.0.1.0/24", networkSecurityGroup: { id: group.id ?? "" }, natGateway: { id: nat.id ?? "" } },
      fast,
    );
    const machine = await compute.virtualMachines.createOrUpdate(
      "main",
      "vm",
      {
        location,
        zones: ["1"],
        hardwareProfile: { vmSize: "Standard_B2s" },
        storageProfile: {
          imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
          osDisk: { createOption: "FromImage", deleteOption: "Delete", managedDisk: { storageAccountType: "Premium_LRS" } },
          dataDisks: [{ lun: 0, name: "data", createOption: "Empty", diskSizeGB: 8, deleteOption: "Delete" }],
        },
        osProfile: {
          computerName: "vm",
          adminUsername: "koine",
          customData: "aGVsbG8=",
          linuxConfiguration: {
            disablePasswordAuthentication: true,
            ssh: { publicKeys: [{ path: "/home/koine/.ssh/authorized_keys", keyData }] },
          },
        },
        networkProfile: { networkInterfaces: [{ id: nic, primary: true }] },
      },
      fast,
    );
    expect(machine).toMatchObject({ provisioningState: "Succeeded", vmId: expect.any(String), zones: ["1"] });
    expect(machine.osProfile?.customData).toBeUndefined();
    expect((await compute.virtualMachines.instanceView("main", "vm")).statuses?.map(({ code }) => code)).toEqual([
      "ProvisioningState/succeeded",
      "PowerState/running",
    ]);
    expect((await network.networkInterfaces.get("main", "nic")).virtualMachine?.id).toBe(machine.id);
    expect((await network.subnets.get("main", "net", "a")).ipConfigurations).toHaveLength(1);
    expect((await collect(compute.virtualMachines.list("main"))).map(({ name }) => name)).toEqual(["vm"]);
    expect((await collect(resources.resources.listByResourceGroup("main"))).map(({ type }) => type).sort()).toEqual([
      "Microsoft.Compute/disks",
      "Microsoft.Compute/disks",
      "Microsoft.Compute/virtualMachines",
      "Microsoft.Network/applicationSecurityGroups",
      "Microsoft.Network/natGateways",
      "Microsoft.Network/networkInterfaces",
      "Microsoft.Network/networkSecurityGroups",
      "Microsoft.Network/publicIPAddresses",
      "Microsoft.Network/virtualNetworks",
    ]);
    await compute.virtualMachines.deallocate("main", "vm", fast);
    await compute.virtualMachines.start("main", "vm", fast);
    await compute.virtualMachines.delete("main", "vm", fast);
    expect((await collect(compute.disks.listByResourceGroup("main"))).length).toBe(0);
    expect(await refusal(network.subnets.delete("main", "net", "a", fast))).toBe("InUseSubnetCannotBeDeleted");
    await network.networkInterfaces.delete("main", "nic", fast);
    expect(subnet).toContain("/subnets/a");
    await resources.resourceGroups.delete("main", fast);
    expect(await refusal(resources.resourceGroups.get("main"))).toBe("ResourceGroupNotFound");
  });

  test("disks, snapshots and images", async () => {
    const { compute, resources } = fixture;
    await resources.resourceGroups.createOrUpdate("store", { location });
    const disk = await compute.disks.createOrUpdate(
      "store",
      "disk",
      { location, sku: { name: "Premium_LRS" }, creationData: { createOption: "Empty" }, diskSizeGB: 16 },
      fast,
    );
    expect(disk).toMatchObject({ provisioningState: "Succeeded", diskState: "Unattached", diskSizeGB: 16 });
    const snapshot = await compute.snapshots.createOrUpdate(
      "store",
      "snap",
      { location, creationData: { createOption: "Copy", sourceResourceId: disk.id ?? "" }, incremental: true },
      fast,
    );
    const image = await compute.images.createOrUpdate(
      "store",
      "image",
      { location, storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", snapshot: { id: snapshot.id ?? "" } } } },
      fast,
    );
    expect(image.provisioningState).toBe("Succeeded");
    const copy = await compute.disks.createOrUpdate(
      "store",
      "copy",
      { location, sku: { name: "Premium_LRS" }, creationData: { createOption: "Copy", sourceResourceId: snapshot.id ?? "" } },
      fast,
    );
    expect(copy.diskSizeGB).toBe(16);
    await compute.disks.update("store", "disk", { diskSizeGB: 32 }, fast);
    expect((await compute.disks.get("store", "disk")).diskSizeGB).toBe(32);
    for (const name of ["disk", "copy"]) await compute.disks.delete("store", name, fast);
    await compute.snapshots.delete("store", "snap", fast);
    await compute.images.delete("store", "image", fast);
    expect(await collect(resources.resources.listByResourceGroup("store"))).toEqual([]);
  });
});
