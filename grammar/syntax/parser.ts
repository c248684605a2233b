// Declarations and files: the top of the grammar, and the parser that one process shares.

import type { IToken, ParserMethod } from "chevrotain";
import { suggest } from "../diagnostics/suggest.ts";
import type * as ast from "./ast.ts";
import { emptyReporter, type Writable } from "./parser-base.ts";
import { BodyParser } from "./parser-bodies.ts";
import type { PendingInterpolation } from "./parser-literals.ts";
import type { Mistake, Reporter } from "./reporter.ts";
import { endOf, isEndOfFile } from "./token-properties.ts";
import { quoteToken, shorten } from "./token-words.ts";
import * as t from "./tokens.ts";

const noAnnotations: readonly ast.Annotation[] = [];

/** One text to read: its tokens as the line-break pass left them, and where it ends in the file. */
export interface ParserInput {
  readonly tokens: IToken[];
  readonly end: number;
  /** Depth of the trees around it; 0 for a file. */
  readonly spent: number;
}

export class KoineParser extends BodyParser {
  private declarations: ast.Declaration[] = [];
  private annotations: readonly ast.Annotation[] = noAnnotations;

  constructor(validate: boolean) {
    super(validate);
    this.performSelfAnalysis();
  }

  /** Adds the declarations that could be read to `declarations`; mistakes go to the reporter. May throw StoppedReading. */
  readFile(input: ParserInput, reporter: Reporter, declarations: ast.Declaration[]): void {
    this.declarations = declarations;
    this.begin(input, reporter);
    this.file();
  }

  /** The expression of an interpolation. May throw StoppedReading. */
  readInterpolation(input: ParserInput, reporter: Reporter): ast.Expression {
    this.begin(input, reporter);
    return this.interpolation();
  }

  /** Takes the interpolations found since the last call. */
  takePending(): PendingInterpolation[] {
    return this.pending.splice(0);
  }

  /** Lets go of what was read last, which may be large. */
  forget(): void {
    this.declarations = [];
    this.annotations = noAnnotations;
    this.pending.length = 0;
    this.begin({ tokens: [], end: 0, spent: 0 }, emptyReporter);
  }

  private begin(input: ParserInput, reporter: Reporter): void {
    this.reporter = reporter;
    this.textEnd = input.end;
    this.spent = input.spent;
    this.expressionsOpen = 0;
    this.input = input.tokens;
  }

  readonly interpolation: ParserMethod<[], ast.Expression> = this.RULE("interpolation", (): ast.Expression => {
    this.subject = "the interpolation";
    const expression = this.readExpression(0, []);
    const found = this.LA(1);
    if (!this.RECORDING_PHASE && !isEndOfFile(found) && expression.kind !== "error") {
      this.reportFound(found, "interpolation", "the end of the interpolation");
    }
    // What could not be read is left, so that the parser ends where its input does.
    while (!this.RECORDING_PHASE && !isEndOfFile(this.LA(1))) this.SKIP_TOKEN();
    return expression;
  });

  readonly file: ParserMethod<[], void> = this.RULE("file", (): void => {
    for (;;) {
      this.MANY(() => this.readStatement());
      const found = this.LA(1);
      if (this.RECORDING_PHASE || isEndOfFile(found)) return;
      this.subject = "the file";
      this.reportFound(found, "file", "a declaration");
      this.skipStatement(found);
    }
  });

  /** A declaration and the line break that ends it. */
  private readStatement(): void {
    const before = this.LA(1);
    try {
      const declaration = this.SUBRULE(this.declaration);
      if (this.RECORDING_PHASE) this.CONSUME(t.End);
      if (declaration) this.declarations.push(declaration);
      if (this.nextIs(t.End)) this.SKIP_TOKEN();
      else {
        this.reportFound(this.LA(1), "statement", "a line break");
        this.skipStatement(this.LA(1));
      }
    } catch (error) {
      this.note(error);
      this.annotations = noAnnotations;
      this.skipStatement(before);
    }
    this.expressionsOpen = 0;
  }

  private skipStatement(first: IToken): void {
    this.skipTo([t.End], first);
    this.SKIP_TOKEN();
  }

