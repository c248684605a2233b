// What stands in brackets: argument lists, parentheses, lists, objects and comprehensions.

import type { IToken, ParserMethod, TokenType } from "chevrotain";
import type { Expression, Identifier, ObjectField, StringTemplate } from "./ast.ts";
import type { SequenceRules } from "./parser-base.ts";
import { ExpressionParser } from "./parser-expressions.ts";
import { endOf, retag, STARTS_OPERAND } from "./token-properties.ts";
import * as t from "./tokens.ts";

/** Where an item, a field or an argument ends, besides at the closing bracket. */
const valueEnds: readonly TokenType[] = [t.Comma, t.End];

/** What a field of an object begins with. */
const keyStarts: ReadonlySet<TokenType> = new Set([t.Name, t.PlainString, t.QuotedString, t.SingleQuoted, t.LeftBracket]);

interface ForClause {
  readonly names: readonly Identifier[];
  readonly source: Expression;
}

export abstract class CollectionParser extends ExpressionParser {
  private readonly startsOperand = (token: IToken): boolean => (this.flags(token) & STARTS_OPERAND) !== 0;

  private readonly argumentRules: SequenceRules = {
    separator: t.Comma,
    closer: t.RightParen,
    item: "an argument",
    next: "`,` or `)`",
    canStart: this.startsOperand,
  };

  /** `(a, b)` behind a function's or an annotation's name. */
  readonly arguments: ParserMethod<[], readonly Expression[]> = this.RULE("arguments", (): readonly Expression[] => {
    this.CONSUME(t.LeftParen);
    const found: Expression[] = [];
    this.readSequence(() => found.push(this.readExpression(0, valueEnds)), this.argumentRules);
    this.CONSUME(t.RightParen);
    return found;
  });

  readonly parenthesized: ParserMethod<[], Expression> = this.RULE("parenthesized", (): Expression => {
    const open = this.CONSUME(t.LeftParen);
    const inner = this.SUBRULE(this.expression);
    const close = this.CONSUME(t.RightParen);
    // The parentheses belong to the span, so that spans nest as the text does.
    return this.RECORDING_PHASE ? inner : { ...inner, span: this.span(open.startOffset, endOf(close)) };
  });

  private readonly listRules: SequenceRules = {
    separator: t.Comma,
    closer: t.RightBracket,
    item: "an item of the list",
    next: "`,` or `]`",
    canStart: this.startsOperand,
  };

  readonly list: ParserMethod<[], Expression> = this.RULE("list", (): Expression => {
    const open = this.CONSUME(t.LeftBracket);
    let result: Expression | undefined;
    this.OPTION1(() => {
      const clause = this.SUBRULE(this.forClause);
      const body = this.SUBRULE1(this.expression);
      const condition = this.OPTION2(() => {
        this.CONSUME(t.If);
        return this.SUBRULE2(this.expression);
      });
      const close = this.CONSUME1(t.RightBracket);
      const span = this.span(open.startOffset, endOf(close));
      result = { kind: "list-for", ...clause, body, ...(condition ? { condition } : {}), span };
    });
    if (result && !this.RECORDING_PHASE) return result;
    const items: Expression[] = [];
    this.readSequence(() => items.push(this.readExpression(3, valueEnds)), this.listRules);
    const close = this.CONSUME2(t.RightBracket);
    return { kind: "list", items, span: this.span(open.startOffset, endOf(close)) };
  });

  readonly forClause: ParserMethod<[], ForClause> = this.RULE("forClause", (): ForClause => {
    this.CONSUME(t.For);
    const names = [this.identifier(this.CONSUME1(t.Name))];
    this.OPTION(() => {
      this.CONSUME(t.Comma);
      names.push(this.identifier(this.CONSUME2(t.Name)));
    });
    this.CONSUME(t.In);
    const source = this.SUBRULE(this.expression);
    this.CONSUME(t.Colon);
    return { names, source };
  });

  private readonly objectRules: SequenceRules = {
    separator: t.Separator,
    closer: t.RightBrace,
    item: "a field of the object",
    next: "a line break, `,` or `}`",
    canStart: (token) => keyStarts.has(token.tokenType),
  };

  readonly object: ParserMethod<[], Expression> = this.RULE("object", (): Expression => {
    const open = this.CONSUME(t.LeftBrace);
    let result: Expression | undefined;
    const readMap = () => {
      const clause = this.SUBRULE(this.forClause);
      const key = this.SUBRULE1(this.expression);
      this.CONSUME(t.Arrow);
      const value = this.SUBRULE2(this.expression);
      const condition = this.OPTION2(() => {
        this.CONSUME(t.If);
        return this.SUBRULE3(this.expression);
      });
      const close = this.CONSUME1(t.RightBrace);
      const span = this.span(open.startOffset, endOf(close));
      result = { kind: "map-for", ...clause, key, value, ...(condition ? { condition } : {}), span };
    };
    // `{ for = … }` is an object with a reserved word as its key.
    this.OPTION1({ GATE: () => this.LA(2).tokenType !== t.Assign, DEF: readMap });
    if (result && !this.RECORDING_PHASE) return result;
    const fields: ObjectField[] = [];
    this.readSequence(() => fields.push(this.SUBRULE(this.field)), this.objectRules);
    const close = this.CONSUME2(t.RightBrace);
    return { kind: "object", fields, span: this.span(open.startOffset, endOf(close)) };
  });

  readonly field: ParserMethod<[], ObjectField> = this.RULE("field", (): ObjectField => {
    const key = this.OR([
      { ALT: (): ObjectField["key"] => ({ kind: "fixed", ...this.identifier(this.CONSUME(t.Name)) }) },
      { ALT: () => this.keyOf(this.readPlainString(this.CONSUME(t.PlainString))) },
      { ALT: () => this.keyOf(this.readString(this.CONSUME(t.QuotedString))) },
      { ALT: () => this.keyOf(this.readPlainString(this.CONSUME(t.SingleQuoted))) },
      {
        ALT: (): ObjectField["key"] => {
          this.CONSUME(t.LeftBracket);
          const expression = this.SUBRULE(this.expression);
          this.CONSUME(t.RightBracket);
          return { kind: "computed", expression };
        },
      },
    ]);
    this.mendColon();
    this.CONSUME(t.Assign);
    return { key, value: this.readExpression(1, valueEnds) };
  });

  private keyOf(text: StringTemplate): ObjectField["key"] {
    const [only = ""] = text.parts;
    if (text.parts.length < 2 && typeof only === "string") return { kind: "fixed", name: only, span: text.span };
    this.reporter.reportAlone({
      code: "K1118",
      message: "a key with an interpolation stands in brackets",
      start: text.span.start,
      end: text.span.end,
      hint: 'write `["…${…}"] = …`',
    });
    return { kind: "computed", expression: text };
  }

  /** A `:` where a value is given is one mistake; reading goes on as if it were `=`. */
  protected mendColon(): void {
    const token = this.LA(1);
    if (token.tokenType !== t.Colon) return;
    const start = token.startOffset;
    retag(token, t.Assign);
    if (this.colonReported) return;
    this.colonReported = true;
    this.reporter.reportAlone({
      code: "K1117",
      message: "a value is given with `=`, not `:`",
      start,
      end: start + 1,
      hint: "write `=`",
      fix: { title: "write `=`", replacement: " =", start, end: start + 1 },
    });
  }
}
