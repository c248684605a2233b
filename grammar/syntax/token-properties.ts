// What the line-break pass must know of a token type, as flags by the type's number: one array read per token.

import { EOF, type IToken, type TokenType } from "chevrotain";
import * as t from "./tokens.ts";

export const OPENS = 1;
export const CLOSES = 2;
/** No line break counts after it: an operator, a comma, an opening bracket. */
export const GOES_ON = 4;
/** No line break counts before it: a line may begin with it to go on with the line above. */
export const JOINS = 8;
/** An operand may end with it, so a `[` or `(` after it is a postfix. */
export const ENDS_OPERAND = 16;
/** Needs a closer look before it reaches the parser: names, comments, what was not expected. */
export const SPECIAL = 32;
/** An operand may begin with it. */
export const STARTS_OPERAND = 64;
/** It goes on with the operand before it: `.`, `?.`, `[`, `(`. */
export const POSTFIX = 128;
export const BINARY = 256;
/** Reserved everywhere: never a name. */
export const RESERVED = 512;
/** A string that may be wrong in itself or hold interpolations. */
export const TEXT = 1024;
/** An expression of one token. */
export const SIMPLE = 2048;
/** Ends every expression before it. */
export const ENDS_VALUE = 4096;

const closerOf = new Map<TokenType, TokenType>([
  [t.LeftBrace, t.RightBrace],
  [t.LeftBracket, t.RightBracket],
  [t.LeftParen, t.RightParen],
]);

/** The closing type that belongs to an opening one. */
export function closerFor(opener: TokenType): TokenType {
  return closerOf.get(opener) ?? opener;
}

let table: Uint16Array | undefined;

/** Flags by `tokenTypeIdx`, made on first use. */
export function tokenFlags(): Uint16Array {
  table ??= buildTable();
  return table;
}

function buildTable(): Uint16Array {
  const flags = new Uint16Array(Math.max(...t.allTokens.map(indexOf)) + 1);
  const mark = (bits: number, types: readonly TokenType[]) => {
    for (const type of types) flags[indexOf(type)] = (flags[indexOf(type)] ?? 0) | bits;
  };
  const operators = t.allTokens.filter((type) => type.CATEGORIES?.includes(t.BinaryOperatorToken));
  mark(OPENS, [...closerOf.keys()]);
  mark(CLOSES, [...closerOf.values()]);
  mark(GOES_ON, [...operators, ...closerOf.keys(), t.Not, t.Assign, t.Arrow, t.Colon, t.Question, t.Dot, t.OptionalDot, t.Bar, t.Comma]);
  mark(JOINS, [...operators, t.Question, t.Colon, t.Dot, t.OptionalDot, t.Bar, t.Arrow]);
  mark(ENDS_OPERAND, [...closerOf.values(), t.Name, t.NumberRun, t.PlainString, t.QuotedString, t.Heredoc, t.RawHeredoc]);
  mark(ENDS_OPERAND, [t.SingleQuoted, t.True, t.False, t.Null, t.Hole]);
  mark(SPECIAL, [t.Name, t.BlockComment, t.Unexpected]);
  mark(TEXT, [t.SingleQuoted, t.QuotedString, t.Heredoc, t.RawHeredoc]);
  mark(STARTS_OPERAND, [...closerOf.keys(), t.Name, t.NumberRun, t.PlainString, t.QuotedString, t.Heredoc, t.RawHeredoc, t.SingleQuoted]);
  mark(STARTS_OPERAND, [t.True, t.False, t.Null, t.Hole, t.Not, t.Minus]);
  mark(SIMPLE, [t.NumberRun, t.PlainString, t.Name, t.True, t.False, t.Null]);
  mark(ENDS_VALUE, [...closerOf.values(), t.End, t.Comma]);
  mark(POSTFIX, [t.Dot, t.OptionalDot, t.LeftBracket, t.LeftParen]);
  mark(BINARY, operators);
  mark(RESERVED, [...t.reservedWords.values()]);
  return flags;
}

function indexOf(type: TokenType): number {
  return type.tokenTypeIdx ?? 0;
}

/** Changes what a token is; its text and place stay. */
export function retag(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = indexOf(type);
}

/** A token that is not in the source: a bracket that was forgotten, the end of the last line. */
export function makeToken(type: TokenType, startOffset: number, image = ""): IToken {
  return { image, startOffset, tokenType: type, tokenTypeIdx: indexOf(type) };
}

/** The offset after a token's last character. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

export function isEndOfFile(token: IToken): boolean {
  return token.tokenType === EOF;
}
