// Quotes of a price list in a form that can be read beside a calculation by hand: the parts by name, in USD a month, and what has no price.

import type { PriceList } from "../../engine/cost/price-list.ts";
import type { NativeMap } from "../../engine/lower/native-value.ts";

export interface PlainQuote {
  /** Rounded to a hundredth of a cent. */
  readonly parts: Readonly<Record<string, number>>;
  readonly missing: readonly string[];
}

/** Asks for native types without the `prefix` that all of the provider's have. */
export function quoteFrom(list: PriceList, prefix: string, home: string): (type: string, props: NativeMap, region?: string) => PlainQuote {
  return (type, props, region = home) => {
    const price = list.types[`${prefix}${type}`];
    if (price === undefined || price === "free") throw new Error(`${type} is not charged`);
    const { components, missing } = price(props, region);
    return { parts: Object.fromEntries(components.map(({ what, monthly }) => [what, Math.round(monthly * 1e4) / 1e4])), missing };
  };
}
