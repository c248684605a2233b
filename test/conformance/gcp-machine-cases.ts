// Instances, disks, attachments, snapshots and images of Google Cloud, put to the test.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import { instances } from "../../providers/gcp/collections.ts";
import type { Gce } from "../../providers/gcp/operations.ts";
import { linkOf, needLocation } from "../../providers/gcp/paths.ts";
import { type ConformanceCase, type Elsewhere, withProp } from "./conformance-case.ts";
import type { Made } from "./executor.ts";
import {
  act,
  at,
  bootDisk,
  editLabels,
  labels,
  labelsElsewhere,
  makeAddress,
  makeDisk,
  makeInstance,
  makeSnapshot,
  makeSubnetwork,
  nameOf,
  otherPath,
  project,
  type Stage,
  zone,
} from "./gcp-surroundings.ts";

const second = { deviceName: "data", sizeGb: 10, type: "pd-balanced" };
const key = "ops:ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ops";
const otherKey = "dev:ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJmPa5yoSsqq4r1Jq8xV5sT0yUqk1pZyL7Yy2W3uX4Zb dev";
const account = { email: `runner@${project}.iam.gserviceaccount.com`, scopes: ["https://www.googleapis.com/auth/cloud-platform"] };

function set(made: Made, name: string, value: NativeValue | undefined): NativeMap {
  return withProp(made.desired, name, value);
}

function disksOf(made: Made): readonly NativeMap[] {
  return made.desired.disks as readonly NativeMap[];
}

/** Instance and zone, as requests about it want them. */
function target(made: Made): { readonly instance: string; readonly zone: string } {
  return { instance: at(made).name, zone };
}

const machineType = (type: string): string => linkOf(`projects/${project}/zones/${zone}/machineTypes/${type}`);

async function editMetadata(stage: Stage, made: Made, edit: (items: Map<string, string>) => void): Promise<void> {
  const { metadata } = await instances.get(stage.call(), needLocation(made.id.id));
  const items = new Map((metadata?.items ?? []).map((item) => [item.key ?? "", item.value ?? ""]));
  edit(items);
  const metadataResource = { fingerprint: metadata?.fingerprint ?? null, items: [...items].map(([name, value]) => ({ key: name, value })) };
  await act(stage, "instances.setMetadata", { ...target(made), metadataResource });
}

async function whileStopped(stage: Stage, made: Made, change: () => Promise<void>): Promise<void> {
  await act(stage, "instances.stop", target(made));
  await change();
  await act(stage, "instances.start", target(made));
}

