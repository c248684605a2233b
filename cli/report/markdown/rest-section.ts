// What a plan says beside its changes: what is held up, outputs, cost, warnings. Folded where it does not bear on whether to approve.

import type { PlanReport, ReportOutput } from "../report.ts";
import { formatReported } from "../report-value.ts";
import { count, fold, list, section } from "./blocks.ts";
import { renderCost } from "./cost-line.ts";
import { code, prose } from "./escape.ts";
import type { LinkOf } from "./group-item.ts";
import { renderDiagnostics } from "./head-section.ts";

export function renderRest(report: PlanReport, linkOf: LinkOf, items: number): string {
  const { blocked, strays, settled, warnings, outputs, diagnostics } = report;
  const left = strays.filter(({ claimed }) => !claimed);
  const remarks = diagnostics.filter(({ severity }) => severity === "warning");
  const notes = diagnostics.filter(({ severity }) => severity === "info");
  const because = (reason: string | undefined): string => (reason === undefined ? "" : ` (${prose(reason)})`);
  return [
    section(
      "Left out until it is settled",
      list(blocked, items, ({ address, reason }) => `${code(address)}: ${prose(reason)}`),
    ),
    section(
      "Objects with this stack's mark that are not managed, left alone",
      list(left, items, ({ type, id, address }) => `${code(type)} ${code(id)}${address === undefined ? "" : ` (${code(address)})`}`),
    ),
    section(
      "In flight when a run ended",
      list(settled, items, ({ key, outcome, reason }) => `${code(key)}: ${prose(outcome)}${because(reason)}`),
    ),
    section(
      "Warnings",
      list(warnings, items, (text) => prose(text)),
    ),
    section("Remarks on the sources", renderDiagnostics(remarks, linkOf, items)),
    fold(count(notes.length, "note"), renderDiagnostics(notes, linkOf, items)),
    fold(`${count(outputs.length, "output")} that ${outputs.length === 1 ? "changes" : "change"}`, list(outputs, items, describeOutput)),
    renderCost(report, items),
  ].join("");
}

function describeOutput({ name, from, to, deferred, secret, waitsFor = [] }: ReportOutput): string {
  const before = from === undefined || secret ? "" : ` ${code(formatReported(from))} →`;
  if (secret) return `${code(name)} (secret)`;
  if (deferred)
    return `${code(name)}${before} known after ${
      waitsFor
        .slice(0, 5)
        .map((one) => code(one))
        .join(", ") || "apply"
    }`;
  return to === undefined ? `${code(name)}${before} removed` : `${code(name)}${before} ${code(formatReported(to))}`;
}
