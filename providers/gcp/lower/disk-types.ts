// Types and sizes of disks. Which type an ssd or an hdd is depends on the series of the machine: the newest take Hyperdisk alone. Pure.
// https://cloud.google.com/compute/docs/disks/persistent-disks#machine_series_support, https://cloud.google.com/compute/docs/disks/hyperdisks

import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PropMap } from "../../../grammar/graph/value.ts";
import type { Span } from "../../../grammar/source/span.ts";
import { type DiskSize, readDiskSize } from "../../lowering/disk-size.ts";
import { checkEncryption } from "../../lowering/encryption.ts";
import { problem } from "../../lowering/problems.ts";
import type { DiskType, MachineType } from "../catalog/machine-types.ts";

/** GiB, both included. https://cloud.google.com/compute/docs/disks/persistent-disks, https://cloud.google.com/compute/docs/disks/hd-types/hyperdisk-balanced */
const sizes: Readonly<Record<DiskType, readonly [smallest: number, largest: number]>> = {
  "pd-balanced": [10, 65_536],
  "pd-standard": [10, 65_536],
  "hyperdisk-balanced": [4, 65_536],
};

export interface ChosenType {
  readonly type: DiskType;
  readonly diagnostics: readonly Diagnostic[];
}

/** `series`: that of the machine, undefined where none is known. `what` names the disk in messages. */
export function chooseDiskType(wanted: unknown, series: MachineType | undefined, what: string, place: Span): ChosenType {
  if (wanted !== "hdd") return { type: series?.disks[0] ?? "pd-balanced", diagnostics: [] };
  if (!series || series.disks.includes("pd-standard")) return { type: "pd-standard", diagnostics: [] };
  return { type: series.disks[0] ?? "pd-balanced", diagnostics: [refuseType("pd-standard", series, what, place, 'write type = "ssd"')] };
}

/** A type that the series of the machine does not take. */
export function refuseType(type: string, series: MachineType, what: string, place: Span, instead: string): Diagnostic {
  return problem("K3044", place, `${what} would be ${type}, which machines of the series ${series.series} (${series.name}) do not take`, {
    hint: `${instead}, or name a machine type of another series`,
  });
}

/** The size in GiB; `smallest` is what its image needs. */
export function readSize(props: PropMap, type: DiskType, place: Span, what: string, smallest = 0): DiskSize {
  const [least, most] = sizes[type];
  return readDiskSize(props, { least, most, one: `a disk of the type ${type}`, many: "disks of Google Cloud" }, place, what, smallest);
}

export function checkEncrypted(props: PropMap, what: string, place: Span): readonly Diagnostic[] {
  return checkEncryption(props, what, "Google Cloud", place);
}

/** The path of a disk inside the machine: udev of Google's guest environment makes this link of the device name. */
export function guestPath(device: string): string {
  return `/dev/disk/by-id/google-${device}`;
}
