// Values of props as the page shows them: whole, never cut; short ones on one line, long ones as text of many lines.

import { plainReported } from "../report-value.ts";
import { diffLines } from "./diff-lines.ts";
import { type Hole, html, type Markup } from "./markup.ts";

const longestLine = 72;

/** Plain words as they are, other text in quotes, maps and lists as JSON; over more than one line where one would be too long. */
function formatValue(value: unknown): string {
  if (value === undefined || value === null) return "(not set)";
  if (typeof value === "string") return value.includes("\n") || isPlain(value) ? value : JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  const short = JSON.stringify(value);
  return short.length <= longestLine ? short : JSON.stringify(value, null, 2);
}

function isPlain(text: string): boolean {
  return /^[\w.:/@+-]+$/.test(text);
}

/** `from → to` with what went marked as deleted and what came as inserted; texts of many lines line by line. */
export function renderDifference(from: unknown, to: unknown): Markup {
  const before = formatReportedWhole(from);
  const after = formatReportedWhole(to);
  if (!before.includes("\n") && !after.includes("\n"))
    return html`<del>${before}</del> <span class="to"><span aria-hidden="true">→</span><span class="sr"> becomes </span></span> <ins>${after}</ins>`;
  const lines = from === undefined || to === undefined ? undefined : diffLines(before, after);
  if (lines === undefined) return html`<pre><del>${before}</del>\n<ins>${after}</ins></pre>`;
  return html`<pre>${lines.map((line, index): Hole => {
    const end = index < lines.length - 1 ? "\n" : "";
    if (line.kind === "same") return `  ${line.text}${end}`;
    return line.kind === "out" ? html`<del>- ${line.text}</del>${end}` : html`<ins>+ ${line.text}</ins>${end}`;
  })}</pre>`;
}

/** A value of a prop or an output of the report. What is not known yet stands in parentheses, which text of an author never does without quotes. */
export function formatReportedWhole(value: unknown): string {
  const plain = plainReported(value);
  return typeof plain === "string" && typeof value === "object" ? plain : formatValue(plain);
}

/** A prop as `koine lower` writes it: secrets and references in words of its own. */
export function formatLowered(value: unknown): string {
  return typeof value === "string" && /^(?:\(secret\)|\$\{[^{}"]+\})$/.test(value) ? value : formatValue(value);
}

/** One value alone: of a new object. */
export function renderValue(value: unknown): Markup {
  const text = formatReportedWhole(value);
  return text.includes("\n") ? html`<pre>${text}</pre>` : html`<code>${text}</code>`;
}
