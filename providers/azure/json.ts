// Reading what ARM answers. Nothing is taken for granted: what is not there, or of another type than the vendor says, is undefined or empty.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import { isMap } from "../handlers/body.ts";

/** A body as ARM sends and takes it. Plain JSON; native maps without tagged values are the same thing. */
export type Json = NativeMap;

function walk(value: NativeValue | undefined, path: readonly string[]): NativeValue | undefined {
  let current = value;
  for (const part of path) current = isMap(current) ? current[part] : undefined;
  return current ?? undefined;
}

export function textAt(value: NativeValue | undefined, ...path: readonly string[]): string | undefined {
  const found = walk(value, path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

export function numberAt(value: NativeValue | undefined, ...path: readonly string[]): number | undefined {
  const found = walk(value, path);
  return typeof found === "number" ? found : undefined;
}

export function flagAt(value: NativeValue | undefined, ...path: readonly string[]): boolean | undefined {
  const found = walk(value, path);
  return typeof found === "boolean" ? found : undefined;
}

/** Empty where there is none. */
export function mapAt(value: NativeValue | undefined, ...path: readonly string[]): Json {
  const found = walk(value, path);
  return isMap(found) ? found : {};
}

/** The maps in a list; empty where there is none. */
export function mapsAt(value: NativeValue | undefined, ...path: readonly string[]): readonly Json[] {
  const found = walk(value, path);
  return Array.isArray(found) ? found.filter(isMap) : [];
}

/** The texts in a list; empty where there is none. */
export function textsAt(value: NativeValue | undefined, ...path: readonly string[]): readonly string[] {
  const found = walk(value, path);
  return Array.isArray(found) ? found.filter((each) => typeof each === "string") : [];
}
