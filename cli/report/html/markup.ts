// HTML as a value of its own, so that text of others cannot become markup by being forgotten: whatever is put into an `html` template is escaped, unless
// it was made by one. Attributes are always written in double quotes; the escape serves both, and SVG.

/** Finished markup. Made by `html` and `trustMarkup` only. */
export interface Markup {
  readonly markup: string;
}

export type Hole = Markup | string | number | undefined | false | readonly Hole[];

/** Text is escaped, lists are joined, `undefined` and `false` give nothing. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Markup {
  let markup = parts[0] ?? "";
  for (let index = 0; index < holes.length; index++) markup += writeHole(holes[index]) + (parts[index + 1] ?? "");
  return { markup };
}

/** For text of our own (style, script, digits), never for text of a report. */
export function trustMarkup(markup: string): Markup {
  return { markup };
}

function writeHole(hole: Hole): string {
  if (hole === undefined || hole === false) return "";
  if (typeof hole === "string") return escapeText(hole);
  if (typeof hole === "number") return String(hole);
  if (isList(hole)) return hole.map(writeHole).join("");
  return hole.markup;
}

function isList(hole: Hole): hole is readonly Hole[] {
  return Array.isArray(hole);
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;" };

// What steers a reader's eye without being seen: control characters, directions of writing, characters of no width, halves of characters.
const unseen = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text for element content and for attributes in double quotes. Characters that cannot be seen are written as `\u202e`. */
export function escapeText(text: string): string {
  return showUnseen(text).replace(/[&<>"'`]/g, (found) => escapes[found] ?? "");
}

/** Line breaks and tabs are kept. */
export function showUnseen(text: string): string {
  return text.replace(unseen, (found) => `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

/** The id of an element whose address is shown: no character is lost, so that `#address` finds it. */
export function fragmentOf(id: string): string {
  return `#${encodeURIComponent(showUnseen(id))}`;
}

/** A link of others is followed only over http and https; anything else is no link. */
export function safeLink(link: string | undefined): string | undefined {
  if (link === undefined || !URL.canParse(link)) return undefined;
  const url = new URL(link);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined;
}
