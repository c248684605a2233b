// Draws one span under its source lines: line numbers, the line, and marks under what is meant.

import { lineStarts, positionAt, type SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import { type Cell, layOutLine } from "./text-cells.ts";

export interface Drawing {
  /** Without their line numbers; `number` is absent for the line of marks. */
  readonly rows: readonly { readonly number?: number; readonly text: string; readonly isMark: boolean }[];
}

interface LinePart {
  readonly number: number;
  readonly text: string;
  /** Units of the line that are meant. */
  readonly from: number;
  readonly to: number;
}

const margin = 12;

/** `mark` is the character drawn under the span; `width` the cells there are for a source line. */
export function drawSpan(file: SourceFile, span: Span, mark: string, label: string, width: number): Drawing {
  const first = positionAt(file, span.start);
  const last = positionAt(file, Math.max(span.start, span.end));
  const firstText = lineText(file, first.line);
  const start = first.column - 1;
  if (last.line === first.line) {
    return { rows: drawLine({ number: first.line, text: firstText, from: start, to: last.column - 1 }, mark, label, width) };
  }
  // Of a span over several lines the first and the last are shown; a last line of which nothing is meant is not.
  const rows = drawLine({ number: first.line, text: firstText, from: start, to: firstText.length }, mark, "", width);
  const endLine = last.column > 1 ? last.line : last.line - 1;
  const endText = lineText(file, endLine);
  if (endLine === first.line)
    return { rows: drawLine({ number: first.line, text: firstText, from: start, to: firstText.length }, mark, label, width) };
  const indent = endText.length - endText.trimStart().length;
  const to = endLine === last.line ? last.column - 1 : endText.length;
  const end = drawLine({ number: endLine, text: endText, from: Math.min(indent, to), to }, mark, label, width);
  const gap = endLine > first.line + 1 ? [{ text: "⋮", isMark: false }] : [];
  return { rows: [...rows, ...gap, ...end] };
}

function drawLine(part: LinePart, mark: string, label: string, width: number): Drawing["rows"] {
  const { from } = part;
  const to = Math.max(part.to, from);
  // A line may be megabytes long: only what can be shown is laid out.
  const windowStart = from > width - margin ? Math.max(0, from - margin) : 0;
  const atPair = windowStart > 0 && /[\udc00-\udfff]/.test(part.text.charAt(windowStart)) ? windowStart - 1 : windowStart;
  const cells = layOutLine(part.text, atPair, Math.min(part.text.length, atPair + width + 1));
  const cutLeft = atPair > 0 ? "…" : "";
  const shown = clip(cells, width - 1 - cutLeft.length);
  const lastShown = shown.at(-1)?.end ?? atPair;
  const cutRight = lastShown < part.text.length && part.text.slice(lastShown, lastShown + 200).trim() !== "" ? "…" : "";
  const text = `${cutLeft}${shown.map((cell) => cell.text).join("")}${cutRight}`;
  const before = cutLeft.length + measure(shown.filter((cell) => cell.end <= from));
  const under = Math.max(1, measure(shown.filter((cell) => cell.end > from && cell.start < to)));
  const marks = `${" ".repeat(before)}${mark.repeat(under)}${label === "" ? "" : ` ${label}`}`;
  return [
    { number: part.number, text: text.trimEnd(), isMark: false },
    { text: marks, isMark: true },
  ];
}

function clip(cells: readonly Cell[], width: number): readonly Cell[] {
  let used = 0;
  const end = cells.findIndex((cell) => {
    used += cell.width;
    return used > width;
  });
  return end === -1 ? cells : cells.slice(0, end);
}

function measure(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}

/** The text of a line, counted from 1, without its line break. */
function lineText(file: SourceFile, line: number): string {
  const starts = lineStarts(file);
  const start = starts[line - 1] ?? file.text.length;
  const text = file.text.slice(start, starts[line] ?? file.text.length).replace(/[\r\n]+$/, "");
  return start === 0 && text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;
}
