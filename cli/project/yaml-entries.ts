// Reads a small YAML document strictly: one document, no aliases, no entry that is not known. Every mistake is a diagnostic with its place.

import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import { parseStrictYaml } from "../../engine/lock/strict-yaml.ts";
import type { Code } from "../../grammar/diagnostics/codes.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { suggest } from "../../grammar/diagnostics/suggest.ts";
import type { SourceFile } from "../../grammar/source/source-file.ts";

export interface Reader {
  readonly diagnostics: readonly Diagnostic[];
  report(code: Code, message: string, node: Node | undefined, hint?: string): void;
  /** From 1. */
  lineOf(node: Node | null | undefined): number;
}

export type Entries = ReadonlyMap<string, Node | null>;

/** The document's top node; undefined where it is empty or cannot be used, which the reader's diagnostics tell. */
export function openYaml(source: SourceFile): { readonly reader: Reader; readonly top?: Node } {
  const diagnostics: Diagnostic[] = [];
  const { document, mistakes, lineOf } = parseStrictYaml(source.text, "koine.yaml");
  const add = (code: Code, message: string, start: number, end: number, hint: string | undefined): void => {
    const from = Math.min(start, source.text.length);
    const span = { file: source.path, start: from, end: Math.min(Math.max(end, from), source.text.length) };
    diagnostics.push({ code, severity: "error", message, span, ...(hint === undefined ? {} : { hint }) });
  };
  for (const { message, start, end, hint } of mistakes) add("K4003", message, start, end, hint);
  const reader: Reader = {
    diagnostics,
    report: (code, message, node, hint) => add(code, message, node?.range?.[0] ?? 0, node?.range?.[1] ?? 1, hint),
    lineOf: (node) => lineOf(node?.range?.[0] ?? 0),
  };
  const top = document?.contents;
  return top === undefined || top === null || (isScalar(top) && top.value === null) ? { reader } : { reader, top };
}

/** The entries of a map that may have these and no others. */
export function readEntries(reader: Reader, node: Node | null, what: string, known: readonly string[]): Entries | undefined {
  if (!isMap(node)) {
    reader.report("K4004", `${what} must be a map`, node ?? undefined, `its entries are ${known.map((name) => `\`${name}\``).join(", ")}`);
    return undefined;
  }
  const members = new Map<string, Node | null>();
  for (const pair of (node as YAMLMap<Node, Node | null>).items) {
    const name = readKey(reader, pair);
    if (name === undefined) continue;
    if (!known.includes(name)) {
      const near = suggest(name, known);
      const hint = near ? `did you mean \`${near}\`?` : `known: ${known.join(", ")}`;
      reader.report("K4004", `${what} has no entry \`${name}\``, pair.key, hint);
      continue;
    }
    members.set(name, pair.value);
  }
  return members;
}

/** The members of a map whose names are the user's. */
export function readMembers(reader: Reader, node: Node | null | undefined, what: string): readonly (readonly [string, Node | null])[] {
  if (node === undefined || node === null) return [];
  if (!isMap(node)) {
    reader.report("K4004", `${what} must be a map`, node);
    return [];
  }
  const members: (readonly [string, Node | null])[] = [];
  for (const pair of (node as YAMLMap<Node, Node | null>).items) {
    const name = readKey(reader, pair);
    if (name !== undefined) members.push([name, pair.value]);
  }
  return members;
}

function readKey(reader: Reader, pair: Pair<Node, Node | null>): string | undefined {
  if (isScalar(pair.key) && typeof pair.key.value === "string") return pair.key.value;
  reader.report("K4004", "a name is expected here", pair.key);
  return undefined;
}

/** A text that `judge` takes; `hint` says what it would take. */
export function readText(
  reader: Reader,
  node: Node | null,
  what: string,
  hint: string,
  judge: (text: string) => boolean = () => true,
): string | undefined {
  if (isScalar(node) && typeof node.value === "string" && judge(node.value)) return node.value;
  reader.report("K4004", what, node ?? undefined, hint);
  return undefined;
}

/** A list of such texts. */
export function readTexts(
  reader: Reader,
  node: Node | null,
  name: string,
  hint: string,
  judge: (text: string) => boolean,
): readonly string[] {
  if (!isSeq(node)) {
    reader.report("K4004", `\`${name}\` must be a list`, node ?? undefined, hint);
    return [];
  }
  return node.items.flatMap((item) => {
    const text = readText(reader, item as Node | null, `this cannot stand in \`${name}\``, hint, judge);
    return text === undefined ? [] : [text];
  });
}
