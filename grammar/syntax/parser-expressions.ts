// Expressions: one flat rule for all binary operators (their precedence is applied afterwards), one for operands with their
// prefixes and postfixes. Chains are loops, so their length costs no call stack.

import type { IToken, ParserMethod, TokenType } from "chevrotain";
import type { BinaryOperator, Expression } from "./ast.ts";
import { measureDepth } from "./expression-depth.ts";
import { LiteralParser } from "./parser-literals.ts";
import { maximumNesting } from "./pass.ts";
import { applyPrecedence, type OperatorUse } from "./precedence.ts";
import { BINARY, ENDS_VALUE, endOf, POSTFIX, SIMPLE } from "./token-properties.ts";
import * as t from "./tokens.ts";

/** An expression's tree is at most this deep, so the phases that follow may recurse over it. */
export const maximumDepth = 500;
/** An expression with fewer operators cannot come near the limit and is not measured. */
const measuredFrom = 50;

export abstract class ExpressionParser extends LiteralParser {
  /** Depth of the trees around the text being read. */
  protected spent = 0;
  /** How many `expression` rules are open. */
  protected expressionsOpen = 0;
  private operatorsUsed = 0;

  // Bracketed operands, which a later class defines.
  abstract readonly arguments: ParserMethod<[], readonly Expression[]>;
  abstract readonly parenthesized: ParserMethod<[], Expression>;
  abstract readonly list: ParserMethod<[], Expression>;
  abstract readonly object: ParserMethod<[], Expression>;

  /**
   * An expression that stands for itself: on a mistake it reports, skips to `stops` and gives an error node.
   * `index` tells apart the uses in one rule.
   */
  protected readExpression(index: number, stops: readonly TokenType[]): Expression {
    const first = this.LA(1);
    if (this.flags(first) & SIMPLE && this.flags(this.LA(2)) & ENDS_VALUE) return this.readSimple(first);
    const firstPending = this.pending.length;
    const operatorsBefore = this.operatorsUsed;
    const open = this.expressionsOpen;
    try {
      const expression: Expression = this.subrule(index, this.expression);
      if (open > 0 || this.RECORDING_PHASE) return expression;
      return this.limitDepth(expression, this.operatorsUsed - operatorsBefore, firstPending);
    } catch (error) {
      this.note(error);
      this.expressionsOpen = open;
      this.skipTo(stops, first);
      return { kind: "error", span: this.skippedSpan(first) };
    }
  }

  /** Refuses a tree that is too deep; tells the interpolations inside how deep they stand. */
  private limitDepth(expression: Expression, operators: number, firstPending: number): Expression {
    if (operators <= measuredFrom && this.pending.length === firstPending) return expression;
    const depth = this.spent + measureDepth(expression);
    if (depth <= maximumDepth) {
      for (const pending of this.pending.slice(firstPending)) pending.spent = depth;
      return expression;
    }
    this.pending.length = firstPending;
    const { start, end } = expression.span;
    this.reporter.reportAlone({
      code: "K1116",
      message: `the expression is more than ${maximumDepth} operators deep`,
      start,
      end,
      hint: "give its parts names with `let`, or put them in a list and use a function such as `sum` or `join`",
    });
    return this.errorExpression(start, end);
  }

  readonly expression: ParserMethod<[], Expression> = this.RULE("expression", (): Expression => {
    if (this.expressionsOpen >= 2 * maximumNesting) this.failTooDeep();
    this.expressionsOpen++;
    let last = this.readBinaryRun(0, this.SUBRULE(this.operand));
    if (this.RECORDING_PHASE || this.nextIs(t.Question)) {
      const branches: { readonly condition: Expression; readonly whenTrue: Expression }[] = [];
      this.MANY2(() => {
        this.CONSUME(t.Question);
        const whenTrue = this.SUBRULE(this.expression);
        this.CONSUME(t.Colon);
        branches.push({ condition: last, whenTrue });
        last = this.readBinaryRun(1, this.SUBRULE2(this.operand));
      });
      this.operatorsUsed += branches.length;
      if (!this.RECORDING_PHASE) last = this.joinBranches(branches, last);
    }
    this.expressionsOpen--;
    return last;
  });

  private joinBranches(
    branches: readonly { readonly condition: Expression; readonly whenTrue: Expression }[],
    last: Expression,
  ): Expression {
    return branches.reduceRight<Expression>((whenFalse, { condition, whenTrue }) => {
      const span = this.span(condition.span.start, whenFalse.span.end);
      return { kind: "conditional", condition, whenTrue, whenFalse, span };
    }, last);
  }

  private failTooDeep(): never {
    const found = this.LA(1);
    return this.fail({
      code: "K1104",
      message: `expressions are nested deeper than ${2 * maximumNesting}`,
      start: this.nextStart(),
      end: Math.max(this.nextStart(), endOf(found) || 0),
      hint: "give the inner part a name with `let`",
    });
  }

