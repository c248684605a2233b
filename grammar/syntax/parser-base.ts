// The ground the parser stands on: the token cursor, how a mistake is noted, and how reading goes on behind it. Brackets are
// balanced before the parser starts, so "skip to the end of the item" is exact; Chevrotain's own recovery, which looks for
// token types alone and would stop inside nested brackets, stays off.

import { EmbeddedActionsParser, type IRecognitionException, type IToken, isRecognitionException, type TokenType } from "chevrotain";
import type { Span } from "../source/span.ts";
import type { ErrorExpression, Identifier } from "./ast.ts";
import { type Mistake, makeReporter, type Reporter } from "./reporter.ts";
import { describeSyntaxError, expectationProvider } from "./syntax-messages.ts";
import { CLOSES, endOf, isEndOfFile, OPENS, tokenFlags } from "./token-properties.ts";
import { allTokens, Comma, End } from "./tokens.ts";

/** Thrown after a mistake was reported, to leave the rules that cannot go on. Never leaves the parser. */
export class Abandoned extends Error {}

/** Thrown when a file holds so many mistakes that reading on is of no use. Caught in parse.ts. */
export class StoppedReading extends Error {}

/** Nodes while they are built. */
export type Writable<Node> = { -readonly [Key in keyof Node]: Node[Key] };

export interface SequenceRules {
  readonly separator: TokenType;
  readonly closer: TokenType;
  /** What stands in it, for messages: "an item". */
  readonly item: string;
  /** What may follow one: "`,` or `]`". */
  readonly next: string;
  readonly canStart: (token: IToken) => boolean;
}

/** Before anything is read. */
export const emptyReporter: Reporter = makeReporter({ path: "", text: "" });

/** Where an item of a sequence ends, besides at the bracket that closes the sequence. */
const itemEnds: readonly TokenType[] = [Comma, End];

export abstract class ParserBase extends EmbeddedActionsParser {
  protected reporter: Reporter = emptyReporter;
  /** Where the text being read ends: the place of mistakes at its end. */
  protected textEnd = 0;
  /** What is being read, in words for messages: "the machine". */
  protected subject = "the file";
  /** Whether the sequence being read already has a mistaken `:`, which is a habit and one mistake. */
  protected colonReported = false;
  private readonly flagsOf = tokenFlags();

  constructor(validate: boolean) {
    super([...allTokens], {
      recoveryEnabled: false,
      maxLookahead: 1,
      nodeLocationTracking: "none",
      errorMessageProvider: expectationProvider,
      skipValidations: !validate,
    });
  }

  // ── Places ────────────────────────────────────────────────────────────────────────────────────────────────────────

  protected span(start: number, end: number): Span {
    return { file: this.reporter.file.path, start, end };
  }

  /** From the beginning of `first` to the end of the last token read. */
  protected spanFrom(first: IToken): Span {
    return this.span(first.startOffset, Math.max(first.startOffset, this.previousEnd()));
  }

  /** From the beginning of `first` to the end of `last`. While the library records the grammar there are no nodes yet. */
  protected spanOf(first: { readonly span: Span }, last: { readonly span: Span }): Span {
    return this.RECORDING_PHASE ? this.span(0, 0) : this.span(first.span.start, Math.max(first.span.end, last.span.end));
  }

  protected previousEnd(): number {
    const previous = this.LA(0);
    return isEndOfFile(previous) ? 0 : endOf(previous);
  }

  /** Where the next token begins, or the text ends. */
  protected nextStart(): number {
    const next = this.LA(1);
    return isEndOfFile(next) ? this.textEnd : next.startOffset;
  }

  /** The place of what could not be read: what was skipped from `first` on, or the end of the token before. */
  protected skippedSpan(first: IToken): Span {
    const previous = this.LA(0);
    if (isEndOfFile(previous)) return this.span(this.nextStart(), this.nextStart());
    return this.LA(1) === first ? this.span(endOf(previous), endOf(previous)) : this.spanFrom(first);
  }

  protected identifier(token: IToken): Identifier {
    return { name: token.image, span: this.span(token.startOffset, endOf(token)) };
  }

  protected errorExpression(start: number, end: number): ErrorExpression {
    return { kind: "error", span: this.span(start, Math.max(start, end)) };
  }

  protected flags(token: IToken): number {
    return this.flagsOf[token.tokenTypeIdx] ?? 0;
  }

  protected nextIs(type: TokenType): boolean {
    return this.LA(1).tokenType === type;
  }

  // ── Mistakes ──────────────────────────────────────────────────────────────────────────────────────────────────────

  protected report(mistake: Mistake): void {
    this.reporter.reportSyntax(mistake);
    if (this.reporter.isFull()) throw new StoppedReading();
  }

  /** Reports and leaves the rules up to the next place where reading can go on. */
  protected fail(mistake: Mistake): never {
    this.report(mistake);
    return this.abandon();
  }

  /** Leaves the rules after a mistake was reported. */
  protected abandon(): never {
    throw new Abandoned();
  }

