// Source text to syntax tree, with all mistakes of the text. Never throws, whatever the text: lexer, line-break pass, parser,
// then the interpolations of strings, which wait in a list so that their depth costs no call stack.

import type { IToken } from "chevrotain";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Declaration, Expression, SyntaxTree } from "./ast.ts";
import { bracketsBalance } from "./brackets.ts";
import { checkText } from "./check-text.ts";
import { lexChunk } from "./chunks.ts";
import { tokenize } from "./lexer.ts";
import { type LexicalMemory, makeLexicalMemory, reportRemembered } from "./lexical-problems.ts";
import { prepareTokens } from "./line-breaks.ts";
import { type KoineParser, sharedParser } from "./parser.ts";
import { StoppedReading } from "./parser-base.ts";
import type { PendingInterpolation } from "./parser-literals.ts";
import { maximumNesting } from "./pass.ts";
import { makeReporter, type Reporter } from "./reporter.ts";
import { tokenFlags } from "./token-properties.ts";

export interface ParseResult {
  readonly tree: SyntaxTree;
  /** In the order of the file, at most one per mistake. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What the steps of one file share. */
interface Reading {
  readonly parser: KoineParser;
  readonly reporter: Reporter;
  readonly memory: LexicalMemory;
  readonly wide: boolean;
}

/** Reads one file. The tree holds what could be read; what could not is an error node or left out, and reported. */
export function parse(file: SourceFile): ParseResult {
  const reporter = makeReporter(file);
  const declarations: Declaration[] = [];
  const text = checkText(reporter);
  if (text === undefined) reporter.markIncomplete();
  else {
    const wide = /\P{ASCII}/u.test(text);
    readText(text, { parser: sharedParser(), reporter, memory: makeLexicalMemory(), wide }, declarations);
  }
  const tree = { file: file.path, declarations };
  return { tree: reporter.isIncomplete() ? { ...tree, incomplete: true } : tree, diagnostics: reporter.finish() };
}

function readText(text: string, reading: Reading, declarations: Declaration[]): void {
  const { parser, reporter, memory, wide } = reading;
  try {
    for (let at = 0; at < text.length; ) {
      const chunk = lexChunk(text, at);
      const { start, end, balanced } = chunk;
      const tokens = prepareTokens(chunk.tokens, { reporter, depth: 0, form: "file", wide, start, balanced, memory });
      parser.readFile({ tokens, end, spent: 0 }, reporter, declarations);
      readInterpolations(reading);
      at = end;
    }
  } catch (error) {
    if (!(error instanceof StoppedReading)) throw error;
  } finally {
    parser.forget();
  }
  reportRemembered(memory, reporter);
}

/** Reads the code of all strings; strings inside that code join the list. */
function readInterpolations(reading: Reading): void {
  const waiting = reading.parser.takePending();
  for (let pending = waiting.pop(); pending; pending = waiting.pop()) {
    pending.place(readInterpolation(pending, reading));
    for (const inner of reading.parser.takePending()) waiting.push(inner);
  }
}

function readInterpolation(pending: PendingInterpolation, reading: Reading): Expression {
  const { start, end, nesting, spent } = pending;
  const { parser, reporter, memory, wide } = reading;
  const failed: Expression = { kind: "error", span: reporter.span(start, end) };
  if (nesting > maximumNesting) {
    reporter.reportCause({
      code: "K1104",
      message: `brackets and interpolations are nested deeper than ${maximumNesting}`,
      start,
      end: start + 1,
      hint: "give the inner part a name with `let`",
    });
    return failed;
  }
  const lexed = tokenize(reporter.file.text.slice(start, end));
  if (hasComment(start, end, lexed, reporter)) return failed;
  const balanced = bracketsBalance(lexed, tokenFlags());
  const tokens = prepareTokens(lexed, { reporter, depth: nesting, form: "interpolation", wide, start, balanced, memory });
  return parser.readInterpolation({ tokens, end, spent }, reporter);
}

/**
 * A comment would silently take the rest of the interpolation with it, so none may stand there. The lexer drops comments:
 * they show as text between the tokens.
 */
function hasComment(start: number, end: number, lexed: readonly IToken[], reporter: Reporter): boolean {
  const code = reporter.file.text.slice(start, end);
  let from = 0;
  for (const token of [...lexed, undefined]) {
    const gap = code.slice(from, token ? token.startOffset : code.length);
    if (gap.trim() !== "" || token?.image.startsWith("/*")) {
      reporter.reportCause({
        code: "K1016",
        message: "a comment cannot stand in an interpolation",
        start: start + from + (gap.length - gap.trimStart().length),
        end,
        hint: "put it on the line above, outside of the string",
      });
      return true;
    }
    if (token) from = token.startOffset + token.image.length;
  }
  return false;
}
