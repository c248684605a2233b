// What is true of an instance of Compute Engine, as data: what it takes, what changes in place, what needs a new instance.
// https://cloud.google.com/compute/docs/reference/rest/v1/instances

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { isMap } from "../../handlers/body.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { sameClass } from "../catalog/compatibility.ts";
import { keepsDisks, needOtherDisks, normaliseDisks, sameDisks } from "./instance-disks.ts";
import { identityAttributes, labelsProp, nameProp, pathProp, requestIdValid, toName, zoneProp } from "./schema-parts.ts";

/** Props that only an instance that stands still takes. */
export const whenStopped = ["machineType", "serviceAccount", "shieldedInstanceConfig"] as const;

export const instanceSchema: NativeSchema = {
  type: "gcp.compute.Instance",
  version: 1,
  marks: "tags",
  naturalKey: ["name", "zone"],
  nameBound: "name",
  props: {
    name: nameProp,
    zone: zoneProp,
    machineType: { type: "string", required: true, normalise: toName, replaceWhen: needOtherMachine, doc: "Changed by stop, set, start." },
    subnetwork: pathProp("Path of the subnetwork of its interface.", { required: true }),
    networkIP: { type: "string", immutable: true, whenAbsent: "keep", doc: "Its address in the subnetwork." },
    externalIp: {
      type: "string",
      default: "none",
      holds: true,
      unclaimed: ["none", "ephemeral"],
      doc: "`none`, `ephemeral`, or a reserved address, which only one instance has at a time.",
    },
    networkTags: { type: "set", default: [], doc: "What firewall rules call it by." },
    disks: {
      type: "set",
      identity: ["deviceName"],
      normalise: normaliseDisks,
      same: sameDisks,
      replaceWhen: needOtherDisks,
      whenAbsent: "keep",
      doc: "`{ deviceName, boot?, sizeGb, type, sourceImage? }`: disks that live and die with the instance.",
    },
    sshKeys: { type: "set", default: [], doc: "`user:ssh-ed25519 AAAA…`: who may log in." },
    userData: { type: "string", immutable: true, doc: "Metadata `user-data`: what cloud-init takes." },
    startupScript: { type: "string", immutable: true, doc: "Metadata `startup-script`: run at every boot." },
    metadata: { type: "tags", default: {}, doc: "Further metadata, owned key by key." },
    hostname: { type: "string", immutable: true, doc: "Fully qualified; left out, Compute Engine makes one." },
    provisioningModel: { type: "string", default: "STANDARD", immutable: true, doc: "`STANDARD` or `SPOT`." },
    power: { type: "string", default: "on", doc: "`on` or `off`." },
    shieldedInstanceConfig: {
      type: "map",
      whenAbsent: "keep",
      same: agreesWhereBothSay,
      doc: "`{ enableSecureBoot, enableVtpm, enableIntegrityMonitoring }`; what is left out is as the image has it.",
    },
    serviceAccount: {
      type: "map",
      normalise: normaliseAccount,
      doc: "`{ email, scopes }`: whose rights its programs have. None: nobody's.",
    },
    labels: labelsProp,
  },
  attributes: {
    ...identityAttributes,
    networkIP: { type: "string" },
    natIP: { type: "string", changesWith: ["externalIp", "power", ...whenStopped], doc: "Its public address, while it has one." },
    accessConfig: { type: "string", changesWith: ["externalIp"], doc: "Name of what gives it the public address." },
    machineType: { type: "string", repeats: "machineType" },
    zone: { type: "string", repeats: "zone" },
    disks: { type: "map", changesWith: ["disks"], unchangedBy: keepsDisks, doc: "Path of the disk by device name." },
    detachedDisks: { type: "map", changesWith: ["disks"], doc: "Disks of its own that are not attached: what an interrupted change left." },
    status: { type: "string", changesWith: ["power", ...whenStopped] },
  },
  exclusive: [["subnetwork", "networkIP"], ["externalIp"]],
  tokenValid: requestIdValid,
  // A stop waits up to 90 seconds for the guest, a start for capacity.
  timeouts: { create: minutes(15), update: minutes(30), delete: minutes(20) },
};

/** https://cloud.google.com/compute/docs/instances/changing-machine-type-of-stopped-instance */
function needOtherMachine(from: NativeValue, to: NativeValue): string | undefined {
  if (typeof from !== "string" || typeof to !== "string" || sameClass(from, to)) return undefined;
  return `${from} and ${to} are not of one compatibility class`;
}

/** What one side leaves to the cloud, the other may say. */
function agreesWhereBothSay(left: NativeValue, right: NativeValue): boolean {
  if (!isMap(left) || !isMap(right)) return left === right;
  return Object.entries(left).every(([name, value]) => right[name] === undefined || right[name] === value);
}

export function normaliseAccount(value: NativeValue): NativeValue {
  if (!isMap(value)) return value;
  const { scopes } = value;
  const account: NativeMap = { email: value.email ?? "default" };
  return Array.isArray(scopes) && scopes.every((each) => typeof each === "string") ? { ...account, scopes: scopes.toSorted() } : value;
}
