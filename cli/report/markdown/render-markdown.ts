// A report as a comment in a review: the headline, what decides about trust, destroys and replacements in the open, the rest folded; never over the host's
// limit. Made from the report alone, whose text is hostile: escape.ts writes all of it. Pure.

import { isDestructive } from "../destructive.ts";
import type { PlanReport, ReportGroup, ReportPlace } from "../report.ts";
import { fold, section } from "./blocks.ts";
import { renderCostLine } from "./cost-line.ts";
import { type DangerItem, renderDanger } from "./danger-section.ts";
import { chooseDetail, type Detail } from "./detail.ts";
import { code, link } from "./escape.ts";
import { renderItem, renderLine, renderShort } from "./group-item.ts";
import {
  type Result,
  renderBudget,
  renderDiagnostics,
  renderDrift,
  renderHeading,
  renderModes,
  renderProblems,
  renderResult,
  renderTrust,
} from "./head-section.ts";
import { renderDiagram } from "./mermaid.ts";
import { renderRest } from "./rest-section.ts";
import { renderSafe, type SafeItem, sortSafe } from "./safe-section.ts";

export interface MarkdownOptions {
  /** Most that the host takes, less what the caller adds. */
  readonly limit: number;
  /**
   * What the host counts. GitHub says 65,536 characters; bytes are the reading that is safe whatever it counts. GitLab: 1,000,000 characters
   * (https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions-of-issues-merge-requests-and-epics).
   */
  readonly unit: "utf8-bytes" | "utf16";
  /** The page of a place in the sources. Only http and https are followed. */
  linkOf?(place: ReportPlace): string | undefined;
  /** Where the whole plan can be read. */
  readonly artefactUrl?: string;
  /** What became of it. */
  readonly result?: Result;
}

/** Markdown that ends with a line break and is never over the limit; below some 4,000 of it, even counts may have to go. */
export function renderMarkdown(report: PlanReport, options: MarkdownOptions): string {
  const measure = (text: string): number => (options.unit === "utf8-bytes" ? Buffer.byteLength(text, "utf8") : text.length);
  const render = prepare(report, options);
  const danger = report.groups.filter(isDestructive).length;
  const sizes = { danger, safe: report.groups.length - danger };
  const text = render(chooseDetail(sizes, (detail) => measure(render(detail)) <= options.limit));
  if (measure(text) <= options.limit) return text;
  return `${renderHeading({ ...report, clouds: [] })}There is no room for the plan here${readWhole(options)}.\n`;
}

/** Each part is written once in each form; trying a detail only joins them. */
function prepare(report: PlanReport, options: MarkdownOptions): (detail: Detail) => string {
  const { linkOf } = options;
  const danger: readonly DangerItem[] = report.groups
    .filter(isDestructive)
    .map((group) => ({ ...formsOf(group, linkOf), short: renderShort(group) }));
  const safe: readonly SafeItem[] = sortSafe(report.groups.filter((group) => !isDestructive(group))).map((group) => formsOf(group, linkOf));
  const diagram = renderDiagram(report);
  const whole = readWhole(options);
  const heading = [renderHeading(report), renderModes(report)].join("");
  const frames = new Map<number, Frame>();
  return (detail) => {
    const frame = frames.get(detail.items) ?? renderFrame(report, heading, detail.items, options);
    frames.set(detail.items, frame);
    return [
      frame.before,
      renderDanger(danger, detail),
      renderSafe(safe, detail, whole),
      frame.after,
      detail.diagram && diagram !== undefined ? fold("Graph", diagram) : "",
      renderFoot(report, detail, options),
    ].join("");
  };
}

/** What stands around the changes. */
interface Frame {
  readonly before: string;
  readonly after: string;
}

function renderFrame(report: PlanReport, heading: string, items: number, { linkOf, result }: MarkdownOptions): Frame {
  const errors = report.diagnostics.filter(({ severity }) => severity === "error");
  const before = [
    renderTrust(report, items),
    renderResult(result, items),
    heading,
    renderProblems(report, linkOf, items),
    // What asks for an approval says nothing any more once it was carried out.
    result?.kind === "done" || result?.kind === "partial" ? "" : renderBudget(report, items),
    renderCostLine(report),
    renderDrift(report),
    section("Errors", renderDiagnostics(errors, linkOf, items)),
  ];
  return { before: before.join(""), after: renderRest(report, linkOf, items) };
}

function formsOf(
  group: ReportGroup,
  linkOf: MarkdownOptions["linkOf"],
): { readonly group: ReportGroup; readonly full: string; readonly line: string } {
  return { group, full: renderItem(group, linkOf), line: renderLine(group, linkOf) };
}

/** `: see the whole plan`, where it is kept anywhere. */
function readWhole({ artefactUrl }: MarkdownOptions): string {
  const text = link("the whole plan", artefactUrl);
  return text.startsWith("[") ? `: see ${text}` : "";
}

function renderFoot({ digest, koine, createdAt }: PlanReport, { diagram, danger }: Detail, options: MarkdownOptions): string {
  const text = link("The whole plan", options.artefactUrl);
  const whole = text.startsWith("[") ? `${text} · ` : "";
  const shortened = diagram
    ? ""
    : `Shortened to what a comment may hold${danger === "counts" ? "" : "; nothing that is destroyed or replaced is left out"}. `;
  const bound = digest ? `Digest of the changes, which an approval binds to: \`${digest.changes}\`\n\n` : "";
  return `---\n\n${bound}${shortened}${whole}planned ${code(createdAt.slice(0, 16).replace("T", " "), 20)} UTC by Koine ${code(koine, 40)}\n`;
}
