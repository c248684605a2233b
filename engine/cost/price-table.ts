// Prices by name and region, as the generated modules of the providers hold them: one row a name, read when it is asked for. Pure.

export interface PriceTable {
  readonly date: string;
  /** US dollars, or why there is no price. Names are found in any case. */
  find(name: string, region: string): number | { readonly reason: string };
}

/** `rows`: a line for each name: `name|price|price`, a price for each region in their order, empty where it is not sold. */
export function makePriceTable(date: string, regions: readonly string[], rows: string): PriceTable {
  let lines: ReadonlyMap<string, string> | undefined;
  return {
    date,
    find(name, region) {
      const at = regions.indexOf(region);
      if (at < 0) return { reason: noPricesOf(region) };
      lines ??= new Map(
        rows
          .trim()
          .split("\n")
          .map((line) => [line.slice(0, line.indexOf("|")).toLowerCase(), line]),
      );
      const price = lines.get(name.toLowerCase())?.split("|")[at + 1];
      return price === undefined || price === "" ? { reason: `the catalog has no price of it in ${region}` } : Number(price);
    },
  };
}

/** Another region's price is never taken instead. */
export function noPricesOf(region: string): string {
  return `the catalog has no prices of ${region === "" ? "its region" : region}`;
}
