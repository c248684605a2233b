// A finished report to where it was asked for: a file of JSON, a page, Markdown on stdout. The renderings are loaded only when they are used.

import { writeFileSync } from "node:fs";
import type { CommandContext } from "../command-context.ts";
import { serialiseReport } from "./build-report.ts";
import type { PlanReport } from "./report.ts";

export interface ReportFlags {
  /** `--report FILE`, `--html FILE` */
  readonly report?: string;
  readonly html?: string;
  readonly format: "text" | "json" | "markdown" | "html";
}

/** Whether anybody asked for a report. */
export function wantsReport({ report, html, format }: ReportFlags): boolean {
  return report !== undefined || html !== undefined || isReportFormat(format);
}

export function isReportFormat(format: ReportFlags["format"]): format is "markdown" | "html" {
  return format === "markdown" || format === "html";
}

/** What a comment on GitHub may hold, counted in the way that gives the least; see markdown/fit.ts. */
const plainLimit = { limit: 65_536, unit: "utf8-bytes" } as const;

/** Files are the owner's alone: a report names what is not public, though never a secret. */
export async function deliverReport({ terminal }: CommandContext, flags: ReportFlags, report: PlanReport): Promise<void> {
  if (flags.report !== undefined) writeFileSync(flags.report, serialiseReport(report), { mode: 0o600 });
  if (flags.html !== undefined) writeFileSync(flags.html, await toHtml(report), { mode: 0o600 });
  if (isReportFormat(flags.format)) terminal.out(await renderReport(report, flags.format));
}

export async function renderReport(report: PlanReport, format: "markdown" | "html" | "json"): Promise<string> {
  if (format === "json") return serialiseReport(report);
  if (format === "html") return toHtml(report);
  const { renderMarkdown } = await import("./markdown/render-markdown.ts");
  return renderMarkdown(report, plainLimit);
}

async function toHtml(report: PlanReport): Promise<string> {
  const { renderHtml } = await import("./html/render-html.ts");
  return renderHtml(report);
}
