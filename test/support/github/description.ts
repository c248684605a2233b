// GitHub's own description of its API (openapi.json, see scripts/github-openapi.ts), as the tests' server obeys it: which operation a request is, what is
// wrong with it, and what is wrong with an answer. Knows no repository.

import { readFileSync } from "node:fs";
import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

export type Json = null | boolean | number | string | readonly Json[] | JsonRecord;
export interface JsonRecord {
  readonly [name: string]: Json;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: JsonRecord;
}

interface Described {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: { readonly [type: string]: { readonly schema: JsonRecord } } };
  readonly responses: {
    readonly [status: string]: { readonly content?: { readonly [type: string]: { readonly schema?: JsonRecord } } };
  };
}

export interface Operation {
  /** As GitHub names it: `issues/create-comment`. */
  readonly id: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly described: Described;
}

export interface Match {
  readonly operation: Operation;
  /** Of path and query, as strings; the names are checked. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly mistakes: readonly string[];
}

const description = JSON.parse(readFileSync(new URL("./openapi.json", import.meta.url), "utf8")) as {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Described } };
  readonly webhooks: { readonly [name: string]: JsonRecord };
  readonly components: { readonly schemas: { readonly [name: string]: JsonRecord } };
};

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const ajv = new Ajv2020({
  strict: false,
  inlineRefs: false,
  code: { optimize: false },
  allErrors: false,
  validateSchema: false,
  validateFormats: true,
});
formats.default(ajv);
ajv.addFormat("repo.nwo", /^[\w.-]+\/[\w.-]+$/);
const coercing = new Ajv2020({ strict: false, coerceTypes: "array", validateSchema: false });
formats.default(coercing);

/** OpenAPI 3.0 says `nullable`, JSON Schema says that null is an alternative. https://spec.openapis.org/oas/v3.0.3#fixed-fields-20 */
function translate(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((one: Json) => translate(one));
  if (!isRecord(schema)) return schema;
  const { nullable, ...rest } = schema;
  const translated = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, name === "enum" ? value : translate(value)]));
  return nullable === true ? { anyOf: [{ type: "null" }, translated] } : translated;
}

/** A request may say only what is described. Where alternatives are open (`additionalProperties: true`), the names of all of them count. */
function close(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((one: Json) => close(one));
  if (!isRecord(schema)) return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, name === "enum" ? value : close(value)]));
  const shut = isRecord(schema.properties) && schema.additionalProperties === undefined;
  return shut ? { ...closed, propertyNames: { enum: [...listNames(schema)] } } : closed;
}

function listNames(schema: Json): ReadonlySet<string> {
  if (!isRecord(schema)) return new Set();
  const branches = ["allOf", "anyOf", "oneOf"].flatMap((keyword) => (schema[keyword] ?? []) as readonly Json[]);
  return new Set([...Object.keys((schema.properties as JsonRecord | undefined) ?? {}), ...branches.flatMap((one) => [...listNames(one)])]);
}

ajv.addSchema({ $id: "github", components: { schemas: translate(description.components.schemas) } });
const absolute = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/components/', '"$ref":"github#/components/')) as Json;

const compiled = new Map<string, ValidateFunction>();

/** Compiles once, and only what is asked for. */
function validatorOf(key: string, schema: () => Json, by = ajv): ValidateFunction {
  const known = compiled.get(key);
  if (known) return known;
  const made = by.compile(absolute(schema()) as JsonRecord);
  compiled.set(key, made);
  return made;
}

function say(errors: readonly ErrorObject[] | null | undefined): string[] {
  return (errors ?? []).map(
    (one) => `${one.instancePath || "the whole"} ${one.message ?? "is wrong"} ${JSON.stringify(one.propertyName ?? one.params)}`,
  );
}

/** Names that may hold slashes: https://docs.github.com/rest/repos/contents, https://docs.github.com/rest/git/refs */
const open = new Set(["path", "basehead"]);