  /** The operators and operands behind `first`; `index` tells apart the two uses in the rule. */
  private readBinaryRun(index: number, first: Expression): Expression {
    if (!this.RECORDING_PHASE && (this.flags(this.LA(1)) & BINARY) === 0) return first;
    const operands = [first];
    const operators: OperatorUse[] = [];
    this.many(index, () => {
      const token = this.consume(index, t.BinaryOperatorToken);
      operators.push({ operator: token.image as BinaryOperator, start: token.startOffset, end: endOf(token) });
      operands.push(this.subrule(3 + index, this.operand));
    });
    this.operatorsUsed += operators.length;
    return this.RECORDING_PHASE ? first : applyPrecedence(operands, operators, this.reporter);
  }

  readonly operand: ParserMethod<[], Expression> = this.RULE("operand", (): Expression => {
    const first = this.LA(1);
    let prefixes: IToken[] | undefined;
    if (this.RECORDING_PHASE || first.tokenType === t.Minus || first.tokenType === t.Not) {
      prefixes = [];
      const found = prefixes;
      this.MANY(() => {
        this.OR([{ ALT: () => found.push(this.CONSUME(t.Not)) }, { ALT: () => found.push(this.CONSUME(t.Minus)) }]);
      });
      this.operatorsUsed += prefixes.length;
    }
    this.primaryAlternatives ??= this.listPrimaryAlternatives();
    let operand: Expression = this.OR2(this.primaryAlternatives);
    if (this.RECORDING_PHASE) this.recordPostfixes();
    else if (this.flags(this.LA(1)) & POSTFIX) operand = this.readPostfixes(operand);
    if (prefixes === undefined || this.RECORDING_PHASE) return operand;
    return prefixes.reduceRight<Expression>((inner, prefix) => {
      const operator = prefix.tokenType === t.Not ? "!" : "-";
      return { kind: "unary", operator, operand: inner, span: this.span(prefix.startOffset, inner.span.end) };
    }, operand);
  });

  // The alternatives capture nothing, so one list serves every operand of every file.
  private primaryAlternatives: { ALT: () => Expression }[] | undefined;

  private listPrimaryAlternatives(): { ALT: () => Expression }[] {
    return [
      { ALT: () => this.readNumber(this.CONSUME(t.NumberRun)) },
      { ALT: () => this.readPlainString(this.CONSUME(t.PlainString)) },
      { ALT: () => this.readName(this.CONSUME(t.Name)) },
      { ALT: () => this.readString(this.CONSUME(t.QuotedString)) },
      { ALT: () => this.readString(this.CONSUME(t.Heredoc)) },
      { ALT: () => this.readString(this.CONSUME(t.RawHeredoc)) },
      { ALT: () => this.readPlainString(this.CONSUME(t.SingleQuoted)) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.object) },
      { ALT: () => this.SUBRULE(this.parenthesized) },
      { ALT: () => this.readWord(this.CONSUME(t.True), { type: "bool", value: true }) },
      { ALT: () => this.readWord(this.CONSUME(t.False), { type: "bool", value: false }) },
      { ALT: () => this.readWord(this.CONSUME(t.Null), { type: "null" }) },
      { ALT: () => this.readHole(this.CONSUME(t.Hole)) },
    ];
  }

  /** What may stand behind an operand, for the library; `readPostfixes` reads it. */
  private recordPostfixes(): void {
    this.MANY2(() => {
      this.OR3([
        { ALT: () => this.CONSUME(t.Dot) && this.CONSUME1(t.Name) },
        { ALT: () => this.CONSUME(t.OptionalDot) && this.CONSUME2(t.Name) },
        { ALT: () => this.CONSUME(t.LeftBracket) && this.SUBRULE(this.expression) && this.CONSUME(t.RightBracket) },
        { ALT: () => this.SUBRULE(this.arguments) },
      ]);
    });
  }

  private readPostfixes(operand: Expression): Expression {
    let object = operand;
    for (let token = this.LA(1); this.flags(token) & POSTFIX; token = this.LA(1)) {
      const start = object.span.start;
      if (token.tokenType === t.LeftParen) {
        const found = this.SUBRULE(this.arguments);
        object = { kind: "call", callee: object, arguments: found, span: this.span(start, this.previousEnd()) };
      } else if (token.tokenType === t.LeftBracket) {
        this.SKIP_TOKEN();
        const index = this.readPart(0);
        const close = this.CONSUME(t.RightBracket);
        object = { kind: "index", object, index, span: this.span(start, endOf(close)) };
      } else {
        this.SKIP_TOKEN();
        const name = this.identifier(this.CONSUME1(t.Name));
        const optional = token.tokenType === t.OptionalDot;
        object = { kind: "member", object, name, optional, span: this.span(start, name.span.end) };
      }
      this.operatorsUsed++;
    }
    return object;
  }

  /** An expression inside of another, whose mistakes are mistakes of the whole. */
  protected readPart(index: number): Expression {
    const first = this.LA(1);
    if (this.flags(first) & SIMPLE && this.flags(this.LA(2)) & ENDS_VALUE) return this.readSimple(first);
    return this.subrule(index, this.expression);
  }
}
