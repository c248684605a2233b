// The plan as one HTML page that stands alone: whoever opens it needs no network, no server and, to read it, no JavaScript. Rendered from the report and
// nothing else; every text of it is hostile. A strict Content-Security-Policy names our one style and our one script by their hashes.

import { createHash } from "node:crypto";
import type { PlanReport, ReportPlace } from "../report.ts";
import { largeFrom, renderChanges } from "./changes.ts";
import { renderCost } from "./cost-table.ts";
import { renderLowered, renderOutputs } from "./details.ts";
import { renderFilter, renderHelp } from "./filter-bar.ts";
import { type GraphView, renderGraph } from "./graph-view.ts";
import { formatNumber, renderHeadline, titleOf } from "./headline.ts";
import { html, type Markup, trustMarkup } from "./markup.ts";
import { renderNotices } from "./notices.ts";
import { writeScript } from "./page-script.ts";
import { writeStyle } from "./page-style.ts";

export interface HtmlOptions {
  /** Where a place of the sources can be read; only http and https links are followed. */
  readonly linkOf?: (place: ReportPlace) => string | undefined;
}

/** The whole file, ending with a line break. */
export async function renderHtml(report: PlanReport, options: HtmlOptions = {}): Promise<string> {
  const graph = await renderGraph(report);
  const style = writeStyle();
  const script = writeScript();
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${writePolicy(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">
<title>${titleOf(report)}</title><link rel="icon" href="${icon}">
<style>${trustMarkup(style)}</style></head>
<body><a class="skip" href="#changes">Skip to the changes</a>${renderHeadline(report, listParts(report, graph !== undefined))}
<div class="wide"><div class="notices">${renderNotices(report, options.linkOf)}</div></div>${renderMain(report, graph, options.linkOf)}
${renderHelp()}<script>${trustMarkup(script)}</script></body></html>
`;
  return page.markup;
}

function listParts(report: PlanReport, hasGraph: boolean): readonly (readonly [string, string])[] {
  const parts: readonly (readonly [string, string, boolean])[] = [
    ["changes", "Changes", true],
    ["outputs", "Outputs", report.outputs.length > 0],
    ["cost", "Cost", report.cost !== undefined],
    ["graph", "Graph", hasGraph],
    ["lowering", "What it becomes", (report.lowered ?? []).length > 0],
  ];
  return parts.flatMap(([id, name, isThere]) => (isThere ? [[id, name] as const] : []));
}

/** The graph stands beside the changes where there is room, beneath them where there is not. */
function renderMain(report: PlanReport, graph: GraphView | undefined, linkOf: HtmlOptions["linkOf"]): Markup {
  const classes = `wide${graph ? " split" : ""}${report.groups.length >= largeFrom ? " large" : ""}`;
  return html`<main class="${classes}"><div class="column"><section class="changes" id="changes" aria-labelledby="changes-title"><h2 id="changes-title">Changes <span class="count">${formatNumber(report.groups.length)}</span></h2>${renderFilter(report)}${renderChanges(report, linkOf, graph?.drawn ?? new Set())}</section>${renderOutputs(report.outputs)}${renderCost(report)}${graph === undefined && explainNoGraph(report)}</div>${
    graph && html`<div class="side">${graph.markup}</div>`
  }${renderLowered(report.lowered)}</main>`;
}

function explainNoGraph(report: PlanReport): Markup | undefined {
  const resources = report.graph?.nodes.length ?? 0;
  if (resources === 0) return undefined;
  return html`<section class="card" id="graph"><h2>Graph</h2><p class="muted">${formatNumber(resources)} resources are too many for a picture.</p></section>`;
}

/** Nothing is loaded, sent or framed; scripts cannot make markup of text. https://www.w3.org/TR/CSP3/ */
function writePolicy(style: string, script: string): string {
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    `script-src ${hash(script)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** A plus and a tilde on a dark tile; without it a browser asks the server for one. */
const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#3451c7"/><path d="M9 16h14M16 9v14" stroke="#fff" stroke-width="3.5" stroke-linecap="round"/></svg>',
)}`;
