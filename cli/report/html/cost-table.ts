// The estimate of what the change costs by month: the whole, each cloud, each resource whose price changes, and what has no price.

import type { PlanReport, ReportCost } from "../report.ts";
import { fragmentOf, html, type Markup } from "./markup.ts";

export function renderCost(report: PlanReport): Markup | false {
  const { cost } = report;
  if (cost === undefined) return false;
  const changed = new Set(report.groups.map((group) => group.address));
  return html`<section class="card" id="cost" aria-labelledby="cost-title"><h2 id="cost-title">Cost</h2>
<p class="total"><span class="number">${formatMoneyDifference(cost.after - cost.before)}</span> a month <span class="muted">from ${formatMoney(cost.before)} to ${formatMoney(cost.after)} · an estimate in ${cost.currency}, by prices of ${cost.pricedAt}</span></p>
${(cost.byCloud.length > 1 || cost.lines.length > 0) && renderTable(cost, changed)}${
  cost.unpriced.length > 0 &&
  html`<details class="unpriced"><summary>Not fully priced: ${countUnpriced(cost)}</summary><ul>${cost.unpriced.map((one) => html`<li><code>${one.type}</code> × ${one.count}: ${one.reason}</li>`)}</ul></details>`
}</section>`;
}

function renderTable(cost: ReportCost, changed: ReadonlySet<string>): Markup {
  const amounts = (before: number, after: number): Markup =>
    html`<td>${formatMoney(before)}</td><td>${formatMoney(after)}</td><td class="difference">${formatMoneyDifference(after - before)}</td>`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Cost by cloud and resource"><table class="cost"><thead><tr><th scope="col">What</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Difference</th></tr></thead><tbody>${
    cost.byCloud.length > 1 &&
    cost.byCloud.map((one) => html`<tr class="sum"><th scope="row">all on ${one.cloud}</th>${amounts(one.before, one.after)}</tr>`)
  }${cost.lines.map(
    (one) =>
      html`<tr><th scope="row">${changed.has(one.address) ? html`<a class="mono" href="${fragmentOf(one.address)}">${one.address}</a>` : html`<span class="mono">${one.address}</span>`} <span class="muted">${one.what}</span></th>${amounts(one.before, one.after)}</tr>`,
  )}</tbody></table></div>`;
}

function countUnpriced({ unpriced }: ReportCost): string {
  const count = unpriced.reduce((sum, one) => sum + one.count, 0);
  return `${count} ${count === 1 ? "object" : "objects"}`;
}

/** `$1,234.50` */
function formatMoney(amount: number): string {
  return `${amount < 0 ? "−" : ""}$${Math.abs(amount)
    .toFixed(2)
    .replace(/\B(?=(?:\d{3})+\.)/g, ",")}`;
}

/** `+$112.50`, `−$10.00`, `±$0.00` */
export function formatMoneyDifference(amount: number): string {
  const rounded = Math.round(amount * 100) / 100;
  return rounded > 0 ? `+${formatMoney(rounded)}` : rounded === 0 ? "±$0.00" : formatMoney(rounded);
}
