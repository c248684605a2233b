// What a lowered stack costs, on the clouds that it may stand on: each choice of its inputs, or, where the source fixes the cloud, also the others that
// would take the same resources.

import { collectGraphs } from "../engine/cost/collect-objects.ts";
import { type Estimate, toDollars } from "../engine/cost/estimate.ts";
import type { NativeGraph } from "../engine/lower/native-graph.ts";
import { compareCodePoints } from "../grammar/graph/code-point-order.ts";
import { describeClouds, type LoweredChoice } from "./compile-stack.ts";
import { lowerElsewhere } from "./lower-elsewhere.ts";
import { type PricedColumn, renderPriceTable } from "./render/price-table.ts";
import { estimateObjects } from "./report/cost.ts";

export type LoweredPrices = readonly LoweredPrice[];

interface LoweredPrice extends PricedColumn {
  /** Cloud by the name of the input that chooses it; empty where none does. */
  readonly on: ReadonlyMap<string, string>;
  /** Where the source does not put it: the provider that all of it is moved to. */
  readonly elsewhere?: string;
}

/** `on`: of a stack on several clouds, only what stands on this one. */
export async function priceLowered(choices: readonly LoweredChoice[], on: string | undefined): Promise<LoweredPrices> {
  const written = await Promise.all(
    choices.map(async (choice): Promise<LoweredPrice> => {
      const chosen = describeClouds(choice.on);
      const places = describePlaces(choice.native, on);
      return {
        title: places.includes(chosen) ? places : `${chosen}: ${places}`,
        on: choice.on,
        priced: await priceOn(choice.native, on),
        notes: [],
      };
    }),
  );
  const [only, ...others] = choices;
  if (!only || others.length > 0 || only.on.size > 0) return written;
  const moved = await lowerElsewhere(only.graph, on);
  const elsewhere = await Promise.all(
    moved.map(
      async ({ provider, regions, refined, lowered }): Promise<LoweredPrice> => ({
        title: `${provider} ${regions.join(", ")}`.trim(),
        on: new Map(),
        elsewhere: provider,
        priced: "problem" in lowered ? lowered : await priceOn(lowered.native, on),
        notes: refined.length === 0 ? [] : [`settings for its own cloud alone do not count there: ${refined.join(", ")}`],
      }),
    ),
  );
  return [...written, ...elsewhere];
}

/** What its objects cost, on all of its clouds or on one. */
export function priceOn(native: NativeGraph, on: string | undefined): Promise<Estimate> {
  return estimateObjects(collectGraphs(undefined, native).filter(({ cloud }) => on === undefined || cloud === on));
}

/** `aws eu-west-1, gcp europe-west2`: the clouds that have objects. */
function describePlaces({ objects, clouds }: NativeGraph, on: string | undefined): string {
  const used = new Set([...objects.values()].map(({ cloud }) => cloud));
  return [...used]
    .filter((name) => on === undefined || name === on)
    .sort(compareCodePoints)
    .map((name) => {
      const region = clouds.get(name)?.settings.region;
      return typeof region === "string" ? `${name} ${region}` : name;
    })
    .join(", ");
}

/** As text. */
export function describePrices(prices: LoweredPrices): string {
  return renderPriceTable(prices);
}

/** As plain JSON; amounts in USD a month. */
export function pricesToJson(prices: LoweredPrices): unknown {
  return prices.map(({ title, on, elsewhere, priced, notes }) => ({
    title,
    ...(on.size > 0 ? { on: Object.fromEntries(on) } : {}),
    ...(elsewhere === undefined ? {} : { elsewhere }),
    ...("problem" in priced ? priced : estimateToJson(priced)),
    ...(notes.length > 0 ? { notes } : {}),
  }));
}

function estimateToJson({ date, after, lines, unpriced }: Estimate): object {
  return {
    currency: "USD",
    ...(date === undefined ? {} : { pricedAt: date }),
    monthly: toDollars(after),
    resources: lines.map((line) => ({
      address: line.address,
      cloud: line.cloud,
      monthly: toDollars(line.after),
      partial: line.partial,
      what: line.what,
    })),
    unpriced,
  };
}
