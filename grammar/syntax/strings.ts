// The text of strings: escapes of quoted ones, the common indentation of heredocs. The code between `${` and `}` is only
// located here; the parser reads it afterwards.

import type { IToken } from "chevrotain";
import type { Mistake, Reporter } from "./reporter.ts";
import type { StringScan } from "./scan-tokens.ts";
import { Heredoc, QuotedString, RawHeredoc } from "./tokens.ts";

/** Decoded text, or the place of an interpolation's code in the file. */
export type StringPart = string | { readonly start: number; readonly end: number };

export interface DecodedString {
  readonly parts: readonly StringPart[];
  readonly form: "quoted" | "heredoc" | "raw";
}

/** Decodes a string token other than the plain form. Reports escapes that do not exist. */
export function decodeString(token: IToken, reporter: Reporter): DecodedString {
  const scan = token.payload as StringScan;
  const shift = token.startOffset - scan.origin;
  const { text } = reporter.file;
  if (token.tokenType === QuotedString) {
    const mistakes: Mistake[] = [];
    const parts = scan.pieces.map((piece): StringPart => {
      const start = piece.start + shift;
      const end = piece.end + shift;
      return piece.kind === "code" ? { start, end } : decodeEscapes(text.slice(start, end), start, mistakes);
    });
    // A path with backslashes is one slip, however many it has.
    const [first] = mistakes;
    if (first) reporter.reportAlone(mistakes.length === 1 ? first : { ...first, label: `and ${mistakes.length - 1} more in this string` });
    return { parts, form: "quoted" };
  }
  const pieces = scan.pieces.map((piece): StringPart => {
    const start = piece.start + shift;
    const end = piece.end + shift;
    if (piece.kind === "code") return { start, end };
    // The same source must give the same text whatever line ends a checkout writes.
    return text.slice(start, end).replace(/\r\n?/g, "\n");
  });
  const stripped = stripIndentation(pieces);
  if (token.tokenType === RawHeredoc) return { parts: stripped, form: "raw" };
  const parts =
    token.tokenType === Heredoc ? stripped.map((part) => (typeof part === "string" ? part.replaceAll("$${", "${") : part)) : stripped;
  return { parts, form: "heredoc" };
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ['"', '"'],
  ["\\", "\\"],
]);

/** The characters between the quotes, from offset `start` of the file. */
function decodeEscapes(source: string, start: number, mistakes: Mistake[]): string {
  return source.replace(
    /\$\$\{|\\u\{([^}"\\]*)\}|\\([\s\S])|\\$|(?!\t)\p{Cc}/gu,
    (found, digits: string | undefined, letter: string | undefined, at: number) => {
      if (found === "$${") return "${";
      const place = { start: start + at, end: start + at + found.length };
      if (digits !== undefined) {
        const code = /^[0-9a-fA-F]{1,6}$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
        if (code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code);
        mistakes.push({
          code: "K1006",
          message: `\`${found.length > 20 ? "\\u{…}" : found}\` is not a character`,
          ...place,
          hint: "between the braces stands the character's Unicode number in hexadecimal, for example `\\u{e9}`",
        });
        return "";
      }
      if (letter === undefined && found !== "\\") {
        const number = found.charCodeAt(0).toString(16);
        mistakes.push({
          code: "K1001",
          message: `the control character U+${number.toUpperCase().padStart(4, "0")} stands in a string`,
          ...place,
          hint: `write \`\\u{${number}}\` if it is meant`,
          fix: { title: "write an escape", replacement: `\\u{${number}}`, ...place },
        });
        return found;
      }
      // A backslash at the very end stands in a string without its end, which is reported already.
      if (letter === undefined) return "";
      const simple = simpleEscapes.get(letter);
      if (simple !== undefined) return simple;
      mistakes.push(describeEscape(found, letter, place));
      return letter;
    },
  );
}

function describeEscape(found: string, letter: string, place: { readonly start: number; readonly end: number }): Mistake {
  const mend =
    letter === "$"
      ? { hint: "a literal `${` is written `$${`" }
      : { hint: `a backslash itself is written \`\\\\\`; the escapes are \`\\n\`, \`\\t\`, \`\\r\`, \`\\"\`, \`\\\\\` and \`\\u{…}\`` };
  return {
    code: "K1006",
    message: `\`${found}\` is not an escape`,
    ...place,
    ...mend,
    ...(letter === "$" ? {} : { fix: { title: "write the backslash itself", replacement: `\\\\${letter}`, ...place } }),
  };
}

/**
 * Drops the line break after the opening quotes, the line of the closing quotes when it is blank (the line break before it
 * stays), and the indentation that all lines with content share. Interpolations count as content, never as indentation.
 */
function stripIndentation(pieces: readonly StringPart[]): readonly StringPart[] {
  const parts = [...pieces];
  const first = parts[0];
  // Text behind the opening quotes begins in mid-line: it has no indentation of its own.
  const opensWithBreak = typeof first === "string" && /^[ \t]*\n/.test(first);
  if (opensWithBreak && typeof first === "string") parts[0] = first.replace(/^[ \t]*/, "");
  const last = parts.at(-1);
  if (typeof last === "string") parts[parts.length - 1] = dropClosingLine(last);

  let common: string | undefined;
  parts.forEach((part, index) => {
    if (typeof part !== "string") return;
    for (const { 1: indentation = "", index: at, 0: whole } of part.matchAll(/\n([ \t]*)/g)) {
      const lineStartEnd = at + whole.length;
      const blank = part.charAt(lineStartEnd) === "\n" || (lineStartEnd === part.length && index === parts.length - 1);
      if (!blank) common = common === undefined ? indentation : sharedPrefix(common, indentation);
    }
  });
  const shared = common ?? "";
  const stripped = parts.map((part, index) => {
    if (typeof part !== "string") return part;
    const text = part.replace(/\n([ \t]*)(?=(\n?))/g, (_, indentation: string, next: string, at: number) => {
      const isLast = index === parts.length - 1 && at + 1 + indentation.length === part.length;
      if (next === "\n" || isLast) return indentation.startsWith(shared) ? `\n${indentation.slice(shared.length)}` : "\n";
      return `\n${indentation.slice(shared.length)}`;
    });
    return index === 0 && opensWithBreak ? text.slice(1) : text;
  });
  return stripped.filter((part) => part !== "");
}

/** Without the blanks of a last line that holds nothing else. A loop, since a pattern at the end of a text is tried everywhere. */
function dropClosingLine(text: string): string {
  let end = text.length;
  while (text[end - 1] === " " || text[end - 1] === "\t") end--;
  return text[end - 1] === "\n" ? text.slice(0, end) : text;
}

function sharedPrefix(first: string, second: string): string {
  let length = 0;
  while (length < first.length && first.charAt(length) === second.charAt(length)) length++;
  return first.slice(0, length);
}