  readonly declaration: ParserMethod<[], ast.Declaration | undefined> = this.RULE("declaration", (): ast.Declaration | undefined => {
    this.subject = "the declaration";
    if (this.RECORDING_PHASE || this.nextIs(t.At)) this.readAnnotations();
    this.declarationAlternatives ??= this.listDeclarationAlternatives();
    return this.OR(this.declarationAlternatives);
  });

  // Captures nothing, so one list serves every declaration.
  private declarationAlternatives: { ALT: () => ast.Declaration | undefined }[] | undefined;

  private listDeclarationAlternatives(): { ALT: () => ast.Declaration | undefined }[] {
    return [
      { ALT: () => this.SUBRULE(this.resource) },
      { ALT: () => this.SUBRULE(this.let) },
      { ALT: () => this.SUBRULE(this.inputDeclaration) },
      { ALT: () => this.SUBRULE(this.output) },
      { ALT: () => this.SUBRULE(this.cloud) },
      { ALT: () => this.SUBRULE(this.stack) },
      { ALT: () => this.SUBRULE(this.assert) },
      { ALT: () => this.refuseLater(this.CONSUME(t.LaterWord)) },
    ];
  }

  private readAnnotations(): void {
    const found: ast.Annotation[] = [];
    this.MANY(() => found.push(this.SUBRULE(this.annotation)));
    if (this.RECORDING_PHASE) return;
    this.annotations = found;
    const last = found.at(-1);
    if (this.nextIs(t.Name) || !last) return;
    const next = this.LA(1);
    this.annotations = noAnnotations;
    const mistake: Omit<Mistake, "hint"> = {
      code: "K1114",
      message: `\`@${shorten(last.name.name)}\` belongs to a resource`,
      start: last.span.start,
      end: last.span.end,
    };
    if (isEndOfFile(next) || next.tokenType === t.End)
      this.fail({ ...mistake, hint: "a resource follows its annotations, on the same line or the next" });
    this.reporter.reportAlone({ ...mistake, hint: `only resources take annotations, not ${quoteToken(next)}` });
  }

  readonly annotation: ParserMethod<[], ast.Annotation> = this.RULE("annotation", (): ast.Annotation => {
    const at = this.CONSUME(t.At);
    const name = this.identifier(this.CONSUME(t.Name));
    const found = this.OPTION(() => this.SUBRULE(this.arguments));
    return { name, arguments: found ?? [], span: this.spanFrom(at) };
  });

  private refuseLater(word: IToken): undefined {
    if (this.RECORDING_PHASE) return undefined;
    this.report({
      code: "K1107",
      message: `\`${word.image}\` is not part of this version of the language`,
      start: word.startOffset,
      end: endOf(word),
      hint: laterHints[word.image] ?? "leave it out",
    });
    this.skipTo([t.End], word);
    return undefined;
  }

  readonly stack: ParserMethod<[], ast.StackDeclaration> = this.RULE("stack", (): ast.StackDeclaration => {
    const word = this.CONSUME(t.Stack);
    const node: Writable<ast.StackDeclaration> = { kind: "stack", name: this.identifier(this.CONSUME(t.Name)), span: this.spanFrom(word) };
    this.subject = "the stack";
    this.OPTION(() => {
      this.CONSUME(t.On);
      node.on = this.readExpression(0, [t.LeftBrace, t.End]);
    });
    this.OPTION2(() => {
      node.body = this.SUBRULE(this.body);
    });
    node.span = this.spanFrom(word);
    return node;
  });

  readonly inputDeclaration: ParserMethod<[], ast.InputDeclaration> = this.RULE("inputDeclaration", (): ast.InputDeclaration => {
    const word = this.CONSUME(t.Input);
    this.subject = "the input";
    const name = this.identifier(this.CONSUME(t.Name));
    const node: Writable<ast.InputDeclaration> = {
      kind: "input",
      name,
      type: { kind: "type-error", span: name.span },
      span: this.spanFrom(word),
    };
    this.recoverHeader(() => {
      this.CONSUME(t.Colon);
      node.type = this.readType(0, [t.Assign, t.Where, t.End]);
      this.OPTION(() => {
        this.CONSUME(t.Assign);
        node.default = this.readExpression(1, [t.Where, t.End]);
      });
      this.OPTION2(() => {
        this.CONSUME(t.Where);
        node.where = this.readExpression(2, [t.Comma, t.End]);
        this.OPTION3(() => {
          this.CONSUME(t.Comma);
          node.message = this.readExpression(3, [t.End]);
        });
      });
    });
    node.span = this.spanFrom(word);
    return node;
  });

