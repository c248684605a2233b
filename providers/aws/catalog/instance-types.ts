// The catalog of EC2 instance types: reads the generated rows on first use, answers questions about one type. Pure.

import { hasBit, type Offered, readOffered, readSizes } from "../../lowering/catalog-rows.ts";
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
  readonly offered?: Offered;
}

/** All types by name, cheapest first, then by name; those without a price last. */
export const instanceTypes = readSizes(instanceTypeRows, parseRow);

export function findInstanceType(name: string): InstanceType | undefined {
  return instanceTypes().get(name);
}

function parseRow([name = "", cpu, mib, flags = "", price = "", everyZone = "", some = ""]: readonly string[]): InstanceType {
  const offered = readOffered(everyZone, some);
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
    ...(offered ? { offered } : {}),
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
