// A source text with its line index, computed once and only when a position is shown.

import type { Span } from "./span.ts";

export interface SourceFile {
  /** Path relative to the stack's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Line and column, both counted from 1; the column counts UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineStartsOf = new WeakMap<SourceFile, readonly number[]>();

/** Offsets at which each line begins; `\n`, `\r\n` and a lone `\r` end a line. */
export function lineStarts(file: SourceFile): readonly number[] {
  const known = lineStartsOf.get(file);
  if (known) return known;
  const starts = [0];
  for (let i = 0; i < file.text.length; i++) {
    const unit = file.text.charCodeAt(i);
    if (unit === 10 || (unit === 13 && file.text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  lineStartsOf.set(file, starts);
  return starts;
}

/** Position of an offset, by binary search over the line index. Offsets past the end give the end. */
export function positionAt(file: SourceFile, offset: number): Position {
  const starts = lineStarts(file);
  const at = Math.min(Math.max(offset, 0), file.text.length);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
}

/** `file:line:column` of where a span begins. */
export function formatPlace(file: SourceFile | undefined, span: Span): string {
  if (!file) return span.file;
  const { line, column } = positionAt(file, span.start);
  return `${span.file}:${line}:${column}`;
}
