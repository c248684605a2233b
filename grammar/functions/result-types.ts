// Result types of functions whose result follows their arguments. Judges nothing: arguments were checked before.

import { joinAll } from "../types/join-types.ts";
import { any, list, type Type } from "../types/type.ts";
import { splitType } from "../types/type-parts.ts";

/** The type without `secret` and `?` on its outside. */
export function coreOf(type: Type | undefined): Type {
  return type ? splitType(type).core : any;
}

/** The type of a list's elements, of a map's values, or of an object's fields taken together. */
export function elementOf(type: Type | undefined): Type {
  const core = coreOf(type);
  if (core.kind === "list" || core.kind === "map") return core.element;
  if (core.kind === "object") return commonType(Object.values(core.fields));
  return core.kind === "error" ? core : any;
}

/** The narrowest type that fits all, `any` when there is none. */
export function commonType(types: readonly Type[]): Type {
  return joinAll(types) ?? any;
}

/** The type of the elements after all inner lists are opened. */
export function innermostElement(type: Type | undefined): Type {
  let element = elementOf(type);
  while (coreOf(element).kind === "list") element = elementOf(element);
  return element;
}

/** The result of `merge`: the fields side by side when all are objects, else a map of what fits all. */
export function mergedType(types: readonly Type[]): Type {
  const fields: Record<string, Type> = Object.create(null);
  for (const type of types) {
    const core = coreOf(type);
    if (core.kind === "error") return core;
    if (core.kind !== "object") return { kind: "map", element: commonType(types.map(elementOf)) };
    Object.assign(fields, core.fields);
  }
  return { kind: "object", fields };
}

export function listOfElements(type: Type | undefined): Type {
  return list(elementOf(type));
}
