// Reading finished values out of step bodies and observed props. By the time a request is made nothing may be deferred any more; a value of
// another type than the schema says is our own defect, hence the throws. Makes no request.

import type { NativeMap, NativeSecret, NativeValue } from "../../engine/lower/native-value.ts";
import { tagOf } from "../../grammar/graph/value.ts";

/** A string, with a secret opened; undefined when the body has none. */
export function text(body: NativeMap, name: string): string | undefined {
  const value = plain(body[name]);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw defect(name, "a string", value);
  return value;
}

export function needText(body: NativeMap, name: string): string {
  const value = text(body, name);
  if (value === undefined) throw defect(name, "a string", value);
  return value;
}

export function whole(body: NativeMap, name: string): number | undefined {
  const value = plain(body[name]);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw defect(name, "a number", value);
  return value;
}

export function flag(body: NativeMap, name: string): boolean | undefined {
  const value = plain(body[name]);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw defect(name, "true or false", value);
  return value;
}

/** Strings in the given order; empty when the body has none. */
export function texts(body: NativeMap, name: string): string[] {
  return items(body, name).map((value) => {
    if (typeof value !== "string") throw defect(name, "strings", value);
    return value;
  });
}

/** Maps in the given order; empty when the body has none. */
export function maps(body: NativeMap, name: string): NativeMap[] {
  return items(body, name).map((value) => {
    if (!isMap(value)) throw defect(name, "maps", value);
    return value;
  });
}

/** A map; empty when the body has none. */
export function map(body: NativeMap, name: string): NativeMap {
  const value = plain(body[name]);
  if (value === undefined || value === null) return {};
  if (!isMap(value)) throw defect(name, "a map", value);
  return value;
}

/** Leaves out what is undefined, so that `exactOptionalPropertyTypes` and the wire agree on what is not sent. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** As `present`, for observed props and attributes. */
export function known(fields: Readonly<Record<string, NativeValue | undefined>>): NativeMap {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, NativeValue] => entry[1] !== undefined));
}

export function isMap(value: NativeValue | undefined): value is NativeMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && tagOf(value) === undefined;
}

function items(body: NativeMap, name: string): readonly NativeValue[] {
  const value = plain(body[name]);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw defect(name, "a list", value);
  return value.map((item: NativeValue) => plain(item) ?? null);
}

function plain(value: NativeValue | undefined): NativeValue | undefined {
  return tagOf(value) === "secret" ? plain((value as NativeSecret).value) : value;
}

function defect(name: string, wanted: string, value: unknown): Error {
  const found = tagOf(value) ?? (value === null ? "null" : Array.isArray(value) ? "a list" : typeof value);
  return new Error(`\`${name}\` of a request must be ${wanted}, and is ${found}`);
}
