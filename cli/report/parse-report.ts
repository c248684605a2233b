// Reads a report that somebody else wrote: a job of a change that is not trusted yet. Whatever is not exactly a report is a mistake in words. Never throws.

import { listMistakes } from "../../engine/state/data-shape.ts";
import { type PlanReport, reportFormat } from "./report.ts";
import { reportShape } from "./report-shape.ts";

/** A plan of 5,000 changes is about a tenth of it. */
const largest = 128 * 1024 * 1024;

/** Values of props nest; renderings walk down into them. */
const deepest = 100;

export function parseReport(text: string): { readonly report: PlanReport } | { readonly mistake: string } {
  if (text.length > largest) return { mistake: "it is larger than 128 MiB" };
  if (isTooDeep(text)) return { mistake: `its values nest deeper than ${deepest}` };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { mistake: "it is not JSON" };
  }
  const mistake = describeMistake(data);
  return mistake === undefined ? { report: data as PlanReport } : { mistake };
}

/** Whether a text of JSON is meant to be a report at all, to tell it from a plan file. */
export function looksLikeReport(text: string): boolean {
  return /^\s*\{\s*"koineReport"\s*:/.test(text);
}

function describeMistake(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return "it is not a JSON object";
  const format = (data as { readonly koineReport?: unknown }).koineReport;
  if (format === undefined) return "it does not say which format it has";
  if (format !== reportFormat) return `it has format ${JSON.stringify(format)?.slice(0, 20)}, and this Koine reads ${reportFormat}`;
  return listMistakes(data, reportShape, 1)[0] ?? describeGraphMistake(data as PlanReport);
}

function describeGraphMistake({ graph }: PlanReport): string | undefined {
  const wrong = graph?.edges.findIndex((edge) => edge.length !== 2 || edge.some((index) => index >= graph.nodes.length)) ?? -1;
  return wrong < 0 ? undefined : `\`graph.edges[${wrong}]\` is not a pair of indices into \`graph.nodes\``;
}

/** Looks at brackets outside of strings; what is no JSON at all is told later. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (inString) {
      if (unit === 92) at++;
      else if (unit === 34) inString = false;
    } else if (unit === 34) inString = true;
    else if (unit === 91 || unit === 123) {
      depth++;
      if (depth > deepest) return true;
    } else if (unit === 93 || unit === 125) depth--;
  }
  return false;
}
