// The catalog of EC2 instance types: reads the generated rows on first use, answers questions about one type. Pure.

import { instanceTypeRows, recordedRegions } from "./instance-types.generated.ts";

export interface InstanceType {
  readonly name: string;
  readonly family: string;
  readonly cpu: number;
  readonly memoryMib: number;
  readonly arch: "x86_64" | "arm64";
  readonly current: boolean;
  readonly burst: boolean;
  readonly bareMetal: boolean;
  readonly mac: boolean;
  readonly localDisk: boolean;
  /** How EBS volumes appear inside: NVMe on Nitro, Xen block devices before it. */
  readonly diskInterface: "nvme" | "xen";
  /** USD per hour, on demand, Linux, us-east-1; absent where it is not sold on demand. */
  readonly price?: number;
  /** Masks over `recordedRegions`; absent where nothing is recorded of the type. */
  readonly offered?: { readonly everyZone: number; readonly some: number };
}

let parsed: ReadonlyMap<string, InstanceType> | undefined;

/** All types by name, cheapest first, then by name; those without a price last. */
export function instanceTypes(): ReadonlyMap<string, InstanceType> {
  parsed ??= new Map(
    instanceTypeRows
      .trim()
      .split("\n")
      .map(parseRow)
      .map((type) => [type.name, type]),
  );
  return parsed;
}

export function findInstanceType(name: string): InstanceType | undefined {
  return instanceTypes().get(name);
}

function parseRow(row: string): InstanceType {
  const [name = "", cpu, mib, flags = "", price = "", everyZone = "", some = ""] = row.split("|");
  return {
    name,
    family: name.slice(0, name.indexOf(".")),
    cpu: Number(cpu),
    memoryMib: Number(mib),
    arch: flags.includes("a") ? "arm64" : "x86_64",
    current: !flags.includes("o"),
    burst: flags.includes("b"),
    bareMetal: flags.includes("m"),
    mac: flags.includes("k"),
    localDisk: flags.includes("d"),
    diskInterface: flags.includes("x") ? "xen" : "nvme",
    ...(price === "" ? {} : { price: Number(price) }),
    ...(some === "" ? {} : { offered: { everyZone: Number.parseInt(everyZone, 36), some: Number.parseInt(some, 36) } }),
  };
}

/** Whether a region offers a type in at least one zone; undefined where the catalog cannot tell. */
export function isOffered(type: InstanceType, region: string): boolean | undefined {
  const at = (recordedRegions as readonly string[]).indexOf(region);
  return at < 0 || !type.offered ? undefined : hasBit(type.offered.some, at);
}

/**
 * Whether a type may be chosen for a region without a doubt: each of its first three zones offers it. Of a region that is not recorded, only types that at
 * least four fifths of the recorded regions have are believed.
 */
export function isOfferedEverywhere(type: InstanceType, region: string): boolean {
  if (!type.offered) return false;
  const at = (recordedRegions as readonly string[]).indexOf(region);
  if (at >= 0) return hasBit(type.offered.everyZone, at);
  let count = 0;
  for (let bit = 0; bit < recordedRegions.length; bit++) if (hasBit(type.offered.everyZone, bit)) count++;
  return count >= recordedRegions.length * 0.8;
}

function hasBit(mask: number, bit: number): boolean {
  return Math.floor(mask / 2 ** bit) % 2 === 1;
}
