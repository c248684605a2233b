// The page of a diagnostic code, for `koine explain` and the reference: what it means and how to mend it.

import type { CodeInfo } from "./code-info.ts";
import { codes } from "./codes.ts";
import { escapeControls } from "./text-cells.ts";

const pages: ReadonlyMap<string, CodeInfo> = new Map(Object.entries(codes));

/** The page as Markdown, or undefined when there is no such code. Letter case of the code does not count. */
export function explainCode(code: string): string | undefined {
  const name = code.trim().toUpperCase();
  const info = pages.get(name);
  if (!info) return undefined;
  const examples = [
    ...(info.bad === undefined ? [] : ["## Refused", fence(info.bad)]),
    ...(info.good === undefined ? [] : ["## Accepted", fence(info.good)]),
  ];
  return `${[`# ${name}: ${info.title}`, info.explanation.trim(), ...examples].join("\n\n")}\n`;
}

/** All codes there are, in order. */
export function listCodes(): readonly string[] {
  return [...pages.keys()].sort();
}

/** Long examples are cut, and what a page cannot show is escaped. */
function fence(source: string): string {
  const lines = source.trimEnd().split("\n");
  const shown = lines.slice(0, 30).map((line) => escapeControls(line.length > 100 ? `${line.slice(0, 97)}…` : line));
  return ["```koine", ...shown, ...(lines.length > 30 ? ["# … and so on"] : []), "```"].join("\n");
}
