// Reads of stored JSON: what the shapes have checked is looked at by name, without casts all over the rules.

import type { Json, JsonMap } from "./rows.ts";

const NOTHING: JsonMap = {};

export function mapAt(value: JsonMap, ...path: readonly string[]): JsonMap {
  return findMap(value, ...path) ?? NOTHING;
}

export function findMap(value: JsonMap, ...path: readonly string[]): JsonMap | undefined {
  let at: Json | undefined = value;
  for (const name of path) at = isMap(at) ? at[name] : undefined;
  return isMap(at) ? at : undefined;
}

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textAt(value: JsonMap, ...path: readonly string[]): string | undefined {
  return leafAt(value, path, (found) => typeof found === "string");
}

export function numberAt(value: JsonMap, ...path: readonly string[]): number | undefined {
  return leafAt(value, path, (found) => typeof found === "number");
}

export function flagAt(value: JsonMap, ...path: readonly string[]): boolean | undefined {
  return leafAt(value, path, (found) => typeof found === "boolean");
}

function leafAt<T extends Json>(value: JsonMap, path: readonly string[], is: (found: Json | undefined) => found is T): T | undefined {
  const found = findAt(value, path);
  return is(found) ? found : undefined;
}

export function mapsAt(value: JsonMap, ...path: readonly string[]): readonly JsonMap[] {
  const found = findAt(value, path);
  return Array.isArray(found) ? (found as readonly Json[]).filter(isMap) : [];
}

export function textsAt(value: JsonMap, ...path: readonly string[]): readonly string[] {
  const found = findAt(value, path);
  return Array.isArray(found) ? (found as readonly Json[]).filter((item) => typeof item === "string") : [];
}

/** The id of the resource that a reference names. */
export function idAt(value: JsonMap, ...path: readonly string[]): string | undefined {
  return textAt(value, ...path, "id");
}

export function idsAt(value: JsonMap, ...path: readonly string[]): readonly string[] {
  return mapsAt(value, ...path).flatMap((item) => idAt(item) ?? []);
}

function findAt(value: JsonMap, path: readonly string[]): Json | undefined {
  const last = path.at(-1);
  return last === undefined ? undefined : findMap(value, ...path.slice(0, -1))?.[last];
}

/** A map without its undefined members. */
export function compact(value: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
