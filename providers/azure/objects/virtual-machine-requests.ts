// Every request that is made about a virtual machine: one function, one mutating request.

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { ProviderError } from "../../../engine/provider/errors.ts";
import type { Ack } from "../../../engine/provider/provider.ts";
import { flag, known, map, maps, needText, text, texts, whole } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { canonicalId, groupIn, nameIn, namesIn, writeId } from "../arm-id.ts";
import { type Json, mapsAt, numberAt, textAt } from "../json.ts";
import { childKeys, readTag, writeChildTags } from "../marks.ts";
import type { ArmCall } from "../reads.ts";
import { type ArmRequestOf, acknowledge, createResource, deleteResource, tagRequest } from "../requests.ts";
import { changeDisk } from "./disk-shape.ts";
import { envelopeOf, placeOf } from "./schema-parts.ts";
import { diskName } from "./virtual-machine-disks.ts";
import { readDataDisks } from "./virtual-machine-reading.ts";
import { machineType } from "./virtual-machine-schema.ts";

export const machineRequests: Readonly<Record<string, ArmRequestOf>> = {
  "virtualMachines.createOrUpdate": (call, body) =>
    createResource(call, {
      collection: "virtualMachines",
      ...placeOf(call, "virtualMachines", body),
      body: creationBody(call, body),
      incarnation: (resource) => textAt(resource, "properties", "vmId"),
      // https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update#uri-parameters
      ifNoneMatch: true,
    }),

  async "virtualMachines.update"(call, body, asked) {
    if (asked.key === "tag" || asked.key === "mark") return tagMachine(call, body, asked);
    const at = namesIn(ownId(call));
    const change = await patchOf(call, body, at);
    return acknowledge(await call.client.send("virtualMachines.update", { at, body: change }, call.signal));
  },

  "virtualMachines.start": (call) => act(call, "virtualMachines.start"),
  "virtualMachines.deallocate": (call) => act(call, "virtualMachines.deallocate"),
  "virtualMachines.delete": (call) => deleteResource(call, "virtualMachines.delete", ownId(call)),

  /** https://learn.microsoft.com/rest/api/compute/virtual-machines/attach-detach-data-disks */
  async "virtualMachines.attachDetachDataDisks"(call, body) {
    const diskId = text(body, "disk") ?? diskIdOf(call, needText(body, "name"));
    const lun = whole(body, "lun") ?? 0;
    const attach = flag(body, "attach") === true;
    // What an earlier send has brought about is refused the second time.
    const { body: machine } = await call.client.send("virtualMachines.get", { at: namesIn(ownId(call)) }, call.signal);
    if (readDataDisks(machine).some((each) => each.id === diskId) === attach) return {};
    const change: Json = attach ? { dataDisksToAttach: [{ diskId, lun, deleteOption: "Delete" }] } : { dataDisksToDetach: [{ diskId }] };
    return act(call, "virtualMachines.attachDetachDataDisks", change);
  },

  /** A disk that is added later, with the marks of a child. */
  async "disks.createOrUpdate"(call, body) {
    const lun = whole(body, "lun") ?? 0;
    const id = diskIdOf(call, needText(body, "name"));
    const zones = texts(body, "zones");
    const { handle } = await createResource(call, {
      collection: "disks",
      at: namesIn(id),
      id,
      body: {
        location: text(body, "location") ?? call.client.region,
        tags: writeChildTags(call.marks, map(body, "tags"), lun),
        ...(zones.length === 0 ? {} : { zones }),
        sku: { name: needText(body, "storageAccountType") },
        properties: known({ creationData: { createOption: "Empty" }, diskSizeGB: whole(body, "diskSizeGB") }),
      },
      isOurs: (there) => call.marks !== undefined && readTag(there, childKeys.object) === call.marks.object,
    });
    return handle === undefined ? {} : { handle };
  },

  async "disks.update"(call, body, asked) {
    const disk = needText(body, "resource");
    if (asked.marks === true) return tagDisk(call, { resource: disk, set: writeChildTags(call.marks, {}, whole(body, "lun") ?? 0) }, asked);
    return asked.key.startsWith("tag:") ? tagDisk(call, body, asked) : changeDisk(call, disk, body);
  },

  /** It ends a part of the machine, not the machine: gone already is what was wanted. */
  async "disks.delete"(call, body) {
    try {
      return await deleteResource(call, "disks.delete", needText(body, "resource"));
    } catch (error) {
      if (error instanceof ProviderError && error.details.code === "not_found") return {};
      throw error;
    }
  },
};

const tagMachine = tagRequest(machineType, "virtualMachines", "virtualMachines.update");
/** A disk of the machine carries the marks of a child, and never those of an object. */
const tagDisk: ArmRequestOf = (call, body, { marks: _, ...asked }) => tagOfDisk(call, body, asked);
const tagOfDisk = tagRequest(machineType, "disks", "disks.update");