const instance: ConformanceCase<Gce> = {
  type: "gcp.compute.Instance",
  props: async (stage, n) => {
    const { subnetwork, range } = await makeSubnetwork(stage);
    return {
      name: nameOf("instance", n),
      zone,
      machineType: "e2-medium",
      subnetwork,
      networkIP: range.replace("0/24", "10"),
      externalIp: "ephemeral",
      networkTags: ["web", "db"],
      disks: [await bootDisk(stage.world.client), second],
      sshKeys: [key],
      userData: "#cloud-config\n# größe\n",
      startupScript: "#!/bin/sh\ntrue\n",
      metadata: { "enable-oslogin": "FALSE", "block-project-ssh-keys": "TRUE" },
      hostname: `web-${n}.example.internal`,
      power: "on",
      shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
      labels,
    };
  },
  edits: [
    { name: "power off", changed: ["power"], to: (_stage, made) => set(made, "power", "off"), steps: ["stop"] },
    {
      name: "machineType of the same class",
      changed: ["machineType"],
      to: (_stage, made) => set(made, "machineType", "e2-standard-2"),
      steps: ["stop", "set:machineType", "start"],
    },
    {
      name: "machineType, and off",
      changed: ["machineType", "power"],
      to: (_stage, made) => ({ ...made.desired, machineType: "e2-standard-2", power: "off" }),
      steps: ["stop", "set:machineType"],
    },
    {
      name: "serviceAccount",
      changed: ["serviceAccount"],
      to: (_stage, made) => set(made, "serviceAccount", account),
      steps: ["stop", "set:serviceAccount", "start"],
    },
    {
      name: "shieldedInstanceConfig",
      changed: ["shieldedInstanceConfig"],
      to: (_stage, made) => set(made, "shieldedInstanceConfig", { enableSecureBoot: false }),
      steps: ["stop", "set:shieldedInstanceConfig", "start"],
    },
    { name: "externalIp none", changed: ["externalIp"], to: (_stage, made) => set(made, "externalIp", "none"), steps: ["address:remove"] },
    {
      name: "externalIp reserved",
      changed: ["externalIp"],
      to: async (stage, made) => set(made, "externalIp", (await makeAddress(stage)).ip),
      steps: ["address:remove", "address:add"],
    },
    { name: "networkTags", changed: ["networkTags"], to: (_stage, made) => set(made, "networkTags", ["web"]), steps: ["tags"] },
    { name: "networkTags taken out", changed: ["networkTags"], to: (_stage, made) => set(made, "networkTags", undefined), steps: ["tags"] },
    { name: "sshKeys", changed: ["sshKeys"], to: (_stage, made) => set(made, "sshKeys", [otherKey, key]), steps: ["metadata"] },
    {
      name: "metadata, and no keys",
      changed: ["metadata", "sshKeys"],
      to: (_stage, made) => ({ ...set(made, "sshKeys", undefined), metadata: { "enable-oslogin": "TRUE", more: "1" } }),
      steps: ["metadata"],
    },
    {
      name: "disks grow",
      changed: ["disks"],
      to: (_stage, made) =>
        set(
          made,
          "disks",
          disksOf(made).map((disk) => ({ ...disk, sizeGb: Number(disk.sizeGb) + 10 })),
        ),
      steps: ["disk:resize:boot", "disk:resize:data"],
    },
    {
      name: "disks: one more",
      changed: ["disks"],
      to: (_stage, made) => set(made, "disks", [...disksOf(made), { ...second, deviceName: "logs" }]),
      steps: ["disk:create:logs", "disk:attach:logs"],
    },
    {
      name: "disks: one less",
      changed: ["disks"],
      to: (_stage, made) => set(made, "disks", disksOf(made).slice(0, 1)),
      steps: ["disk:detach:data", "disk:delete:data"],
    },
    editLabels(["disk:label:boot", "disk:label:data", "label"]),
  ],
  elsewhere: [
    { prop: "power", change: (stage, made) => act(stage, "instances.stop", target(made)) },
    {
      prop: "machineType",
      change: (stage, made) =>
        whileStopped(stage, made, () =>
          act(stage, "instances.setMachineType", {
            ...target(made),
            instancesSetMachineTypeRequestResource: { machineType: machineType("e2-standard-4") },
          }),
        ),
    },
    {
      prop: "serviceAccount",
      // The source has none, so taking it away again is the engine's `reset`, and no desired prop.
      mendable: false,
      change: (stage, made) =>
        whileStopped(stage, made, () =>
          act(stage, "instances.setServiceAccount", { ...target(made), instancesSetServiceAccountRequestResource: account }),
        ),
    },
    {
      prop: "shieldedInstanceConfig",
      change: (stage, made) =>
        whileStopped(stage, made, () =>
          act(stage, "instances.updateShieldedInstanceConfig", {
            ...target(made),
            shieldedInstanceConfigResource: { enableSecureBoot: false },
          }),
        ),
    },
    {
      prop: "externalIp",
      change: (stage, made) =>
        act(stage, "instances.deleteAccessConfig", { ...target(made), networkInterface: "nic0", accessConfig: "External NAT" }),
    },
    {
      prop: "networkTags",
      change: async (stage, made) => {
        const { tags } = await instances.get(stage.call(), needLocation(made.id.id));
        await act(stage, "instances.setTags", {
          ...target(made),
          tagsResource: { items: ["by-hand"], fingerprint: tags?.fingerprint ?? null },
        });
      },
    },
    {
      prop: "sshKeys",
      change: (stage, made) => editMetadata(stage, made, (items) => items.set("ssh-keys", `${key}\n${otherKey}`)),
    },
    { prop: "metadata", change: (stage, made) => editMetadata(stage, made, (items) => items.set("enable-oslogin", "TRUE")) },
    {
      prop: "userData",
      mendable: false,
      change: (stage, made) => editMetadata(stage, made, (items) => items.set("user-data", "#cloud-config\n# by hand\n")),
    },
    {
      prop: "startupScript",
      mendable: false,
      change: (stage, made) => editMetadata(stage, made, (items) => items.delete("startup-script")),
    },
    {
      prop: "disks",
      change: async (stage, made) => {
        const disk = String((made.observed.attributes.disks as NativeMap).data);
        await act(stage, "instances.detachDisk", { ...target(made), deviceName: "data" });
        await act(stage, "disks.delete", { zone, disk: needLocation(disk).name });
      },
    },
    labelsElsewhere,
  ],
  fixed: {
    name: "names it",
    zone: "immutable",
    subnetwork: "immutable",
    networkIP: "immutable",
    hostname: "of its making",
    provisioningModel: "of its making",
  },
  remove: (stage, made) => act(stage, "instances.delete", target(made)),
  missing: otherPath,
};

