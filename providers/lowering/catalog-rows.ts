// How generated catalogs of machine sizes are read: one row a size on first use, and masks over the regions whose offerings are recorded. Pure.

export interface Offered {
  /** Regions that offer it in each of their first three zones. */
  readonly everyZone: number;
  /** Regions that offer it. */
  readonly some: number;
}

/** A reader of the rows by name, in their order; they are parsed once, when they are first asked for. */
export function readSizes<Size extends { readonly name: string }>(
  rows: string,
  parseRow: (fields: readonly string[]) => Size,
): () => ReadonlyMap<string, Size> {
  let parsed: ReadonlyMap<string, Size> | undefined;
  return () => {
    parsed ??= new Map(
      rows
        .trim()
        .split("\n")
        .map((row) => parseRow(row.split("|")))
        .map((size) => [size.name, size]),
    );
    return parsed;
  };
}

/** Masks in base 36; nothing is recorded where they are empty. */
export function readOffered(everyZone: string, some: string): Offered | undefined {
  return some === "" ? undefined : { everyZone: Number.parseInt(everyZone, 36), some: Number.parseInt(some, 36) };
}

/** Bit n of a mask over more regions than 32-bit operators reach. */
export function hasBit(mask: number, bit: number): boolean {
  return Math.floor(mask / 2 ** bit) % 2 === 1;
}
