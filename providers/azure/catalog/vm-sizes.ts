// The catalog of Azure VM sizes: reads the generated rows on first use, answers questions about one size. Pure.

import { hasBit, readSizes } from "../../lowering/catalog-rows.ts";
import type { CatalogSize } from "../../lowering/sizes.ts";
import { recordedRegions, sizeRows } from "./vm-sizes.generated.ts";

export interface VmSize extends CatalogSize {
  readonly current: boolean;
  readonly burst: boolean;
  /** A temporary disk of the host. */
  readonly localDisk: boolean;
  /** How managed disks appear inside. */
  readonly diskInterface: "nvme" | "scsi";
  /** Whether it takes disks on ssd. */
  readonly premium: boolean;
  /** Generation 2: UEFI images. */
  readonly uefi: boolean;
  readonly trustedLaunch: boolean;
  /** USD per hour, pay as you go, Linux, eastus; absent where it is not sold there. */
  readonly price?: number;
  /** Mask over `recordedRegions`. */
  readonly offered: number;
}

/** All sizes by name, cheapest first, then by name; those without a price last. */
export const vmSizes = readSizes(sizeRows, parseRow);

let byLowerCase: ReadonlyMap<string, VmSize> | undefined;

/** Azure compares names of sizes without regard to case. */
export function findVmSize(name: string): VmSize | undefined {
  const size = vmSizes().get(name);
  if (size) return size;
  byLowerCase ??= new Map([...vmSizes()].map(([known, each]) => [known.toLowerCase(), each]));
  return byLowerCase.get(name.toLowerCase());
}

const pattern = /^Standard_([A-Z]+)(\d+)([a-z]*(?:_[A-Z][A-Z0-9]*)?)(?:_v(\d))?$/;
let largest: ReadonlyMap<string, number> | undefined;

/**
 * Whether a name is well formed and of a family that the catalog does not have (accelerators, storage, large memory, what is newer), or larger than those of the
 * family that it has. Nothing is known of such a size; any other that is not in the catalog is misspelt.
 */
export function isBeyondCatalog(name: string): boolean {
  const [, letters, count, features, version] = pattern.exec(name) ?? [];
  if (letters === undefined || findVmSize(name)) return false;
  largest ??= largestOfFamilies();
  const known = largest.get(`${letters}${features}_${version}`);
  return known === undefined || Number(count) > known;
}

function largestOfFamilies(): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const name of vmSizes().keys()) {
    const [, letters, count, features, version] = pattern.exec(name) ?? [];
    const family = `${letters}${features}_${version}`;
    found.set(family, Math.max(found.get(family) ?? 0, Number(count)));
  }
  return found;
}

function parseRow([name = "", cpu, mib, flags = "", price = "", offered = ""]: readonly string[]): VmSize {
  return {
    name: `Standard_${name}`,
    cpu: Number(cpu),
    memoryMib: Number(mib),
    arch: flags.includes("a") ? "arm64" : "x86_64",
    current: !flags.includes("o"),
    burst: flags.includes("b"),
    localDisk: flags.includes("d"),
    diskInterface: flags.includes("n") ? "nvme" : "scsi",
    premium: !flags.includes("s"),
    uefi: !flags.includes("g"),
    trustedLaunch: !flags.includes("t"),
    ...(price === "" ? {} : { price: Number(price) }),
    offered: Number.parseInt(offered, 36),
  };
}

/** Whether a region offers a size; undefined where nothing is recorded of the region. */
export function isOffered(size: VmSize, region: string): boolean | undefined {
  const at = (recordedRegions as readonly string[]).indexOf(region);
  return at < 0 ? undefined : hasBit(size.offered, at);
}

/** Whether a size may be chosen for a region. In a region of which nothing is recorded, only sizes that at least four fifths of the recorded ones have are believed. */
export function isOfferedSurely(size: VmSize, region: string): boolean {
  const known = isOffered(size, region);
  if (known !== undefined) return known;
  let count = 0;
  for (let bit = 0; bit < recordedRegions.length; bit++) if (hasBit(size.offered, bit)) count++;
  return count >= recordedRegions.length * 0.8;
}
