// The disks of a virtual machine: made in the creating PUT, or later as its children. They are observed through the machine and changed in place
// where Azure allows it. Pure; requests are in virtual-machine-requests.ts.

import { isDeepStrictEqual } from "node:util";
import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import type { NativeChange, Step } from "../../../engine/provider/provider.ts";
import { isMap } from "../../handlers/body.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { step } from "../steps.ts";
import { growsOffline, shrinks } from "./disk-shape.ts";

export function normaliseDisks(value: NativeValue): NativeValue {
  return Array.isArray(value) ? value.map((disk: NativeValue) => (isMap(disk) ? normaliseDisk(disk) : disk)) : value;
}

/** One disk with everything said: attached, and ending with its machine. `attached` is false for what an interrupted change left lying about. */
function normaliseDisk(disk: NativeMap): NativeMap {
  const { name, ...rest } = disk;
  return { deleteOption: "Delete", attached: true, ...rest, ...(typeof name === "string" ? { name: name.toLowerCase() } : {}) };
}

/**
 * The name under which ARM knows a disk: behind that of its machine, which is another for a successor, so that both can stand side by side, and
 * stays what it is when the resource is renamed.
 */
export function diskName(machine: string, label: string): string {
  return `${machine}-${label}`;
}

/** The label in a disk's name; undefined for one that was named otherwise. */
export function labelIn(machine: string, name: string): string | undefined {
  const prefix = diskName(machine, "").toLowerCase();
  return name.toLowerCase().startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/** Names count only where both are known to be Koine's: a machine that was taken over has disks of other names. Both in normal form. */
export function sameDisks(left: NativeValue, right: NativeValue): boolean {
  const others = byLun(right);
  const disks = byLun(left);
  if (disks.size !== others.size) return false;
  return [...disks].every(([lun, disk]) => {
    const other = others.get(lun);
    return other !== undefined && isSameName(disk, other) && isDeepStrictEqual({ ...disk, name: null }, { ...other, name: null });
  });
}

function isSameName(left: NativeMap, right: NativeMap): boolean {
  return left.name === undefined || right.name === undefined || left.name === right.name;
}

/** An OS disk whose size the source leaves to the image has whatever size the image gave it. */
export function sameOsDisk(left: NativeValue, right: NativeValue): boolean {
  if (!isMap(left) || !isMap(right) || left.storageAccountType !== right.storageAccountType) return false;
  return left.diskSizeGB === undefined || right.diskSizeGB === undefined || left.diskSizeGB === right.diskSizeGB;
}

/** Why a change of disks needs another machine. */
export function needOtherDisks(from: NativeValue, to: NativeValue): string | undefined {
  const before = byLun(from);
  for (const [lun, disk] of byLun(to)) {
    const present = before.get(lun);
    const reason = present && isSameName(present, disk) ? shrinks(present.diskSizeGB ?? null, disk.diskSizeGB ?? null) : undefined;
    if (reason !== undefined) return `disk ${lun}: ${reason}`;
  }
  return undefined;
}

export function needOtherOsDisk(from: NativeValue, to: NativeValue): string | undefined {
  if (!isMap(from) || !isMap(to)) return undefined;
  return shrinks(from.diskSizeGB ?? null, to.diskSizeGB ?? null);
}

/** An update that neither brings a disk nor takes one keeps every id. */
export function keepsDisks(desired: NativeMap, observed: NativeMap): boolean {
  const before = byLun(observed.disks);
  const after = byLun(desired.disks);
  if (before.size !== after.size) return false;
  return [...before].every(([lun, disk]) => {
    const next = after.get(lun);
    return next !== undefined && isSameName(disk, next) && disk.attached !== false;
  });
}

export function byLun(value: NativeValue | undefined): ReadonlyMap<number, NativeMap> {
  const disks = Array.isArray(value) ? value.filter(isMap).map(normaliseDisk) : [];
  return new Map(disks.map((disk) => [Number(disk.lun), disk]));
}

export interface DiskSteps {
  /** While it runs. */
  readonly online: readonly Step[];
  /** While it is deallocated. */
  readonly offline: readonly Step[];
}

/**
 * Brings the disks about on a machine that exists. A disk that is added is made and attached; one that is taken away is marked, so that it is
 * found when the run ends there, detached and deleted, and its data with it. What an earlier run left half done is gone on with.
 */
export function diskSteps(schema: NativeSchema, change: NativeChange): DiskSteps {
  if (change.id === undefined || !isPending(schema, change, "disks")) return { online: [], offline: [] };
  const observed = byLun(change.observed.disks);
  const desired = byLun(change.desired.disks);
  const ids = (name: string, lun: number): NativeValue | undefined => mapOf(change.attributes[name])[String(lun)];
  const removals = [...observed].flatMap(([lun, disk]) => {
    const next = desired.get(lun);
    return next !== undefined && isSameName(disk, next) ? [] : removeDisk(lun, disk, ids);
  });
  const online: Step[] = [...removals];
  const offline: Step[] = [];
  for (const [lun, disk] of desired) {
    const present = observed.get(lun);
    if (present === undefined || !isSameName(present, disk)) online.push(...addDisk(lun, disk, change, undefined));
    else if (present.attached === false) online.push(...addDisk(lun, disk, change, ids("detachedDisks", lun)));
    else {
      const changes = changeDisk(lun, present, disk, ids("disks", lun));
      online.push(...changes.online);
      offline.push(...changes.offline);
    }
  }
  return { online, offline };
}

function addDisk(lun: number, disk: NativeMap, change: NativeChange, left: NativeValue | undefined): readonly Step[] {
  const name = disk.name ?? String(lun);
  const body = { lun, name, ...pick(disk, ["diskSizeGB", "storageAccountType"]), ...pick(change.desired, ["location", "zones", "tags"]) };
  return [
    ...(left === undefined ? [step(`disk:create:${lun}`, "disks.createOrUpdate", body, "natural", { marks: true })] : []),
    step(
      `disk:attach:${lun}`,
      "virtualMachines.attachDetachDataDisks",
      { attach: true, lun, ...(left === undefined ? { name } : { disk: left }) },
      "idempotent",
    ),
  ];
}

function changeDisk(lun: number, present: NativeMap, disk: NativeMap, id: NativeValue | undefined): DiskSteps {
  const target = id === undefined ? {} : { resource: id };
  const sku = disk.storageAccountType === present.storageAccountType ? undefined : disk.storageAccountType;
  const size = disk.diskSizeGB === present.diskSizeGB ? undefined : disk.diskSizeGB;
  const grow = size === undefined ? [] : [step(`disk:grow:${lun}`, "disks.update", { ...target, diskSizeGB: size }, "idempotent")];
  const convert = sku === undefined ? [] : [step(`disk:convert:${lun}`, "disks.update", { ...target, sku }, "idempotent")];
  const keep =
    present.deleteOption === disk.deleteOption ? [] : [step(`disk:keep:${lun}`, "virtualMachines.update", { lun }, "idempotent")];
  return growsOffline(present.diskSizeGB, size)
    ? { online: keep, offline: [...grow, ...convert] }
    : { online: [...keep, ...grow], offline: convert };
}

function removeDisk(lun: number, disk: NativeMap, ids: (name: string, lun: number) => NativeValue | undefined): readonly Step[] {
  const isDetached = disk.attached === false;
  const id = ids(isDetached ? "detachedDisks" : "disks", lun);
  const target = id === undefined ? {} : { resource: id };
  const isMarked = isDetached || ids("markedDisks", lun) !== undefined;
  return [
    ...(isMarked ? [] : [step(`disk:mark:${lun}`, "disks.update", { ...target, lun }, "idempotent", { marks: true })]),
    ...(isDetached
      ? []
      : [
          step(
            `disk:detach:${lun}`,
            "virtualMachines.attachDetachDataDisks",
            { attach: false, lun, ...(id === undefined ? {} : { disk: id }) },
            "idempotent",
            { impact: "downtime" },
          ),
        ]),
    step(`disk:delete:${lun}`, "disks.delete", target, "idempotent", { impact: "data-loss" }),
  ];
}

function mapOf(value: NativeValue | undefined): NativeMap {
  return isMap(value) ? value : {};
}
