// Collects the diagnostics of one file while it is read. Follow-ups of a mistake are dropped here: whatever the parser finds
// wrong on the rest of a line (or in a part) whose cause is already reported is not a second mistake.

import type { Code } from "../diagnostics/codes.ts";
import type { Diagnostic, Fix, RelatedSpan } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";

/** How many mistakes of one file are worth reading; the parser stops after them. */
export const maximumMistakes = 100;

const stringCodes: ReadonlySet<Code> = new Set<Code>(["K1002", "K1005", "K1012"]);

export interface Mistake {
  readonly code: Code;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly label?: string;
  readonly hint?: string;
  readonly related?: readonly RelatedSpan[];
  /** Offset of a place: another mistake on its line is the cause of this one. */
  readonly explainedBy?: number;
  readonly fix?: Omit<Fix, "span"> & { readonly start: number; readonly end: number };
}

export interface Reporter {
  readonly file: SourceFile;
  readonly span: (start: number, end: number) => Span;
  /** A mistake in the characters: follow-ups on the rest of its line are dropped. */
  readonly reportCause: (mistake: Mistake) => void;
  /** A mistake complete in itself, such as `5min`: the tree goes on as if it were not there. */
  readonly reportAlone: (mistake: Mistake) => void;
  /** A mistake found by the parser, which may be a follow-up. */
  readonly reportSyntax: (mistake: Mistake) => void;
  /** Drops what the parser finds between two offsets, end excluded. */
  readonly mute: (start: number, end: number) => void;
  /** Declares that part of the file could not be read, so that names may be missing. */
  readonly markIncomplete: () => void;
  readonly isIncomplete: () => boolean;
  /** Whether so many mistakes were found that reading on is of no use. */
  readonly isFull: () => boolean;
  /** All mistakes that are no follow-ups, in the order of the file. */
  readonly finish: () => readonly Diagnostic[];
}

export function makeReporter(file: SourceFile): Reporter {
  const causes: Mistake[] = [];
  const alone: Mistake[] = [];
  const syntax: Mistake[] = [];
  const muted: { readonly start: number; readonly end: number }[] = [];
  let incomplete = false;

  const span = (start: number, end: number): Span => ({ file: file.path, start, end });
  const toDiagnostic = ({ start, end, fix, explainedBy: _, ...rest }: Mistake): Diagnostic => ({
    severity: "error",
    ...rest,
    span: span(start, end),
    ...(fix ? { fix: { title: fix.title, replacement: fix.replacement, span: span(fix.start, fix.end) } } : {}),
  });

  return {
    file,
    span,
    reportCause: (mistake) => {
      if (causes.length >= maximumMistakes) {
        muted.push({ start: mistake.start, end: Number.POSITIVE_INFINITY });
        return;
      }
      causes.push(mistake);
      muted.push({ start: mistake.start, end: endOfLine(file.text, mistake.end) + 1 });
    },
    reportAlone: (mistake) => {
      alone.push(mistake);
    },
    reportSyntax: (mistake) => {
      syntax.push(mistake);
      incomplete = true;
    },
    mute: (start, end) => {
      muted.push({ start, end });
    },
    markIncomplete: () => {
      incomplete = true;
    },
    isIncomplete: () => incomplete || causes.length > 0,
    isFull: () => causes.length + alone.length + syntax.length >= maximumMistakes,
    finish: () => {
      // What a string without its end has swallowed (quotes, brackets) makes its line fall apart: one mistake, not many.
      const broken = causes.filter(({ code }) => stringCodes.has(code));
      const sound = dropMuted(
        causes,
        broken.map(({ start, end }) => ({ start: start + 1, end: endOfLine(file.text, end) + 1 })),
      );
      // Behind the first thing it did not expect on a line, the parser has lost its thread there.
      const misread = keepFirstOfLine(dropMuted(syntax, muted), file.text);
      const lines = misread.map(({ start }) => ({ start, end: endOfLine(file.text, start) }));
      const isExplained = ({ code, start, explainedBy }: Mistake): boolean =>
        code === "K1103" &&
        lines.some((line) => isWithin(start, line) || (explainedBy !== undefined && endOfLine(file.text, explainedBy) === line.end));
      const kept = [...sound.filter((cause) => !isExplained(cause)), ...alone, ...misread].sort(
        (a, b) => a.start - b.start || a.end - b.end,
      );
      if (kept.length < maximumMistakes) return kept.map(toDiagnostic);
      const last = kept[maximumMistakes - 1];
      const shown = kept.slice(0, maximumMistakes).map(toDiagnostic);
      const note: Mistake = {
        code: "K1120",
        message: `too many mistakes in this file: only the first ${maximumMistakes} are shown`,
        start: last?.end ?? 0,
        end: last?.end ?? 0,
        hint: "mend the first ones and check again",
      };
      return [...shown, toDiagnostic(note)];
    },
  };
}

/** The mistakes that begin in no muted range; both lists may be long, so one sweep over both in order. */
function dropMuted(mistakes: readonly Mistake[], muted: readonly { readonly start: number; readonly end: number }[]): Mistake[] {
  if (mistakes.length === 0 || muted.length === 0) return [...mistakes];
  const ranges = [...muted].sort((a, b) => a.start - b.start);
  const ordered = [...mistakes].sort((a, b) => a.start - b.start);
  const kept: Mistake[] = [];
  let next = 0;
  let mutedUntil = -1;
  for (const mistake of ordered) {
    for (let range = ranges[next]; range && range.start <= mistake.start; range = ranges[++next]) {
      mutedUntil = Math.max(mutedUntil, range.end);
    }
    if (mistake.start >= mutedUntil) kept.push(mistake);
  }
  return kept;
}

function isWithin(offset: number, range: { readonly start: number; readonly end: number }): boolean {
  return offset >= range.start && offset <= range.end;
}

/** Of the mistakes on each line the first; a mistake at the line's end belongs to it. */
function keepFirstOfLine(mistakes: readonly Mistake[], text: string): Mistake[] {
  let until = -1;
  return [...mistakes]
    .sort((a, b) => a.start - b.start)
    .filter(({ start }) => {
      if (start <= until) return false;
      until = endOfLine(text, start);
      return true;
    });
}

/** The offset of the line break at or after `from`, or the end of the text. */
function endOfLine(text: string, from: number): number {
  const lineBreak = /[\r\n]/g;
  lineBreak.lastIndex = from;
  return lineBreak.exec(text)?.index ?? text.length;
}
