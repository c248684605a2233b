// Types as written: names, string unions, list<…>, map<…>, objects, `?` and `secret`.

import type { IToken, ParserMethod, TokenType } from "chevrotain";
import type { Identifier, TypeExpression } from "./ast.ts";
import type { SequenceRules } from "./parser-base.ts";
import { CollectionParser } from "./parser-collections.ts";
import { maximumNesting } from "./pass.ts";
import { endOf, retag } from "./token-properties.ts";
import * as t from "./tokens.ts";

type UnionValue = Extract<TypeExpression, { kind: "type-union" }>["values"][number];
/** Without a value when it is not fixed, which is reported. */
type ReadUnionValue = Pick<UnionValue, "span"> & { readonly value: string | undefined };
type ObjectTypeField = Extract<TypeExpression, { kind: "type-object" }>["fields"][number];

/** Names that are no type alone. */
const incompleteNames: ReadonlySet<string> = new Set(["secret", "list", "map"]);

export abstract class TypeParser extends CollectionParser {
  private typesOpen = 0;

  /** A type that stands for itself: on a mistake it reports, skips to `stops` and gives an error node. */
  protected readType(index: number, stops: readonly TokenType[]): TypeExpression {
    const first = this.LA(1);
    const open = this.typesOpen;
    try {
      return this.subrule(index, this.type);
    } catch (error) {
      this.note(error);
      this.typesOpen = open;
      this.skipTo(stops, first);
      return { kind: "type-error", span: this.skippedSpan(first) };
    }
  }

  readonly type: ParserMethod<[], TypeExpression> = this.RULE("type", (): TypeExpression => {
    // `<` is no bracket to the line-break pass, so types count their own depth.
    if (this.typesOpen >= maximumNesting) {
      const start = this.nextStart();
      this.fail({
        code: "K1104",
        message: `types are nested deeper than ${maximumNesting}`,
        start,
        end: start + 1,
        hint: "use a simpler type",
      });
    }
    this.typesOpen++;
    let type = this.OR([
      { ALT: () => this.SUBRULE(this.namedType) },
      { ALT: () => this.SUBRULE(this.unionType) },
      { ALT: () => this.SUBRULE(this.objectType) },
    ]);
    // `secret T?` is a secret of an optional, so the `?` was read inside.
    if (this.RECORDING_PHASE || type.kind !== "type-secret") {
      this.OPTION(() => {
        const question = this.identifier(this.CONSUME(t.Question));
        type = { kind: "type-optional", inner: type, span: this.spanOf(type, question) };
      });
    }
    if (!this.RECORDING_PHASE && (this.nextIs(t.Coalesce) || this.nextIs(t.Question))) this.failTwiceOptional();
    this.typesOpen--;
    return type;
  });

  private failTwiceOptional(): never {
    const found = this.LA(1);
    return this.fail({
      code: "K1115",
      message: "a type is optional or not, and takes one `?`",
      start: found.startOffset,
      end: endOf(found),
      hint: "write one `?`",
    });
  }

  readonly namedType: ParserMethod<[], TypeExpression> = this.RULE("namedType", (): TypeExpression => {
    const token = this.CONSUME(t.Name);
    let result: TypeExpression = { kind: "type-name", name: token.image, span: this.span(token.startOffset, endOf(token)) };
    this.OPTION({
      GATE: () => token.image === "secret",
      DEF: () => {
        const inner = this.SUBRULE1(this.type);
        result = { kind: "type-secret", inner, span: this.spanFrom(token) };
      },
    });
    this.OPTION2({
      GATE: () => token.image === "list" || token.image === "map",
      DEF: () => {
        this.CONSUME(t.Less);
        const element = this.SUBRULE2(this.type);
        this.readTypeEnd();
        result = { kind: token.image === "map" ? "type-map" : "type-list", element, span: this.spanFrom(token) };
      },
    });
    if (!this.RECORDING_PHASE && result.kind === "type-name" && incompleteNames.has(result.name)) {
      this.reportFound(this.LA(1), "namedType", result.name);
      return this.abandon();
    }
    return result;
  });

  /** The `>` of `list<…>`. In `list<int>= 3` it was lexed together with the `=` behind it. */
  private readTypeEnd(): void {
    const token = this.LA(1);
    if (token.tokenType !== t.GreaterEqual) {
      this.CONSUME(t.Greater);
      return;
    }
    const start = token.startOffset;
    this.reporter.reportAlone({
      code: "K1110",
      message: "`>=` reads as one operator here",
      start,
      end: start + 2,
      hint: "put a space between: `> =`",
      fix: { title: "put a space between", replacement: "> =", start, end: start + 2 },
    });
    retag(token, t.Assign);
    token.image = "=";
    token.startOffset = start + 1;
  }

  readonly unionType: ParserMethod<[], TypeExpression> = this.RULE("unionType", (): TypeExpression => {
    const first = this.readUnionString(0);
    const values = [first];
    this.MANY(() => {
      this.CONSUME(t.Bar);
      values.push(this.readUnionString(1));
    });
    const span = this.spanOf(first, values.at(-1) ?? first);
    return values.some(({ value }) => value === undefined)
      ? { kind: "type-error", span }
      : { kind: "type-union", values: values as readonly UnionValue[], span };
  });

  /** One string of a union; `index` tells apart the two uses in the rule. */
  private readUnionString(index: number): ReadUnionValue {
    return this.or(index, [
      { ALT: () => this.readUnionValue(this.consume(index, t.PlainString)) },
      { ALT: () => this.readUnionValue(this.consume(index, t.QuotedString)) },
      { ALT: () => this.readUnionValue(this.consume(index, t.SingleQuoted)) },
    ]) as ReadUnionValue;
  }

  private readUnionValue(token: IToken): ReadUnionValue {
    const span = this.span(token.startOffset, endOf(token));
    if (token.tokenType !== t.QuotedString || this.RECORDING_PHASE) return { value: token.image.slice(1, -1), span };
    const pending = this.pending.length;
    const { parts } = this.readString(token);
    if (parts.every((part) => typeof part === "string")) return { value: parts.join(""), span };
    this.pending.length = pending;
    this.reporter.reportAlone({
      code: "K1119",
      message: "a string in a type is fixed and takes no `${…}`",
      start: span.start,
      end: span.end,
      hint: 'list the strings themselves: `"staging" | "prod"`',
    });
    return { value: undefined, span };
  }

  private readonly objectTypeRules: SequenceRules = {
    separator: t.Separator,
    closer: t.RightBrace,
    item: "a field of the type",
    next: "a line break, `,` or `}`",
    canStart: (token) => token.tokenType === t.Name,
  };

  readonly objectType: ParserMethod<[], TypeExpression> = this.RULE("objectType", (): TypeExpression => {
    const open = this.CONSUME(t.LeftBrace);
    const fields: ObjectTypeField[] = [];
    this.readSequence(() => {
      const name: Identifier = this.identifier(this.CONSUME(t.Name));
      this.CONSUME(t.Colon);
      fields.push({ name, type: this.readType(0, [t.Comma, t.End]) });
    }, this.objectTypeRules);
    const close = this.CONSUME(t.RightBrace);
    return { kind: "type-object", fields, span: this.span(open.startOffset, endOf(close)) };
  });
}
