// Text of others as Markdown that says exactly that text and does nothing: no element, link, mention, reference, comment marker or quick action comes of it.
// Nothing else in this folder writes text of a report.

import { safeLink, showUnseen } from "../html/markup.ts";

/** Longer names and values are cut in the middle: a comment has no room for them, and nobody reads them there. */
const longest = 240;

/** A code span: Markdown, mentions, references and emoji are left alone in it, on GitHub as on GitLab. */
export function code(text: string, most = longest): string {
  const shown = shorten(showText(text), most);
  if (shown.trim() === "") return shown === "" ? "`(empty)`" : "`(blank)`";
  const ticks = "`".repeat(longestRun(shown) + 1);
  // https://spec.commonmark.org/0.31.2/#code-spans: one space at both ends is taken off again.
  const pad = /^[` ]|[` ]$/.test(shown) ? " " : "";
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}

/** Sentences: names that stand in backticks, and every word that could mean something to the host, become code spans; plain words stay words. */
export function prose(text: string, most = 1_000): string {
  const words = shorten(showText(text).trim(), most).match(/`[^`]+`|[^\s`]+|\s+|`/g) ?? [];
  let written = "";
  let plainSoFar = false;
  for (const [index, word] of words.entries()) {
    const next = writeWord(word, index === 0);
    // Two spans that touch would be one of another length.
    written += !plainSoFar && next.startsWith("`") && written !== "" ? ` ${next}` : next;
    plainSoFar = !next.endsWith("`");
  }
  return written;
}

/** Letters, also with `'`, `-` or `/` between them, or a number; punctuation around it. */
const plainWord = /^["'(]*(?:\p{L}+(?:['’/-]\p{L}+)*|\d+(?:[.,]\d+)*)?["')]*[.,;:?!]*$/u;

/** What hosts take for a revision. */
const revision = /\b[0-9a-f]{7,}\b/i;

function writeWord(word: string, isFirst: boolean): string {
  if (/^\s+$/.test(word)) return " ";
  if (/^`[^`]+`$/.test(word)) return code(word.slice(1, -1));
  const [, core = "", end = ""] = /^(.*?)([.,;:?!]*)$/su.exec(word) ?? [];
  // At the beginning of a line a dash or a number would begin a list.
  if (isFirst && !/^["'(]?\p{L}/u.test(word)) return core === "" ? code(word) : `${code(core)}${end}`;
  if (/^(?:[-=→–—%≈]|\d+ ?%)$/.test(word) || (plainWord.test(word) && !revision.test(word))) return word;
  return core === "" ? code(word) : `${code(core)}${end}`;
}

/** A block of lines, each on one line of its own behind two cells of ours, so that none can begin or end anything. `indent` is of the item it stands in. */
export function fence(lines: readonly string[], indent = ""): string {
  const shown = lines.map((line) => shorten(showText(line), 400));
  const ticks = "`".repeat(shown.reduce((most, line) => Math.max(most, longestRun(line) + 1), 3));
  return [`${ticks}diff`, ...shown, ticks].map((line) => `${indent}${line}\n`).join("");
}

/** A link to a page that we chose; anything but http and https is no link. */
export function link(markdown: string, url: string | undefined): string {
  const safe = safeLink(url);
  if (safe === undefined) return markdown;
  const target = `(${safe.replace(/[()<>[\]\\`*_~|]/g, encode)})`;
  // Brackets in code end no link by CommonMark; not every renderer knows it.
  return /[[\]\\]|``/.test(markdown) ? `${markdown} [open]${target}` : `[${markdown}]${target}`;
}

function encode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** One line, everything in it visible. The beginning of a comment is written out, since comments of ours are found by one. */
export function showText(text: string): string {
  return showUnseen(text).replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t").replace(/<!--/g, "\\u003c!--");
}

function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  // No half of a character stays behind.
  return `${text.slice(0, half).replace(/[\ud800-\udbff]$/, "")}…${text.slice(-half).replace(/^[\udc00-\udfff]/, "")}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
