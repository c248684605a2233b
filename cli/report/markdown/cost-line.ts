// What a plan costs, as a comment tells it: one line in the open, the parts folded. Amounts are in USD, written without the sign, which hosts take for a
// formula (https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions).

import { describeUnpriced, formatDifference } from "../cost.ts";
import { formatNumber } from "../html/headline.ts";
import type { PlanReport } from "../report.ts";
import { fold, list } from "./blocks.ts";
import { code, prose } from "./escape.ts";

/** `Cost: ≈ +12.40 USD a month, from 100.00 to 112.40 (an estimate by list prices of 2026-08)` */
export function renderCostLine({ cost }: PlanReport): string {
  if (!cost) return "";
  const { before, after, pricedAt, unpriced } = cost;
  const amounts = `≈ ${formatDifference(after - before)} USD a month, from ${before.toFixed(2)} to ${after.toFixed(2)}`;
  return `**Cost:** ${amounts} (an estimate by list prices of ${code(pricedAt, 20)}${describeUnpriced(unpriced)})\n\n`;
}

export function renderCost({ cost }: PlanReport, items: number): string {
  if (!cost) return "";
  const lacking = list(cost.unpriced, items, ({ type, count, reason }) => `${code(type)} × ${formatNumber(count)}: ${prose(reason, 200)}`);
  const parts = [
    list(cost.byCloud, items, ({ cloud, before, after }) => `${code(cloud)} ${before.toFixed(2)} → ${after.toFixed(2)} USD a month`),
    list(
      cost.lines,
      items,
      ({ address, cloud, before, after, what }) =>
        `${code(address)} on ${code(cloud)}: ${formatDifference(after - before)} ${prose(what, 200)}`,
    ),
    lacking === "" ? "" : `Not priced in full:\n\n${lacking}`,
    "An estimate by list prices, for 730 hours a month; traffic, discounts and taxes are not in it.\n",
  ];
  return fold("Cost by cloud and resource", parts.filter((part) => part !== "").join("\n"));
}
