// The small language in which the accepted bodies are written down, and the reader that holds a body to it: strict, since a property that is
// silently dropped is the mistake that a PUT that replaces makes easiest.

import { type ArmErrorOptions, refuse } from "./errors.ts";
import type { Json, JsonMap } from "./rows.ts";

export type Shape =
  | { readonly kind: "text"; readonly values?: readonly string[] }
  | { readonly kind: "number" }
  | { readonly kind: "flag" }
  | { readonly kind: "list"; readonly item: Shape }
  | { readonly kind: "map"; readonly value: Shape }
  | { readonly kind: "record"; readonly fields: Fields }
  /** Read only: taken back as it was answered, and dropped. */
  | { readonly kind: "answered" }
  /** Of the vendor's model, but only its empty value is served. */
  | { readonly kind: "empty" };

export type Fields = Readonly<Record<string, Shape>>;

export const text: Shape = { kind: "text" };
export const number: Shape = { kind: "number" };
export const flag: Shape = { kind: "flag" };
export const answered: Shape = { kind: "answered" };
export const empty: Shape = { kind: "empty" };

/** Text that is one of the vendor's values; compared without case, kept in the vendor's. */
export function oneOf(...values: readonly string[]): Shape {
  return { kind: "text", values };
}

export function list(item: Shape): Shape {
  return { kind: "list", item };
}

export function record(fields: Fields): Shape {
  return { kind: "record", fields };
}

export function map(value: Shape): Shape {
  return { kind: "map", value };
}

/** A reference to another resource by its id. */
export const reference: Shape = record({ id: text });

/** How the resource providers word a body that does not fit. */
export interface ShapeRefusal {
  readonly code: string;
  readonly options?: ArmErrorOptions;
}

/** The body without what is only answered; null counts as absent. Throws an ArmError that names the property. */
export function readBody(shape: Shape, body: unknown, type: string, refusal: ShapeRefusal): JsonMap {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    refuse(refusal.code, `The body of a ${type} is not a JSON object.`, 400, refusal.options);
  return readValue(shape, body, "", type, refusal) as JsonMap;
}

function readValue(shape: Shape, value: unknown, path: string, type: string, refusal: ShapeRefusal): Json | undefined {
  if (value === null || value === undefined || shape.kind === "answered") return undefined;
  const unfit = (wanted: string): never =>
    refuse(refusal.code, `Error converting value to ${wanted}. Path '${path}' of ${type}.`, 400, { target: path, ...refusal.options });
  switch (shape.kind) {
    case "text": {
      if (typeof value !== "string") return unfit("text");
      if (shape.values === undefined) return value;
      const known = shape.values.find((one) => one.toLowerCase() === value.toLowerCase());
      return known ?? unfit(`one of ${shape.values.join(", ")} (it is '${value}')`);
    }
    case "number":
      return typeof value === "number" ? value : unfit("a number");
    case "flag":
      return typeof value === "boolean" ? value : unfit("true or false");
    case "list":
      if (!Array.isArray(value)) return unfit("a list");
      return value.flatMap((item, n) => {
        const read = readValue(shape.item, item, `${path}[${n}]`, type, refusal);
        return read === undefined ? [] : [read];
      });
    case "empty": {
      const hollow = Array.isArray(value)
        ? value.length === 0
        : typeof value === "object"
          ? Object.keys(value).length === 0
          : value === false;
      return hollow
        ? undefined
        : refuse(refusal.code, `'${path}' of ${type} is not implemented by the embedded ARM.`, 400, { target: path });
    }
    case "map": {
      if (typeof value !== "object" || Array.isArray(value)) return unfit("a map");
      const read: Record<string, Json> = {};
      for (const [name, item] of Object.entries(value)) {
        const one = readValue(shape.value, item, `${path}.${name}`, type, refusal);
        if (one !== undefined) read[name] = one;
      }
      return read;
    }
    case "record":
      if (typeof value !== "object" || Array.isArray(value)) return unfit("an object");
      return readRecord(shape.fields, value, path, type, refusal);
  }
}

function readRecord(fields: Fields, value: object, path: string, type: string, refusal: ShapeRefusal): JsonMap {
  const read: Record<string, Json> = {};
  for (const [name, item] of Object.entries(value)) {
    const place = path === "" ? name : `${path}.${name}`;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined)
      refuse(
        refusal.code,
        `Could not find member '${name}' on object of type '${type}', or it is not implemented by the embedded ARM. Path '${place}'.`,
        400,
        { target: place, ...refusal.options },
      );
    const one = readValue(field, item, place, type, refusal);
    if (one !== undefined) read[name] = one;
  }
  return read;
}
