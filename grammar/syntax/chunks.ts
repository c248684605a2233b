// Cuts a long file at places between declarations, so that the tokens of one part are done with before the next is lexed:
// all tokens of a large file at once would cost more time in memory than in reading. What is read is the same either way.

import type { IToken } from "chevrotain";
import { bracketsBalance } from "./brackets.ts";
import { tokenize } from "./lexer.ts";
import type { CommentScan, StringScan } from "./scan-tokens.ts";
import { tokenFlags } from "./token-properties.ts";
import { BlockComment, Heredoc, RawHeredoc } from "./tokens.ts";

export interface Chunk {
  /** With offsets that count from `start`. */
  readonly tokens: readonly IToken[];
  readonly start: number;
  readonly end: number;
  /** Whether every bracket has its partner. */
  readonly balanced: boolean;
}

const defaultLength = 128 * 1024;

/**
 * The tokens from `start` up to a place where a declaration ends in `}` and the next line begins with a word, or to the end
 * of the text. A part in which something stays open goes on to the end of what closes it.
 */
export function lexChunk(text: string, start: number, length = defaultLength): Chunk {
  for (let wanted = length; ; wanted *= 4) {
    const end = findBoundary(text, start + wanted);
    const tokens = tokenize(start === 0 && end === text.length ? text : text.slice(start, end));
    const balanced = bracketsBalance(tokens, tokenFlags());
    if (end === text.length || (balanced && !endsOpen(tokens.at(-1)))) return { tokens, start, end, balanced };
  }
}

function findBoundary(text: string, from: number): number {
  if (from >= text.length) return text.length;
  // `where` on a line of its own goes on with the input above it.
  const boundary = /\}[ \t]*(?:\r?\n)+(?!where\b)(?=[A-Za-z@])/g;
  boundary.lastIndex = from;
  return boundary.exec(text) ? boundary.lastIndex : text.length;
}

/** Whether the cut went through a text or a comment of several lines. */
function endsOpen(last: IToken | undefined): boolean {
  if (last?.tokenType === BlockComment) return !(last.payload as CommentScan).closed;
  if (last?.tokenType !== Heredoc && last?.tokenType !== RawHeredoc) return false;
  return (last.payload as StringScan).problems.some(({ kind }) => kind === "unclosed");
}
