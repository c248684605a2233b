// Diagnostics for people (source lines with marks) and for programs (JSON). Changes nothing in a diagnostic and knows no
// terminal: whether to colour and how wide the lines may be is the caller's to say.

import { formatPlace, positionAt, type SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";
import { drawSpan } from "./draw-source.ts";
import { escapeControls } from "./text-cells.ts";

export interface RenderOptions {
  readonly color: boolean;
  /** Cells of a line of output; 100 when absent. */
  readonly width?: number;
}

type Style = "error" | "warning" | "strong" | "quiet" | "related" | "hint";
type Paint = (style: Style, text: string) => string;

const escapes: Readonly<Record<Style, string>> = {
  error: "\u001b[1;31m",
  warning: "\u001b[1;33m",
  strong: "\u001b[1m",
  quiet: "\u001b[34m",
  related: "\u001b[36m",
  hint: "\u001b[32m",
};
const reset = "\u001b[0m";

/**
 * The text a person reads: diagnostics in the order of files and places, equal ones once, an empty line between them, a
 * line break at the end; "" for none. A span in a file that `sources` (by path) does not hold is named without its lines.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceFile>,
  options: RenderOptions,
): string {
  const paint: Paint = options.color ? (style, text) => (text === "" ? "" : `${escapes[style]}${text}${reset}`) : (_, text) => text;
  const width = Math.max(20, options.width ?? 100);
  return sortDiagnostics(diagnostics)
    .map((diagnostic) => renderOne(diagnostic, sources, paint, width))
    .join("\n");
}

function renderOne(diagnostic: Diagnostic, sources: ReadonlyMap<string, SourceFile>, paint: Paint, width: number): string {
  const { severity, code, message, span, label, related = [], hint, fix } = diagnostic;
  const places = [
    ...(span ? [{ span, mark: "^", label: label ?? "", style: severity as Style }] : []),
    ...related.map((other) => ({ span: other.span, mark: "-", label: other.message, style: "related" as Style })),
  ];
  const gutter = Math.max(2, ...places.map((place) => lastLineNumber(sources.get(place.span.file), place.span).toString().length));
  const blank = " ".repeat(gutter);
  const lines = [`${paint(severity, `${severity} ${code}`)}${paint("strong", `: ${escapeControls(message)}`)}`];
  for (const place of places) {
    const file = sources.get(place.span.file);
    lines.push(`${blank}${paint("quiet", "┌─")} ${escapeControls(formatPlace(file, place.span))}`);
    if (!file || diagnostic.conceal) {
      if (place.label !== "") lines.push(`${blank}${paint("quiet", "│")} ${paint(place.style, escapeControls(place.label))}`);
      continue;
    }
    for (const row of drawSpan(file, place.span, place.mark, escapeControls(place.label), width - gutter - 2).rows) {
      const number = row.number === undefined ? blank : String(row.number).padStart(gutter);
      const text = row.isMark ? paint(place.style, row.text.trimEnd()) : row.text;
      lines.push(`${paint("quiet", `${number}│`)}${text === "" ? "" : " "}${text}`);
    }
  }
  const advice = hint ?? fix?.title;
  if (advice !== undefined) lines.push(`${blank}${paint("hint", "=")} ${advice.split("\n").map(escapeControls).join(`\n${blank}  `)}`);
  return `${lines.join("\n")}\n`;
}

function lastLineNumber(file: SourceFile | undefined, span: Span): number {
  return file ? positionAt(file, Math.max(span.start, span.end)).line : 0;
}

/** Those without a place first, then by file, place, code and message; of equal ones the first. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const ordered = [...diagnostics].sort(
    (a, b) =>
      compareTexts(a.span?.file ?? "", b.span?.file ?? "") ||
      (a.span?.start ?? -1) - (b.span?.start ?? -1) ||
      (a.span?.end ?? -1) - (b.span?.end ?? -1) ||
      compareTexts(a.code, b.code) ||
      compareTexts(a.message, b.message),
  );
  const seen = new Set<string>();
  return ordered.filter(({ code, span, message }) => {
    const key = JSON.stringify([code, span?.file, span?.start, span?.end, message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Offsets count from 0 in UTF-16 code units; lines and columns from 1. Absent without the file's text. */
export interface JsonPlace {
  readonly file: string;
  readonly start: JsonPosition;
  readonly end: JsonPosition;
}

export interface JsonPosition {
  readonly offset: number;
  readonly line?: number;
  readonly column?: number;
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly place?: JsonPlace;
  readonly label?: string;
  readonly related?: readonly { readonly message: string; readonly place: JsonPlace }[];
  readonly hint?: string;
  readonly fix?: { readonly title: string; readonly replacement: string; readonly place: JsonPlace };
}

export interface JsonDiagnostics {
  /** Changes only when a field changes its meaning or goes. */
  readonly version: 1;
  readonly diagnostics: readonly JsonDiagnostic[];
}

/** The same diagnostics for programs, in the same order, ready for `JSON.stringify`. */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, SourceFile>): JsonDiagnostics {
  const position = (file: SourceFile | undefined, offset: number): JsonPosition => ({ offset, ...(file ? positionAt(file, offset) : {}) });
  const place = (span: Span): JsonPlace => {
    const file = sources.get(span.file);
    return { file: span.file, start: position(file, span.start), end: position(file, span.end) };
  };
  return {
    version: 1,
    diagnostics: sortDiagnostics(diagnostics).map(({ span, related, fix, ...rest }) => ({
      ...rest,
      ...(span ? { place: place(span) } : {}),
      ...(related ? { related: related.map((other) => ({ message: other.message, place: place(other.span) })) } : {}),
      ...(fix ? { fix: { title: fix.title, replacement: fix.replacement, place: place(fix.span) } } : {}),
    })),
  };
}
