// When two values of a native prop are the same: by the schema's type and normal form, never by how they were written. Pure. Both values are
// finished and hold no tagged values.

import { canonical } from "../../grammar/graph/canonical.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import type { NativeProp } from "../provider/native-schema.ts";

/** Normal form of one value: the schema's own function, sets sorted and without duplicates, JSON text read. */
export function normaliseValue(spec: NativeProp, value: NativeValue): NativeValue {
  const own = spec.normalise ? spec.normalise(value) : value;
  if (spec.type === "set" && Array.isArray(own)) return sortSet(spec, own);
  if (spec.type === "json" && typeof own === "string") return readJson(own);
  return own;
}

/** Whether two values are the same to the cloud. `undefined` is "not set"; the schema's default stands for it. */
export function isSameProp(spec: NativeProp, left: NativeValue | undefined, right: NativeValue | undefined): boolean {
  const a = left === undefined ? spec.default : left;
  const b = right === undefined ? spec.default : right;
  if (isSameData(a, b)) return true;
  if (isUnset(a) && isUnset(b)) return true;
  if (a === undefined || b === undefined) return false;
  const normalA = normaliseValue(spec, a);
  const normalB = normaliseValue(spec, b);
  return isSameData(normalA, normalB) || spec.same?.(normalA, normalB) === true;
}

/** Clouds answer an empty list or map where nothing is set. */
export function isUnset(value: NativeValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && (Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0);
}

/** Structural equality of finished values; order of keys never matters, order of lists does. */
export function isSameData(a: NativeValue | undefined, b: NativeValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!isSameData(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const left = a as NativeMap;
  const right = b as NativeMap;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  for (const name of names) if (right[name] === undefined || !isSameData(left[name], right[name])) return false;
  return true;
}

/** Members by identity: of two with one identity the last one counts, as the last write would. */
function sortSet(spec: NativeProp, members: readonly NativeValue[]): readonly NativeValue[] {
  const byIdentity = new Map<string, NativeValue>();
  for (const member of members) byIdentity.set(identityOf(spec, member), member);
  return [...byIdentity].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, member]) => member);
}

function identityOf(spec: NativeProp, member: NativeValue): string {
  if (!spec.identity || typeof member !== "object" || member === null || Array.isArray(member)) return canonical(member);
  const map = member as NativeMap;
  return canonical(spec.identity.map((field) => map[field] ?? null));
}

function readJson(text: string): NativeValue {
  try {
    return JSON.parse(text) as NativeValue;
  } catch {
    return text;
  }
}
