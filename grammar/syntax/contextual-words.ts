// The part of the line-break pass that gives words their type: reserved ones everywhere, keywords where they stand.

import type { IToken } from "chevrotain";
import { isAtMargin, type Pass, peekToken } from "./pass.ts";
import { ENDS_OPERAND, retag } from "./token-properties.ts";
import * as t from "./tokens.ts";

/** Whether the word is reserved; if so, it has its type now. */
export function recogniseReserved(token: IToken): boolean {
  const reserved = token.image.length <= 5 ? t.reservedWords.get(token.image) : undefined;
  if (reserved) retag(token, reserved);
  return reserved !== undefined;
}

/** Follows annotations, the words that begin declarations, and the keywords inside of them. */
export function recogniseWord(pass: Pass, token: IToken, index: number): void {
  if (pass.annotation !== "none") {
    if (pass.annotation === "at" && token.tokenType === t.Name) pass.annotation = "name";
    else if (pass.annotation === "name" && token.tokenType === t.LeftParen) pass.annotation = "arguments";
    else if (pass.annotation !== "arguments" || pass.stack.length === 0) pass.annotation = "none";
    if (pass.annotation !== "none") return;
  }
  if (pass.atDeclaration) beginDeclaration(pass, token, index);
  else if (token.tokenType === t.Name) recogniseInside(pass, token, index);
}

function beginDeclaration(pass: Pass, token: IToken, index: number): void {
  if (token.tokenType === t.At) {
    pass.annotation = "at";
    return;
  }
  const keyword = token.tokenType === t.Name ? t.declarationWords.get(token.image) : undefined;
  if (keyword) retag(token, keyword);
  pass.declaration = token.tokenType;
  pass.atDeclaration = false;
  // Indented, it was perhaps meant as a part of what is above.
  pass.declaredAtMargin = isAtMargin(pass);
  if (pass.declaredAtMargin) pass.bareHeaderEnd = -1;
  const namesResource = token.tokenType === t.Name && peekToken(pass, index + 1)?.tokenType === t.Name;
  pass.maybeHeader = namesResource || token.tokenType === t.Cloud;
}

function recogniseInside(pass: Pass, token: IToken, index: number): void {
  const before = pass.previous?.tokenType;
  if (before === t.Dot || before === t.OptionalDot) return;
  if (pass.allowDepth === pass.stack.length) recogniseInRule(pass, token, index);
  else if (token.image === "allow") {
    const startsItem = before === t.LeftBrace || before === t.Comma || pass.out.at(-1)?.tokenType === t.End;
    const next = peekToken(pass, index + 1)?.tokenType;
    if (!startsItem || pass.stack.at(-1)?.inline !== false || next === t.Assign || next === t.Colon) return;
    retag(token, t.Allow);
    pass.allowDepth = pass.stack.length;
  } else if (token.image === "where" && pass.declaration === t.Input && pass.stack.length === 0 && before !== t.Input) {
    const afterType = (pass.previousFlags & ENDS_OPERAND) !== 0 || before === t.Greater || before === t.Question;
    if (afterType) retag(token, t.Where);
  }
}

function recogniseInRule(pass: Pass, token: IToken, index: number): void {
  if (token.image === "any") retag(token, t.Any);
  else if (token.image === "from") retag(token, t.From);
  else if (token.image === "to") retag(token, t.To);
  else if (token.image === "allow" && pass.previous?.tokenType === t.Comma && peekToken(pass, index + 1)?.tokenType === t.Name) {
    // A second rule behind a comma, which the parser refuses by its name.
    retag(token, t.Allow);
  }
}
