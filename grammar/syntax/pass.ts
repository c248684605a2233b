// What the steps of the line-break pass share while they walk over the tokens once. Nothing outside of the pass sees it.

import type { IToken, TokenType } from "chevrotain";
import type { OpenBracket } from "./brackets.ts";
import type { LexicalMemory } from "./lexical-problems.ts";
import type { Reporter } from "./reporter.ts";
import { closerFor, endOf, makeToken, tokenFlags } from "./token-properties.ts";
import { BlockComment, End } from "./tokens.ts";

/** Brackets and interpolations may be nested this deep; no source overflows the stack of the phases that follow. */
export const maximumNesting = 100;

export interface PassOptions {
  readonly reporter: Reporter;
  /** How deep the text already stands: 0 for a file, more for the code of an interpolation. */
  readonly depth: number;
  /** A file is made of declarations, each ended by an `End`; an interpolation is one expression. */
  readonly form: "file" | "interpolation";
  /** Whether the text holds characters beyond ASCII, which names may not. */
  readonly wide: boolean;
  /** Where the text begins in the file: added to the tokens' offsets. */
  readonly start: number;
  /** Whether every bracket of the text has its partner. If not, the pass looks for the place where one was forgotten. */
  readonly balanced: boolean;
  readonly memory: LexicalMemory;
}

export interface Pass {
  readonly options: PassOptions;
  readonly tokens: readonly IToken[];
  readonly flagsOf: Uint16Array;
  /** What the parser will read. */
  readonly out: IToken[];
  readonly stack: OpenBracket[];
  /** The last token pushed that is no `End`. */
  previous: IToken | undefined;
  previousFlags: number;
  /** The first line break since the last token, and the last one seen. */
  lineBreak: IToken | undefined;
  lastLineBreak: IToken | undefined;

  /** Whether the next token begins a declaration, and the type of the token that began the one being read. */
  atDeclaration: boolean;
  declaration: TokenType | undefined;
  annotation: "none" | "at" | "name" | "arguments";
  /** The height of the stack at the `allow` rule being read, or -1. */
  allowDepth: number;

  /** Something without an end reached to the end of the text: brackets that stay open are no mistake of their own. */
  swallowedRest: boolean;
  /** Where the last declaration closed its body. */
  topLevelClose: number;
  /** Where the last bracket too many ended, or -1. */
  strayEnd: number;
  /** Where a header ended without a `{`, or -1, and whether the line being read may be one. */
  bareHeaderEnd: number;
  maybeHeader: boolean;
  declaredAtMargin: boolean;
}

export function startPass(tokens: readonly IToken[], options: PassOptions): Pass {
  return {
    options,
    tokens,
    flagsOf: tokenFlags(),
    out: [],
    stack: [],
    previous: undefined,
    previousFlags: 0,
    lineBreak: undefined,
    lastLineBreak: undefined,
    atDeclaration: options.form === "file",
    declaration: undefined,
    annotation: "none",
    allowDepth: -1,
    swallowedRest: false,
    topLevelClose: options.start,
    strayEnd: -1,
    bareHeaderEnd: -1,
    maybeHeader: false,
    declaredAtMargin: true,
  };
}

/** The token at or after an index that is neither line break nor comment, or the one `behind` that. */
export function peekToken(pass: Pass, from: number, behind = 0): IToken | undefined {
  for (let at = from, left = behind; ; at++) {
    const token = pass.tokens[at];
    if (token?.tokenType === End || token?.tokenType === BlockComment) continue;
    if (token === undefined || left-- === 0) return token;
  }
}

export function pushToken(pass: Pass, token: IToken): void {
  pass.out.push(token);
  pass.previous = token;
  pass.previousFlags = pass.flagsOf[token.tokenTypeIdx] ?? 0;
}

/** Closes what is open above `height` with brackets that are not in the source. */
export function closeDownTo(pass: Pass, height: number): void {
  while (pass.stack.length > height) {
    const open = pass.stack.pop();
    if (!open) return;
    const place = pass.previous ? endOf(pass.previous) : open.token.startOffset;
    pushToken(pass, makeToken(closerFor(open.token.tokenType), place));
  }
}

/** Whether the line being read begins without indentation. */
export function isAtMargin(pass: Pass): boolean {
  return pass.lastLineBreak === undefined || /[\r\n]$/.test(pass.lastLineBreak.image);
}
