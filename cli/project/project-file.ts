// koine.yaml: where the state is, which inputs an environment has. Strict: an entry that is not known is a mistake.

import { isMap, isScalar, LineCounter, type Node, type Pair, parseAllDocuments, visit, type YAMLMap } from "yaml";
import type { Code } from "../../grammar/diagnostics/codes.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { suggest } from "../../grammar/diagnostics/suggest.ts";
import type { SourceFile } from "../../grammar/source/source-file.ts";
import type { Span } from "../../grammar/source/span.ts";

export interface ProjectFile {
  readonly state?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Input name to `env:NAME`. */
  readonly inputsFrom: Readonly<Record<string, string>>;
  readonly environments: Readonly<Record<string, EnvironmentEntry>>;
}

export interface EnvironmentEntry {
  readonly state?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly inputsFrom: Readonly<Record<string, string>>;
}

export const emptyProjectFile: ProjectFile = { inputs: {}, inputsFrom: {}, environments: {} };

/** Its state lies in a folder of this name. */
const environmentName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

interface Reader {
  report(code: Code, message: string, node: Node | undefined, hint?: string): void;
}

/** Reads and judges the text. On any mistake the file's value is undefined. */
export function parseProjectFile(source: SourceFile): { readonly file?: ProjectFile; readonly diagnostics: readonly Diagnostic[] } {
  const documents = parseAllDocuments(source.text, { lineCounter: new LineCounter(), prettyErrors: false, uniqueKeys: true });
  const document = "empty" in documents ? undefined : documents[0];
  if (document === undefined) return { file: emptyProjectFile, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const spanOf = (range: readonly number[] | null | undefined): Span => {
    const start = Math.min(range?.[0] ?? 0, source.text.length);
    return { file: source.path, start, end: Math.min(Math.max(range?.[1] ?? start + 1, start), source.text.length) };
  };
  for (const error of document.errors) {
    diagnostics.push({
      code: "K4003",
      severity: "error",
      message: error.message.split("\n")[0] ?? "not valid YAML",
      span: spanOf(error.pos),
    });
  }
  const second = "empty" in documents ? undefined : documents[1];
  if (second !== undefined) {
    diagnostics.push({
      code: "K4003",
      severity: "error",
      message: "a second YAML document begins here, and would be ignored",
      span: spanOf(second.range),
      hint: "remove the `---`, so that the file is one document",
    });
  }
  visit(document, {
    // A few lines of aliases can stand for more memory than there is, or for themselves.
    Alias: (_, alias) =>
      void diagnostics.push({
        code: "K4003",
        severity: "error",
        message: `the alias \`*${alias.source}\` is not taken in koine.yaml`,
        span: spanOf(alias.range),
        hint: "write the value out",
      }),
  });
  if (diagnostics.length > 0) return { diagnostics };
  const reader: Reader = {
    report: (code, message, node, hint) =>
      void diagnostics.push({ code, severity: "error", message, span: spanOf(node?.range), ...(hint === undefined ? {} : { hint }) }),
  };
  const top = document.contents;
  if (top === null || (isScalar(top) && top.value === null)) return { file: emptyProjectFile, diagnostics };
  const entry = readEntry(reader, top, "koine.yaml", ["state", "inputs", "inputs_from", "environments"]);
  const environments: Record<string, EnvironmentEntry> = {};
  for (const [name, node] of readMembers(reader, entry?.get("environments"), "`environments`")) {
    if (!environmentName.test(name)) {
      reader.report(
        "K4004",
        `\`${name}\` cannot name an environment`,
        entry?.get("environments") ?? undefined,
        "use letters, digits, `-` and `_`: it names a folder",
      );
    }
    const members = readEntry(reader, node, `environment \`${name}\``, ["state", "inputs", "inputs_from"]);
    environments[name] = readCommon(reader, members);
  }
  if (diagnostics.length > 0) return { diagnostics };
  return { file: { ...readCommon(reader, entry), environments }, diagnostics };
}

function readEntry(
  reader: Reader,
  node: Node | null,
  what: string,
  known: readonly string[],
): ReadonlyMap<string, Node | null> | undefined {
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
      reader.report(
        "K4004",
        `${what} has no entry \`${name}\``,
        pair.key,
        near ? `did you mean \`${near}\`?` : `known: ${known.join(", ")}`,
      );
      continue;
    }
    members.set(name, pair.value);
  }
  return members;
}

function readMembers(reader: Reader, node: Node | null | undefined, what: string): readonly (readonly [string, Node | null])[] {
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

function readCommon(reader: Reader, members: ReadonlyMap<string, Node | null> | undefined): EnvironmentEntry {
  const state = members?.get("state");
  let location: string | undefined;
  if (state !== undefined) {
    if (isScalar(state) && typeof state.value === "string") location = state.value;
    else reader.report("K4004", "`state` must be a location in text", state ?? undefined, "for example `sqlite:.koine/state.db`");
  }
  const inputs: Record<string, unknown> = {};
  for (const [name, node] of readMembers(reader, members?.get("inputs"), "`inputs`")) inputs[name] = node?.toJSON() ?? null;
  const inputsFrom: Record<string, string> = {};
  for (const [name, node] of readMembers(reader, members?.get("inputs_from"), "`inputs_from`")) {
    if (isScalar(node) && typeof node.value === "string" && /^env:[A-Za-z_][A-Za-z0-9_]*$/.test(node.value)) inputsFrom[name] = node.value;
    else reader.report("K4004", `\`inputs_from.${name}\` must name an environment variable`, node ?? undefined, "write it as `env:NAME`");
  }
  return { ...(location === undefined ? {} : { state: location }), inputs, inputsFrom };
}
