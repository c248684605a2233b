// The EC2 query protocol: a form becomes an input by the operation's shape, an output becomes XML by it. Knows no rule of any operation.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html

import { refuse } from "./errors.ts";
import { SHAPES } from "./protocol.generated.ts";
import type { ShapeMember, ShapeType } from "./protocol-shapes.ts";

export const API_VERSION = "2016-11-15";
const NAMESPACE = `http://ec2.amazonaws.com/doc/${API_VERSION}/`;

export interface DecodedInput {
  readonly input: Readonly<Record<string, unknown>>;
  /** Member paths that the caller set, lists without their index: `TagSpecifications.Tags.Key`. */
  readonly paths: readonly string[];
}

type FormNode = { value?: string; children?: Map<string, FormNode> };

/** Parameters that belong to the protocol, not to the operation. Signatures may also stand in the query. */
const PROTOCOL_PARAMETERS = new Set([
  "Action",
  "Version",
  "Expires",
  "Timestamp",
  "SignatureVersion",
  "SignatureMethod",
  "Signature",
  "AWSAccessKeyId",
]);

/** Decodes a form by the operation's input shape. Throws `UnknownParameter`, `MissingParameter`, `InvalidParameterValue`. */
export function decodeInput(operation: string, form: URLSearchParams): DecodedInput {
  const shape = SHAPES.operations[operation];
  if (shape === undefined) throw new Error(`no shape for ${operation}`);
  const root: FormNode = { children: new Map() };
  for (const [name, value] of form) {
    if (PROTOCOL_PARAMETERS.has(name) || name.startsWith("X-Amz-")) continue;
    insert(root, name, value);
  }
  const paths: string[] = [];
  return { input: decodeStruct(shape[0], root, "", "", paths), paths };
}

function insert(root: FormNode, name: string, value: string): void {
  let node = root;
  for (const part of name.split(".")) {
    node.children ??= new Map();
    let child = node.children.get(part);
    if (child === undefined) {
      child = {};
      node.children.set(part, child);
    }
    node = child;
  }
  node.value = value;
}

const byQueryName = new Map<string, ReadonlyMap<string, readonly [string, ShapeMember]>>();

function membersByQueryName(name: string): ReadonlyMap<string, readonly [string, ShapeMember]> {
  const known = byQueryName.get(name);
  if (known !== undefined) return known;
  const struct = SHAPES.structs[name];
  if (struct === undefined) throw new Error(`no shape ${name}`);
  const made = new Map(Object.entries(struct.members).map(([member, shape]) => [shape[1] ?? member, [member, shape] as const]));
  byQueryName.set(name, made);
  return made;
}

function decodeStruct(type: ShapeType, node: FormNode, wire: string, path: string, paths: string[]): Record<string, unknown> {
  const name = type.slice(1);
  const members = membersByQueryName(name);
  const output: Record<string, unknown> = {};
  for (const [key, child] of node.children ?? []) {
    const found = members.get(key);
    const wireName = wire === "" ? key : `${wire}.${key}`;
    if (found === undefined) refuse("UnknownParameter", `The parameter ${wireName} is not recognized`);
    const [member, shape] = found;
    output[member] = decodeValue(shape[0], child, wireName, path === "" ? member : `${path}.${member}`, paths);
  }
  for (const required of SHAPES.structs[name]?.required ?? []) {
    if (output[required] !== undefined) continue;
    const wireName = SHAPES.structs[name]?.members[required]?.[1] ?? required;
    refuse("MissingParameter", `The request must contain the parameter ${wire === "" ? wireName : `${wire}.${wireName}`}`);
  }
  return output;
}

