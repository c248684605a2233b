// The expressions of one token: literals, names and strings. Interpolations are only noted here; they are read when the
// expression around them is, so that their depth costs no call stack.

import type { IToken } from "chevrotain";
import type { Expression, StringTemplate } from "./ast.ts";
import { classifyLiteral } from "./literals.ts";
import { ParserBase } from "./parser-base.ts";
import type { StringScan } from "./scan-tokens.ts";
import { decodeString } from "./strings.ts";
import { endOf } from "./token-properties.ts";
import * as t from "./tokens.ts";

/** The code of an interpolation that is still to be read. */
export interface PendingInterpolation {
  /** Offsets in the file. */
  readonly start: number;
  readonly end: number;
  /** Brackets and interpolations around it. */
  readonly nesting: number;
  /** Depth of the trees around it; known when the outermost expression is read. */
  spent: number;
  readonly place: (expression: Expression) => void;
}

export abstract class LiteralParser extends ParserBase {
  protected readonly pending: PendingInterpolation[] = [];

  /** A literal or a name that is the whole expression, as most are: read without the rules for longer ones. */
  protected readSimple(token: IToken): Expression {
    this.SKIP_TOKEN();
    if (token.tokenType === t.NumberRun) return this.readNumber(token);
    if (token.tokenType === t.PlainString) return this.readPlainString(token);
    if (token.tokenType === t.Name) return this.readName(token);
    return this.readWord(token, token.tokenType === t.Null ? { type: "null" } : { type: "bool", value: token.tokenType === t.True });
  }

  protected readName(token: IToken): Expression {
    return { kind: "name", name: token.image, span: this.span(token.startOffset, endOf(token)) };
  }

  protected readWord(token: IToken, value: { type: "bool"; value: boolean } | { type: "null" }): Expression {
    return { kind: "literal", value, span: this.span(token.startOffset, endOf(token)) };
  }

  protected readHole(token: IToken): Expression {
    this.reporter.markIncomplete();
    return this.errorExpression(token.startOffset, token.startOffset);
  }

  protected readNumber(token: IToken): Expression {
    const start = token.startOffset;
    const end = endOf(token);
    if (this.RECORDING_PHASE) return this.errorExpression(start, end);
    const classified = classifyLiteral(token.image);
    if ("value" in classified) return { kind: "literal", value: classified.value, span: this.span(start, end) };
    const { replacement, ...problem } = classified.problem;
    const fix = replacement === undefined ? {} : { fix: { title: `write \`${replacement}\``, replacement, start, end } };
    this.reporter.reportAlone({ ...problem, start, end, ...fix });
    return this.errorExpression(start, end);
  }

  /** Also `'…'`, already reported. */
  protected readPlainString(token: IToken): StringTemplate {
    const text = token.image.slice(1, -1);
    return { kind: "string", parts: text === "" ? [] : [text], form: "quoted", span: this.span(token.startOffset, endOf(token)) };
  }

  protected readString(token: IToken): StringTemplate {
    const span = this.span(token.startOffset, endOf(token));
    if (this.RECORDING_PHASE) return { kind: "string", parts: [], form: "quoted", span };
    const { parts: pieces, form } = decodeString(token, this.reporter);
    const parts: (string | Expression)[] = [];
    for (const piece of pieces) {
      if (typeof piece === "string") {
        parts.push(piece);
        continue;
      }
      const index = parts.length;
      parts.push(this.errorExpression(piece.start, piece.end));
      const place = (expression: Expression) => {
        parts[index] = expression;
      };
      this.pending.push({ ...piece, nesting: (token.payload as StringScan).depth + 1, spent: 0, place });
    }
    return { kind: "string", parts, form, span };
  }
}
