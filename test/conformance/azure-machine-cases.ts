// Machines of Azure, their disks, and what is made of those, put to the test.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import { canonicalId } from "../../providers/azure/arm-id.ts";
import { parseUrn } from "../../providers/azure/catalog/images.ts";
import { resolveAzurePins } from "../../providers/azure/pins.ts";
import {
  act,
  type Case,
  editTags,
  fixedPlace,
  location,
  makeDisk,
  makeGroup,
  makeInterface,
  nameOf,
  otherId,
  place,
  rawOf,
  type Stage,
  signal,
  subscription,
  tags,
  tagsElsewhere,
} from "./azure-surroundings.ts";
import { withProp } from "./conformance-case.ts";
import type { Made } from "./executor.ts";

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB6TdTqHnmlZHPA9Ffk9pMRzNDZU9oIPI5zcmgr5PB2Z test";

/** The newest image of Ubuntu, as a pin would name it. */
async function findImage(stage: Stage): Promise<NativeMap> {
  const image = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" };
  const parameters = { alias: "ubuntu-24.04", region: location, arch: "x86_64", ...image };
  const request = { cloud: "main", provider: "azure", kind: "image", key: "k", parameters } as const;
  const [pin] = await resolveAzurePins(stage.world.client, [request], signal());
  if (pin === undefined || !("id" in pin.answer)) throw new Error("there is no image to make a machine of");
  return { ...image, version: parseUrn(pin.answer.id)?.version ?? "" };
}

/** What a machine is made of besides its place. */
export async function machineProps(stage: Stage, networkInterface: NativeValue): Promise<NativeMap> {
  return {
    zones: ["1"],
    vmSize: "Standard_D2s_v5",
    imageReference: await findImage(stage),
    networkInterface,
    computerName: "conformance",
    adminUsername: "azureuser",
    sshKeys: [publicKey],
    osDisk: { storageAccountType: "Premium_LRS" },
  };
}

export async function makeMachine(stage: Stage, resourceGroup: NativeValue, n: number): Promise<string> {
  const card = await makeInterface(stage, resourceGroup, n);
  const props = { name: nameOf(stage, "machine", n), resourceGroup, location, ...(await machineProps(stage, card)) };
  return (await stage.make("azure.compute.VirtualMachine", props)).id.id;
}

const identity = (name: string): string =>
  canonicalId(`/subscriptions/${subscription}/resourceGroups/ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`);

const block = (lun: number, diskSizeGB: number, storageAccountType = "Premium_LRS", name = `block-${lun}`): NativeMap => ({
  lun,
  name,
  diskSizeGB,
  storageAccountType,
});

const disksOf = (made: Made): NativeMap => (made.observed.attributes.disks ?? {}) as NativeMap;

