// The disks of an instance: made in its creating request, or later as its children. They are observed through the instance and changed in place where
// Compute Engine allows it. Pure; requests are in instance-disk-requests.ts.

import { isDeepStrictEqual } from "node:util";
import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import type { NativeChange, Step } from "../../../engine/provider/provider.ts";
import { isMap } from "../../handlers/body.ts";
import { hashText } from "../../handlers/fit-text.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { asMap, step } from "../steps.ts";
import { toName, toPath } from "./schema-parts.ts";

/** Fields that one side may leave open: the size to the image, the type to the cloud, the image of a disk that was not made from one. */
const open = ["sizeGb", "type", "sourceImage"] as const;

export function normaliseDisks(value: NativeValue): NativeValue {
  return Array.isArray(value) ? value.map((disk: NativeValue) => (isMap(disk) ? normaliseDisk(disk) : disk)) : value;
}

/** One disk with everything said. `attached` is false for what an interrupted change left lying about. */
export function normaliseDisk(disk: NativeMap): NativeMap {
  const { type, sourceImage, ...rest } = disk;
  return {
    boot: false,
    autoDelete: true,
    attached: true,
    ...rest,
    ...(type === undefined ? {} : { type: toName(type) }),
    ...(sourceImage === undefined ? {} : { sourceImage: toPath(sourceImage) }),
  };
}

/** Both in normal form. */
export function sameDisks(left: NativeValue, right: NativeValue): boolean {
  const disks = byDevice(left);
  const others = byDevice(right);
  if (disks.size !== others.size) return false;
  return [...disks].every(([device, disk]) => {
    const other = others.get(device);
    return other !== undefined && isDeepStrictEqual(withoutOpen(disk, other), withoutOpen(other, disk));
  });
}

function withoutOpen(disk: NativeMap, other: NativeMap): NativeMap {
  const left = new Set<string>(open.filter((name) => other[name] === undefined));
  return Object.fromEntries(Object.entries(disk).filter(([name]) => !left.has(name)));
}

/** Whether every device keeps its disk: disks grow, and none comes, goes or has to be attached again. */
export function keepsDisks(desired: NativeMap, observed: NativeMap): boolean {
  const before = byDevice(observed.disks);
  const after = byDevice(desired.disks);
  return before.size === after.size && [...before].every(([device, disk]) => after.has(device) && disk.attached !== false);
}

/** Why a change of disks needs another instance. */
export function needOtherDisks(from: NativeValue, to: NativeValue): string | undefined {
  const after = byDevice(to);
  for (const [device, disk] of byDevice(from)) {
    const next = after.get(device);
    if (next === undefined) {
      if (disk.boot === true) return `the boot disk is \`${device}\`, and an instance cannot be without it`;
      continue;
    }
    const differs = (name: string): boolean => disk[name] !== undefined && next[name] !== undefined && disk[name] !== next[name];
    if (differs("sourceImage")) return `the boot disk is made from \`${String(disk.sourceImage)}\``;
    if (differs("type")) return `a disk keeps its type: \`${device}\` is ${String(disk.type)}, not ${String(next.type)}`;
    if (typeof disk.sizeGb === "number" && typeof next.sizeGb === "number" && next.sizeGb < disk.sizeGb) {
      return `a disk cannot shrink: \`${device}\` from ${disk.sizeGb} GiB to ${next.sizeGb} GiB`;
    }
  }
  return undefined;
}

/**
 * Brings the disks about on an instance that exists. A disk that is added is made and attached; one that is taken away is detached and deleted, and its
 * data with it. What an earlier run left half done is gone on with: a disk that exists is only attached.
 */
export function diskSteps(schema: NativeSchema, change: NativeChange): readonly Step[] {
  if (change.id === undefined || change.desired.disks === undefined || !isPending(schema, change, "disks")) return [];
  const observed = byDevice(change.observed.disks);
  const desired = byDevice(change.desired.disks);
  const attached = asMap(change.attributes.disks);
  const detached = asMap(change.attributes.detachedDisks);
  const steps = [
    ...[...desired].flatMap(([device, disk]) => {
      const present = observed.get(device);
      if (present === undefined) return addDisk(device, disk, change, undefined);
      if (present.attached === false) return addDisk(device, disk, change, detached[device]);
      return changeDisk(device, present, disk, attached[device]);
    }),
    ...[...observed].flatMap(([device, disk]) =>
      desired.has(device) ? [] : removeDisk(device, disk, disk.attached === false ? detached[device] : attached[device]),
    ),
  ];
  return steps.map((each, at) => (at === steps.length - 1 ? { ...each, sets: ["disks"] } : each));
}

export function byDevice(value: NativeValue | undefined): ReadonlyMap<string, NativeMap> {
  const disks = Array.isArray(value) ? value.filter(isMap).map(normaliseDisk) : [];
  return new Map(disks.map((disk) => [String(disk.deviceName), disk]));
}

/** The name of an instance's disk: the instance's for the boot disk, as Compute Engine itself has it, else with the device behind. At most 63 characters. */
export function diskName(instance: string, device: string, boot: boolean): string {
  const name = boot ? instance : `${instance}-${device}`;
  return name.length <= 63 ? name : `${name.slice(0, 54).replace(/-+$/, "")}-${hashText(name).slice(0, 8)}`;
}

function addDisk(device: string, disk: NativeMap, change: NativeChange, left: NativeValue | undefined): readonly Step[] {
  const { desired } = change;
  const name = diskName(String(desired.name), device, false);
  const body = { name, ...pick(desired, ["zone"]), deviceName: device, ...pick(disk, ["sizeGb", "type"]), ...pick(desired, ["labels"]) };
  const make = step(`disk:create:${device}`, "disks.insert", body, "token", { marks: true });
  const source = left === undefined ? { name, ...pick(desired, ["zone"]) } : { disk: left };
  const attach = step(`disk:attach:${device}`, "instances.attachDisk", { deviceName: device, ...source }, "natural");
  return left === undefined ? [make, attach] : [attach];
}

function changeDisk(device: string, present: NativeMap, disk: NativeMap, path: NativeValue | undefined): readonly Step[] {
  const body = { ...(path === undefined ? {} : { disk: path }), ...pick(disk, ["sizeGb"]) };
  const grow =
    disk.sizeGb !== undefined && disk.sizeGb !== present.sizeGb ? [step(`disk:resize:${device}`, "disks.resize", body, "idempotent")] : [];
  if (present.autoDelete === disk.autoDelete) return grow;
  const keep = { deviceName: device, ...pick(disk, ["autoDelete"]) };
  return [...grow, step(`disk:auto-delete:${device}`, "instances.setDiskAutoDelete", keep, "idempotent")];
}

function removeDisk(device: string, disk: NativeMap, path: NativeValue | undefined): readonly Step[] {
  const body = path === undefined ? {} : { disk: path };
  const detach = step(`disk:detach:${device}`, "instances.detachDisk", { deviceName: device }, "idempotent", { impact: "downtime" });
  const end = step(`disk:delete:${device}`, "disks.delete", body, "idempotent", { impact: "data-loss" });
  return disk.attached === false ? [end] : [detach, end];
}
