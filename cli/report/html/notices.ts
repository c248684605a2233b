// Everything that is not a change and may change a reviewer's mind, the gravest first: trust, why there is no plan, mistakes, the budget, what was left out.

import type { PlanReport, ReportBudget, ReportDiagnostic, ReportPlace } from "../report.ts";
import { type LinkOf, renderPlace } from "./changes.ts";
import { isUncompared } from "./headline.ts";
import { html, type Markup } from "./markup.ts";

type Tone = "danger" | "warn" | "fine" | "note";

/** A heading and what stands under it. */
interface Notice {
  readonly tone: Tone;
  readonly heading: string;
  readonly lines: readonly Markup[];
  /** Shown without a line too. */
  readonly always?: true;
}

export function renderNotices(report: PlanReport, linkOf: LinkOf | undefined): Markup {
  const errors = report.diagnostics.filter((one) => one.severity === "error");
  const warnings = report.diagnostics.filter((one) => one.severity === "warning");
  const notes = report.diagnostics.filter((one) => one.severity === "info");
  const { budget } = report;
  const isExceeded = budget?.verdict === "exceeded";
  const notices: readonly Notice[] = [
    { tone: "danger", heading: "This change edits what decides about trust", lines: report.trust.map(renderProse) },
    ...(budget && isExceeded ? [describeBudget(budget)] : []),
    { tone: "danger", heading: "No plan could be made", lines: report.problems.map((one) => renderMessage(one, linkOf)) },
    { tone: "danger", heading: "Errors", lines: errors.map((one) => renderDiagnostic(one, linkOf)) },
    { tone: "warn", heading: "Not compared with any cloud", lines: isUncompared(report) ? [describeBasis(report)] : [] },
    { tone: "warn", heading: "Left out until it is settled", lines: report.blocked.map(renderBlocked) },
    { tone: "warn", heading: "Objects with this stack's mark that are not managed", lines: report.strays.map(renderStray) },
    { tone: "warn", heading: "In flight when a run ended", lines: report.settled.map(renderSettled) },
    {
      tone: "warn",
      heading: "Warnings",
      lines: [...report.warnings.map(renderProse), ...warnings.map((one) => renderDiagnostic(one, linkOf))],
    },
    ...(budget && !isExceeded ? [describeBudget(budget)] : []),
    { tone: "note", heading: "Notes", lines: notes.map((one) => renderMessage(one, linkOf)) },
  ];
  return html`${notices.filter(({ always, lines }) => always || lines.length > 0).map(renderNotice)}`;
}

const marks: Readonly<Record<Tone, string>> = { danger: "!", warn: "!", fine: "✓", note: "i" };

function renderNotice({ tone, heading, lines }: Notice): Markup {
  return html`<section class="notice ${tone}"><h2><span aria-hidden="true">${marks[tone]}</span>${heading}</h2>${
    lines.length > 0 && html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`
  }</section>`;
}

const verdicts: Readonly<Record<ReportBudget["verdict"], { readonly tone: Tone; readonly heading: string }>> = {
  exceeded: { tone: "danger", heading: "Over budget: will not be applied" },
  "needs-approval": { tone: "warn", heading: "Needs an approving review of this digest" },
  within: { tone: "fine", heading: "Within budget" },
};

function describeBudget({ verdict, reasons }: ReportBudget): Notice {
  return { ...verdicts[verdict], lines: reasons.map(renderProse), always: true };
}

/** What stands between backticks is code, as messages write it. */
function renderProse(text: string): Markup {
  return html`${text.split(/`([^`\n]+)`/).map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

function describeBasis({ mode }: PlanReport): Markup {
  return mode.against === undefined
    ? html`The plan was made from the state alone; what the clouds hold may differ.`
    : html`The sources of two revisions were compared; neither the state nor the clouds were asked.`;
}

interface Message {
  readonly message: string;
  readonly hint?: string;
  readonly place?: ReportPlace;
}

function renderMessage({ message, hint, place }: Message, linkOf: LinkOf | undefined): Markup {
  return html`${renderProse(message)}${place !== undefined && html` ${renderPlace(place, linkOf)}`}${hint !== undefined && html`<span class="hint">${renderProse(hint)}</span>`}`;
}

function renderDiagnostic(one: ReportDiagnostic, linkOf: LinkOf | undefined): Markup {
  return html`<span class="code">${one.code}</span> ${renderMessage(one, linkOf)}`;
}

function renderBlocked({ address, reason }: PlanReport["blocked"][number]): Markup {
  return html`<code>${address}</code> ${renderProse(reason)}`;
}

function renderStray({ type, id, address, claimed }: PlanReport["strays"][number]): Markup {
  const what = claimed ? "traced to an unfinished run; deleted by this plan" : "left alone";
  return html`<code>${type}</code> <code>${id}</code>${address !== undefined && html` (${address})`}: ${what}`;
}

function renderSettled({ key, outcome, reason }: PlanReport["settled"][number]): Markup {
  return html`<code>${key}</code> ${outcome}${reason !== undefined && html`: ${renderProse(reason)}`}`;
}
