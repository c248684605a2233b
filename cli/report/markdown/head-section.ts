// The open part of a comment before any change: what decides about trust, what it is a plan of, in numbers, and whatever a reviewer must know first.

import { describeCounts } from "../describe-change.ts";
import { formatNumber } from "../html/headline.ts";
import type { PlanReport, ReportDiagnostic, ReportPlace } from "../report.ts";
import { alert, count, list } from "./blocks.ts";
import { code, prose } from "./escape.ts";
import { type LinkOf, listDrifted, renderPlace } from "./group-item.ts";

/** What became of the plan, once somebody tried to carry it out. Lines are plain text. */
export interface Result {
  readonly kind: "done" | "partial" | "failed" | "refused" | "waits";
  readonly lines: readonly string[];
}

const results = {
  done: { kind: "TIP", title: "Applied." },
  partial: { kind: "WARNING", title: "Partly applied; what was done is recorded. Run it again." },
  failed: { kind: "CAUTION", title: "Not applied: it failed, and nothing was changed." },
  refused: { kind: "CAUTION", title: "Not applied: refused." },
  waits: { kind: "WARNING", title: "Waits for approval; nothing was changed." },
} as const;

export function renderResult(result: Result | undefined, items: number): string {
  if (!result) return "";
  const { kind, title } = results[result.kind];
  return alert(
    kind,
    title,
    list(result.lines, items, (line) => prose(line)),
  );
}

/** Comes before everything else: whoever can weaken these could weaken the rest. */
export function renderTrust({ trust }: PlanReport, items: number): string {
  if (trust.length === 0) return "";
  return alert("CAUTION", "This change edits what decides about trust.", listBriefly(trust, items));
}

/** What is never left out, but must not crowd out what is destroyed: some of it, shorter where room is short. */
function listBriefly(texts: readonly string[], items: number): string {
  const [most, length] = items > 10 ? [30, 1_000] : [10, 200];
  return list(texts, most, (text) => prose(text, length));
}

export function renderHeading(report: PlanReport): string {
  const { stack, revision, clouds, counts, problems, mode } = report;
  const name = [code(stack.name), ...(stack.environment === undefined ? [] : [code(stack.environment)])].join(" · ");
  const title = problems.length > 0 ? "no plan could be made" : describeTitle(report);
  const facts = [
    ...clouds.slice(0, 12).map((cloud) => `${code(cloud.name, 60)}${cloud.place === undefined ? "" : ` ${code(cloud.place, 60)}`}`),
    ...(clouds.length > 12 ? [`${clouds.length - 12} more clouds`] : []),
    ...(problems.length > 0 ? [] : [`${formatNumber(counts.unchanged)} unchanged`]),
    ...(counts.leftOut > 0 ? [`**${formatNumber(counts.leftOut)} left out** by \`--target\` or \`--exclude\``] : []),
    ...(mode.destroy ? ["**the whole stack is removed**"] : []),
    ...(stack.folder === "" ? [] : [`in ${code(stack.folder)}`]),
    ...(revision === undefined ? [] : [`at \`${revision.slice(0, 12)}\``]),
  ];
  return `### ${name}: ${title}\n\n${facts.join(" · ")}\n\n`;
}

function describeTitle({ counts, outputs, mode }: PlanReport): string {
  const { unchanged, leftOut, ...actions } = counts;
  if (Object.values(actions).some((many) => many > 0)) {
    const { refreshOnly } = mode;
    // What does not change stands beneath.
    return describeCounts({ counts: actions, unchanged, refreshOnly }).replace(/, \d+ unchanged$/, "");
  }
  if (leftOut > 0) return "no changes to what was asked for";
  return outputs.length > 0 ? "only outputs change" : "no changes";
}

/** That it is less than a plan against the real clouds, said so that nobody overlooks it. */
export function renderModes({ world, mode }: PlanReport): string {
  const texts: string[] = [];
  if (mode.against !== undefined)
    texts.push(
      alert(
        "WARNING",
        "Not compared with any cloud.",
        `The sources of two revisions are compared, this one with ${code(mode.against)}. What was applied, what drifted and what is gone is not known here, so the plan that is applied can be another.`,
      ),
    );
  else if (mode.offline)
    texts.push(
      alert(
        "WARNING",
        "Not compared with any cloud.",
        "It is compared with the recorded state only. What drifted and what is gone is not known here.",
      ),
    );
  if (mode.refreshOnly) texts.push(alert("NOTE", "Refresh only: nothing is sent to any cloud, only recorded."));
  if (world === "simulated")
    texts.push(alert("NOTE", "Simulated.", "The clouds are embedded ones. No real cloud was asked, and none is changed by this."));
  return texts.join("");
}

export function renderProblems({ problems }: PlanReport, linkOf: LinkOf, items: number): string {
  if (problems.length === 0) return "";
  const lines = list(problems, items, ({ message, hint, place }) => `${prose(message)}${describeWhere(place, hint, linkOf)}`);
  return alert("CAUTION", "No plan could be made.", lines);
}

function describeWhere(place: ReportPlace | undefined, hint: string | undefined, linkOf: LinkOf): string {
  return `${place ? ` · ${renderPlace(place, linkOf)}` : ""}${hint === undefined ? "" : `<br>${prose(hint)}`}`;
}

export function renderBudget({ budget, digest }: PlanReport, items: number): string {
  // A comparison of two revisions has no digest that anybody could approve.
  if (!budget || (budget.verdict === "needs-approval" && !digest)) return "";
  const reasons = listBriefly(budget.reasons, items);
  if (budget.verdict === "exceeded") return alert("CAUTION", "Over budget: this is not applied.", reasons);
  if (budget.verdict === "needs-approval") return alert("WARNING", "Needs an approving review of this very digest.", reasons);
  return reasons === "" ? "" : `Within budget:\n\n${reasons}\n`;
}

/** Named here, with details at their resources. */
export function renderDrift(report: PlanReport): string {
  const drifted = listDrifted(report);
  if (drifted.length === 0) return "";
  const named = drifted.slice(0, 10).map((address) => code(address, 100));
  const rest = drifted.length > named.length ? ` and ${formatNumber(drifted.length - named.length)} more` : "";
  return `**Drift:** ${count(drifted.length, "resource differs", "resources differ")} from what was applied: ${named.join(", ")}${rest}.\n\n`;
}

/** As a list; empty where there are none. */
export function renderDiagnostics(diagnostics: readonly ReportDiagnostic[], linkOf: LinkOf, items: number): string {
  return list(
    diagnostics,
    items,
    ({ code: id, message, place, hint }) => `${code(id, 20)} ${prose(message)}${describeWhere(place, hint, linkOf)}`,
  );
}