const operations: readonly Operation[] = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((one) => String(one[1]));
    const slashes = (name: string): boolean => open.has(name) || (name === "ref" && path.includes("/git/"));
    const source = path.replaceAll(".", "\\.").replaceAll(/\{(\w+)\}/g, (_all, name: string) => (slashes(name) ? "(.+)" : "([^/]+)"));
    return { id: described.operationId, pattern: new RegExp(`^${method.toUpperCase()} ${source}$`), names, described };
  }),
);

/** The operation that a request is, if the description has one. `path` is still encoded. */
export function matchRequest(method: string, path: string, query: URLSearchParams): Match | undefined {
  for (const operation of operations) {
    const found = operation.pattern.exec(`${method} ${path}`);
    if (!found) continue;
    const inPath = Object.fromEntries(operation.names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? "")]));
    const inQuery = Object.fromEntries(query);
    const parameters = operation.described.parameters ?? [];
    const shape = (where: string): Json => ({
      type: "object",
      additionalProperties: false,
      properties: Object.fromEntries(parameters.filter((one) => one.in === where).map((one) => [one.name, one.schema])),
      required: parameters.filter((one) => one.in === where && one.required === true).map((one) => one.name),
    });
    const check = (where: string, values: object): string[] => {
      const validate = validatorOf(`${operation.id} ${where}`, () => translate(shape(where)), coercing);
      return validate({ ...values }) ? [] : say(validate.errors).map((text) => `${where}: ${text}`);
    };
    return {
      operation,
      parameters: { ...inQuery, ...inPath },
      mistakes: [...check("path", inPath), ...check("query", inQuery)],
    };
  }
  return undefined;
}

/** What is wrong with the body of a request. */
export function listBodyMistakes(operation: Operation, body: Json | undefined): readonly string[] {
  const described = operation.described.requestBody;
  if (!described) return body === undefined ? [] : ["this operation takes no body"];
  if (body === undefined) return described.required === true ? ["the body is missing"] : [];
  const schema = described.content["application/json"]?.schema ?? {};
  const validate = validatorOf(`${operation.id} body`, () => translate(close(schema)));
  return validate(body) ? [] : say(validate.errors);
}

const everywhere: Readonly<Record<string, JsonRecord>> = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 405, 409, 429, 500, 502, 503].map((status) => [status, { $ref: "#/components/schemas/basic-error" }]),
  ),
  422: { $ref: "#/components/schemas/validation-error" },
};

/** What is wrong with an answer of ours. Errors that every operation may give are held against their common shape. */
export function listAnswerMistakes(operation: Operation, status: number, body: Json | undefined): readonly string[] {
  const answer = operation.described.responses[String(status)];
  const schema = answer?.content?.["application/json"]?.schema ?? everywhere[status];
  if (!answer && !schema) return [`${operation.id} has no answer ${status}`];
  if (!schema) return body === undefined ? [] : [`the answer ${status} has no body`];
  const validate = validatorOf(`${operation.id} ${status}`, () => translate(schema));
  return validate(body) ? [] : say(validate.errors);
}

/** What is wrong with the payload of an event (`pull-request-opened`). */
export function listEventMistakes(name: string, payload: Json): readonly string[] {
  const schema = description.webhooks[name];
  if (!schema) return [`the description has no event ${name}`];
  const validate = validatorOf(`event ${name}`, () => translate(schema));
  return validate(payload) ? [] : say(validate.errors);
}

/** The schema of an operation's answer, to fill in what is required and says nothing here. */
export function answerSchema(operation: Operation, status: number): JsonRecord | undefined {
  return operation.described.responses[String(status)]?.content?.["application/json"]?.schema;
}

export function eventSchema(name: string): JsonRecord {
  const schema = description.webhooks[name];
  if (!schema) throw new Error(`the description has no event ${name}`);
  return schema;
}

export function findSchema(reference: string): JsonRecord {
  const schema = description.components.schemas[reference.slice("#/components/schemas/".length)];
  if (!schema) throw new Error(`the description has no ${reference}`);
  return schema;
}