function diskElsewhere(prop: string, change: (stage: Stage, made: Made) => Promise<void>): Elsewhere<Gce> {
  return { prop, mendable: false, change };
}

const disk: ConformanceCase<Gce> = {
  type: "gcp.compute.Disk",
  props: async (_stage, n) => ({
    name: nameOf("disk", n),
    zone,
    sizeGb: 20,
    type: "hyperdisk-balanced",
    provisionedIops: 3_600,
    provisionedThroughput: 290,
    labels,
  }),
  edits: [
    { name: "sizeGb grows", changed: ["sizeGb"], to: (_stage, made) => withProp(made.desired, "sizeGb", 30), steps: ["resize"] },
    {
      name: "provisionedIops and provisionedThroughput",
      changed: ["provisionedIops", "provisionedThroughput"],
      to: (_stage, made) => ({ ...made.desired, provisionedIops: 4_000, provisionedThroughput: 300 }),
      steps: ["update:provisionedIops", "update:provisionedThroughput"],
    },
    editLabels(),
  ],
  elsewhere: [
    diskElsewhere("sizeGb", (stage, made) =>
      act(stage, "disks.resize", { zone, disk: at(made).name, disksResizeRequestResource: { sizeGb: "40" } }),
    ),
    ...(["provisionedIops", "provisionedThroughput"] as const).map((field) =>
      diskElsewhere(field, (stage, made) => {
        const { name } = at(made);
        const value = { provisionedIops: "5000", provisionedThroughput: "400" }[field];
        return act(stage, "disks.update", { zone, disk: name, paths: field, diskResource: { name, [field]: value } });
      }),
    ),
    labelsElsewhere,
  ],
  fixed: { name: "names it", zone: "immutable", type: "immutable", sourceSnapshot: "of its making" },
  remove: (stage, made) => act(stage, "disks.delete", { zone, disk: at(made).name }),
  missing: otherPath,
};

const attachedDisk: ConformanceCase<Gce> = {
  type: "gcp.compute.AttachedDisk",
  props: async (stage) => ({ instance: await makeInstance(stage), disk: await makeDisk(stage), deviceName: "data" }),
  edits: [],
  elsewhere: [],
  fixed: { instance: "names it", disk: "names it", deviceName: "of the attachment" },
  remove: (stage, made) => {
    const { name } = needLocation(made.id.id.split("|")[0] ?? "");
    return act(stage, "instances.detachDisk", { zone, instance: name, deviceName: "data" });
  },
  missing: (id) => `${id.split("|")[0]}|projects/${project}/zones/${zone}/disks/none`,
};

const snapshot: ConformanceCase<Gce> = {
  type: "gcp.compute.Snapshot",
  props: async (stage, n) => ({ name: nameOf("snapshot", n), sourceDisk: await makeDisk(stage), labels }),
  edits: [editLabels()],
  elsewhere: [labelsElsewhere],
  fixed: { name: "names it", sourceDisk: "what it is of" },
  remove: (stage, made) => act(stage, "snapshots.delete", { snapshot: at(made).name }),
  missing: otherPath,
};

const image: ConformanceCase<Gce> = {
  type: "gcp.compute.Image",
  props: async (stage, n) => ({ name: nameOf("image", n), sourceSnapshot: await makeSnapshot(stage), labels }),
  edits: [editLabels()],
  elsewhere: [labelsElsewhere],
  fixed: { name: "names it", sourceSnapshot: "what it is of" },
  remove: (stage, made) => act(stage, "images.delete", { image: at(made).name }),
  missing: otherPath,
};

export const machineCases: readonly ConformanceCase<Gce>[] = [instance, disk, attachedDisk, snapshot, image];
