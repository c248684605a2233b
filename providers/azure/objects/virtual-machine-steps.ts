// The requests that bring a virtual machine from what it is to what it should be, in order. Pure: derived from what is observed, so that a list
// that was interrupted anywhere is finished by deriving it again.

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { NativeChange, Step } from "../../../engine/provider/provider.ts";
import { isMap } from "../../handlers/body.ts";
import { isPending, pick, wanted } from "../../handlers/steps.ts";
import { createStep, deleteStep, step, tagSteps } from "../steps.ts";
import { byLun, diskSteps } from "./virtual-machine-disks.ts";
import { machineSchema as schema } from "./virtual-machine-schema.ts";

export function machineSteps(change: NativeChange): readonly Step[] {
  if (change.action === "delete") return [end(change.observed)];
  if (change.id === undefined) return createSteps(change);
  const disks = diskSteps(schema, change);
  const offline = [...sizeSteps(change), ...osDiskSteps(change), ...disks.offline];
  return [
    ...identitySteps(change),
    ...setLast(disks.online, disks.offline.length === 0 ? ["disks"] : []),
    ...powerSteps(change, setLast(offline, disks.offline.length === 0 ? [] : ["disks"])),
    ...tagSteps(schema, change, "virtualMachines.update", (body) => childTags(change, body)),
  ];
}

function createSteps(change: NativeChange): readonly Step[] {
  // Whether it stands still is not part of its making.
  const { power: _, ...body } = change.desired;
  const create = createStep("virtualMachines.createOrUpdate", body, "natural");
  return wanted(schema, change, "power") === "off" ? [create, stopStep({ sets: ["power"] })] : [create];
}

/** The OS disk is expected to go; that others go too has to be said. */
function end(observed: NativeMap): Step {
  return deleteStep("virtualMachines.delete", {}, { impact: byLun(observed.disks).size > 0 ? "data-loss" : "downtime" });
}

function identitySteps(change: NativeChange): readonly Step[] {
  if (!isPending(schema, change, "identities")) return [];
  const identities = wanted(schema, change, "identities") ?? [];
  return [step("modify:identities", "virtualMachines.update", { identities }, "idempotent", { sets: ["identities"] })];
}

function sizeSteps(change: NativeChange): readonly Step[] {
  if (!isPending(schema, change, "vmSize")) return [];
  return [step("modify:vmSize", "virtualMachines.update", pick(change.desired, ["vmSize"]), "idempotent", { sets: ["vmSize"] })];
}

/** https://learn.microsoft.com/azure/virtual-machines/linux/expand-disks */
function osDiskSteps(change: NativeChange): readonly Step[] {
  if (!isPending(schema, change, "osDisk")) return [];
  const before = isMap(change.observed.osDisk) ? change.observed.osDisk : {};
  const after = isMap(change.desired.osDisk) ? change.desired.osDisk : {};
  const target = typeof change.attributes.osDisk === "string" ? { resource: change.attributes.osDisk } : {};
  const grow = after.diskSizeGB !== undefined && after.diskSizeGB !== before.diskSizeGB;
  const convert = after.storageAccountType !== undefined && after.storageAccountType !== before.storageAccountType;
  return setLast(
    [
      ...(grow ? [step("grow:osDisk", "disks.update", { ...target, diskSizeGB: after.diskSizeGB ?? null }, "idempotent")] : []),
      ...(convert ? [step("convert:osDisk", "disks.update", { ...target, sku: after.storageAccountType ?? null }, "idempotent")] : []),
    ],
    ["osDisk"],
  );
}

/** Deallocate, change, start, as far as each is still to be done. https://learn.microsoft.com/azure/virtual-machines/sizes/resize-vm */
function powerSteps(change: NativeChange, offline: readonly Step[]): readonly Step[] {
  const powered = isPending(schema, change, "power");
  const running = change.observed.power !== "off";
  const wish = change.desired.power ?? (powered ? "on" : running ? "on" : "off");
  // One that its guest has shut down still holds its place.
  const placed = running || change.attributes.powerState === "stopped";
  const mustStop = (placed && offline.length > 0) || (running && powered && wish === "off");
  const mustStart = wish === "on" && (running ? mustStop : offline.length > 0 || powered);
  return [
    ...(mustStop ? [stopStep(wish === "off" ? { sets: ["power"] } : {})] : []),
    ...offline,
    ...(mustStart ? [step("start", "virtualMachines.start", {}, "idempotent", { sets: ["power"] })] : []),
  ];
}

function stopStep(more: { readonly sets?: readonly string[] }): Step {
  return step("stop", "virtualMachines.deallocate", {}, "idempotent", { impact: "downtime", ...more });
}

/** What Azure made along with the machine got its tags then and does not follow them since. */
function childTags(change: NativeChange, body: NativeMap): readonly Step[] {
  const disks = isMap(change.attributes.disks) ? Object.entries(change.attributes.disks) : [];
  return disks.map(([place, id]) => step(`tag:disk:${place}`, "disks.update", { ...body, resource: id }, "idempotent"));
}

function setLast(steps: readonly Step[], sets: readonly string[]): readonly Step[] {
  return sets.length === 0
    ? steps
    : steps.map((each, at) => (at === steps.length - 1 ? { ...each, sets: [...(each.sets ?? []), ...sets] } : each));
}
