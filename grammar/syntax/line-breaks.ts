// The one pass between lexer and parser. It decides which line breaks end something, gives contextual words their type,
// balances the brackets and refuses deep nesting, so that the parser sees flat, balanced, shallow tokens and never a comment.

import type { IToken } from "chevrotain";
import {
  beginsItem,
  closeBracket,
  closeForgotten,
  closeRest,
  closeSwallowed,
  dropTooDeep,
  noteIndentation,
  openBracket,
} from "./bracket-balance.ts";
import { recogniseReserved, recogniseWord } from "./contextual-words.ts";
import { rememberUnexpected, rememberWideName, reportComment, reportSingleQuoted, reportString } from "./lexical-problems.ts";
import { maximumNesting, type Pass, type PassOptions, peekToken, pushToken, startPass } from "./pass.ts";
import type { StringScan } from "./scan-tokens.ts";
import { CLOSES, ENDS_OPERAND, endOf, GOES_ON, JOINS, makeToken, OPENS, SPECIAL, TEXT } from "./token-properties.ts";
import * as t from "./tokens.ts";

/** Tokens as the lexer gave them to the tokens the parser reads, with offsets into the file. Changes its input. */
export function prepareTokens(tokens: readonly IToken[], options: PassOptions): IToken[] {
  const pass = startPass(tokens, options);
  const { flagsOf, out, stack } = pass;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    token.startOffset += options.start;
    if (token.tokenType === t.End) {
      noteLineBreak(pass, token);
      continue;
    }
    if ((flagsOf[token.tokenTypeIdx] ?? 0) & SPECIAL && !admit(pass, token)) continue;
    const flags = flagsOf[token.tokenTypeIdx] ?? 0;
    if (!options.balanced) noteIndentation(pass);
    if (pass.lineBreak) {
      if (!options.balanced) closeForgotten(pass, token, index);
      if (startsAnew(pass, token, index)) endLine(pass, pass.lineBreak);
      pass.lineBreak = undefined;
    }
    recogniseWord(pass, token, index);
    if (flags & OPENS) {
      if (options.depth + stack.length >= maximumNesting) {
        index = dropTooDeep(pass, index, token);
        continue;
      }
      openBracket(pass, token, index);
    } else if (flags & CLOSES && !closeBracket(pass, token)) continue;
    pushToken(pass, token);
    if (flags & TEXT) reportText(pass, token);
  }
  closeRest(pass);
  if (options.form === "file" && pass.previous && out.at(-1)?.tokenType !== t.End) out.push(makeToken(t.End, endOf(pass.previous)));
  return out;
}

function noteLineBreak(pass: Pass, token: IToken): void {
  pass.lineBreak ??= token;
  pass.lastLineBreak = token;
}

function endLine(pass: Pass, lineBreak: IToken): void {
  pass.out.push(lineBreak);
  const outside = pass.stack.length === 0;
  if (outside && pass.maybeHeader && pass.bareHeaderEnd === -1) pass.bareHeaderEnd = lineBreak.startOffset;
  pass.maybeHeader = false;
  pass.atDeclaration = outside && pass.options.form === "file";
  pass.allowDepth = -1;
}

/** Whether the line that begins with `token` begins something new; if not, its line break does not count. */
function startsAnew(pass: Pass, token: IToken, index: number): boolean {
  const { previous, previousFlags, stack } = pass;
  if (previous === undefined) return false;
  const flags = pass.flagsOf[token.tokenTypeIdx] ?? 0;
  // A `[` or `(` on its own line is no postfix: the comma before it was forgotten.
  if (stack.at(-1)?.inline) return (flags & OPENS) !== 0 && token.tokenType !== t.LeftBrace && (previousFlags & ENDS_OPERAND) !== 0;
  if (previousFlags & GOES_ON) {
    if (previousFlags & OPENS || previous.tokenType === t.Comma) return false;
    return beginsItem(token, peekToken(pass, index + 1), previous.tokenType === t.Colon);
  }
  if (flags & JOINS || token.tokenType === t.RightBrace) return false;
  if (pass.annotation === "name" || (pass.annotation === "arguments" && stack.length === 0)) return false;
  if (pass.declaration === t.Input && stack.length === 0 && token.image === "where") return false;
  if (token.tokenType !== t.LeftBrace || !endsHeader(pass, previous)) return true;
  reportBraceBelow(pass, previous, token);
  return false;
}

/** Whether the line that ends with `previous` may be a header: of a declaration with a body, or in a body of a block. */
function endsHeader({ stack, declaration }: Pass, previous: IToken): boolean {
  if (stack.length > 0) return previous.tokenType === t.Name;
  return previous.tokenType !== t.RightBrace && (declaration === t.Name || declaration === t.Cloud || declaration === t.Stack);
}

function reportBraceBelow({ options: { reporter } }: Pass, previous: IToken, brace: IToken): void {
  const start = endOf(previous);
  const end = brace.startOffset;
  const blank = reporter.file.text.slice(start, end).trim() === "";
  reporter.reportCause({
    code: "K1105",
    message: "`{` stands on the line of its header",
    start: end,
    end: end + 1,
    hint: "a line break ends the header, so move the `{` up",
    ...(blank ? { fix: { title: "join the lines", replacement: " ", start, end } } : {}),
  });
}

/** Handles the tokens that need a closer look; gives whether the token goes on to the parser. */
function admit(pass: Pass, token: IToken): boolean {
  const { reporter, memory, wide } = pass.options;
  if (token.tokenType === t.Name) {
    if (!recogniseReserved(token) && wide && /\W/.test(token.image)) rememberWideName(memory, token);
    return true;
  }
  if (token.tokenType === t.BlockComment) {
    if (!reportComment(token, reporter)) pass.swallowedRest = true;
    if (/[\r\n]/.test(token.image)) noteLineBreak(pass, makeToken(t.End, token.startOffset, token.image));
    return false;
  }
  rememberUnexpected(memory, token);
  // A `;` is meant as the end of what stands before it.
  if (token.image.startsWith(";")) noteLineBreak(pass, makeToken(t.End, token.startOffset, " "));
  return false;
}

/** Reports what is wrong with a string token, and where it stands if it holds interpolations. */
function reportText(pass: Pass, token: IToken): void {
  const { reporter, memory, depth, balanced } = pass.options;
  const single = token.tokenType === t.SingleQuoted;
  if (!single) (token.payload as StringScan).depth = depth + pass.stack.length;
  const broken = single ? !reportSingleQuoted(token, memory, reporter) : reportString(token, reporter);
  if (!broken || balanced) return;
  const quoted = single || token.tokenType === t.QuotedString;
  if (quoted) closeSwallowed(pass, token.image);
  else if ((token.payload as StringScan).problems.some(({ kind }) => kind === "unclosed")) pass.swallowedRest = true;
}
