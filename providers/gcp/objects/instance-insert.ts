// The creating request of an instance, with its disks, its interface and its metadata. Pure.
// https://cloud.google.com/compute/docs/reference/rest/v1/instances/insert

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { flag, map, maps, needText, text, texts, whole } from "../../handlers/body.ts";
import { writeChildLabels, writeMarkLabels, writeUserLabels } from "../marks.ts";
import type { AttachedDisk, GceCall, Instance, Metadata } from "../operations.ts";
import { linkOf } from "../paths.ts";
import { diskTypeLink } from "./disk-requests.ts";
import { diskName } from "./instance-disks.ts";

/** Metadata keys that are props of their own. */
export const ownKeys = { sshKeys: "ssh-keys", userData: "user-data", startupScript: "startup-script" } as const;

/** Names of what gives an interface its public address; a list shows the address, not whether it is a reserved one. */
export const accessConfigNames = { ephemeral: "External NAT", reserved: "Koine address" } as const;

export const networkInterface = "nic0";

export function machineTypeLink(project: string, zone: string, type: string): string {
  return linkOf(`projects/${project}/zones/${zone}/machineTypes/${type}`);
}

/** The instance of an insert request; marks on itself, child marks on its disks. */
export function instanceResource(call: GceCall, body: NativeMap): Instance {
  const { project } = call.client;
  const zone = needText(body, "zone");
  const hostname = text(body, "hostname");
  const account = map(body, "serviceAccount");
  const shielded = map(body, "shieldedInstanceConfig");
  const spot = text(body, "provisioningModel") === "SPOT";
  const items = metadataItems(body);
  return {
    name: needText(body, "name"),
    machineType: machineTypeLink(project, zone, needText(body, "machineType")),
    disks: maps(body, "disks").map((disk) => attachedDisk(call, body, disk)),
    networkInterfaces: [interfaceOf(body)],
    labels: { ...writeUserLabels(map(body, "labels")), ...writeMarkLabels(call.marks) },
    tags: { items: texts(body, "networkTags") },
    ...(items.length === 0 ? {} : { metadata: { items } }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(Object.keys(shielded).length === 0 ? {} : { shieldedInstanceConfig: writeFlags(shielded) }),
    ...(account.email === undefined ? {} : { serviceAccounts: [writeAccount(account)] }),
    // https://cloud.google.com/compute/docs/instances/create-use-spot: such a one is never moved, nor started again by itself.
    ...(spot ? { scheduling: { provisioningModel: "SPOT", onHostMaintenance: "TERMINATE", automaticRestart: false } } : {}),
  };
}

export function writeAccount(account: NativeMap): { email: string; scopes: string[] } {
  return { email: needText(account, "email"), scopes: texts(account, "scopes") };
}

export function writeFlags(flags: NativeMap): Record<string, boolean> {
  return Object.fromEntries(Object.keys(flags).map((name) => [name, flag(flags, name) ?? false]));
}

/** `none` has no access configuration at all. */
export function accessConfig(externalIp: string): { name: string; type: string; natIP?: string } {
  const type = "ONE_TO_ONE_NAT";
  return externalIp === "ephemeral"
    ? { name: accessConfigNames.ephemeral, type }
    : { name: accessConfigNames.reserved, type, natIP: externalIp };
}

/** Lines of keys as the guest agent reads them. https://cloud.google.com/compute/docs/connect/add-ssh-keys#add_ssh_keys_to_instance_metadata */
export function joinKeys(lines: readonly string[]): string {
  return lines.join("\n");
}

function metadataItems(body: NativeMap): NonNullable<Metadata["items"]> {
  const keys = texts(body, "sshKeys");
  const all: Record<string, string | undefined> = {
    ...writeUserLabels(map(body, "metadata")),
    ...(keys.length === 0 ? {} : { [ownKeys.sshKeys]: joinKeys(keys) }),
    [ownKeys.userData]: text(body, "userData"),
    [ownKeys.startupScript]: text(body, "startupScript"),
  };
  return Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}

function interfaceOf(body: NativeMap): NonNullable<Instance["networkInterfaces"]>[number] {
  const networkIP = text(body, "networkIP");
  const externalIp = text(body, "externalIp") ?? "none";
  return {
    subnetwork: linkOf(needText(body, "subnetwork")),
    ...(networkIP === undefined ? {} : { networkIP }),
    ...(externalIp === "none" ? {} : { accessConfigs: [accessConfig(externalIp)] }),
  };
}

function attachedDisk(call: GceCall, body: NativeMap, disk: NativeMap): AttachedDisk {
  const { project } = call.client;
  const deviceName = needText(disk, "deviceName");
  const boot = flag(disk, "boot") ?? false;
  const type = text(disk, "type");
  const size = whole(disk, "sizeGb");
  const sourceImage = text(disk, "sourceImage");
  return {
    deviceName,
    boot,
    autoDelete: flag(disk, "autoDelete") ?? true,
    mode: "READ_WRITE",
    initializeParams: {
      diskName: diskName(needText(body, "name"), deviceName, boot),
      ...(size === undefined ? {} : { diskSizeGb: String(size) }),
      ...(type === undefined ? {} : { diskType: diskTypeLink(project, needText(body, "zone"), type) }),
      ...(sourceImage === undefined ? {} : { sourceImage: linkOf(sourceImage) }),
      labels: { ...writeUserLabels(map(body, "labels")), ...writeChildLabels(call.marks, deviceName) },
    },
  };
}
