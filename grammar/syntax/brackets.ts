// What is said about brackets that do not pair up. The line-break pass finds them; this file only words the mistakes.

import type { IToken } from "chevrotain";
import type { Reporter } from "./reporter.ts";
import { CLOSES, closerFor, endOf, OPENS } from "./token-properties.ts";

export interface OpenBracket {
  readonly token: IToken;
  /** Line breaks do not count directly inside: `(`, `[`, and a comprehension in braces. */
  readonly inline: boolean;
  /** Whether the first line inside is indented; undefined until it is seen. Only asked in a file that does not balance. */
  indented: boolean | undefined;
}

/** Whether every bracket has its partner, in order. */
export function bracketsBalance(tokens: readonly IToken[], flagsOf: Uint16Array): boolean {
  const closers: number[] = [];
  for (const token of tokens) {
    const flags = flagsOf[token.tokenTypeIdx] ?? 0;
    if (flags & OPENS) closers.push(closerFor(token.tokenType).tokenTypeIdx ?? 0);
    else if (flags & CLOSES && closers.pop() !== token.tokenTypeIdx) return false;
  }
  return closers.length === 0;
}

/** `until` is the token that showed it; absent at the end of the file. */
export function reportUnclosed(open: OpenBracket, until: IToken | undefined, shownBy: string, reporter: Reporter): void {
  const closer = String(closerFor(open.token.tokenType).PATTERN);
  reporter.reportCause({
    code: "K1102",
    message: `\`${open.token.image}\` is never closed`,
    start: open.token.startOffset,
    end: endOf(open.token),
    hint: `add the \`${closer}\` that is missing${until ? "" : " before the end of the file"}`,
    ...(until ? { related: [{ span: reporter.span(until.startOffset, endOf(until)), message: shownBy }] } : {}),
  });
  // What was read as if it stood inside, and the place where it shows, are not at fault.
  if (until) reporter.mute(open.inline ? open.token.startOffset : until.startOffset, until.startOffset + 1);
}

export function reportTooDeep(opener: IToken, limit: number, reporter: Reporter): void {
  reporter.reportCause({
    code: "K1104",
    message: `brackets are nested deeper than ${limit}`,
    start: opener.startOffset,
    end: endOf(opener),
    hint: "give the inner part a name with `let`",
  });
}

export function reportMismatch(open: OpenBracket, found: IToken, reporter: Reporter): void {
  const closer = String(closerFor(open.token.tokenType).PATTERN);
  reporter.reportCause({
    code: "K1103",
    message: `\`${open.token.image}\` is closed by \`${found.image}\``,
    start: found.startOffset,
    end: endOf(found),
    related: [{ span: reporter.span(open.token.startOffset, endOf(open.token)), message: "opened here" }],
    hint: `write \`${closer}\``,
    fix: { title: `write \`${closer}\``, replacement: closer, start: found.startOffset, end: endOf(found) },
  });
}

/** `lastClose` is where the last declaration ended: a mistake there explains a `}` too many here. */
export function reportStray(found: IToken, lastClose: number | undefined, reporter: Reporter): void {
  reporter.reportCause({
    code: "K1103",
    message: `\`${found.image}\` closes nothing`,
    start: found.startOffset,
    end: endOf(found),
    hint: "remove it, or add the bracket that opens",
    ...(lastClose === undefined ? {} : { explainedBy: lastClose }),
    fix: { title: "remove it", replacement: "", start: found.startOffset, end: endOf(found) },
  });
}
