// The shape of a file as data: checked against what was read, with the path of each mistake, and turned into a JSON Schema for other tools. Pure.

export type Shape =
  | { readonly kind: "string"; readonly pattern?: string; readonly doc?: string }
  | { readonly kind: "number" | "boolean" | "data"; readonly doc?: string }
  /** A whole number, not below `least`. */
  | { readonly kind: "integer"; readonly least: number; readonly doc?: string }
  | { readonly kind: "one-of"; readonly values: readonly (string | number | boolean)[]; readonly doc?: string }
  | { readonly kind: "list" | "map"; readonly element: Shape; readonly doc?: string }
  | {
      readonly kind: "object";
      readonly fields: Readonly<Record<string, Shape>>;
      readonly optional?: Readonly<Record<string, Shape>>;
      readonly doc?: string;
    };

export const string: Shape = { kind: "string" };
export const number: Shape = { kind: "number" };
export const boolean: Shape = { kind: "boolean" };
/** Anything that JSON holds. */
export const data: Shape = { kind: "data" };
export const integer = (least: number): Shape => ({ kind: "integer", least });
export const matching = (pattern: string): Shape => ({ kind: "string", pattern });
export const oneOf = (...values: readonly (string | number | boolean)[]): Shape => ({ kind: "one-of", values });
export const list = (element: Shape): Shape => ({ kind: "list", element });
export const map = (element: Shape): Shape => ({ kind: "map", element });
export const object = (fields: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape => ({
  kind: "object",
  fields,
  optional,
});
/** For the JSON Schema; no part of the check. */
export const described = (doc: string, shape: Shape): Shape => ({ ...shape, doc });

/**
 * What is wrong with a value, in sentences without a final period, at most `most` of them. Empty: it has the shape. Unknown fields are mistakes: a newer
 * or altered file is not half understood.
 */
export function listMistakes(value: unknown, shape: Shape, most: number): readonly string[] {
  const mistakes: string[] = [];
  for (const mistake of walk(value, shape, "")) {
    mistakes.push(mistake);
    if (mistakes.length >= most) break;
  }
  return mistakes;
}

function* walk(value: unknown, shape: Shape, path: string): Generator<string> {
  const at = path === "" ? "the file" : `\`${path.replace(/^\./, "")}\``;
  switch (shape.kind) {
    case "data":
      return;
    case "one-of":
      if (!shape.values.includes(value as string)) yield `${at} is none of ${shape.values.join(", ")}`;
      return;
    case "integer":
      if (!Number.isSafeInteger(value) || (value as number) < shape.least) yield `${at} is not a whole number from ${shape.least} on`;
      return;
    case "list":
      if (!Array.isArray(value)) yield `${at} is not a list`;
      else for (const [index, item] of value.entries()) yield* walk(item, shape.element, `${path}[${index}]`);
      return;
    case "map":
      if (!isRecord(value)) yield `${at} is not a map`;
      else for (const [name, item] of Object.entries(value)) yield* walk(item, shape.element, `${path}.${name}`);
      return;
    case "object":
      yield* walkObject(value, shape, path, at);
      return;
    default:
      if (typeof value !== shape.kind) yield `${at} is not a ${shape.kind}`;
      else if (shape.kind === "string" && shape.pattern !== undefined && !new RegExp(shape.pattern, "u").test(value as string))
        yield `${at} does not match ${shape.pattern}`;
  }
}

function* walkObject(value: unknown, shape: Shape & { readonly kind: "object" }, path: string, at: string): Generator<string> {
  if (!isRecord(value)) {
    yield `${at} is not an object`;
    return;
  }
  for (const name of Object.keys(shape.fields)) if (!Object.hasOwn(value, name)) yield `${at} has no \`${name}\``;
  for (const [name, item] of Object.entries(value)) {
    const field = fieldOf(shape.fields, name) ?? fieldOf(shape.optional ?? {}, name);
    if (field) yield* walk(item, field, `${path}.${name}`);
    else yield `${at} has an unknown field \`${name}\``;
  }
}

function fieldOf(shapes: Readonly<Record<string, Shape>>, name: string): Shape | undefined {
  return Object.hasOwn(shapes, name) ? shapes[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same shape in the words of JSON Schema 2020-12 (https://json-schema.org/draft/2020-12). */
export function toJsonSchema(shape: Shape): Readonly<Record<string, unknown>> {
  const doc = shape.doc === undefined ? {} : { description: shape.doc };
  switch (shape.kind) {
    case "data":
      return doc;
    case "one-of":
      return { ...doc, enum: shape.values };
    case "integer":
      return { ...doc, type: "integer", minimum: shape.least };
    case "list":
      return { ...doc, type: "array", items: toJsonSchema(shape.element) };
    case "map":
      return { ...doc, type: "object", additionalProperties: toJsonSchema(shape.element) };
    case "object":
      return {
        ...doc,
        type: "object",
        required: Object.keys(shape.fields),
        properties: Object.fromEntries(
          Object.entries({ ...shape.fields, ...shape.optional }).map(([name, field]) => [name, toJsonSchema(field)]),
        ),
        additionalProperties: false,
      };
    case "string":
      return { ...doc, type: "string", ...(shape.pattern === undefined ? {} : { pattern: shape.pattern }) };
    default:
      return { ...doc, type: shape.kind };
  }
}
