// The part of the line-break pass that keeps brackets in order: it closes what was forgotten where that shows first, drops
// closing brackets too many, and refuses deep nesting. Behind it every bracket has its partner.

import type { IToken } from "chevrotain";
import { reportMismatch, reportStray, reportTooDeep, reportUnclosed } from "./brackets.ts";
import { closeDownTo, isAtMargin, maximumNesting, type Pass, peekToken, pushToken } from "./pass.ts";
import { CLOSES, closerFor, endOf, makeToken, OPENS, retag } from "./token-properties.ts";
import * as t from "./tokens.ts";

/** Notes an opening bracket. */
export function openBracket(pass: Pass, token: IToken, index: number): void {
  const comprehension = peekToken(pass, index + 1)?.image === "for" && peekToken(pass, index + 1, 1)?.tokenType === t.Name;
  const inline = token.tokenType !== t.LeftBrace || comprehension;
  if (!inline && pass.stack.length === 0) pass.maybeHeader = false;
  pass.stack.push({ token, inline, indented: undefined });
}

/** Drops everything up to the bracket that closes the one at `index`; gives the index of the last token dropped. */
export function dropTooDeep(pass: Pass, index: number, opener: IToken): number {
  const { tokens, flagsOf, options } = pass;
  reportTooDeep(opener, maximumNesting, options.reporter);
  let depth = 0;
  let at = index;
  for (; at < tokens.length; at++) {
    const flags = flagsOf[tokens[at]?.tokenTypeIdx ?? 0] ?? 0;
    if (flags & OPENS) depth++;
    else if (flags & CLOSES && --depth === 0) break;
  }
  const last = tokens[at];
  if (last === undefined) pass.swallowedRest = true;
  // Offsets of tokens that were not walked over count from the beginning of the text.
  const end = last ? endOf(last) + options.start : Number.POSITIVE_INFINITY;
  options.reporter.mute((pass.stack[0]?.token ?? opener).startOffset, end);
  pushToken(pass, makeToken(t.Hole, opener.startOffset));
  return at;
}

/** Notes a closing bracket. Gives whether it goes on to the parser. */
export function closeBracket(pass: Pass, token: IToken): boolean {
  const { stack, options } = pass;
  const innermost = stack.at(-1);
  if (innermost === undefined) {
    dropStray(pass, token);
    return false;
  }
  if (closerFor(innermost.token.tokenType) !== token.tokenType) {
    const partner = stack.findLastIndex((open) => closerFor(open.token.tokenType) === token.tokenType);
    if (partner !== -1) {
      reportUnclosed(innermost, token, "what encloses it is closed here", options.reporter);
      closeDownTo(pass, partner + 1);
    } else if (innermost.token.tokenType === t.LeftBrace) {
      reportUnlessRepeated(pass, token, undefined);
      return false;
    } else {
      reportMismatch(innermost, token, options.reporter);
      retag(token, closerFor(innermost.token.tokenType));
    }
  }
  stack.pop();
  if (stack.length === 0 && token.tokenType === t.RightBrace && pass.declaredAtMargin) pass.topLevelClose = endOf(token);
  return true;
}

/** A closing bracket where nothing is open. */
function dropStray(pass: Pass, token: IToken): void {
  const { reporter } = pass.options;
  if (pass.bareHeaderEnd !== -1) {
    // Its partner is missing behind a header, which the parser reports; what follows was meant as the body.
    reporter.mute(pass.bareHeaderEnd + 1, endOf(token));
    pass.bareHeaderEnd = -1;
    return;
  }
  reportUnlessRepeated(pass, token, pass.topLevelClose);
  // With a `}` too many, what was meant to be inside stands outside: it is not at fault.
  reporter.mute(pass.topLevelClose, token.startOffset);
}

/** Several closing brackets in a row are one slip. */
function reportUnlessRepeated(pass: Pass, token: IToken, lastClose: number | undefined): void {
  const { reporter } = pass.options;
  const repeated = pass.strayEnd !== -1 && reporter.file.text.slice(pass.strayEnd, token.startOffset).trim() === "";
  if (!repeated) reportStray(token, lastClose, reporter);
  pass.strayEnd = endOf(token);
}

/** In a text that does not balance: notes whether what is inside of the outermost bracket is indented. */
export function noteIndentation(pass: Pass): void {
  const outermost = pass.stack[0];
  if (outermost && outermost.indented === undefined) outermost.indented = pass.lineBreak === undefined || !isAtMargin(pass);
}

/** In a text that does not balance: closes what `token`, first on its line, shows to have been forgotten. */
export function closeForgotten(pass: Pass, token: IToken, index: number): void {
  const { stack, options } = pass;
  const innermost = stack.at(-1);
  if (!innermost || (pass.flagsOf[token.tokenTypeIdx] ?? 0) & CLOSES) return;
  const next = peekToken(pass, index + 1);
  // At the margin, where what is inside stands indented; or with words that no body can hold.
  const outside = isAtMargin(pass) && stack[0]?.indented === true && token.tokenType === t.Name;
  if (outside || isOnlyDeclaration(token, next, peekToken(pass, index + 1, 1))) {
    reportUnclosed(innermost, token, "the next declaration begins here", options.reporter);
    closeDownTo(pass, 0);
  } else if (innermost.inline && beginsItem(token, next, false)) {
    reportUnclosed(innermost, token, "the next line begins here", options.reporter);
    let height = stack.length;
    while (stack[height - 1]?.inline) height--;
    closeDownTo(pass, height);
  }
}

/** In a text that does not balance: closes the brackets that a string without an end has swallowed. */
export function closeSwallowed(pass: Pass, text: string): void {
  let start = text.length;
  while (start > 0 && ")]} \t,".includes(text.charAt(start - 1))) start--;
  for (const closer of text.slice(start)) {
    const open = pass.stack.at(-1);
    if (open && closerFor(open.token.tokenType).PATTERN === closer) closeDownTo(pass, pass.stack.length - 1);
  }
}

/** At the end of the text: closes what is still open. */
export function closeRest(pass: Pass): void {
  const innermost = pass.stack.at(-1);
  if (innermost && !pass.swallowedRest) reportUnclosed(innermost, undefined, "", pass.options.reporter);
  closeDownTo(pass, 0);
}

/** Whether these tokens begin a declaration and cannot begin an item of a body. */
function isOnlyDeclaration(token: IToken, next: IToken | undefined, afterNext: IToken | undefined): boolean {
  if (token.tokenType === t.Let || token.tokenType === t.At) return true;
  if (token.tokenType !== t.Name || next?.tokenType !== t.Name || t.reservedWords.has(next.image)) return false;
  const type = afterNext?.tokenType;
  return type === t.Colon || type === t.Assign || type === t.LeftBracket || afterNext?.image === "on" || afterNext?.image === "if";
}

/** Behind an operator or inside of brackets: whether these tokens cannot go on there, but begin an item or a declaration. */
export function beginsItem(token: IToken, next: IToken | undefined, afterColon: boolean): boolean {
  if (token.tokenType === t.Let || token.tokenType === t.On) return true;
  if (token.tokenType !== t.Name || next === undefined) return false;
  if (next.tokenType === t.Assign) return true;
  return next.tokenType === t.Name && !afterColon && next.image !== "where" && !t.reservedWords.has(next.image);
}
