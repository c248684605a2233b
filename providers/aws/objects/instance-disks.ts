// The disks of an instance: volumes that were made in the launch call, or later as its children. They are observed through the instance and
// changed in place where EBS allows it. Pure; requests are in instance-requests.ts.

import { isDeepStrictEqual } from "node:util";
import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import type { NativeChange, Step } from "../../../engine/provider/provider.ts";
import { isMap } from "../../handlers/body.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { step } from "../steps.ts";
import { gp3Performance } from "./volume-modification.ts";

/** Fields of a disk besides its device name. `Attached` is false for what an interrupted change left lying about. */
const changeable = ["VolumeSize", "VolumeType", "Iops", "Throughput"] as const;

export function normaliseDisks(value: NativeValue): NativeValue {
  return Array.isArray(value) ? value.map((disk: NativeValue) => (isMap(disk) ? normaliseDisk(disk) : disk)) : value;
}

/** One disk with everything said: gp3, encrypted, ending with its instance, unless written otherwise. */
export function normaliseDisk(disk: NativeMap): NativeMap {
  const { Iops, Throughput, ...rest } = disk;
  const VolumeType = disk.VolumeType ?? "gp3";
  // Only these types let performance be chosen; what EC2 reports for others follows from the size.
  const performance =
    VolumeType === "gp3"
      ? { Iops: Iops ?? gp3Performance.Iops, Throughput: Throughput ?? gp3Performance.Throughput }
      : VolumeType === "io1" || VolumeType === "io2"
        ? pick(disk, ["Iops"])
        : {};
  return { VolumeType, Encrypted: true, DeleteOnTermination: true, Attached: true, ...rest, ...performance };
}

/** A root whose size the source leaves to the image has whatever size the image gave it. Both in normal form. */
export function sameDisks(left: NativeValue, right: NativeValue): boolean {
  const others = byDevice(right);
  const disks = byDevice(left);
  if (disks.size !== others.size) return false;
  return [...disks].every(([device, disk]) => {
    const other = others.get(device);
    return other !== undefined && isDeepStrictEqual(withoutOpenSize(disk, other), withoutOpenSize(other, disk));
  });
}

function withoutOpenSize(disk: NativeMap, other: NativeMap): NativeMap {
  if (other.VolumeSize !== undefined) return disk;
  const { VolumeSize: _, ...rest } = disk;
  return rest;
}

/** Whether every device keeps its volume: disks grow or change their type, and none comes, goes or has to be attached again. */
export function keepsVolumes(desired: NativeMap, observed: NativeMap): boolean {
  const before = byDevice(observed.Disks);
  const after = byDevice(desired.Disks);
  return before.size === after.size && [...before].every(([device, disk]) => after.has(device) && disk.Attached !== false);
}

/** Why a change of disks needs another instance. */
export function needOtherDisks(from: NativeValue, to: NativeValue, observed: NativeMap): string | undefined {
  const before = byDevice(from);
  const after = byDevice(to);
  for (const [device, disk] of before) {
    const next = after.get(device);
    if (next === undefined) {
      if (device === observed.RootDeviceName) return `the root volume is ${device}, and an instance cannot be without it`;
      continue;
    }
    if (disk.Encrypted !== next.Encrypted)
      return `a volume cannot be ${next.Encrypted === true ? "encrypted" : "decrypted"} in place: ${device}`;
    if (typeof disk.VolumeSize === "number" && typeof next.VolumeSize === "number" && next.VolumeSize < disk.VolumeSize) {
      return `a volume cannot shrink: ${device} from ${disk.VolumeSize} GiB to ${next.VolumeSize} GiB`;
    }
  }
  return undefined;
}

/**
 * Brings the disks about on an instance that exists. A disk that is added is made, attached and told to end with the instance; one that is taken
 * away is detached and deleted, and its data with it. What an earlier run left half done is gone on with: a volume that exists is only attached.
 */
export function diskSteps(schema: NativeSchema, change: NativeChange): readonly Step[] {
  if (change.id === undefined || change.desired.Disks === undefined || !isPending(schema, change, "Disks")) return [];
  const observed = byDevice(change.observed.Disks);
  const desired = byDevice(change.desired.Disks);
  const attached = isMap(change.attributes.Disks) ? change.attributes.Disks : {};
  const detached = isMap(change.attributes.DetachedDisks) ? change.attributes.DetachedDisks : {};
  const common = { ...pick(change.attributes, ["AvailabilityZone"]), ...pick(change.desired, ["Tags"]) };
  const steps = [
    ...[...desired].flatMap(([device, disk]) => {
      const present = observed.get(device);
      if (present === undefined) return addDisk(device, disk, common, undefined);
      if (present.Attached === false) return addDisk(device, disk, common, detached[device]);
      return changeDisk(device, present, disk, attached[device]);
    }),
    ...[...observed].flatMap(([device, disk]) =>
      desired.has(device) ? [] : removeDisk(device, disk, disk.Attached === false ? detached[device] : attached[device]),
    ),
  ];
  return steps.map((each, at) => (at === steps.length - 1 ? { ...each, sets: ["Disks"] } : each));
}

export function byDevice(value: NativeValue | undefined): ReadonlyMap<string, NativeMap> {
  const disks = Array.isArray(value) ? value.filter(isMap).map(normaliseDisk) : [];
  return new Map(disks.map((disk) => [String(disk.DeviceName), disk]));
}

function addDisk(device: string, disk: NativeMap, common: NativeMap, left: NativeValue | undefined): readonly Step[] {
  const body = { DeviceName: device, ...common, ...pick(disk, [...changeable, "Encrypted"]) };
  return [
    ...(left === undefined ? [step(`disk:create:${device}`, "CreateVolume", body, "token", { marks: true })] : []),
    // The volume's id is not known before it is made: the attaching request gets it from the step before.
    step(`disk:attach:${device}`, "AttachVolume", { DeviceName: device, ...(left === undefined ? {} : { VolumeId: left }) }, "natural"),
    keepDisk(device, disk),
  ];
}

function changeDisk(device: string, present: NativeMap, disk: NativeMap, id: NativeValue | undefined): readonly Step[] {
  const differing = changeable.filter((name) => disk[name] !== undefined && disk[name] !== present[name]);
  const body = { ...(id === undefined ? {} : { VolumeId: id }), ...pick(disk, differing) };
  return [
    ...(differing.length > 0 ? [step(`disk:modify:${device}`, "ModifyVolume", body, "idempotent")] : []),
    ...(present.DeleteOnTermination === disk.DeleteOnTermination ? [] : [keepDisk(device, disk)]),
  ];
}

/** A volume that is attached later stays behind by default. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html */
function keepDisk(device: string, disk: NativeMap): Step {
  const body = { DeviceName: device, ...pick(disk, ["DeleteOnTermination"]) };
  return step(`disk:termination:${device}`, "ModifyInstanceAttribute", body, "idempotent");
}

function removeDisk(device: string, disk: NativeMap, id: NativeValue | undefined): readonly Step[] {
  const body = id === undefined ? {} : { VolumeId: id };
  return [
    ...(disk.Attached === false ? [] : [step(`disk:detach:${device}`, "DetachVolume", body, "idempotent", { impact: "downtime" })]),
    step(`disk:delete:${device}`, "DeleteVolume", body, "idempotent", { impact: "data-loss" }),
  ];
}
