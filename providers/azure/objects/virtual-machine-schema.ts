// What is true of a virtual machine, as data: what it takes, what changes in place, what needs a new machine.
// https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update

import type { NativeValue } from "../../../engine/lower/native-value.ts";
import { isMap } from "../../handlers/body.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { canonicalId, normaliseIds } from "../arm-id.ts";
import { sameClass } from "../catalog/compatibility.ts";
import { idProp, resourceSchema, zonesProp } from "./schema-parts.ts";
import { keepsDisks, needOtherDisks, needOtherOsDisk, normaliseDisks, sameDisks, sameOsDisk } from "./virtual-machine-disks.ts";

export const machineType = "azure.compute.VirtualMachine";

export const machineSchema = resourceSchema(machineType, {
  version: 1,
  props: {
    zones: zonesProp,
    vmSize: {
      type: "string",
      required: true,
      normalise: lowerCase,
      replaceWhen: needOtherMachine,
      doc: "Changed by deallocate, change, start.",
    },
    imageReference: {
      type: "map",
      required: true,
      immutable: true,
      normalise: normaliseImage,
      doc: "`{ publisher, offer, sku, version }` or `{ id }`.",
    },
    plan: { type: "map", immutable: true, normalise: lowerCase, doc: "Purchase plan of the image." },
    networkInterface: { ...idProp, required: true, immutable: true },
    computerName: {
      type: "string",
      immutable: true,
      whenAbsent: "keep",
      doc: "The guest's own name; that of the machine unless said otherwise.",
    },
    adminUsername: { type: "string", required: true, immutable: true },
    sshKeys: { type: "list", required: true, immutable: true, normalise: trimAll, doc: "Public keys of the admin." },
    customData: { type: "string", immutable: true, writeOnly: true, observed: "never", doc: "As text; it goes out in base64." },
    osDisk: { type: "map", required: true, same: sameOsDisk, replaceWhen: needOtherOsDisk, doc: "`{ diskSizeGB?, storageAccountType }`." },
    disks: {
      type: "set",
      identity: ["lun"],
      default: [],
      normalise: normaliseDisks,
      same: sameDisks,
      replaceWhen: needOtherDisks,
      doc: "Disks that live and die with the machine: `{ lun, name, diskSizeGB, storageAccountType }`, `name` being the part behind the machine's own.",
    },
    securityType: { type: "string", immutable: true, doc: "`TrustedLaunch`." },
    priority: { type: "string", immutable: true, doc: "`Spot`: at the price of the day, and taken back when Azure needs it." },
    identities: { type: "set", default: [], normalise: normaliseIds, doc: "Ids of user-assigned identities." },
    power: { type: "string", default: "on", doc: "`on`, or `off`: deallocated, so that it costs nothing but its disks." },
  },
  attributes: {
    id: { type: "string" },
    vmId: { type: "string" },
    osDisk: { type: "string", doc: "Id of the OS disk." },
    disks: { type: "map", changesWith: ["disks"], unchangedBy: keepsDisks, doc: "Disk id by LUN; that of the OS disk under `os`." },
    detachedDisks: { type: "map", changesWith: ["disks"], doc: "Disks of its own that are not attached: what an interrupted change left." },
    markedDisks: { type: "map", changesWith: ["disks"], doc: "Disks that are marked as the machine's own." },
    powerState: { type: "string", changesWith: ["power", "vmSize", "osDisk", "disks"], doc: "`running`, `stopped`, `deallocated`." },
  },
  exclusive: [["resourceGroup", "name"], ["networkInterface"]],
  // Deallocating waits for the guest to shut down.
  timeouts: { create: minutes(30), update: minutes(60), delete: minutes(30) },
});

/** https://learn.microsoft.com/azure/virtual-machines/sizes/resize-vm */
function needOtherMachine(from: NativeValue, to: NativeValue): string | undefined {
  if (typeof from !== "string" || typeof to !== "string") return undefined;
  return sameClass(from, to) ? undefined : `${from} and ${to} are not of one compatibility class`;
}

/** Azure takes these in any case. */
function lowerCase(value: NativeValue): NativeValue {
  if (typeof value === "string") return value.toLowerCase();
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, lowerCase(part)])) : value;
}

/** What Azure adds (the exact version behind a pinned one) does not count. */
function normaliseImage(value: NativeValue): NativeValue {
  if (!isMap(value)) return value;
  if (typeof value.id === "string") return { id: canonicalId(value.id) };
  const { publisher = null, offer = null, sku = null, version = null } = value;
  return lowerCase({ publisher, offer, sku, version });
}

function trimAll(value: NativeValue): NativeValue {
  return Array.isArray(value) ? value.map((each: NativeValue) => (typeof each === "string" ? each.trim() : each)) : value;
}