  readonly let: ParserMethod<[], ast.LetDeclaration> = this.RULE("let", (): ast.LetDeclaration => {
    const word = this.CONSUME(t.Let);
    this.subject = "the value";
    const name = this.identifier(this.CONSUME(t.Name));
    const node: Writable<ast.LetDeclaration> = {
      kind: "let",
      name,
      value: this.errorExpression(name.span.end, name.span.end),
      span: this.spanFrom(word),
    };
    this.readTypedValue(node, word);
    return node;
  });

  readonly output: ParserMethod<[], ast.OutputDeclaration> = this.RULE("output", (): ast.OutputDeclaration => {
    const word = this.CONSUME(t.Output);
    this.subject = "the output";
    const name = this.identifier(this.CONSUME(t.Name));
    const node: Writable<ast.OutputDeclaration> = {
      kind: "output",
      name,
      value: this.errorExpression(name.span.end, name.span.end),
      span: this.spanFrom(word),
    };
    this.readTypedValue(node, word);
    return node;
  });

  /** `[ ":" type ] "=" expr` of a let or an output. */
  private readTypedValue(node: Writable<ast.LetDeclaration> | Writable<ast.OutputDeclaration>, word: IToken): void {
    this.recoverHeader(() => {
      this.OPTION(() => {
        this.CONSUME(t.Colon);
        node.type = this.readType(0, [t.Assign, t.End]);
      });
      this.CONSUME(t.Assign);
      node.value = this.readExpression(1, [t.End]);
    });
    node.span = this.spanFrom(word);
  }

  readonly cloud: ParserMethod<[], ast.CloudDeclaration> = this.RULE("cloud", (): ast.CloudDeclaration => {
    const word = this.CONSUME(t.Cloud);
    const name = this.identifier(this.CONSUME(t.Name));
    this.subject = "the cloud";
    const node: Writable<ast.CloudDeclaration> = { kind: "cloud", name, body: this.missingBody(), span: this.spanFrom(word) };
    this.recoverHeader(() => {
      this.OPTION(() => {
        this.CONSUME(t.Assign);
        node.provider = this.identifier(this.CONSUME2(t.Name));
      });
      if (!this.RECORDING_PHASE && !this.nextIs(t.LeftBrace)) this.failMissingBody("cloud");
    });
    if (this.RECORDING_PHASE || this.nextIs(t.LeftBrace)) node.body = this.SUBRULE(this.body);
    node.span = this.spanFrom(word);
    return node;
  });

  readonly assert: ParserMethod<[], ast.AssertDeclaration> = this.RULE("assert", (): ast.AssertDeclaration => {
    const word = this.CONSUME(t.Assert);
    this.subject = "the assert";
    const condition = this.readExpression(0, [t.Comma, t.End]);
    const message = this.OPTION(() => {
      this.CONSUME(t.Comma);
      return this.readExpression(1, [t.End]);
    });
    return { kind: "assert", condition, ...(message ? { message } : {}), span: this.spanFrom(word) };
  });

  readonly resource: ParserMethod<[], ast.ResourceDeclaration> = this.RULE("resource", (): ast.ResourceDeclaration => {
    const annotations = this.annotations;
    this.annotations = noAnnotations;
    const kind = this.CONSUME(t.Name);
    if (!this.RECORDING_PHASE) this.subject = `the ${shorten(kind.image)}`;
    if (!this.RECORDING_PHASE && !this.nextIs(t.Name)) this.failKind(kind);
    const name = this.identifier(this.CONSUME2(t.Name));
    const header: Writable<Pick<ast.ResourceDeclaration, "each" | "on" | "condition">> = {};
    if (this.RECORDING_PHASE || !this.nextIs(t.LeftBrace)) this.readResourceHeader(kind, header);
    const body = this.RECORDING_PHASE || this.nextIs(t.LeftBrace) ? this.SUBRULE(this.body) : this.missingBody();
    const start = annotations[0]?.span.start ?? kind.startOffset;
    const span = this.span(start, Math.max(start, this.previousEnd()));
    return { kind: "resource", annotations, type: this.identifier(kind), name, ...header, body, span };
  });

