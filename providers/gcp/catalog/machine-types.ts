// The catalog of machine types: reads the generated rows on first use, answers questions about one type. Pure.

import { hasBit, type Offered, readOffered, readSizes } from "../../lowering/catalog-rows.ts";
import { machineTypeRows, recordedRegions } from "./machine-types.generated.ts";

export type DiskType = "pd-balanced" | "pd-standard" | "hyperdisk-balanced";

export interface MachineType {
  readonly name: string;
  /** The first part of the name: "e2". */
  readonly series: string;
  readonly cpu: number;
  readonly memoryMib: number;
  readonly arch: "x86_64" | "arm64";
  readonly current: boolean;
  /** Made for work in general, and not for accelerators, storage or HPC. */
  readonly general: boolean;
  /** Shares a core: its processors may be used fully only for a while. */
  readonly burst: boolean;
  readonly bareMetal: boolean;
  readonly localDisk: boolean;
  /** How disks appear inside. */
  readonly diskInterface: "nvme" | "scsi";
  /** What it boots from and attaches; the first is what an ssd is. */
  readonly disks: readonly DiskType[];
  /** USD per hour, on demand, Linux, us-central1; absent where no rate is recorded. */
  readonly price?: number;
  /** Masks over `recordedRegions`; absent where nothing is recorded of the type. */
  readonly offered?: Offered;
  /** More regions may have it than are recorded. */
  readonly partlyRecorded?: boolean;
}

const diskTypes: Readonly<Record<string, DiskType>> = { b: "pd-balanced", s: "pd-standard", h: "hyperdisk-balanced" };

/** All types by name, cheapest first, then by name; those without a price last. */
export const machineTypes = readSizes(machineTypeRows, parseRow);

export function findMachineType(name: string): MachineType | undefined {
  return machineTypes().get(name);
}

function parseRow([name = "", cpu, mib, flags = "", disks = "", price = "", everyZone = "", some = ""]: readonly string[]): MachineType {
  const offered = readOffered(everyZone, some);
  return {
    name,
    series: name.slice(0, name.indexOf("-")),
    cpu: Number(cpu),
    memoryMib: Number(mib),
    arch: flags.includes("a") ? "arm64" : "x86_64",
    current: !flags.includes("o"),
    general: !flags.includes("g"),
    burst: flags.includes("b"),
    bareMetal: flags.includes("m"),
    localDisk: flags.includes("d"),
    diskInterface: flags.includes("n") ? "nvme" : "scsi",
    disks: [...disks].flatMap((letter) => diskTypes[letter] ?? []),
    ...(price === "" ? {} : { price: Number(price) }),
    ...(offered ? { offered, partlyRecorded: flags.includes("p") } : {}),
  };
}

/** Whether a region offers a type in at least one zone; undefined where the catalog cannot tell. */
export function isOffered(type: MachineType, region: string): boolean | undefined {
  const at = (recordedRegions as readonly string[]).indexOf(region);
  if (at < 0 || !type.offered) return undefined;
  return hasBit(type.offered.some, at) || (type.partlyRecorded ? undefined : false);
}

/** Whether a type may be chosen for a region without a doubt: each of its first three zones offers it. */
export function isOfferedEverywhere(type: MachineType, region: string): boolean {
  const at = (recordedRegions as readonly string[]).indexOf(region);
  return at >= 0 && type.offered !== undefined && hasBit(type.offered.everyZone, at);
}
