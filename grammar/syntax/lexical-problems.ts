// Reports what is wrong with single tokens: characters that begin nothing, strings and comments without an end, names with
// letters of other scripts. Called by the line-break pass for the few tokens that can be wrong.

import type { IToken } from "chevrotain";
import type { Mistake, Reporter } from "./reporter.ts";
import { type CommentScan, maximumInterpolations, type StringScan } from "./scan-tokens.ts";
import { endOf } from "./token-properties.ts";
import { quoteToken } from "./token-words.ts";
import { Heredoc, QuotedString } from "./tokens.ts";

/** Remembers what was already said in this file, so that a habit (`;` on every line) is one mistake. */
export interface LexicalMemory {
  readonly seen: Map<string, { readonly token: IToken; count: number }>;
}

const curlyQuote = /[\u2018-\u201f\u00ab\u00bb]/;

export function makeLexicalMemory(): LexicalMemory {
  return { seen: new Map() };
}

/** Notes one place of a repeated mistake. */
export function rememberUnexpected(memory: LexicalMemory, token: IToken): void {
  const character = String.fromCodePoint(token.image.codePointAt(0) ?? 0);
  // Opening and closing curly quotes are one habit.
  rememberHabit(memory, curlyQuote.test(character) ? "\u201c" : character, token);
}

/** Notes a name that holds other letters than a to z. */
export function rememberWideName(memory: LexicalMemory, token: IToken): void {
  rememberHabit(memory, `name ${token.image}`, token);
}

function rememberHabit(memory: LexicalMemory, key: string, token: IToken): void {
  const known = memory.seen.get(key);
  if (known) known.count++;
  else memory.seen.set(key, { token, count: 1 });
}

/** Reports each remembered mistake once, at its first place. */
export function reportRemembered(memory: LexicalMemory, reporter: Reporter): void {
  for (const [key, { token, count }] of memory.seen) {
    const label = count > 1 ? `and ${count - 1} more in this file` : undefined;
    const place = { start: token.startOffset, end: endOf(token), ...(label ? { label } : {}) };
    if (key === "'") reporter.reportAlone({ ...describeSingleQuoted(token, true), ...place });
    else if (key.startsWith("name ")) {
      reporter.reportAlone({
        code: "K1011",
        message: `the name ${quoteToken(token)} holds letters other than a to z`,
        ...place,
        hint: "names are written with the letters a to z and A to Z, digits and `_`; any text may stand in a string",
      });
    } else reporter.reportCause({ ...describeUnexpected(key, token), ...place });
  }
}

type Description = Pick<Mistake, "code" | "message" | "hint" | "fix">;

function describeUnexpected(character: string, token: IToken): Description {
  const start = token.startOffset;
  const end = start + character.length;
  const replaceBy = (replacement: string, hint: string, message = `unexpected character ${showCharacter(character)}`): Description => ({
    code: "K1001",
    message,
    hint,
    fix: { title: replacement === "" ? "remove it" : `write \`${replacement}\``, replacement, start, end },
  });
  if (character === ";") return replaceBy("", "a line break or `,` separates, so leave the `;` out");
  if (character === "&") return replaceBy("&&", "and is written `&&`");
  if (character === "$") {
    return {
      code: "K1001",
      message: "unexpected character `$`",
      hint: "`${…}` stands inside a string; outside of one, write the expression alone",
    };
  }
  if (character === "`" || curlyQuote.test(character)) {
    return replaceBy('"', 'strings are written with straight double quotes, `"…"`');
  }
  if (/[\u2010-\u2015\u2212]/.test(character)) return replaceBy("-", "the minus sign is the plain `-`");
  if (/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/.test(character)) {
    return replaceBy(" ", "replace it by an ordinary space", `unexpected space character ${showCharacter(character)}`);
  }
  if (/[\u200b-\u200d\u2060\ufeff]/.test(character)) {
    return replaceBy("", "remove it; it came perhaps with a copied text", `unexpected invisible character ${showCharacter(character)}`);
  }
  return { code: "K1001", message: `unexpected character ${showCharacter(character)}`, hint: "remove it, or put the text in quotes" };
}

/** The character itself where it can be seen, and its number where it cannot. */
export function showCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const visible = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character);
  if (!visible) return number;
  return code < 128 ? `\`${character}\`` : `\`${character}\` (${number})`;
}

/** Reports a string token's problems. Gives whether the token ran past the end it was meant to have. */
export function reportString(token: IToken, reporter: Reporter): boolean {
  const scan = token.payload as StringScan;
  const shift = token.startOffset - scan.origin;
  for (const problem of scan.problems) {
    const start = problem.start + shift;
    const end = problem.end + shift;
    if (problem.kind === "deep") {
      reporter.reportCause({
        code: "K1104",
        message: `interpolations are nested deeper than ${maximumInterpolations}`,
        start,
        end,
        hint: "give the inner string a name with `let`",
      });
    } else if (problem.kind === "interpolation") {
      reporter.reportCause({
        code: "K1005",
        message: "`${` has no `}` on its line",
        start,
        end,
        hint: "close it with `}` on the same line; a literal `${` is written `$${`",
      });
    } else if (token.tokenType === QuotedString) {
      reporter.reportCause({
        code: "K1002",
        message: 'the string has no closing `"` on its line',
        start,
        end: start + token.image.trimEnd().length,
        hint: 'close it with `"`; text of several lines stands between `"""` and `"""`',
      });
    } else {
      reporter.reportCause({
        code: "K1003",
        message: 'the text that begins here has no closing `"""`',
        start,
        end,
        hint: `close it with \`"""\`${token.tokenType === Heredoc ? "" : "; a raw text ends at the first three quotes"}`,
      });
      reporter.mute(start, Number.POSITIVE_INFINITY);
    }
  }
  return scan.problems.some(({ kind }) => kind !== "deep");
}

/** Reports a block comment without an end. Gives whether it is closed. */
export function reportComment(token: IToken, reporter: Reporter): boolean {
  if ((token.payload as CommentScan).closed) return true;
  reporter.reportCause({
    code: "K1004",
    message: "the comment has no closing `*/`",
    start: token.startOffset,
    end: token.startOffset + 2,
    hint: "close it with `*/`; comments nest, so each `/*` inside needs its own",
  });
  reporter.mute(token.startOffset, Number.POSITIVE_INFINITY);
  return false;
}

/** Reports `'…'`, once in a file if closed; the token goes on as the string it was meant to be. Gives whether it is closed. */
export function reportSingleQuoted(token: IToken, memory: LexicalMemory, reporter: Reporter): boolean {
  const closed = token.image.length > 1 && token.image.endsWith("'");
  if (closed) rememberHabit(memory, "'", token);
  else reporter.reportCause(describeSingleQuoted(token, false));
  return closed;
}

function describeSingleQuoted(token: IToken, closed: boolean): Mistake {
  const content = token.image.slice(1, closed ? -1 : undefined);
  const fixable = closed && !/["\\$]/.test(content);
  const mistake: Mistake = {
    code: "K1012",
    message: "strings are written with double quotes",
    start: token.startOffset,
    end: endOf(token),
    hint: fixable ? `write \`"${content.length > 40 ? "…" : content}"\`` : 'write `"…"`',
    ...(fixable ? { fix: { title: "use double quotes", replacement: `"${content}"`, start: token.startOffset, end: endOf(token) } } : {}),
  };
  return mistake;
}