function decodeValue(type: ShapeType, node: FormNode, wire: string, path: string, paths: string[]): unknown {
  // "Filter=" is how an empty list is written; any other text where a list or a structure belongs is a mistake.
  if (/^[[{]/.test(type) && node.value !== undefined && node.value !== "") {
    refuse("UnknownParameter", `The parameter ${wire} is a ${type.startsWith("[") ? `list: ${wire}.1` : "structure"}`);
  }
  if (type.startsWith("{")) return decodeStruct(type, node, wire, path, paths);
  if (type.startsWith("[")) {
    const items = [...(node.children ?? [])].map(([key, child]) => {
      if (!/^[1-9]\d*$/.test(key)) refuse("UnknownParameter", `The parameter ${wire}.${key} is not recognized`);
      return [Number(key), child] as const;
    });
    // A list that is named without items ("Filter=") is an empty one.
    items.sort(([a], [b]) => a - b);
    return items.map(([index, child]) => decodeValue(type.slice(1), child, `${wire}.${index}`, path, paths));
  }
  paths.push(path);
  return decodeScalar(type, node, wire);
}

function decodeScalar(type: ShapeType, node: FormNode, wire: string): unknown {
  const text = node.value;
  if (text === undefined || node.children !== undefined) refuse("UnknownParameter", `The parameter ${wire} is not a structure or a list`);
  switch (type) {
    case "number":
      if (!/^-?\d+(\.\d+)?$/.test(text))
        refuse("InvalidParameterValue", `Value (${text}) for parameter ${wire} is invalid. Expected a number.`);
      return Number(text);
    case "boolean":
      if (!/^(true|false)$/i.test(text))
        refuse("InvalidParameterValue", `Invalid value '${text}' for ${wire}. Expected boolean 'true' or 'false'.`);
      return text.toLowerCase() === "true";
    case "timestamp": {
      const time = new Date(text);
      if (Number.isNaN(time.getTime()))
        refuse("InvalidParameterValue", `Value (${text}) for parameter ${wire} is invalid. Expected a timestamp.`);
      return time;
    }
    case "blob":
      return Buffer.from(text, "base64");
    default:
      return text;
  }
}

/** An answer. Throws, as a bug of ours, when the output has a member that the shape does not know. */
export function encodeOutput(operation: string, output: object, requestId: string): string {
  const shape = SHAPES.operations[operation];
  if (shape === undefined) throw new Error(`no shape for ${operation}`);
  const parts = [`<?xml version="1.0" encoding="UTF-8"?>\n<${operation}Response xmlns="${NAMESPACE}"><requestId>${requestId}</requestId>`];
  if (shape[1] !== "") encodeStruct(shape[1], output as Record<string, unknown>, parts);
  else if (Object.keys(output).length > 0) throw new Error(`${operation} answers nothing, its handler did`);
  parts.push(`</${operation}Response>`);
  return parts.join("");
}

function encodeStruct(type: ShapeType, value: Readonly<Record<string, unknown>>, parts: string[]): void {
  const struct = SHAPES.structs[type.slice(1)];
  if (struct === undefined) throw new Error(`no shape ${type}`);
  for (const [member, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const shape = struct.members[member];
    if (shape === undefined) throw new Error(`${type.slice(1)} has no member ${member}`);
    encodeElement(shape[2] ?? member, shape[0], item, parts);
  }
}

function encodeElement(name: string, type: ShapeType, value: unknown, parts: string[]): void {
  const kind = type.charAt(0);
  if (kind === "[" || kind === "<") {
    const items = value as readonly unknown[];
    if (items.length === 0) {
      parts.push(`<${name}/>`);
      return;
    }
    parts.push(`<${name}>`);
    for (const item of items) encodeElement(kind === "[" ? "item" : "member", type.slice(1), item, parts);
    parts.push(`</${name}>`);
    return;
  }
  parts.push(`<${name}>`);
  if (kind === "{") encodeStruct(type, value as Record<string, unknown>, parts);
  else parts.push(escapeXml(encodeScalar(value)));
  parts.push(`</${name}>`);
}

function encodeScalar(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html#api-error-response */
export function encodeError(code: string, message: string, requestId: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${escapeXml(code)}</Code>` +
    `<Message>${escapeXml(message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`
  );
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;" };

function escapeXml(text: string): string {
  return /[&<>"\r]/.test(text) ? text.replace(/[&<>"\r]/g, (char) => ESCAPES[char] ?? char) : text;
}