const machine: Case = {
  type: "azure.compute.VirtualMachine",
  props: async (stage, n) => {
    const placed = await place(stage, "vm", n);
    return {
      ...placed,
      ...(await machineProps(stage, await makeInterface(stage, placed.resourceGroup ?? "", n))),
      customData: "#cloud-config\n{}",
      osDisk: { storageAccountType: "Premium_LRS", diskSizeGB: 64 },
      disks: [block(0, 32), block(1, 64)],
      securityType: "TrustedLaunch",
      identities: [identity("first")],
      tags,
    };
  },
  edits: [
    {
      name: "size",
      changed: ["vmSize"],
      to: (_stage, made) => withProp(made.desired, "vmSize", "Standard_D4s_v5"),
      steps: ["stop", "modify:vmSize", "start"],
    },
    { name: "power", changed: ["power"], to: (_stage, made) => withProp(made.desired, "power", "off"), steps: ["stop"] },
    {
      name: "osDisk",
      changed: ["osDisk"],
      to: (_stage, made) => withProp(made.desired, "osDisk", { storageAccountType: "StandardSSD_LRS", diskSizeGB: 128 }),
      steps: ["stop", "grow:osDisk", "convert:osDisk", "start"],
    },
    {
      name: "a block added, one grown",
      changed: ["disks"],
      to: (_stage, made) => withProp(made.desired, "disks", [block(0, 48), block(1, 64), block(2, 16)]),
      steps: ["disk:grow:0", "disk:create:2", "disk:attach:2"],
    },
    {
      name: "a block taken away",
      changed: ["disks"],
      to: (_stage, made) => withProp(made.desired, "disks", [block(0, 32)]),
      steps: ["disk:mark:1", "disk:detach:1", "disk:delete:1"],
    },
    {
      name: "a block of another sort",
      changed: ["disks"],
      to: (_stage, made) => withProp(made.desired, "disks", [block(0, 32, "StandardSSD_LRS"), block(1, 64)]),
      steps: ["stop", "disk:convert:0", "start"],
    },
    {
      name: "another block in the same place",
      changed: ["disks"],
      to: (_stage, made) => withProp(made.desired, "disks", [block(0, 32), block(1, 16, "Premium_LRS", "other")]),
      steps: ["disk:mark:1", "disk:detach:1", "disk:delete:1", "disk:create:1", "disk:attach:1"],
    },
    {
      name: "identities",
      changed: ["identities"],
      to: (_stage, made) => withProp(made.desired, "identities", [identity("second")]),
      steps: ["modify:identities"],
    },
    {
      name: "no identity",
      changed: ["identities"],
      to: (_stage, made) => withProp(made.desired, "identities", undefined),
      steps: ["modify:identities"],
    },
    { ...editTags, steps: ["tag:disk:0", "tag:disk:1", "tag:disk:os", "tag"] },
  ],
  elsewhere: [
    tagsElsewhere("virtualMachines"),
    {
      prop: "vmSize",
      async change(stage, made) {
        await act(stage, "virtualMachines.deallocate", made.id.id);
        await act(stage, "virtualMachines.update", made.id.id, { properties: { hardwareProfile: { vmSize: "Standard_D4s_v5" } } });
        await act(stage, "virtualMachines.start", made.id.id);
      },
    },
    { prop: "power", change: (stage, made) => act(stage, "virtualMachines.deallocate", made.id.id) },
    {
      prop: "osDisk",
      async change(stage, made) {
        await act(stage, "virtualMachines.deallocate", made.id.id);
        await act(stage, "disks.update", String(disksOf(made).os), { sku: { name: "StandardSSD_LRS" } });
        await act(stage, "virtualMachines.start", made.id.id);
      },
    },
    {
      prop: "disks",
      async change(stage, made) {
        const body = { dataDisksToDetach: [{ diskId: String(disksOf(made)["1"]) }] };
        await act(stage, "virtualMachines.attachDetachDataDisks", made.id.id, body);
        await act(stage, "disks.delete", String(disksOf(made)["1"]));
      },
    },
    {
      prop: "identities",
      change: (stage, made) => act(stage, "virtualMachines.update", made.id.id, { identity: { type: "None" } }),
    },
  ],
  fixed: {
    ...fixedPlace,
    zones: "immutable",
    imageReference: "immutable",
    plan: "immutable",
    networkInterface: "immutable",
    computerName: "immutable",
    adminUsername: "immutable",
    sshKeys: "immutable",
    securityType: "immutable",
    priority: "immutable",
  },
  remove: (stage, made) => act(stage, "virtualMachines.delete", made.id.id),
  missing: otherId,
};

