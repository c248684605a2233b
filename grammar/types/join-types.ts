// Finds the one type that two values share: the elements of a list, the branches of a condition. Pure.

import { optional, string, type Type, union } from "./type.ts";
import { fieldOf, joinParts, splitType } from "./type-parts.ts";

/** Past this many values a string union is just `string`: nobody reads more in a message, and lists may be long. */
const LARGEST_UNION = 64;

/** The narrowest type that both fit, or undefined when there is none. */
export function joinTypes(a: Type, b: Type): Type | undefined {
  if (a === b || b.kind === "error") return a;
  if (a.kind === "error") return b;
  const left = splitType(a);
  const right = splitType(b);
  const secret = left.secret || right.secret;
  const mayBeNull = left.optional || right.optional || left.core.kind === "null" || right.core.kind === "null";
  if (left.core.kind === "null" && right.core.kind === "null") return joinParts(left.core, { secret });
  if (left.core.kind === "null") return joinParts(right.core, { secret, optional: true });
  if (right.core.kind === "null") return joinParts(left.core, { secret, optional: true });
  const core = joinCores(left.core, right.core);
  return core && joinParts(core, { secret, optional: mayBeNull });
}

/** Joins many; undefined when two of them share no type, and for an empty list the error type that fits everywhere. */
export function joinAll(types: readonly Type[]): Type | undefined {
  let joined: Type | undefined = { kind: "error" };
  for (const type of types) {
    joined = joinTypes(joined, type);
    if (!joined) return undefined;
  }
  return joined;
}

function joinCores(a: Type, b: Type): Type | undefined {
  if (a.kind === "error") return b;
  if (b.kind === "error") return a;
  if (a.kind === "any" || b.kind === "any") return { kind: "any" };
  if (isText(a) && isText(b)) return joinTexts(a, b);
  if (isNumeric(a) && isNumeric(b)) {
    if (a.kind === "number" || b.kind === "number") return { kind: "number" };
    return a.kind === b.kind ? a : { kind: "int" };
  }
  if (a.kind === "list" && b.kind === "list") {
    const element = joinTypes(a.element, b.element);
    return element && { kind: "list", element };
  }
  if (a.kind === "object" && b.kind === "object") return joinObjects(a.fields, b.fields);
  const left = asMapElement(a);
  const right = asMapElement(b);
  if (left && right) {
    const element = joinTypes(left, right);
    return element && { kind: "map", element };
  }
  if (a.kind === "resource") return b.kind === "resource" && b.of === a.of ? a : undefined;
  if (a.kind === "block") return b.kind === "block" && b.of === a.of && b.block === a.block ? a : undefined;
  return a.kind === b.kind && a.kind !== "list" && a.kind !== "map" && a.kind !== "object" ? a : undefined;
}

function isText(type: Type): boolean {
  return type.kind === "string" || type.kind === "union" || type.kind === "region";
}

function joinTexts(a: Type, b: Type): Type {
  if (a.kind === "region" || b.kind === "region") return { kind: "region" };
  if (a.kind !== "union" || b.kind !== "union") return string;
  const missing = b.values.filter((value) => !a.values.includes(value));
  if (missing.length === 0) return a;
  return a.values.length + missing.length > LARGEST_UNION ? string : union(...a.values, ...missing);
}

function isNumeric(type: Type): boolean {
  return type.kind === "int" || type.kind === "number" || type.kind === "port";
}

/** Element type of a map, or of an object read as one; undefined for other types and objects of mixed fields. */
export function asMapElement(type: Type): Type | undefined {
  if (type.kind === "map") return type.element;
  return type.kind === "object" ? joinAll(Object.values(type.fields)) : undefined;
}

function joinObjects(a: Readonly<Record<string, Type>>, b: Readonly<Record<string, Type>>): Type | undefined {
  const fields: Record<string, Type> = Object.create(null);
  for (const name of [...Object.keys(a), ...Object.keys(b)]) {
    if (Object.hasOwn(fields, name)) continue;
    const left = fieldOf(a, name);
    const right = fieldOf(b, name);
    const joined = left && right ? joinTypes(left, right) : joinParts((left ?? right) as Type, { optional: true });
    if (!joined) return undefined;
    fields[name] = left && right ? joined : optional(joined);
  }
  return { kind: "object", fields };
}
