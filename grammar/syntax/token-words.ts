// Tokens in the words of the language, for messages.

import type { IToken } from "chevrotain";
import { isEndOfFile } from "./token-properties.ts";
import * as t from "./tokens.ts";

const wanted: Readonly<Record<string, string>> = {
  Name: "a name",
  LeftBrace: "`{`",
  RightBrace: "`}`",
  LeftBracket: "`[`",
  RightBracket: "`]`",
  LeftParen: "`(`",
  RightParen: "`)`",
  Comma: "`,`",
  Colon: "`:`",
  Assign: "`=`",
  Arrow: "`=>`",
  Less: "`<`",
  Greater: "`>`",
  In: "`in`",
  If: "`if`",
  End: "a line break",
};

/** A token type that was wanted, by its name; other words stay as they are. */
export function nameWanted(expected: string): string {
  return wanted[expected] ?? expected;
}

/** A token that was found: what it is where its text would be long or empty, else its text. */
export function nameFound(token: IToken): string {
  // The tokens of a file end with a line break, so only an interpolation ends without one.
  if (isEndOfFile(token)) return "the end of the interpolation";
  switch (token.tokenType) {
    case t.End:
      return "the end of the line";
    case t.PlainString:
    case t.QuotedString:
    case t.SingleQuoted:
      return "a string";
    case t.Heredoc:
    case t.RawHeredoc:
      return 'a text between `"""`';
    default:
      return quoteToken(token);
  }
}

/** A token's text in backticks, cut when it is long. */
export function quoteToken(token: IToken | undefined): string {
  return `\`${shorten(token?.image ?? "")}\``;
}

/** A name or another text of the source for a message: one line, not too long. */
export function shorten(text: string): string {
  const line = text.slice(0, 100).split(/[\r\n]/, 1)[0] ?? "";
  return line.length === text.length && line.length <= 40 ? text : `${line.slice(0, 39)}…`;
}
