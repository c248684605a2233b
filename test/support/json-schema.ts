// Checks data against a JSON Schema of docs/schemas: the part of draft 2020-12 that those use. A keyword it does not know is an error, so that a
// schema cannot say more than is checked. https://json-schema.org/draft/2020-12/json-schema-validation

export type Schema = boolean | { readonly [keyword: string]: unknown };

const annotations = new Set(["$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default"]);

type Check = (
  argument: unknown,
  value: unknown,
  path: string,
  schema: { readonly [keyword: string]: unknown },
  root: Schema,
) => string | undefined;

/** Undefined when it fits; else the first thing that is wrong, with its path. */
export function describeSchemaMistake(schema: Schema, value: unknown, path = "", root: Schema = schema): string | undefined {
  if (typeof schema === "boolean") return schema ? undefined : `${path || "the value"} is not allowed`;
  for (const [keyword, argument] of Object.entries(schema)) {
    if (annotations.has(keyword)) continue;
    const check = checks[keyword];
    if (!check) throw new Error(`the keyword ${keyword} is not known here`);
    const mistake = check(argument, value, path, schema, root);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasType(value: unknown, type: unknown): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isRecord(value);
  if (type === "null") return value === null;
  return typeof value === type;
}

const at = (path: string): string => path || "the value";

const checks: Readonly<Record<string, Check>> = {
  $ref: (reference, value, path, _schema, root) => {
    const name = /^#\/\$defs\/(\w+)$/.exec(String(reference))?.[1] ?? "";
    const defined = isRecord(root) && isRecord(root.$defs) ? root.$defs[name] : undefined;
    if (defined === undefined) throw new Error(`there is no ${String(reference)}`);
    return describeSchemaMistake(defined as Schema, value, path, root);
  },
  type: (type, value, path) =>
    [type].flat().some((one) => hasType(value, one)) ? undefined : `${at(path)} is not of the type ${[type].flat().join(" or ")}`,
  const: (expected, value, path) => (value === expected ? undefined : `${at(path)} is not ${JSON.stringify(expected)}`),
  enum: (allowed, value, path) =>
    (allowed as unknown[]).includes(value) ? undefined : `${at(path)} is none of ${(allowed as unknown[]).join(", ")}`,
  minimum: (least, value, path) =>
    typeof value !== "number" || value >= Number(least) ? undefined : `${at(path)} is less than ${String(least)}`,
  pattern: (pattern, value, path) =>
    typeof value !== "string" || new RegExp(String(pattern), "u").test(value) ? undefined : `${at(path)} does not match ${String(pattern)}`,
  required: (names, value, path) => {
    const missing = isRecord(value) ? (names as string[]).find((name) => !Object.hasOwn(value, name)) : undefined;
    return missing === undefined ? undefined : `${at(path)} has no ${missing}`;
  },
  properties: (shapes, value, path, _schema, root) => {
    if (!isRecord(value)) return undefined;
    for (const [name, shape] of Object.entries(shapes as Readonly<Record<string, Schema>>)) {
      const mistake = Object.hasOwn(value, name) ? describeSchemaMistake(shape, value[name], `${path}.${name}`, root) : undefined;
      if (mistake !== undefined) return mistake;
    }
    return undefined;
  },
  additionalProperties: (shape, value, path, schema, root) => {
    if (!isRecord(value)) return undefined;
    const known = isRecord(schema.properties) ? schema.properties : {};
    for (const [name, member] of Object.entries(value)) {
      const mistake = Object.hasOwn(known, name) ? undefined : describeSchemaMistake(shape as Schema, member, `${path}.${name}`, root);
      if (mistake !== undefined) return mistake;
    }
    return undefined;
  },
  items: (shape, value, path, _schema, root) => {
    if (!Array.isArray(value)) return undefined;
    for (const [index, member] of value.entries()) {
      const mistake = describeSchemaMistake(shape as Schema, member, `${path}[${index}]`, root);
      if (mistake !== undefined) return mistake;
    }
    return undefined;
  },
  oneOf: (shapes, value, path, _schema, root) => {
    const mistakes = (shapes as Schema[]).map((shape) => describeSchemaMistake(shape, value, path, root));
    const fitting = mistakes.filter((mistake) => mistake === undefined).length;
    return fitting === 1
      ? undefined
      : `${at(path)} fits ${fitting} of the alternatives: ${mistakes.filter(Boolean).slice(0, 20).join("; ")}`;
  },
};
