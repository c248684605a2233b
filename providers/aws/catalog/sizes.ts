// Which instance type a shape gets: the first in the catalog's price order that fits. Pure and deterministic; the answer is pinned in koine.lock.

import { pricesDate } from "./instance-types.generated.ts";
import { findInstanceType, type InstanceType, instanceTypes, isOfferedEverywhere } from "./instance-types.ts";

export interface Shape {
  /** At least. */
  readonly cpu: number;
  /** Bytes, at least. */
  readonly memory: number;
  readonly arch: string;
  /** Burstable types are allowed. */
  readonly burst: boolean;
}

export interface Choice {
  readonly type: string;
  /** Why, for the lock and the plan. */
  readonly because: string;
}

const mib = 1024 ** 2;
const gib = 1024 ** 3;

/**
 * Series made for general work: burstable, compute, balanced and memory. Accelerators, storage servers, HPC and Macs are cheap per GiB at times, and never
 * what a portable shape means; they can be named in `on aws { instance_type = … }`.
 */
const generalSeries = new Set(["t", "c", "m", "r", "x", "u"]);

/** The key of a shape in the lock: `2cpu-4GiB-x86_64/eu-west-1`, with `-burst` after the arch where allowed. */
export function shapeKey(shape: Shape, region: string): string {
  return `${shape.cpu}cpu-${formatMemory(shape.memory)}-${shape.arch}${shape.burst ? "-burst" : ""}/${region}`;
}

/** The cheapest current type that fits and that every zone of the region offers; undefined when none does. */
export function chooseType(shape: Shape, region: string): Choice | undefined {
  for (const type of instanceTypes().values()) {
    if (!isCandidate(type, shape) || !fits(type, shape) || !isOfferedEverywhere(type, region)) continue;
    const price = `$${type.price} an hour in us-east-1, ${pricesDate}`;
    return { type: type.name, because: `cheapest current type with ${shape.cpu} cpu and ${formatMemory(shape.memory)} (${price})` };
  }
  return undefined;
}

/** The largest processors and memory that a shape of this arch could ask for, for the message that nothing fits. */
export function largestShape(shape: Shape, region: string): { readonly cpu: number; readonly memory: string } | undefined {
  let cpu = 0;
  let memoryMib = 0;
  for (const type of instanceTypes().values()) {
    if (!isCandidate(type, shape) || !isOfferedEverywhere(type, region)) continue;
    cpu = Math.max(cpu, type.cpu);
    memoryMib = Math.max(memoryMib, type.memoryMib);
  }
  return cpu === 0 ? undefined : { cpu, memory: formatMemory(memoryMib * mib) };
}

/** Names to suggest for one that the catalog does not have: the same family, or the same size in families that begin alike. */
export function similarTypes(name: string): readonly string[] {
  const family = name.split(".", 1)[0] ?? "";
  return [...instanceTypes().keys()].filter(
    (known) => known.startsWith(`${family}.`) || (family.length > 1 && known.startsWith(family.slice(0, 2))),
  );
}

export function hasType(name: string): boolean {
  return findInstanceType(name) !== undefined;
}

/** `4GiB`, `512MiB`, `1500000000B`: the largest unit that divides. */
export function formatMemory(bytes: number): string {
  if (bytes % gib === 0) return `${bytes / gib}GiB`;
  return bytes % mib === 0 ? `${bytes / mib}MiB` : `${bytes}B`;
}

function isCandidate(type: InstanceType, shape: Shape): boolean {
  return (
    type.price !== undefined &&
    type.current &&
    !type.bareMetal &&
    !type.localDisk &&
    !type.mac &&
    type.arch === shape.arch &&
    (shape.burst || !type.burst) &&
    generalSeries.has(/^[a-z]+/.exec(type.family)?.[0] ?? "")
  );
}

function fits(type: InstanceType, shape: Shape): boolean {
  return type.cpu >= shape.cpu && type.memoryMib * mib >= shape.memory;
}
