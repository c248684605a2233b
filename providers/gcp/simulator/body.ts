// Reads a request's body by its shape: unknown fields and wrong sorts are refused by name, output-only fields are left out, nulls count as absent.

import { GceError, refuse } from "./errors.ts";
import { SHAPES } from "./shapes.ts";

/** Google's API front end refuses a body before the service sees it. */
function refuseBody(message: string): never {
  throw new GceError(400, "badRequest", `Invalid JSON payload received. ${message}`);
}

/** The body as the message; `{}` for none. Throws `badRequest`. */
export function readBody(text: string, shape: string): Readonly<Record<string, unknown>> {
  if (text === "") return {};
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return refuseBody("Parse error.");
  }
  return readMessage(data, shape, "") as Readonly<Record<string, unknown>>;
}

function readMessage(data: unknown, name: string, place: string): Readonly<Record<string, unknown>> {
  const shape = SHAPES[name];
  if (shape === undefined) throw new Error(`no shape of ${name}`);
  if (data === null || typeof data !== "object" || Array.isArray(data)) return refuseBody(`'${place}' is not a message.`);
  const read: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(data)) {
    const sort = shape[field];
    const path = place === "" ? field : `${place}.${field}`;
    if (sort === undefined)
      refuseBody(`Unknown name "${field}" at '${place}': no such field, or it is not implemented by the embedded GCE.`);
    if (value === null || sort.startsWith("<")) continue;
    read[field] = readField(value, sort, path);
  }
  return read;
}

function readField(value: unknown, sort: string, path: string): unknown {
  if (sort.startsWith("[")) {
    if (!Array.isArray(value)) return refuseBody(`Invalid value at '${path}': not a list.`);
    return value.map((item: unknown, index) => readField(item, sort.slice(1, -1), `${path}[${index}]`));
  }
  switch (sort) {
    case "string":
      return typeof value === "string" ? value : refuseBody(`Invalid value at '${path}' (TYPE_STRING), ${JSON.stringify(value)}`);
    case "bool":
      return typeof value === "boolean" ? value : refuseBody(`Invalid value at '${path}' (TYPE_BOOL), ${JSON.stringify(value)}`);
    case "int":
      return Number.isInteger(value) ? value : refuseBody(`Invalid value at '${path}' (TYPE_INT32), ${JSON.stringify(value)}`);
    case "int64":
      return /^-?\d+$/.test(String(value))
        ? String(value)
        : refuseBody(`Invalid value at '${path}' (TYPE_INT64), ${JSON.stringify(value)}`);
    case "map":
      return readMap(value, path);
    case "empty":
      return Object.keys(readMap(value, path)).length === 0
        ? undefined
        : refuseBody(`Unknown name at '${path}': it is not implemented by the embedded GCE.`);
    default:
      return readMessage(value, sort, path);
  }
}

function readMap(value: unknown, path: string): Readonly<Record<string, string>> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return refuseBody(`Invalid value at '${path}': not a map.`);
  for (const [key, item] of Object.entries(value))
    if (typeof item !== "string") refuse(400, "badRequest", `Invalid value at '${path}.${key}' (TYPE_STRING), ${JSON.stringify(item)}`);
  return value as Readonly<Record<string, string>>;
}
