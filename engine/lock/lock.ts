// `koine.lock`: the pins of a stack (which image an alias stands for, which type a shape got) and their text, YAML sorted so that a diff shows
// exactly what changed. Pure; the caller touches the disk.

import { isMap, isScalar, type Node, stringify, type YAMLMap } from "yaml";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { SourceFile } from "../../grammar/source/source-file.ts";
import type { Span } from "../../grammar/source/span.ts";
import type { LockReader } from "../lower/lower.ts";
import type { PinRequest } from "../lower/native-value.ts";
import { parseStrictYaml } from "./strict-yaml.ts";

export type PinKind = PinRequest["kind"];

export const pinKinds: readonly PinKind[] = ["image", "region", "size", "zone"];

/** One pin. `key` says what was asked (`ubuntu-24.04/eu-west-1/x86_64`), `id` what it is from now on. */
export interface LockEntry {
  readonly provider: string;
  readonly kind: PinKind;
  readonly key: string;
  readonly id: string;
  /** For images: the cloud's name and date of what `id` is. */
  readonly name?: string;
  readonly date?: string;
  /** For choices: why. */
  readonly because?: string;
}

export interface Lock {
  /** By `entryName`. */
  readonly entries: ReadonlyMap<string, LockEntry>;
}

export const emptyLock: Lock = { entries: new Map() };

export function entryName(provider: string, kind: PinKind, key: string): string {
  return `${provider} ${kind} ${key}`;
}

/** Entries in the order in which they stand in the file. */
export function sortedEntries(lock: Lock): readonly LockEntry[] {
  return [...lock.entries.values()].sort(
    (a, b) => compareCodePoints(a.provider, b.provider) || compareCodePoints(a.kind, b.kind) || compareCodePoints(a.key, b.key),
  );
}

export function lockReader(lock: Lock): LockReader {
  return { pinned: (provider, kind, key) => lock.entries.get(entryName(provider, kind, key))?.id };
}

/** Raised when older versions of Koine could misread the file. */
const formatVersion = 1;

const header = "# Written by `koine lock`: what aliases and sizes stand for, exactly. Commit it; `koine lock --update` pins anew.\n";

const optionalFields = ["name", "date", "because"] as const;

/** The text of a lock. Equal locks give equal bytes. */
export function serialiseLock(lock: Lock): string {
  // Maps: a key may be any text, `__proto__` too.
  const providers = new Map<string, Map<string, Map<string, Record<string, string>>>>();
  for (const entry of sortedEntries(lock)) {
    const kinds = providers.get(entry.provider) ?? new Map<string, Map<string, Record<string, string>>>();
    const pins = kinds.get(entry.kind) ?? new Map<string, Record<string, string>>();
    const fields: Record<string, string> = { id: entry.id };
    for (const field of optionalFields) {
      const value = entry[field];
      if (value !== undefined) fields[field] = value;
    }
    providers.set(entry.provider, kinds.set(entry.kind, pins.set(entry.key, fields)));
  }
  return header + stringify({ version: formatVersion, pins: providers }, { lineWidth: 0 });
}

/** Reads the text of a lock. Every mistake has its place; a lock with mistakes is not used. */
export function parseLock(source: SourceFile): { readonly lock?: Lock; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const spanOf = (node: unknown): Span => {
    const range = (node as Node | null | undefined)?.range;
    return { file: source.path, start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
  };
  const refuse = (node: unknown, message: string): void => {
    diagnostics.push({
      code: "K4009",
      severity: "error",
      message,
      span: spanOf(node),
      hint: "restore `koine.lock` from version control, or remove it and run `koine lock`",
    });
  };

  const { document, mistakes } = parseStrictYaml(source.text, "koine.lock");
  for (const { message, start, end } of mistakes) refuse({ range: [start, end] }, `\`koine.lock\` is not valid YAML: ${message}`);
  if (diagnostics.length > 0) return { diagnostics };

  const root = document?.contents;
  if (!isMap(root)) {
    refuse(root, "`koine.lock` must be a map with `version` and `pins`");
    return { diagnostics };
  }
  const version: unknown = root.get("version");
  if (version !== formatVersion) {
    const newer = typeof version === "number" && version > formatVersion;
    refuse(
      root.get("version", true),
      newer ? `\`koine.lock\` has format ${version}, this Koine reads up to ${formatVersion}` : "`koine.lock` has no valid `version`",
    );
    return { diagnostics };
  }
  for (const pair of root.items) {
    if (isScalar(pair.key) && !["version", "pins"].includes(String(pair.key.value)))
      refuse(pair.key, `\`koine.lock\` has no field \`${String(pair.key.value)}\``);
  }

  const entries = new Map<string, LockEntry>();
  for (const [provider, kinds] of readMap(root.get("pins", true), refuse)) {
    for (const [kind, pins, kindNode] of readMap(kinds, refuse)) {
      if (!isPinKind(kind)) {
        refuse(kindNode, `\`${kind}\` is no kind of pin; there are ${pinKinds.map((known) => `\`${known}\``).join(", ")}`);
        continue;
      }
      for (const [key, fields] of readMap(pins, refuse)) {
        const entry = readEntry(provider, kind, key, fields, refuse);
        if (entry) entries.set(entryName(provider, kind, key), entry);
      }
    }
  }
  return diagnostics.length > 0 ? { diagnostics } : { lock: { entries }, diagnostics };
}

type Refuse = (node: unknown, message: string) => void;

/** `[name, value, key node]` of each entry; nothing for an absent or empty map. */
function readMap(node: unknown, refuse: Refuse): readonly (readonly [string, unknown, unknown])[] {
  if (node === undefined || node === null || (isScalar(node) && node.value === null)) return [];
  if (!isMap(node)) {
    refuse(node, "a map is expected here");
    return [];
  }
  return (node as YAMLMap).items.flatMap((pair) => {
    if (isScalar(pair.key) && typeof pair.key.value === "string") return [[pair.key.value, pair.value, pair.key] as const];
    refuse(pair.key, "names in `koine.lock` are text");
    return [];
  });
}

/** No cloud has another: what a change writes here goes into requests and onto screens. */
function isId(text: string): boolean {
  return text.length <= 1_024 && /^[\x21-\x7e]+$/.test(text);
}

function isPinKind(kind: string): kind is PinKind {
  return (pinKinds as readonly string[]).includes(kind);
}

function readEntry(provider: string, kind: PinKind, key: string, node: unknown, refuse: Refuse): LockEntry | undefined {
  const fields = new Map<string, string>();
  const written = new Set<string>();
  for (const [name, value, nameNode] of readMap(node, refuse)) {
    written.add(name);
    const text = isScalar(value) ? value.value : undefined;
    if (name !== "id" && !(optionalFields as readonly string[]).includes(name)) refuse(nameNode, `a pin has no field \`${name}\``);
    else if (typeof text !== "string" || text === "") refuse(value ?? nameNode, `\`${name}\` must be text`);
    else if (name === "id" && !isId(text)) refuse(value, "an `id` is one word: it holds no spaces and no control characters");
    else fields.set(name, text);
  }
  const id = fields.get("id");
  if (id === undefined) {
    if (!written.has("id")) refuse(node, `the pin \`${key}\` has no \`id\``);
    return undefined;
  }
  const optional = Object.fromEntries(optionalFields.flatMap((name) => (fields.has(name) ? [[name, fields.get(name) as string]] : [])));
  return { provider, kind, key, id, ...optional };
}
