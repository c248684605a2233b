// Text that becomes a typed value: addresses in strings, and inputs given on the command line or as data. Pure.

import { suggest } from "../diagnostics/suggest.ts";
import { makeAddress, makeCloud, makeDuration, makeSize } from "../graph/make-value.ts";
import type { AddressValue, Value } from "../graph/value.ts";
import { hasHostBits, parseCidr } from "../net/cidr.ts";
import { formatIpv4, parseIpv4 } from "../net/ipv4.ts";
import { canonicalIpv6, canonicalIpv6Cidr } from "../net/ipv6.ts";
import { classifyLiteral } from "../syntax/literals.ts";
import { formatType } from "../types/format-type.ts";
import type { Type } from "../types/type.ts";
import { fieldOf, splitType } from "../types/type-parts.ts";
import { isPort, leastPort, mostPort } from "./port-range.ts";

export interface TextMistake {
  readonly mistake: string;
  readonly hint: string;
}

const portHint = `a port is a whole number between ${leastPort} and ${mostPort}`;

type Read = { readonly value: Value } | TextMistake;

/** An address or range in canonical text; host bits of a range are kept, for the checks of the kinds to judge. */
export function parseAddressText(text: string, use: "ip" | "cidr" | "either"): AddressValue | undefined {
  if (use !== "cidr" && !text.includes("/")) {
    const number = parseIpv4(text);
    const canonical = number === undefined ? canonicalIpv6(text) : formatIpv4(number);
    return canonical === undefined ? undefined : makeAddress("ip", canonical);
  }
  if (use === "ip") return undefined;
  const range = parseCidr(text);
  if (range) return makeAddress("cidr", hasHostBits(range) ? text : `${formatIpv4(range.start)}/${range.prefix}`);
  const canonical = canonicalIpv6Cidr(text);
  return canonical === undefined ? undefined : makeAddress("cidr", canonical);
}

/** An input given as text (`--set NAME=TEXT`), read by its type; lists, maps and objects as JSON. */
export function readTextInput(text: string, type: Type, clouds: readonly string[]): Read {
  const { core } = splitType(type);
  switch (core.kind) {
    case "string":
    case "region":
      return { value: text };
    case "union":
    case "cloud":
      return readData(text, type, clouds);
    case "bool":
      if (text === "true" || text === "false") return { value: text === "true" };
      return expected(core, "write `true` or `false`");
    case "list":
    case "map":
    case "object":
      try {
        return readData(JSON.parse(text), type, clouds);
      } catch {
        return expected(core, "write it as JSON, in quotes for the shell");
      }
    default:
      return readLiteral(text.trim(), core);
  }
}

/** An input given as plain data (YAML or JSON), read by its type. Text is read as the literal it spells. */
export function readData(data: unknown, type: Type, clouds: readonly string[]): Read {
  const { core, optional } = splitType(type);
  if (data === null || data === undefined) {
    return optional ? { value: null } : { mistake: "is null", hint: `give a value of type ${formatType(core)}` };
  }
  switch (core.kind) {
    case "string":
    case "region":
      return typeof data === "string" ? { value: data } : expected(core, "put it in quotes");
    case "union": {
      if (typeof data === "string" && core.values.includes(data)) return { value: data };
      const near = typeof data === "string" ? suggest(data, core.values) : undefined;
      return expected(core, near === undefined ? "give one of these" : `did you mean \`${near}\`?`);
    }
    case "cloud": {
      if (typeof data === "string" && clouds.includes(data)) return { value: makeCloud(data) };
      const near = typeof data === "string" ? suggest(data, clouds) : undefined;
      const known = clouds.map((name) => `\`${name}\``).join(", ");
      return expected(
        core,
        near !== undefined
          ? `did you mean \`${near}\`?`
          : clouds.length > 0
            ? `clouds of this stack are ${known}`
            : "this stack declares no cloud",
      );
    }
    case "bool":
      return typeof data === "boolean" ? { value: data } : expected(core, "write true or false, without quotes");
    case "port":
      return typeof data === "number" && Number.isSafeInteger(data) && isPort(data) ? { value: data } : expected(core, portHint);
    case "int":
      return typeof data === "number" && Number.isSafeInteger(data)
        ? { value: data === 0 ? 0 : data }
        : expected(core, "write a whole number, without quotes");
    case "number":
      return typeof data === "number" && Number.isFinite(data) ? { value: data } : expected(core, "write a number, without quotes");
    case "size":
    case "duration":
    case "ip":
    case "cidr":
      return typeof data === "string" ? readLiteral(data.trim(), core) : expected(core, "write it as text, with its unit");
    case "list":
      return Array.isArray(data) ? readList(data, core.element, clouds) : expected(core, "give a list");
    case "map":
      return isRecord(data) ? readMap(data, () => core.element, clouds) : expected(core, "give a map");
    case "object":
      return isRecord(data) ? readObject(data, core.fields, clouds) : expected(core, "give an object");
    default:
      return expected(core, "this type cannot be given from outside");
  }
}