const disk: Case = {
  type: "azure.compute.Disk",
  props: async (stage, n) => ({ ...(await place(stage, "disk", n)), zones: ["1"], diskSizeGB: 32, sku: "Premium_LRS", tags }),
  edits: [
    {
      name: "size and sort",
      changed: ["diskSizeGB", "sku"],
      to: (_stage, made) => ({ ...made.desired, diskSizeGB: 64, sku: "StandardSSD_LRS" }),
      steps: ["modify:sku", "modify:diskSizeGB"],
    },
    {
      name: "performance",
      changed: ["sku", "diskIOPSReadWrite", "diskMBpsReadWrite"],
      to: (_stage, made) => ({ ...made.desired, sku: "PremiumV2_LRS", diskIOPSReadWrite: 4_000, diskMBpsReadWrite: 200 }),
      steps: ["modify:sku", "modify:performance"],
    },
    editTags,
  ],
  elsewhere: [
    tagsElsewhere("disks"),
    {
      prop: "diskSizeGB",
      change: (stage, made) => act(stage, "disks.update", made.id.id, { properties: { diskSizeGB: 128 } }),
      mendable: false,
    },
    { prop: "sku", change: (stage, made) => act(stage, "disks.update", made.id.id, { sku: { name: "Standard_LRS" } }) },
    ...["diskIOPSReadWrite", "diskMBpsReadWrite"].map((prop) => ({
      prop,
      async change(stage: Stage, made: Made) {
        await act(stage, "disks.update", made.id.id, { sku: { name: "PremiumV2_LRS" } });
        await act(stage, "disks.update", made.id.id, { properties: { diskIOPSReadWrite: 4_000, diskMBpsReadWrite: 200 } });
      },
      // The disk that was asked for has none that could be set.
      mendable: false as const,
    })),
  ],
  fixed: { ...fixedPlace, zones: "immutable", sourceResourceId: "immutable" },
  remove: (stage, made) => act(stage, "disks.delete", made.id.id),
  missing: otherId,
};

const attachment: Case = {
  type: "azure.compute.DiskAttachment",
  props: async (stage, n) => {
    const group = await makeGroup(stage, n);
    return { virtualMachine: await makeMachine(stage, group, n), disk: await makeDisk(stage, group, `apart-${n}`), lun: 33 };
  },
  edits: [],
  elsewhere: [
    {
      prop: "lun",
      async change(stage, made) {
        const diskId = String(made.desired.disk);
        const machineId = String(made.desired.virtualMachine);
        await act(stage, "virtualMachines.attachDetachDataDisks", machineId, { dataDisksToDetach: [{ diskId }] });
        await act(stage, "virtualMachines.attachDetachDataDisks", machineId, { dataDisksToAttach: [{ diskId, lun: 40 }] });
      },
      mendable: false,
    },
  ],
  fixed: { virtualMachine: "names it", disk: "names it" },
  remove: (stage, made) =>
    act(stage, "virtualMachines.attachDetachDataDisks", String(made.desired.virtualMachine), {
      dataDisksToDetach: [{ diskId: String(made.desired.disk) }],
    }),
  natural: ["virtualMachine", "disk"],
  missing: otherId,
};

const snapshot: Case = {
  type: "azure.compute.Snapshot",
  props: async (stage, n) => {
    const placed = await place(stage, "snapshot", n);
    return { ...placed, sourceResourceId: await makeDisk(stage, placed.resourceGroup ?? "", `source-${n}`), tags };
  },
  edits: [editTags],
  elsewhere: [tagsElsewhere("snapshots")],
  fixed: { ...fixedPlace, sourceResourceId: "immutable" },
  remove: (stage, made) => act(stage, "snapshots.delete", made.id.id),
  missing: otherId,
};

const image: Case = {
  type: "azure.compute.Image",
  props: async (stage, n) => {
    const placed = await place(stage, "image", n);
    const group = placed.resourceGroup ?? "";
    const root = await rawOf(stage, "virtualMachines", await makeMachine(stage, group, n));
    const profile = (root.properties as NativeMap).storageProfile as NativeMap;
    const osDisk = String(((profile.osDisk as NativeMap).managedDisk as NativeMap).id);
    const source = { name: nameOf(stage, "root", n), resourceGroup: group, location, sourceResourceId: osDisk };
    const taken = await stage.make("azure.compute.Snapshot", source);
    return { ...placed, sourceSnapshot: taken.id.id, hyperVGeneration: "V2", tags };
  },
  edits: [editTags],
  elsewhere: [tagsElsewhere("images")],
  fixed: { ...fixedPlace, sourceSnapshot: "immutable", hyperVGeneration: "immutable" },
  remove: (stage, made) => act(stage, "images.delete", made.id.id),
  missing: otherId,
};

export const machineCases: readonly Case[] = [machine, disk, attachment, snapshot, image];
