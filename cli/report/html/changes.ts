// The list of changes: what destroys, replaces or loses data first and open, every resource with its native changes and props. Complete without JavaScript.

import type { Action, Cause } from "../../../engine/plan/change.ts";
import type { Impact } from "../../../engine/provider/native-schema.ts";
import { describeCause, describeObject, signs } from "../describe-change.ts";
import { isDestructive } from "../destructive.ts";
import type { PlanReport, ReportChange, ReportGroup, ReportPlace, ReportProp } from "../report.ts";
import { renderCompact } from "./compact-changes.ts";
import { fragmentOf, html, type Markup, safeLink } from "./markup.ts";
import { words } from "./palette.ts";
import { renderDifference, renderValue } from "./values.ts";

export type LinkOf = (place: ReportPlace) => string | undefined;

/** Up to so many resources everything is open: there is nothing to search for. */
const openUpTo = 6;

/** From so many on, the native changes of a resource are one text, and what is out of sight is not laid out. */
export const largeFrom = 400;

/** How the groups of one page are rendered. */
interface Manner {
  readonly linkOf: LinkOf | undefined;
  /** Addresses with a box in the graph. */
  readonly drawn: ReadonlySet<string>;
  readonly isLarge: boolean;
  readonly allOpen: boolean;
}

/** Both lists, or what is said where nothing changes. `drawn` tells which addresses the graph shows. */
export function renderChanges(report: PlanReport, linkOf: LinkOf | undefined, drawn: ReadonlySet<string>): Markup {
  const dangerous = report.groups.filter(isDestructive);
  const others = report.groups.filter((group) => !isDestructive(group));
  const manner: Manner = { linkOf, drawn, isLarge: report.groups.length >= largeFrom, allOpen: report.groups.length <= openUpTo };
  const render = (group: ReportGroup): Markup => renderGroup(group, manner);
  if (report.groups.length === 0) return html`<p class="nothing">${describeNothing(report)}</p>`;
  return html`${
    dangerous.length > 0 &&
    html`<div class="list" data-list><h3 class="danger">Destroys, replaces or loses data <span class="count" data-count>${dangerous.length}</span></h3>${dangerous.map(render)}</div>`
  }${
    others.length > 0 &&
    html`<div class="list" data-list><h3>${dangerous.length > 0 ? "Everything else" : "Nothing is destroyed or replaced"} <span class="count" data-count>${others.length}</span></h3>${others.map(render)}</div>`
  }<p class="nothing" id="none-match" hidden>No change matches the filter.</p>`;
}

function describeNothing(report: PlanReport): string {
  if (report.problems.length > 0) return "No plan could be made, so nothing is known of its changes.";
  if (report.counts.leftOut > 0) return "No changes to what was asked for.";
  if (report.outputs.length > 0) return "No object changes.";
  return report.mode.refreshOnly ? "Nothing to record. The world is as the state says." : "No changes. The world is as the stack says.";
}

function renderGroup(group: ReportGroup, manner: Manner): Markup {
  const isOpen = manner.allOpen || isDestructive(group);
  return html`<article class="group ${group.action}" id="${group.address}" data-action="${group.action}" data-cloud="${group.cloud}" data-kind="${group.kind ?? ""}">
<details${isOpen && html` open`}><summary>${renderSign(group.action)}<span><b>${group.address}</b> <span class="about">${group.about}</span>${renderImpact(worstImpact(group.changes))}</span></summary>
<div class="body">${manner.isLarge ? renderCompact(group.changes) : html`${renderMeta(group, manner)}${group.changes.map(renderChange)}`}</div></details>${group.place !== undefined && renderAside(group.place, manner.linkOf)}</article>
`;
}

/** Beside the summary and not in it: a link inside a control could not be told from it by a screen reader. */
function renderAside(place: ReportPlace, linkOf: LinkOf | undefined): Markup {
  const length = `${place.file}:${place.line}`.length;
  const step = Math.min(36, Math.max(12, Math.ceil(length / 6) * 6));
  return html`<span class="place place-${step}">${renderPlace(place, linkOf)}</span>`;
}

function renderMeta(group: ReportGroup, { drawn }: Manner): Markup {
  const toGraph = drawn.has(group.address) && html` · <a href="${fragmentOf(nodeId(group.address))}">in the graph</a>`;
  return html`<p class="meta">${group.kind !== undefined && html`${group.kind} · `}${group.cloud}${toGraph} · <a href="${fragmentOf(group.address)}">link to this</a></p>`;
}

/** The id of a resource's node in the graph; addresses never begin so. */
export function nodeId(address: string): string {
  return `node:${address}`;
}

/** `web.koine:31`, as a link where one is known and it is safe to follow. */
export function renderPlace(place: ReportPlace, linkOf: LinkOf | undefined): Markup {
  const text = `${place.file}:${place.line}`;
  const link = safeLink(linkOf?.(place));
  return link === undefined
    ? html`<span class="mono">${text}</span>`
    : html`<a class="mono" rel="noopener noreferrer" href="${link}">${text}</a>`;
}

export function renderSign(action: Action): Markup {
  return html`<span class="sign ${action}" aria-hidden="true">${signs[action]}</span><span class="sr">${words[action]}: </span>`;
}

const impactWeights: readonly Impact[] = ["none", "restart", "downtime", "data-loss"];

function worstImpact(changes: readonly ReportChange[]): Impact {
  const weight = Math.max(0, ...changes.map((change) => impactWeights.indexOf(change.impact)));
  return impactWeights[weight] ?? "none";
}

function renderImpact(impact: Impact): Markup | false {
  return impact !== "none" && html` <span class="impact ${impact}">${impact === "data-loss" ? "data loss" : impact}</span>`;
}

function renderChange(change: ReportChange): Markup {
  const [, , ...words] = describeObject(change);
  return html`<section class="change"><p class="object">${renderSign(change.action)}<code>${change.type}</code> <span class="role" title="${change.key}">${change.role}</span>${words.map((word) => html` <span class="word">${word}</span>`)}${renderImpact(change.impact)}</p>${
    change.props.length > 0 && html`<table><tbody>${change.props.map((prop) => renderProp(prop, change.action))}</tbody></table>`
  }${change.notes.map((note) => html`<p class="note">${note}</p>`)}</section>`;
}

/** Of causes that the text plan leaves to be understood. */
const quietCauses: Readonly<Partial<Record<Cause, string>>> = { replacement: "follows a replacement", mark: "mark of ownership" };

function renderProp(prop: ReportProp, action: Action): Markup {
  const words = [...describeCause(prop), ...(quietCauses[prop.cause] === undefined ? [] : [quietCauses[prop.cause]])];
  return html`<tr><th scope="row">${prop.prop}</th><td>${renderPropValue(prop, action)}${words.map((word, index) => html` <span class="${index === 0 && prop.forces !== undefined ? "forces" : "cause"}">${word}</span>`)}</td></tr>`;
}

function renderPropValue(prop: ReportProp, action: Action): Markup | undefined {
  if (prop.secret) return html`<span class="secret">(secret)${action === "create" ? "" : " changes"}</span>`;
  if (prop.from === undefined && prop.to === undefined) return undefined;
  return action === "create" && prop.from === undefined ? renderValue(prop.to) : renderDifference(prop.from, prop.to);
}
