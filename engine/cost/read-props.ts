// Reading props to price an object: what is known, what the source leaves out, and what only apply will tell. Pure.

import { tagOf } from "../../grammar/graph/value.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";

/** `later`: it waits for another object, or is a secret. */
export type Read<T> = { readonly kind: "known"; readonly value: T } | { readonly kind: "absent" } | { readonly kind: "later" };

export function readText(props: NativeMap, name: string): Read<string> {
  return read(props[name], (value) => typeof value === "string");
}

export function readNumber(props: NativeMap, name: string): Read<number> {
  return read(props[name], (value): value is number => typeof value === "number" && value >= 0);
}

/** Maps in a list: the disks of a machine. Undefined where the list is not known yet. */
export function readMaps(props: NativeMap, name: string): readonly NativeMap[] | undefined {
  const value = props[name] ?? [];
  return Array.isArray(value) && value.every((item) => isPlainMap(item)) ? (value as readonly NativeMap[]) : undefined;
}

/** A map in a map; an empty one where there is none or it is not known. */
export function readMap(props: NativeMap, name: string): NativeMap {
  const value = props[name] ?? null;
  return isPlainMap(value) ? value : {};
}

function read<T extends NativeValue>(value: NativeValue | undefined, fits: (value: NativeValue) => value is T): Read<T> {
  if (value === undefined || value === null) return { kind: "absent" };
  return fits(value) ? { kind: "known", value } : { kind: "later" };
}

export function isPlainMap(value: NativeValue): value is NativeMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && tagOf(value) === undefined;
}
