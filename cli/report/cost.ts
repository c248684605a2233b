// What a plan costs, as a reviewer is shown it: an estimate by list prices, the line of text under a plan, and the judgement against a budget. The
// price lists are loaded here and nowhere before.

import { collectGraphs, collectPlanned, type PlanCostInput } from "../../engine/cost/collect-objects.ts";
import { type CostObject, type Estimate, estimateCost, toDollars } from "../../engine/cost/estimate.ts";
import type { PriceList } from "../../engine/cost/price-list.ts";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import { loadProviders } from "../load-providers.ts";
import type { ReportCost } from "./report.ts";

/** Of a plan: what stands before it, and what will stand after. Undefined where no cloud of the stack has a price list. */
export async function estimatePlan(input: Omit<PlanCostInput, "schema">): Promise<ReportCost | undefined> {
  const names = [...input.rows, ...input.plan.changes, ...input.native.clouds.values()].map(({ provider }) => provider);
  const providers = await loadProviders(names);
  const schema: PlanCostInput["schema"] = (provider, type) => providers.get(provider)?.handlers[type]?.schema;
  return toReport(estimateCost(collectPlanned({ ...input, schema }), await loadPrices(names)));
}

/** Of two revisions: what all of the one costs, and of the other. `before` is undefined where the stack is new, `after` where it goes. */
export async function estimateRevisions(before: NativeGraph | undefined, after: NativeGraph | undefined): Promise<ReportCost | undefined> {
  return toReport(await estimateObjects(collectGraphs(before, after)));
}

/** Of any objects, exact. */
export async function estimateObjects(objects: readonly CostObject[]): Promise<Estimate> {
  return estimateCost(objects, await loadPrices(objects.map(({ provider }) => provider)));
}

async function loadPrices(names: Iterable<string>): Promise<ReadonlyMap<string, PriceList>> {
  const lists = [...(await loadProviders(names))].map(async ([name, provider]) => [name, await provider.prices?.()] as const);
  return new Map((await Promise.all(lists)).flatMap(([name, list]) => (list ? [[name, list] as const] : [])));
}

function toReport(estimate: Estimate): ReportCost | undefined {
  if (estimate.date === undefined) return undefined;
  return {
    currency: "USD",
    pricedAt: estimate.date,
    before: toDollars(estimate.before),
    after: toDollars(estimate.after),
    byCloud: estimate.byCloud.map(({ cloud, before, after }) => ({ cloud, before: toDollars(before), after: toDollars(after) })),
    lines: estimate.lines
      .filter(({ before, after }) => before !== after)
      // The sort is stable: equal differences stay in the order of their addresses.
      .toSorted((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
      .map(({ address, cloud, before, after, what }) => ({ address, cloud, before: toDollars(before), after: toDollars(after), what })),
    unpriced: estimate.unpriced.map(({ type, count, reason }) => ({ type, count, reason })),
  };
}

/** `≈ +12.40 USD/month (estimate, prices of 2026-08; 3 objects not fully priced)` */
export function describeCost(cost: ReportCost): string {
  const difference = formatDifference(cost.after - cost.before);
  return `≈ ${difference} USD/month (estimate, prices of ${cost.pricedAt}${describeUnpriced(cost.unpriced)})`;
}

/** `; 3 objects not fully priced`, or nothing. */
export function describeUnpriced(unpriced: ReportCost["unpriced"]): string {
  const count = unpriced.reduce((sum, each) => sum + each.count, 0);
  return count === 0 ? "" : `; ${count} object${count === 1 ? "" : "s"} not fully priced`;
}

/** `1234.50`; a sign always, except of zero. */
export function formatDifference(usd: number): string {
  const text = Math.abs(usd).toFixed(2);
  return text === "0.00" ? text : `${usd < 0 ? "−" : "+"}${text}`;
}

export interface CostVerdict {
  readonly exceeded: boolean;
  /** USD a month; negative when it gets cheaper. */
  readonly increase: number;
  /** Of one that is exceeded. */
  readonly reason?: string;
}

/** Against `budget.max_monthly_increase`, USD a month. What has no price cannot exceed it; the reason says how much that is. */
export function judgeCost(cost: ReportCost, limit: number): CostVerdict {
  const increase = Math.round((cost.after - cost.before) * 100) / 100;
  if (increase <= limit) return { exceeded: false, increase };
  const reason = `about ${formatDifference(increase)} USD a month${describeUnpriced(cost.unpriced)}; max_monthly_increase is ${limit}`;
  return { exceeded: true, increase, reason };
}
