// Which size of machine a shape gets: the first in a catalog's price order that fits. Deterministic; the answer is pinned in koine.lock. Pure; the
// catalog is a parameter.

export interface Shape {
  /** At least. */
  readonly cpu: number;
  /** Bytes, at least. */
  readonly memory: number;
  readonly arch: string;
  /** Burstable sizes are allowed. */
  readonly burst: boolean;
}

/** What every catalog says of a size. */
export interface CatalogSize {
  readonly name: string;
  readonly cpu: number;
  readonly memoryMib: number;
  readonly arch: "x86_64" | "arm64";
}

export interface SizeCatalog<Size extends CatalogSize> {
  /** As in messages: "EC2". */
  readonly cloud: string;
  /** "instance type" */
  readonly noun: string;
  /** Set for a part of the catalog that some machines are limited to: their choices are pinned apart, under this word. */
  readonly variant?: string;
  /** The refinement that names one: `instance_type` in `on aws { … }`. */
  readonly provider: string;
  readonly prop: string;
  readonly find: (name: string) => Size | undefined;
  /** Sizes that may be chosen for such a shape in a region without a doubt, fitting or not, cheapest first. */
  readonly candidates: (shape: Shape, region: string) => Iterable<Size>;
  /** Whether a region offers a size; undefined where the catalog cannot tell. */
  readonly isOffered: (size: Size, region: string) => boolean | undefined;
  /** Price and its date, for the reason in the lock: "$0.0765 an hour in us-east-1, 2026-08". */
  readonly describePrice: (size: Size) => string;
  /** Names to suggest for one that the catalog does not have. */
  readonly similar: (name: string) => readonly string[];
}

export interface Choice<Size extends CatalogSize = CatalogSize> {
  readonly size: Size;
  /** Why, for the lock and the plan. */
  readonly because: string;
}

const mib = 1024 ** 2;
const gib = 1024 ** 3;

/** The key of a shape in the lock: `2cpu-4GiB-x86_64/eu-west-1`, with `-burst` after the arch where allowed, and the variant where there is one. */
export function shapeKey(shape: Shape, region: string, variant?: string): string {
  const notes = `${shape.burst ? "-burst" : ""}${variant === undefined ? "" : `-${variant}`}`;
  return `${shape.cpu}cpu-${formatMemory(shape.memory)}-${shape.arch}${notes}/${region}`;
}

/** The cheapest candidate that fits; undefined when none does. */
export function chooseSize<Size extends CatalogSize>(shape: Shape, region: string, catalog: SizeCatalog<Size>): Choice<Size> | undefined {
  for (const size of catalog.candidates(shape, region)) {
    if (!fits(size, shape)) continue;
    const because = `cheapest current type with ${shape.cpu} cpu and ${formatMemory(shape.memory)} (${catalog.describePrice(size)})`;
    return { size, because };
  }
  return undefined;
}

/** The largest processors and memory that a shape of this arch could ask for, for the message that nothing fits. */
export function largestShape<Size extends CatalogSize>(
  shape: Shape,
  region: string,
  catalog: SizeCatalog<Size>,
): { readonly cpu: number; readonly memory: string } | undefined {
  let cpu = 0;
  let memoryMib = 0;
  for (const size of catalog.candidates(shape, region)) {
    cpu = Math.max(cpu, size.cpu);
    memoryMib = Math.max(memoryMib, size.memoryMib);
  }
  return cpu === 0 ? undefined : { cpu, memory: formatMemory(memoryMib * mib) };
}

export function fits(size: CatalogSize, shape: Shape): boolean {
  return size.cpu >= shape.cpu && size.memoryMib * mib >= shape.memory;
}

/** `4GiB`, `512MiB`, `1500000000B`: the largest unit that divides. */
export function formatMemory(bytes: number): string {
  if (bytes % gib === 0) return `${bytes / gib}GiB`;
  return bytes % mib === 0 ? `${bytes / mib}MiB` : `${bytes}B`;
}
