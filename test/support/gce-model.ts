// The vendor's own description of Compute Engine, from the SDK's package: messages, fields, enums, methods and their routes. Independent of the
// simulator's tables, which are compared with it.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface ModelField {
  readonly type: string;
  readonly rule?: "repeated";
  readonly keyType?: string;
  readonly options?: Readonly<Record<string, string>>;
}

interface ModelNode {
  readonly nested?: Readonly<Record<string, ModelNode>>;
  readonly fields?: Readonly<Record<string, ModelField>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly methods?: Readonly<
    Record<string, { readonly requestType: string; readonly responseType: string; readonly options: Readonly<Record<string, string>> }>
  >;
}

export interface ModelMethod {
  readonly http: string;
  readonly path: string;
  readonly request: Readonly<Record<string, ModelField>>;
  /** The name of the request's field that is the body. */
  readonly body: string | undefined;
  readonly response: string;
}

const require = createRequire(import.meta.url);
const file = join(dirname(require.resolve("@google-cloud/compute/package.json")), "build/protos/protos.json");
const root = JSON.parse(readFileSync(file, "utf8")) as ModelNode;
const types = ["google", "cloud", "compute", "v1"].reduce<ModelNode | undefined>((node, name) => node?.nested?.[name], root)?.nested ?? {};

const toCamel = (name: string): string => name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
const toUpper = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** `instances.insert` as the vendor has it. */
export function findModelMethod(id: string): ModelMethod | undefined {
  const [collection = "", verb = ""] = id.split(".");
  const method = types[toUpper(collection)]?.methods?.[toUpper(verb)];
  if (method === undefined) return undefined;
  const [http = "", path = ""] =
    Object.entries(method.options)
      .map(([name, value]) => [/^\(google\.api\.http\)\.(get|put|post|patch|delete)$/.exec(name)?.[1] ?? "", value] as const)
      .find(([verbName]) => verbName !== "") ?? [];
  const body = method.options["(google.api.http).body"];
  return {
    http: http.toUpperCase(),
    path: path.replace(/\{(.+?)\}/g, (_all, name: string) => `{${toCamel(name)}}`),
    request: types[method.requestType]?.fields ?? {},
    body: body === undefined ? undefined : toCamel(body),
    response: method.responseType,
  };
}

/** The fields of a message, by their JSON names. */
export function findModelFields(message: string): Readonly<Record<string, ModelField>> | undefined {
  return types[message]?.fields;
}

const SORTS: Readonly<Record<string, string>> = {
  string: "string",
  bool: "bool",
  int32: "int",
  uint32: "int",
  int64: "int64",
  uint64: "int64",
  double: "double",
  float: "double",
};

/** A field's sort in the simulator's words: `[string]`, `map`, `int64`, a message's name. */
export function sortOfField(field: ModelField): string {
  if (field.keyType !== undefined) return "map";
  const sort = SORTS[field.type] ?? field.type;
  return field.rule === "repeated" ? `[${sort}]` : sort;
}

/** Everything that is wrong with a JSON answer of a message: unknown fields, other sorts, words outside an enum. */
export function checkAnswer(value: unknown, message: string, place = message): readonly string[] {
  const node = types[message];
  if (node?.fields === undefined) return [`${place}: there is no message ${message}`];
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [`${place}: not a message`];
  return Object.entries(value).flatMap(([name, item]) => {
    const field = node.fields?.[name];
    if (field === undefined) return [`${place}.${name}: no such field`];
    const words = node.nested?.[toUpper(name)]?.values;
    return checkField(item, field, node, words, `${place}.${name}`);
  });
}

function checkField(
  value: unknown,
  field: ModelField,
  owner: ModelNode,
  words: Readonly<Record<string, number>> | undefined,
  place: string,
): readonly string[] {
  if (field.keyType !== undefined) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return [`${place}: not a map`];
    return Object.entries(value).flatMap(([key, item]) => checkOne(item, field.type, owner, undefined, `${place}.${key}`));
  }
  if (field.rule !== "repeated") return checkOne(value, field.type, owner, words, place);
  if (!Array.isArray(value)) return [`${place}: not a list`];
  return value.flatMap((item: unknown, n) => checkOne(item, field.type, owner, words, `${place}[${n}]`));
}

function checkOne(
  value: unknown,
  type: string,
  owner: ModelNode,
  words: Readonly<Record<string, number>> | undefined,
  place: string,
): readonly string[] {
  const wrong = (expected: string): readonly string[] => [`${place}: ${JSON.stringify(value)} is not ${expected}`];
  switch (SORTS[type]) {
    case "string":
      if (typeof value !== "string") return wrong("a string");
      return words !== undefined && !Object.hasOwn(words, value) ? wrong(`one of ${Object.keys(words).join(", ")}`) : [];
    case "bool":
      return typeof value === "boolean" ? [] : wrong("a bool");
    case "int":
      return Number.isInteger(value) ? [] : wrong("a 32-bit integer");
    case "int64":
      return typeof value === "string" && /^-?\d+$/.test(value) ? [] : wrong("a 64-bit integer as a string");
    case "double":
      return typeof value === "number" ? [] : wrong("a number");
    default:
      break;
  }
  const enumeration = owner.nested?.[type]?.values ?? types[type]?.values;
  if (enumeration !== undefined) return typeof value === "string" && Object.hasOwn(enumeration, value) ? [] : wrong(`a ${type}`);
  return checkAnswer(value, type, place);
}
