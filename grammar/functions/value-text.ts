// How values are written as text: scalars inside strings, whole values as JSON, and a key under which equal values meet.
// Decides nothing about secrets and deferred values: neither may get here.

import { canonical } from "../graph/canonical.ts";
import { tag, type Value } from "../graph/value.ts";
import { budgetSpent, describeValue, isList, isMap } from "./arguments.ts";
import type { FunctionContext, FunctionMistake } from "./function.ts";

/** Values nested deeper than this are refused by everything that walks them, so no value overflows the stack. */
export const maxDepth = 100;

export const tooDeep: FunctionMistake = {
  mistake: `the value is nested deeper than ${maxDepth} levels`,
  hint: "build it with fewer levels",
};

const binaryUnits = ["PiB", "TiB", "GiB", "MiB", "KiB"] as const;
const decimalUnits = ["PB", "TB", "GB", "MB", "KB"] as const;
const durationUnits = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** A scalar as a string template shows it, or undefined for lists, maps, null and resources. */
export function writeText(value: Value): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "boolean") return String(value);
  if (value === null || isList(value) || isMap(value)) return undefined;
  switch (value[tag]) {
    case "size":
      return writeSize(value.bytes);
    case "duration":
      return writeDuration(value.milliseconds);
    case "ip":
    case "cidr":
      return value.text;
    case "cloud":
      return value.name;
    default:
      return undefined;
  }
}

/** The literal of a size in its largest whole unit, binary units first: `4GiB`, `500MB`, `512B`. */
export function writeSize(bytes: number): string {
  if (bytes === 0) return "0B";
  for (const [base, units] of [[1024, binaryUnits] as const, [1000, decimalUnits] as const]) {
    for (const [index, unit] of units.entries()) {
      const factor = base ** (5 - index);
      if (bytes % factor === 0) return `${bytes / factor}${unit}`;
    }
  }
  return `${bytes}B`;
}

/** The literal of a duration in its largest whole unit: `90m`, `1500ms`. */
export function writeDuration(milliseconds: number): string {
  if (milliseconds === 0) return "0s";
  for (const [unit, factor] of durationUnits) {
    if (milliseconds % factor === 0) return `${milliseconds / factor}${unit}`;
  }
  return `${milliseconds}ms`;
}

/**
 * Plain data of a value: maps stay `Map`s (their order is kept), sizes become bytes, durations milliseconds, addresses and
 * clouds text. Charges the budget for every element and byte on the way; a resource has no such form.
 */
export type PlainValue = null | boolean | number | string | readonly PlainValue[] | ReadonlyMap<string, PlainValue>;

export function toPlain(value: Value, context: FunctionContext): { readonly plain: PlainValue } | FunctionMistake {
  const found = walk(value, 0, context);
  return isMistake(found) ? found : { plain: found };
}

/** Compact JSON in the order of the maps. */
export function writeJson(value: PlainValue): string {
  if (isPlainList(value)) return `[${value.map(writeJson).join(",")}]`;
  if (value instanceof Map) {
    const map: ReadonlyMap<string, PlainValue> = value;
    return `{${[...map].map(([name, item]) => `${JSON.stringify(name)}:${writeJson(item)}`).join(",")}}`;
  }
  return typeof value === "number" ? writeNumber(value) : JSON.stringify(value);
}

/** A text that two values share exactly when they are equal; the order of a map's keys does not matter. */
export function equalityKey(value: Value, context: FunctionContext): { readonly key: string } | FunctionMistake {
  return chargeWalk(value, 0, context) ?? { key: canonical(value) };
}

export function isMistake(value: unknown): value is FunctionMistake {
  return typeof value === "object" && value !== null && !(value instanceof Map) && "mistake" in value;
}

function writeNumber(value: number): string {
  return Object.is(value, -0) ? "0" : String(value);
}

function isPlainList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

function walk(value: Value, depth: number, context: FunctionContext): PlainValue | FunctionMistake {
  if (depth > maxDepth) return tooDeep;
  if (!context.spend({ items: 1, bytes: typeof value === "string" ? value.length : 8 })) return budgetSpent;
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string") return value;
  if (isList(value)) {
    const items: PlainValue[] = [];
    for (const item of value) {
      const plain = walk(item, depth + 1, context);
      if (isMistake(plain)) return plain;
      items.push(plain);
    }
    return items;
  }
  if (isMap(value)) {
    const entries = new Map<string, PlainValue>();
    for (const [name, item] of value) {
      if (!context.spend({ bytes: name.length })) return budgetSpent;
      const plain = walk(item, depth + 1, context);
      if (isMistake(plain)) return plain;
      entries.set(name, plain);
    }
    return entries;
  }
  if (value[tag] === "size") return value.bytes;
  if (value[tag] === "duration") return value.milliseconds;
  const text = writeText(value);
  if (text !== undefined) return text;
  return { mistake: `cannot write ${describeValue(value)} as data`, hint: "name one of its attributes, such as `.id`" };
}

/** Charges for everything inside a value; a value that shares its parts counts them each time, as whatever walks it does. */
function chargeWalk(value: Value, depth: number, context: FunctionContext): FunctionMistake | undefined {
  if (depth > maxDepth) return tooDeep;
  if (!context.spend({ items: 1, bytes: typeof value === "string" ? value.length : 0 })) return budgetSpent;
  if (!isList(value) && !isMap(value)) return undefined;
  for (const item of value.values()) {
    const problem = chargeWalk(item, depth + 1, context);
    if (problem) return problem;
  }
  return undefined;
}
