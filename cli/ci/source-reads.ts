// Which files a source reads by `file()` and `template()`, found in its syntax tree without compiling: no input and no other source is needed. Says
// rather too much than too little.

import { dirname, join } from "node:path/posix";
import { parse } from "../../grammar/syntax/parse.ts";

export interface SourceReads {
  /** Paths below the repository's root that are named in full. */
  readonly files: readonly string[];
  /** Folders of paths that are put together at compile time: anything below may be read. Empty is the root. */
  readonly folders: readonly string[];
}

const none: SourceReads = { files: [], folders: [] };

/** `path` is that of the source, below the repository's root. A source that cannot be parsed gives what can be read of it. */
export function findReads(path: string, text: string): SourceReads {
  if (!/\b(?:file|template)\b/.test(text)) return none;
  const files: string[] = [];
  const folders: string[] = [];
  const texts: string[] = [];
  const here = dirname(path);
  const resolve = (named: string): string => join(here, named);
  let computed = false;
  walk(parse({ path, text }).tree, (node) => {
    if (node.kind === "string" && Array.isArray(node.parts)) texts.push(...node.parts.filter((part) => typeof part === "string"));
    const argument = readArgument(node);
    if (argument === undefined) return;
    const [first, ...rest] = argument.parts;
    if (typeof first === "string" && rest.length === 0) files.push(resolve(first));
    else {
      computed = true;
      folders.push(typeof first === "string" ? dirname(`${resolve(first)}x`) : here);
    }
  });
  // `let conf = "../shared/web.conf"`, and later `file(conf)`.
  if (computed) files.push(...texts.filter((named) => named.length < 4096 && !/[\n\0]/.test(named)).map(resolve));
  return { files: [...new Set(files)], folders: [...new Set(folders.map((folder) => (folder === "." ? "" : folder)))] };
}

interface Node {
  readonly kind?: unknown;
  readonly [member: string]: unknown;
}

/** The first argument of `file(…)` or `template(…)`, as the parts of a string; without parts when it is anything else. */
function readArgument(node: Node): { readonly parts: readonly unknown[] } | undefined {
  if (node.kind !== "call" || !Array.isArray(node.arguments)) return undefined;
  const callee = node.callee as Node;
  if (callee.kind !== "name" || (callee.name !== "file" && callee.name !== "template")) return undefined;
  const first = node.arguments[0] as Node | undefined;
  return { parts: first?.kind === "string" && Array.isArray(first.parts) ? first.parts : [] };
}

/** Every node below, without recursion: chains of operators are as deep as they are long. */
function walk(tree: object, visit: (node: Node) => void): void {
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const at = waiting.pop();
    if (typeof at !== "object" || at === null) continue;
    if (!Array.isArray(at)) visit(at as Node);
    waiting.push(...(Array.isArray(at) ? at : Object.values(at)));
  }
}