async function act(
  call: ArmCall,
  operation: "virtualMachines.start" | "virtualMachines.deallocate" | "virtualMachines.attachDetachDataDisks",
  body?: Json,
): Promise<Ack> {
  return acknowledge(await call.client.send(operation, { at: namesIn(ownId(call)), ...(body === undefined ? {} : { body }) }, call.signal));
}

function diskIdOf(call: ArmCall, label: string): string {
  const machine = ownId(call);
  return writeId(call.client.subscription, "Microsoft.Compute/disks", groupIn(machine), [diskName(nameIn(machine), label)]);
}

/** What a PATCH names is set, and nothing else. https://learn.microsoft.com/rest/api/compute/virtual-machines/update */
async function patchOf(call: ArmCall, body: NativeMap, at: readonly string[]): Promise<Json> {
  const size = text(body, "vmSize");
  if (size !== undefined) return { properties: { hardwareProfile: { vmSize: size } } };
  const { body: machine } = await call.client.send("virtualMachines.get", { at }, call.signal);
  if (body.identities !== undefined) return { identity: writeIdentity(machine, texts(body, "identities")) };
  const lun = whole(body, "lun");
  // A list is replaced as a whole.
  const dataDisks = mapsAt(machine, "properties", "storageProfile", "dataDisks").map((disk) =>
    numberAt(disk, "lun") === lun ? { ...disk, deleteOption: "Delete" } : disk,
  );
  return { properties: { storageProfile: { dataDisks } } };
}

/** An identity is taken off by `null`; one that the system assigned stays. */
function writeIdentity(machine: Json, wanted: readonly string[]): Json {
  const present = Object.keys((machine.identity as Json | undefined)?.userAssignedIdentities ?? {});
  const isSystem = /SystemAssigned/i.test(textAt(machine, "identity", "type") ?? "");
  const kept = new Set(wanted.map(canonicalId));
  const removed = present.filter((id) => !kept.has(canonicalId(id)));
  const system = isSystem ? "SystemAssigned" : "";
  if (wanted.length === 0) return { type: isSystem ? "SystemAssigned" : "None" };
  return {
    type: isSystem ? `${system}, UserAssigned` : "UserAssigned",
    userAssignedIdentities: { ...Object.fromEntries(wanted.map((id) => [id, {}])), ...Object.fromEntries(removed.map((id) => [id, null])) },
  };
}

function creationBody(call: ArmCall, body: NativeMap): Json {
  const identities = texts(body, "identities");
  const plan = map(body, "plan");
  const isSpot = text(body, "priority") === "Spot";
  return {
    ...envelopeOf(call, machineType, body),
    ...(Object.keys(plan).length === 0 ? {} : { plan }),
    ...(identities.length === 0
      ? {}
      : { identity: { type: "UserAssigned", userAssignedIdentities: Object.fromEntries(identities.map((id) => [id, {}])) } }),
    properties: known({
      hardwareProfile: { vmSize: needText(body, "vmSize") },
      storageProfile: {
        imageReference: map(body, "imageReference"),
        osDisk: writeOsDisk(body),
        dataDisks: maps(body, "disks").map((disk) => writeDataDisk(needText(body, "name"), disk)),
      },
      osProfile: writeOsProfile(body),
      // The interface is an object of its own and outlives the machine's deletion.
      networkProfile: {
        networkInterfaces: [{ id: needText(body, "networkInterface"), properties: { primary: true, deleteOption: "Detach" } }],
      },
      securityProfile:
        text(body, "securityType") === undefined
          ? undefined
          : { securityType: needText(body, "securityType"), uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } },
      ...(isSpot ? { priority: "Spot", evictionPolicy: "Deallocate", billingProfile: { maxPrice: -1 } } : {}),
    }),
  };
}

function writeOsDisk(body: NativeMap): Json {
  const disk = map(body, "osDisk");
  return known({
    createOption: "FromImage",
    deleteOption: "Delete",
    diskSizeGB: whole(disk, "diskSizeGB"),
    managedDisk: { storageAccountType: needText(disk, "storageAccountType") },
  });
}

function writeDataDisk(machine: string, disk: NativeMap): Json {
  const lun = whole(disk, "lun") ?? 0;
  return known({
    lun,
    name: diskName(machine, text(disk, "name") ?? String(lun)),
    createOption: "Empty",
    deleteOption: "Delete",
    diskSizeGB: whole(disk, "diskSizeGB"),
    managedDisk: { storageAccountType: needText(disk, "storageAccountType") },
  });
}

function writeOsProfile(body: NativeMap): Json {
  const user = needText(body, "adminUsername");
  const data = text(body, "customData");
  const publicKeys = texts(body, "sshKeys").map((keyData) => ({ path: `/home/${user}/.ssh/authorized_keys`, keyData }));
  return known({
    computerName: text(body, "computerName") ?? needText(body, "name").replace(/-g\d+$/, ""),
    adminUsername: user,
    customData: data === undefined ? undefined : Buffer.from(data, "utf8").toString("base64"),
    linuxConfiguration: { disablePasswordAuthentication: true, ssh: { publicKeys } },
  });
}
