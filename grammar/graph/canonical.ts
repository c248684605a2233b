// One text per value, whatever order it was built in: for hashing, equality and digests. Not a format to read back.

import { compareCodePoints } from "./code-point-order.ts";
import { tag } from "./value.ts";

/**
 * Deterministic text of any value, prop value or native value. Keys are sorted by code point; a `Map` and an object with the
 * same entries are the same; absent and `undefined` are the same. Tagged values are written `@tag{…}`, which no plain value
 * can look like. Secrets are written in full: hash the result, never show it.
 */
export function canonical(value: unknown): string {
  const parts: string[] = [];
  write(value, parts);
  return parts.join("");
}

/** Structural equality, by the same rules. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return typeof a === typeof b && canonical(a) === canonical(b);
  return canonical(a) === canonical(b);
}

function write(value: unknown, parts: string[]): void {
  switch (typeof value) {
    case "string":
      parts.push(JSON.stringify(value));
      return;
    case "number":
      // -0 and 0 are one number to an author.
      parts.push(Number.isFinite(value) ? String(value === 0 ? 0 : value) : `@number{${String(value)}}`);
      return;
    case "boolean":
      parts.push(value ? "true" : "false");
      return;
    case "bigint":
      parts.push(`@integer{${value}}`);
      return;
    case "object":
      break;
    default:
      parts.push(value === undefined ? "null" : `@${typeof value}`);
      return;
  }
  if (value === null) {
    parts.push("null");
  } else if (Array.isArray(value)) {
    parts.push("[");
    value.forEach((item, index) => {
      if (index > 0) parts.push(",");
      write(item, parts);
    });
    parts.push("]");
  } else if (value instanceof Map || value instanceof Set) {
    writeEntries(
      [...(value instanceof Map ? value : new Map([...value].map((item) => [canonical(item), true])))] as [string, unknown][],
      parts,
    );
  } else {
    const mark = (value as { readonly [tag]?: string })[tag];
    if (mark !== undefined) parts.push("@", mark);
    writeEntries(Object.entries(value), parts);
  }
}

function writeEntries(entries: (readonly [string, unknown])[], parts: string[]): void {
  if (entries.length > 1) entries.sort((a, b) => compareCodePoints(a[0], b[0]));
  parts.push("{");
  let first = true;
  for (const [key, item] of entries) {
    if (item === undefined) continue;
    if (!first) parts.push(",");
    first = false;
    parts.push(JSON.stringify(key), ":");
    write(item, parts);
  }
  parts.push("}");
}
