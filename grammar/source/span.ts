// A place in a source file, as offsets. Lines and columns are computed only when a person will read them.

/** Half-open range `[start, end)` in UTF-16 code units of `file`. */
export interface Span {
  /** Path relative to the stack's folder, with forward slashes. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** The smallest span that covers both; both must be in the same file. */
export function joinSpans(first: Span, last: Span): Span {
  return { file: first.file, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}
