// What stands at the top: which stack, where, what the plan does in numbers, and which digest an approval binds to.

import type { Action } from "../../../engine/plan/change.ts";
import { describeCounts, signs } from "../describe-change.ts";
import type { PlanReport } from "../report.ts";
import { formatMoneyDifference } from "./cost-table.ts";
import { html, type Markup } from "./markup.ts";
import { actionOrder, words } from "./palette.ts";

/** Of the browser's tab: `shop (prod): 3 to create, 1 to replace, …`. */
export function titleOf(report: PlanReport): string {
  const { counts, mode, stack } = report;
  const what =
    report.problems.length > 0
      ? "no plan"
      : describeCounts({ counts, unchanged: counts.unchanged, leftOut: counts.leftOut || undefined, refreshOnly: mode.refreshOnly });
  const name = stack.environment === undefined ? stack.name : `${stack.name} (${stack.environment})`;
  return `${name}: ${what}${isUncompared(report) ? `, ${uncompared}` : ""}`;
}

const uncompared = "not compared with any cloud";

/** The clouds were not asked: what they hold may differ. */
export function isUncompared({ mode }: PlanReport): boolean {
  return mode.offline === true || mode.against !== undefined;
}

/** `parts` are the ids and names of what the page goes on with: on a phone they stand far below. */
export function renderHeadline(report: PlanReport, parts: readonly (readonly [string, string])[]): Markup {
  const { stack, clouds } = report;
  return html`<header class="head"><div class="wide">
<p class="eyebrow">Koine plan${stack.folder !== "" && html` · <span class="mono">${stack.folder}</span>`}</p>
<h1>${stack.name}${stack.environment !== undefined && html` <span class="env">${stack.environment}</span>`}</h1>
<ul class="chips">${clouds.map((cloud) => html`<li class="chip"><b>${cloud.name}</b>${cloud.provider !== cloud.name && html` ${cloud.provider}`}${cloud.place !== undefined && html` ${cloud.place}`}</li>`)}${describeModes(report).map((mode) => html`<li class="chip mode">${mode}</li>`)}</ul>
${report.problems.length === 0 && renderTiles(report)}${renderFacts(report)}${
  parts.length > 1 && html`<nav aria-label="Parts of the page">${parts.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>`
}</div></header>`;
}

function describeModes(report: PlanReport): readonly string[] {
  const { mode, world } = report;
  return [
    world === "simulated" && "simulated",
    isUncompared(report) && uncompared,
    mode.against !== undefined && `against ${shortRevision(mode.against)}`,
    mode.destroy && "destroys the stack",
    mode.refreshOnly && "refresh only: nothing is sent",
  ].filter((text) => typeof text === "string");
}

/** Of these a reader wants to see the zero. */
const alwaysCounted: ReadonlySet<Action> = new Set(["delete", "replace", "create"]);

function renderTiles(report: PlanReport): Markup {
  const { counts, cost, mode } = report;
  const isCounted = (action: Action): boolean => counts[action] > 0 || (!mode.refreshOnly && alwaysCounted.has(action));
  return html`<ul class="tiles" aria-label="Objects by what happens to them">${actionOrder
    .filter(isCounted)
    .map((action) => renderTile(action, counts[action], mode.refreshOnly === true))}${renderPlainTile(counts.unchanged, "unchanged")}${
    counts.leftOut > 0 && renderPlainTile(counts.leftOut, "left out")
  }${cost !== undefined && html`<li class="tile money"><span class="number">${formatMoneyDifference(cost.after - cost.before)}</span><a href="#cost">a month, estimated</a></li>`}</ul>${renderBar(report)}`;
}

function renderTile(action: Action, count: number, isRefresh: boolean): Markup {
  const refreshWords: Partial<Record<Action, string>> = { update: "to record", forget: "gone" };
  const word = (isRefresh ? refreshWords[action] : undefined) ?? `to ${words[action]}`;
  return html`<li class="tile ${count === 0 ? "zero" : action}"><span class="number">${formatNumber(count)}</span><span>${count > 0 && html`<span class="sign ${action}" aria-hidden="true">${signs[action]}</span> `}${word}</span></li>`;
}

function renderPlainTile(count: number, word: string): Markup {
  return html`<li class="tile zero"><span class="number">${formatNumber(count)}</span><span>${word}</span></li>`;
}

/** Shares of the actions side by side; the tiles say the same in numbers. */
function renderBar({ counts }: PlanReport): Markup | false {
  const total = actionOrder.reduce((sum, action) => sum + counts[action], 0);
  if (total === 0) return false;
  let left = 0;
  const parts = actionOrder.map((action) => {
    const width = (counts[action] / total) * 100;
    const part = html`<rect class="fill ${action}" x="${left.toFixed(3)}" y="0" width="${width.toFixed(3)}" height="2"/>`;
    left += width;
    return width > 0 && part;
  });
  return html`<svg class="bar" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

function renderFacts(report: PlanReport): Markup {
  const { digest, revision } = report;
  const copy = html`<button type="button" id="copy" aria-label="Copy the digest" data-script hidden>Copy</button>`;
  return html`<dl class="facts">${
    digest !== undefined &&
    html`<div><dt>Digest of the changes</dt><dd><span class="mono" id="digest">${digest.changes}</span>${copy}</dd></div>`
  }<div><dt>Planned</dt><dd><time datetime="${report.createdAt}">${formatTime(report.createdAt)}</time></dd></div>${
    revision !== undefined && html`<div><dt>Revision</dt><dd class="mono">${shortRevision(revision)}</dd></div>`
  }<div><dt>Koine</dt><dd>${report.koine}</dd></div></dl>`;
}

/** Digits in groups of three. */
export function formatNumber(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `2026-03-01 12:30 UTC`; what is no date is shown as it is. */
function formatTime(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A commit's full name in the length that people compare; any other name whole. */
function shortRevision(revision: string): string {
  return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 12) : revision;
}
