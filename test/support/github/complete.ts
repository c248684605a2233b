// Fills in what GitHub's description requires of an answer and what no test is about: null where null is allowed, else the emptiest value of its type.
// What is known is never changed; the result is still held against the description.

import { findSchema, isRecord, type Json, type JsonRecord } from "./description.ts";

const unsaid = "https://github.com/unsaid";

/** The parts of a schema that hold together: references and `allOf` resolved, and the first of alternatives that is as `known` is: a list or not. */
function flatten(schema: JsonRecord, known: Json | undefined): JsonRecord {
  if (typeof schema.$ref === "string") return flatten(findSchema(schema.$ref), known);
  const alternatives = (["oneOf", "anyOf"] as const).map((keyword) =>
    ((schema[keyword] ?? []) as readonly JsonRecord[]).map((one) => flatten(one, known)),
  );
  const fitting = alternatives.flatMap((list) => {
    const first = list.find((one) => (one.type === "array") === Array.isArray(known)) ?? list[0];
    return first ? [first] : [];
  });
  const parts = [schema, ...((schema.allOf ?? []) as readonly JsonRecord[]).map((one) => flatten(one, known)), ...fitting];
  return {
    ...Object.assign({}, ...parts.toReversed()),
    properties: Object.assign({}, ...parts.toReversed().map((part) => part.properties)),
    required: parts.flatMap((part) => (part.required ?? []) as readonly Json[]),
  };
}

/** `known`, with every required member that it lacks. */
export function complete(schema: JsonRecord, known: Json | undefined): Json {
  const flat = flatten(schema, known);
  if (Array.isArray(known)) return known.map((one: Json) => (isRecord(flat.items) ? complete(flat.items, one) : one));
  if (isRecord(known)) {
    const properties = (flat.properties ?? {}) as { readonly [name: string]: JsonRecord };
    const required = ((flat.required ?? []) as readonly string[]).filter((name) => known[name] === undefined);
    const filled = Object.entries(known).map(([name, value]): [string, Json] => {
      const property = properties[name];
      return [name, property && value !== null ? complete(property, value) : value];
    });
    return {
      ...Object.fromEntries(required.map((name) => [name, complete(properties[name] ?? {}, undefined)])),
      ...Object.fromEntries(filled),
    };
  }
  return known === undefined ? makeEmpty(flat) : known;
}

function makeEmpty(schema: JsonRecord): Json {
  if (schema.nullable === true) return null;
  if (Array.isArray(schema.enum)) return (schema.enum as readonly Json[])[0] ?? null;
  switch (schema.type) {
    case "object":
      return complete(schema, {});
    case "array":
      return [];
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    case "string":
      return makeText(String(schema.format));
    default:
      return schema.properties === undefined ? null : complete(schema, {});
  }
}

function makeText(format: string): string {
  if (format === "date-time") return "2026-01-05T09:00:00Z";
  return format === "uri" ? unsaid : "";
}
