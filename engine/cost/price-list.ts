// What a provider says about the price of its native objects: a dated list, and how one object is charged by it. Holds no price itself, and
// no cloud's rule: those are the providers' (`providers/*/prices`).

import type { NativeMap } from "../lower/native-value.ts";

/** List prices without discounts, in US dollars; machines on demand, with Linux. */
export interface PriceList {
  /** Of its oldest machine price in a region: `2026-08`. */
  date(region: string): string;
  /** Every native type of the provider. `free`: an object of it costs nothing, whatever its props say. */
  readonly types: Readonly<Record<string, "free" | PriceObject>>;
}

/** How an object with these props is charged in a region. Pure. Values that are known only at apply may stand in the props. */
export type PriceObject = (props: NativeMap, region: string) => Quote;

export interface Quote {
  /** What it certainly costs while it is there. */
  readonly components: readonly PriceComponent[];
  /** What it costs besides that cannot be said, and why: `m7i.large: the catalog has no prices of eu-west-1`. */
  readonly missing: readonly string[];
}

export interface PriceComponent {
  /** As a reader knows it: `m7i.large`, `gp3 100 GiB`. */
  readonly what: string;
  /** What `quantity` counts in a month: `hour`, `GiB-month`. */
  readonly unit: string;
  readonly quantity: number;
  /** US dollars in a month of 730 hours; never negative. */
  readonly monthly: number;
}

/** What the vendors' own calculators take for a month. */
export const hoursPerMonth = 730;

export const costsNothing: Quote = { components: [], missing: [] };

/** Charged by the hour, all month long. */
export function perHour(what: string, usd: number): Quote {
  return perMonth(what, "hour", hoursPerMonth, usd);
}

/** `quantity` units at `usd` each, every month. */
export function perMonth(what: string, unit: string, quantity: number, usd: number): Quote {
  return { components: [{ what, unit, quantity, monthly: quantity * usd }], missing: [] };
}

/** It costs something, and the list cannot tell what. */
export function unpriced(reason: string): Quote {
  return { components: [], missing: [reason] };
}

export function joinQuotes(quotes: readonly Quote[]): Quote {
  return { components: quotes.flatMap((quote) => quote.components), missing: quotes.flatMap((quote) => quote.missing) };
}