  /** Reports what was thrown while reading; anything but a mistake in the source is thrown on. */
  protected note(error: unknown): void {
    if (error instanceof Abandoned) return;
    if (!(error instanceof Error) || !isRecognitionException(error)) throw error;
    const { token, message, context } = error as IRecognitionException & Error;
    this.reportFound(token, context.ruleStack.at(-1) ?? "", message);
  }

  /** Words and reports a token that does not belong where it stands; it is the next one to be read. */
  protected reportFound(found: IToken, rule: string, expected: string): void {
    const previous = this.LA(0);
    const before = isEndOfFile(previous) ? undefined : previous;
    const brokeBefore = before !== undefined && /[\r\n]/.test(this.reporter.file.text.slice(endOf(before), found.startOffset));
    const atEnd = isEndOfFile(found) || found.tokenType === End || (brokeBefore && (this.flags(found) & CLOSES) !== 0);
    // What is missing at the end of a line is missing behind its last token.
    const start = atEnd ? (before ? endOf(before) : this.textEnd) : found.startOffset;
    const end = atEnd ? start : endOf(found);
    const words = describeSyntaxError({ rule, expected, found, previous: before, next: this.LA(2), subject: this.subject });
    this.report({ start, end, ...words });
  }

  // ── Going on ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Skips to one of `stops`, or to the bracket that closes what encloses the part that begins with `first`. Brackets that
   * were opened in that part and not yet closed are skipped whole.
   */
  protected skipTo(stops: readonly TokenType[], first: IToken): void {
    let depth = this.countOpen(first);
    for (let token = this.LA(1); !isEndOfFile(token); token = this.LA(1)) {
      if (depth === 0 && stops.includes(token.tokenType)) return;
      const flags = this.flags(token);
      if (flags & OPENS) depth++;
      else if (flags & CLOSES && --depth < 0) return;
      this.SKIP_TOKEN();
    }
  }

  /** How many brackets were opened since `first`, itself included, and are still open. */
  private countOpen(first: IToken): number {
    if (this.LA(1) === first) return 0;
    let open = 0;
    for (let back = 0; ; back--) {
      const token = this.LA(back);
      if (isEndOfFile(token)) return Math.max(0, open);
      const flags = this.flags(token);
      if (flags & OPENS) open++;
      else if (flags & CLOSES) open--;
      if (token === first) return Math.max(0, open);
    }
  }

  /**
   * Reads `one` after the other up to the closing bracket, and gives whether nothing was wrong between and in them. A
   * missing separator is reported once. May stand once in a rule: it is the rule's first MANY and its first OPTION.
   * Most of a file is read here, so the loop itself is plain code; the library learns the grammar from its recording.
   */
  protected readSequence(one: () => void, rules: SequenceRules): boolean {
    if (this.RECORDING_PHASE) {
      this.MANY(() => {
        one();
        this.OPTION(() => this.CONSUME(rules.separator));
      });
      return true;
    }
    const outer = this.colonReported;
    this.colonReported = false;
    const sound = this.readItems(one, rules);
    this.colonReported = outer;
    return sound;
  }

  private readItems(one: () => void, rules: SequenceRules): boolean {
    const commaOnly = rules.separator === Comma;
    let sound = true;
    let missingReported = false;
    for (;;) {
      let found = this.LA(1);
      while (rules.canStart(found)) {
        const failed = !this.tryOne(one, found);
        found = this.LA(1);
        if (failed) sound = false;
        if (found.tokenType === Comma || (found.tokenType === End && !commaOnly)) {
          found = this.SKIP_TOKEN();
          continue;
        }
        if (found.tokenType === rules.closer) break;
        sound = false;
        if (!failed && !missingReported) this.reportFound(found, "separator", rules.next);
        missingReported = true;
        if (found.tokenType === End) this.SKIP_TOKEN();
        else if (!rules.canStart(found)) {
          this.skipTo(itemEnds, found);
          if (!this.nextIs(rules.closer)) this.SKIP_TOKEN();
        }
        found = this.LA(1);
      }
      if (found.tokenType === rules.closer || isEndOfFile(found)) return sound;
      sound = false;
      this.reportFound(found, "sequence", rules.item);
      this.skipTo(itemEnds, found);
      while (this.nextIs(Comma) || this.nextIs(End)) this.SKIP_TOKEN();
    }
  }

  /** Reads one item; after a mistake in it, skips to its end. */
  private tryOne(one: () => void, first: IToken): boolean {
    try {
      one();
      return true;
    } catch (error) {
      this.note(error);
      this.skipTo(itemEnds, first);
      return false;
    }
  }

  /** OPTION for the parts that most declarations have: no more than a look at the next token, except while recording. */
  protected optionally<Part>(index: number, starts: TokenType, read: () => Part): Part | undefined {
    if (this.RECORDING_PHASE) return this.option(index, read);
    return this.LA(1).tokenType === starts ? read() : undefined;
  }
}