function readLiteral(text: string, core: Type): Read {
  if (core.kind === "ip" || core.kind === "cidr") {
    const address = parseAddressText(text, core.kind);
    return address ? { value: address } : expected(core, core.kind === "ip" ? "for example 10.0.0.5" : "for example 10.0.0.0/16");
  }
  const negative = text.startsWith("-") && (core.kind === "int" || core.kind === "number");
  // Nothing is no number, least of all zero: `--set replicas=$UNSET` must not empty a stack.
  if (!/\d/.test(text))
    return expected(core, core.kind === "size" ? "for example 20GiB" : core.kind === "duration" ? "for example 30s" : "for example 3");
  const classified = classifyLiteral(negative ? text.slice(1) : text);
  if ("problem" in classified)
    return expected(core, core.kind === "size" ? "for example 20GiB" : core.kind === "duration" ? "for example 30s" : "for example 3");
  const literal = classified.value;
  if (literal.type === "size" && core.kind === "size") return { value: makeSize(literal.value) };
  if (literal.type === "duration" && core.kind === "duration") return { value: makeDuration(literal.value) };
  if (core.kind === "port" && !(literal.type === "int" && isPort(literal.value))) return expected(core, portHint);
  const isNumber = literal.type === "int" || (literal.type === "number" && core.kind === "number");
  if (isNumber && (core.kind === "int" || core.kind === "number" || core.kind === "port")) {
    return { value: negative && literal.value !== 0 ? -literal.value : literal.value };
  }
  return expected(core, core.kind === "size" ? "for example 20GiB" : core.kind === "duration" ? "for example 30s" : "for example 3");
}

function readList(data: readonly unknown[], element: Type, clouds: readonly string[]): Read {
  const items: Value[] = [];
  for (const [index, item] of data.entries()) {
    const read = readData(item, element, clouds);
    if ("mistake" in read) return { mistake: `${read.mistake} at [${index}]`, hint: read.hint };
    items.push(read.value);
  }
  return { value: items };
}

function readMap(data: Readonly<Record<string, unknown>>, typeOf: (name: string) => Type | undefined, clouds: readonly string[]): Read {
  const entries = new Map<string, Value>();
  for (const name of Object.keys(data)) {
    const type = typeOf(name);
    if (!type) return { mistake: `has an unknown field \`${name}\``, hint: "remove it" };
    const read = readData(data[name], type, clouds);
    if ("mistake" in read) return { mistake: `${read.mistake} at \`${name}\``, hint: read.hint };
    entries.set(name, read.value);
  }
  return { value: entries };
}

function readObject(data: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, Type>>, clouds: readonly string[]): Read {
  for (const name of Object.keys(fields)) {
    const type = fieldOf(fields, name);
    if (type && !splitType(type).optional && !Object.hasOwn(data, name))
      return { mistake: `lacks the field \`${name}\``, hint: `add \`${name}\`` };
  }
  return readMap(data, (name) => fieldOf(fields, name), clouds);
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === Object.prototype || prototype === null;
}

function expected(type: Type, hint: string): TextMistake {
  return { mistake: `is not ${formatType(type)}`, hint };
}
