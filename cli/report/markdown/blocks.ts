// The few shapes of Markdown that a comment is built of. What is put into them is Markdown already.

import { formatNumber } from "../html/headline.ts";

/** Folded; `summary` is a text of ours, never of a report: it stands in HTML. The empty lines make the content Markdown again. */
export function fold(summary: string, content: string): string {
  return content === "" ? "" : `<details><summary>${summary}</summary>\n\n${content.trimEnd()}\n\n</details>\n\n`;
}

/** At most so many items, and how many more there are. What is not shown is not written. */
export function list<Item>(items: readonly Item[], most: number, write: (item: Item) => string): string {
  const shown = items.slice(0, most).map((item) => `- ${write(item)}\n`);
  const left = items.length - shown.length;
  return [...shown, ...(left > 0 ? [`- … ${shown.length > 0 ? "and " : ""}${formatNumber(left)} more\n`] : [])].join("");
}

export function section(heading: string, content: string): string {
  return content === "" ? "" : `#### ${heading}\n\n${content.trimEnd()}\n\n`;
}

/**
 * What is said first. Drawn as a coloured box by GitHub and GitLab, as a quote elsewhere.
 * https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
 */
export function alert(kind: "NOTE" | "TIP" | "IMPORTANT" | "WARNING" | "CAUTION", title: string, content = ""): string {
  const lines = [`[!${kind}]`, `**${title}**`, ...(content === "" ? [] : ["", ...content.trimEnd().split("\n")])];
  return `${lines.map((line) => `> ${line}`.trimEnd()).join("\n")}\n\n`;
}

export function count(many: number, one: string, more = `${one}s`): string {
  return `${formatNumber(many)} ${many === 1 ? one : more}`;
}
