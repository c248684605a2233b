// YAML from a change that nobody has looked at yet: one document, no aliases, no name twice, no depth beyond what the parser can hold. Reading takes time
// in proportion to the text: the library's own check of names compares each with all others of its map.

import { type Document, isScalar, LineCounter, type ParsedNode, parseAllDocuments, visit } from "yaml";

export interface StrictYaml {
  /** Present without mistakes, unless the text says nothing. */
  readonly document?: Document.Parsed<ParsedNode>;
  readonly mistakes: readonly YamlMistake[];
  /** From 1, of an offset. */
  lineOf(offset: number): number;
}

export interface YamlMistake {
  readonly message: string;
  /** Offsets. */
  readonly start: number;
  readonly end: number;
  readonly hint?: string;
}

/** `name` is the file's, for messages. */
export function parseStrictYaml(text: string, name: string): StrictYaml {
  const lines = new LineCounter();
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  const mistakes: YamlMistake[] = [];
  const add = (message: string, range: readonly number[] | null | undefined, hint?: string): void => {
    const start = range?.[0] ?? 0;
    mistakes.push({ message, start, end: range?.[1] ?? start + 1, ...(hint === undefined ? {} : { hint }) });
  };
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [document, second] = "empty" in documents ? [] : documents;
  for (const error of document?.errors ?? []) add(describeError(error.message), error.pos);
  if (second)
    add("a second YAML document begins here, and would be ignored", second.range, "remove the `---`, so that the file is one document");
  if (!document || mistakes.length > 0) return { mistakes, lineOf };
  visit(document, {
    // A few lines of aliases can stand for more memory than there is, or for themselves.
    Alias: (_, alias) => add(`the alias \`*${alias.source}\` is not taken in ${name}`, alias.range, "write the value out"),
    Map: (_, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) add(`\`${String(key.value)}\` stands twice`, key.range, "remove one of them");
        seen.add(key.value);
      }
    },
  });
  return mistakes.length > 0 ? { mistakes, lineOf } : { document, mistakes, lineOf };
}

function describeError(message: string): string {
  const [line = "not valid YAML"] = message.split("\n");
  return line.includes("call stack") ? "it is nested too deep" : line.replace(/ at line \d+, column \d+:?$/, "");
}