  /** What stands between the name and the body. */
  private readResourceHeader(kind: IToken, header: Writable<Pick<ast.ResourceDeclaration, "each" | "on" | "condition">>): void {
    this.recoverHeader(() => {
      this.OPTION(() => {
        header.each = this.SUBRULE(this.each);
      });
      this.OPTION2(() => {
        this.CONSUME(t.On);
        header.on = this.readExpression(0, [t.LeftBrace, t.If, t.End]);
      });
      this.OPTION3(() => {
        this.CONSUME(t.If);
        header.condition = this.readExpression(1, [t.LeftBrace, t.End]);
      });
      if (this.RECORDING_PHASE || this.nextIs(t.LeftBrace)) return;
      const meant = suggest(kind.image, declarationNames);
      if ((this.nextIs(t.Assign) || this.nextIs(t.Colon)) && meant) this.failDeclaration(kind, meant);
      this.failMissingBody("resource");
    });
  }

  readonly each: ParserMethod<[], ast.Each> = this.RULE("each", (): ast.Each => {
    const open = this.CONSUME(t.LeftBracket);
    const first = this.LA(1);
    const names: ast.Identifier[] = [];
    let source: ast.Expression | undefined;
    try {
      this.OPTION({
        GATE: () => this.LA(2).tokenType === t.In || this.LA(2).tokenType === t.Comma,
        DEF: () => {
          names.push(this.identifier(this.CONSUME(t.Name)));
          this.OPTION2(() => {
            this.CONSUME(t.Comma);
            names.push(this.identifier(this.CONSUME2(t.Name)));
          });
          this.CONSUME(t.In);
        },
      });
      source = this.readExpression(0, []);
    } catch (error) {
      this.note(error);
      this.skipTo([], first);
    }
    const close = this.CONSUME(t.RightBracket);
    return {
      names,
      source: source ?? this.errorExpression(endOf(open), close.startOffset),
      span: this.span(open.startOffset, endOf(close)),
    };
  });

  // ── Mistakes in headers ───────────────────────────────────────────────────────────────────────────────────────────

  /** Reads the rest of a header; after a mistake the declaration keeps its name, and its body is still read. */
  private recoverHeader(read: () => void): void {
    const first = this.LA(1);
    try {
      read();
    } catch (error) {
      this.note(error);
      this.skipTo([t.LeftBrace, t.End], first);
    }
  }

  /** The body of a declaration whose body could not be read. */
  private missingBody(): ast.Body {
    const end = this.previousEnd();
    return { items: [], span: this.span(end, end), incomplete: true };
  }

  private failMissingBody(rule: string): never {
    this.reportFound(this.LA(1), rule, "LeftBrace");
    return this.abandon();
  }

  /** A word where a declaration begins, and no name behind it. */
  private failKind(kind: IToken): never {
    const found = this.LA(1);
    const meant = suggest(kind.image, declarationNames);
    if (meant && !["Assign", "Dot"].includes(found.tokenType.name)) this.failDeclaration(kind, meant);
    this.reportFound(found, "resource", "Name");
    return this.abandon();
  }

  private failDeclaration(word: IToken, meant: string): never {
    return this.fail({
      code: "K1106",
      message: `${quoteToken(word)} begins no declaration`,
      start: word.startOffset,
      end: endOf(word),
      hint: `did you mean \`${meant}\`?`,
      fix: { title: `write \`${meant}\``, replacement: meant, start: word.startOffset, end: endOf(word) },
    });
  }
}

const declarationNames: readonly string[] = ["let", ...t.declarationWords.keys()];

const laterHints: Readonly<Record<string, string>> = {
  component: "write the resources out, with `[each]` where they repeat",
  rule: "an `assert` checks a condition over the resources it names",
  test: "an `assert` checks a condition on every compile",
  import: "all `*.koine` files of the folder are one stack already, so move the file into it",
};

let parser: KoineParser | undefined;

/** The parser of this process, made on first use: reading its own grammar takes a few milliseconds. */
export function sharedParser(): KoineParser {
  parser ??= new KoineParser(false);
  return parser;
}
