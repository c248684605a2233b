// What a stack costs on each cloud, as a table: a row for each resource, a column for each cloud, and below what has no price. Pure.

import { type Estimate, toDollars } from "../../engine/cost/estimate.ts";
import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";

export interface PricedColumn {
  /** `gcp europe-west2` */
  readonly title: string;
  /** What the stack would cost there, or why it cannot stand there. */
  readonly priced: Estimate | { readonly problem: string };
  /** Said below the table. */
  readonly notes: readonly string[];
}

/** `after` of each estimate; a `?` where some of a price is not known. */
export function renderPriceTable(columns: readonly PricedColumn[]): string {
  const estimates = columns.map(({ priced }) => ("problem" in priced ? undefined : priced));
  const cells = estimates.map((estimate) => sumByAddress(estimate));
  const addresses = [...new Set(cells.flatMap((byAddress) => [...byAddress.keys()]))].sort(compareCodePoints);
  const rows = [
    ["", ...columns.map(({ title }) => title)],
    ...addresses.map((address) => [address, ...cells.map((byAddress) => byAddress.get(address) ?? "")]),
    ["in all", ...estimates.map((estimate) => (estimate ? describeTotal(estimate) : "–"))],
    ["prices of", ...estimates.map((estimate) => estimate?.date ?? "–")],
  ];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at + 1]?.length ?? 0)));
  const first = Math.max(...rows.map(([name = ""]) => name.length));
  const lines = rows.map(([name = "", ...row]) =>
    `${name.padEnd(first)}   ${row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join("   ")}`.trimEnd(),
  );
  const rule = "─".repeat(first + widths.reduce((sum, width) => sum + width + 3, 0));
  return `${[
    "USD a month, estimated: list prices, machines on demand with Linux, 730 hours",
    "",
    ...lines.slice(0, -2),
    rule,
    ...lines.slice(-2),
    ...columns.flatMap((column) => describeGaps(column)),
  ].join("\n")}\n`;
}

function sumByAddress(estimate: Estimate | undefined): ReadonlyMap<string, string> {
  return new Map((estimate?.lines ?? []).map(({ address, after, partial }) => [address, formatCell(after, partial)]));
}

function formatCell(micros: number, partial: boolean): string {
  if (!partial) return toDollars(micros).toFixed(2);
  return micros === 0 ? "?" : `${toDollars(micros).toFixed(2)} + ?`;
}

/** `7.30 + ?`, in USD a month. */
export function describeTotal(estimate: Estimate): string {
  return formatCell(estimate.after, estimate.unpriced.length > 0);
}

function describeGaps({ title, priced, notes }: PricedColumn): readonly string[] {
  if ("problem" in priced) return ["", `${title}: the stack does not stand there: ${priced.problem}`];
  const gaps = priced.unpriced.map(({ type, count, reason }) => `  ${type}${count === 1 ? "" : ` × ${count}`}: ${reason}`);
  if (gaps.length === 0 && notes.length === 0) return [];
  return ["", `${title}${gaps.length > 0 ? ", not fully priced" : ""}:`, ...gaps, ...notes.map((note) => `  ${note}`)];
}
