// The requests that bring an instance from what it is to what it should be, in order. Pure: derived from what is observed, so that a list that
// was interrupted anywhere is finished by deriving it again.

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeChange, Step } from "../../../engine/provider/provider.ts";
import { isPending, pick, wanted } from "../../handlers/steps.ts";
import { asMap, createStep, deleteStep, editMap, labelEdit, labelSteps, step } from "../steps.ts";
import { byDevice, diskSteps } from "./instance-disks.ts";
import { instanceSchema as schema, whenStopped } from "./instance-schema.ts";

export function instanceSteps(change: NativeChange): readonly Step[] {
  if (change.action === "delete") return [endStep(change.observed)];
  if (change.id === undefined) return createSteps(change);
  return [
    ...addressSteps(change),
    ...tagSteps(change),
    ...metadataSteps(change),
    ...diskSteps(schema, change),
    ...powerSteps(change),
    ...diskLabelSteps(change),
    ...labelSteps(schema, change, "instances.setLabels"),
  ];
}

function createSteps(change: NativeChange): readonly Step[] {
  // Whether it stands still is not part of its making.
  const { power: _, ...body } = change.desired;
  const create = createStep("instances.insert", body, "token");
  return wanted(schema, change, "power") === "off" ? [create, stopStep({ sets: ["power"] })] : [create];
}

/** The boot disk is expected to go; that others go too has to be said. */
function endStep(observed: NativeMap): Step {
  const more = [...byDevice(observed.disks).values()].some((disk) => disk.boot !== true && disk.autoDelete !== false);
  return deleteStep("instances.delete", {}, { impact: more ? "data-loss" : "downtime" });
}

/** An interface has one public address at most: the old one goes before the new one comes. */
function addressSteps(change: NativeChange): readonly Step[] {
  if (!isPending(schema, change, "externalIp")) return [];
  const wish = wanted(schema, change, "externalIp") ?? "none";
  const has = change.observed.externalIp !== undefined && change.observed.externalIp !== "none";
  const sets = { sets: ["externalIp"] };
  return [
    ...(has
      ? [
          step("address:remove", "instances.deleteAccessConfig", pick(change.attributes, ["accessConfig"]), "idempotent", {
            impact: "downtime",
            ...(wish === "none" ? sets : {}),
          }),
        ]
      : []),
    ...(wish === "none" ? [] : [step("address:add", "instances.addAccessConfig", { externalIp: wish }, "natural", sets)]),
  ];
}

function tagSteps(change: NativeChange): readonly Step[] {
  if (!isPending(schema, change, "networkTags")) return [];
  return [
    step("tags", "instances.setTags", { networkTags: wanted(schema, change, "networkTags") ?? [] }, "idempotent", {
      sets: ["networkTags"],
    }),
  ];
}

/** Keys and further metadata go out in one request: both stand in one map, under one fingerprint. */
function metadataSteps(change: NativeChange): readonly Step[] {
  const names = ["sshKeys", "metadata"].filter((name) => isPending(schema, change, name));
  if (names.length === 0) return [];
  const edit = names.includes("metadata") ? editMap(asMap(change.desired.metadata), asMap(change.observed.metadata)) : undefined;
  const keys: NativeMap = names.includes("sshKeys") ? { sshKeys: wanted(schema, change, "sshKeys") ?? [] } : {};
  return [step("metadata", "instances.setMetadata", { ...keys, ...edit }, "idempotent", { sets: names })];
}

const setters: Readonly<Record<(typeof whenStopped)[number], string>> = {
  machineType: "instances.setMachineType",
  serviceAccount: "instances.setServiceAccount",
  shieldedInstanceConfig: "instances.updateShieldedInstanceConfig",
};

/** Stop, set, start, as far as each is still to be done. https://cloud.google.com/compute/docs/instances/changing-machine-type-of-stopped-instance */
function powerSteps(change: NativeChange): readonly Step[] {
  const due = whenStopped.filter((prop) => isPending(schema, change, prop));
  const powered = isPending(schema, change, "power");
  const running = change.observed.power !== "off";
  const wish = change.desired.power ?? (powered || running ? "on" : "off");
  const mustStop = running && (due.length > 0 || (powered && wish === "off"));
  const mustStart = wish === "on" && (running ? mustStop : due.length > 0 || powered);
  // One that is suspended goes on from its memory; only that brings it back.
  const suspended = change.attributes.status === "SUSPENDED";
  const start = suspended && !mustStop ? "instances.resume" : "instances.start";
  return [
    ...(mustStop ? [stopStep(wish === "off" ? { sets: ["power"] } : {})] : []),
    ...due.map((prop) => step(`set:${prop}`, setters[prop], settingOf(change, prop), "idempotent", { sets: [prop] })),
    ...(mustStart ? [step("start", start, {}, "idempotent", { sets: ["power"] })] : []),
  ];
}

function settingOf(change: NativeChange, prop: (typeof whenStopped)[number]): NativeMap {
  const value: NativeValue | undefined = wanted(schema, change, prop);
  return prop === "machineType" ? { machineType: value ?? "", ...pick(change.desired, ["zone"]) } : { [prop]: value ?? {} };
}

function stopStep(more: { readonly sets?: readonly string[] }): Step {
  return step("stop", "instances.stop", {}, "idempotent", { impact: "downtime", ...more });
}

/** What carries the instance's labels besides itself; before its own, so that a list that breaks off is begun again. */
function diskLabelSteps(change: NativeChange): readonly Step[] {
  const edit = labelEdit(schema, change);
  if (edit === undefined) return [];
  return Object.entries(asMap(change.attributes.disks)).map(([device, disk]) =>
    step(`disk:label:${device}`, "disks.setLabels", { disk, ...edit }, "idempotent"),
  );
}
