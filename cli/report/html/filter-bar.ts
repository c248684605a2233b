// The controls above the changes and the list of keys: there only with JavaScript, which shows them.

import { signs } from "../describe-change.ts";
import type { PlanReport } from "../report.ts";
import { html, type Markup } from "./markup.ts";
import { actionOrder, words } from "./palette.ts";

/** Nothing where there is nothing to filter. */
export function renderFilter(report: PlanReport): Markup | false {
  if (report.groups.length === 0) return false;
  const used = actionOrder.filter((action) => report.groups.some((group) => group.action === action));
  const clouds = [...new Set(report.groups.map((group) => group.cloud))].sort();
  const kinds = [...new Set(report.groups.map((group) => group.kind ?? ""))].filter(Boolean).sort();
  return html`<div class="tools" role="search" aria-label="Filter the changes" data-script hidden><input id="search" type="search" placeholder="Filter by any text" aria-label="Filter by any text" aria-keyshortcuts="/" autocomplete="off" spellcheck="false">
<div class="chipset" role="group" aria-label="Show only">${used.map((action) => html`<button type="button" data-chip="${action}" aria-pressed="false"><span class="sign ${action}" aria-hidden="true">${signs[action]}</span>${words[action]} <span data-count></span></button>`)}</div>
${renderChoice("cloud", "All clouds", clouds)}${renderChoice("kind", "All kinds", kinds)}<button type="button" id="fold">Expand all</button><button type="button" id="reset" hidden>Clear</button><button type="button" id="ask-help" aria-label="Keys" aria-keyshortcuts="?">?</button><p class="status" id="shown" role="status"></p></div>`;
}

function renderChoice(id: string, all: string, choices: readonly string[]): Markup | false {
  if (choices.length < 2) return false;
  return html`<select id="${id}" aria-label="${all === "All clouds" ? "Cloud" : "Kind"}"><option value="">${all}</option>${choices.map((choice) => html`<option value="${choice}">${choice}</option>`)}</select>`;
}

const keys: readonly (readonly [string, string])[] = [
  ["/", "filter by text"],
  ["j  k", "next and previous change"],
  ["Enter", "open or close the change"],
  ["e", "expand or collapse all that are shown"],
  ["g", "go to the graph; then arrows, +, −, 0"],
  ["Esc", "clear the filter"],
  ["?", "these keys"],
];

export function renderHelp(): Markup {
  return html`<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><dl>${keys.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl><button type="button" id="close-help">Close</button></dialog>`;
}
