// What the operators of the language do to known values. One table for the evaluator and for apply, which finishes deferred
// values by the same operations. Total: returns a mistake, never throws.

import type { Code } from "../diagnostics/codes.ts";
import { writeText } from "../functions/value-text.ts";
import { isSameValue } from "../graph/canonical.ts";
import { compareCodePoints } from "../graph/code-point-order.ts";
import { makeAddress, makeDuration, makeSize } from "../graph/make-value.ts";
import { type AddressValue, type DurationValue, type SizeValue, tag, tagOf, type Value } from "../graph/value.ts";
import { LONGEST_LIST } from "./budget.ts";
import { parseAddressText } from "./parse-text.ts";

export interface OperationMistake {
  readonly code: Code;
  readonly mistake: string;
  readonly hint: string;
}

export type OperationResult = { readonly value: Value } | OperationMistake;

type Operation = (a: Value, b: Value, c: Value, all: readonly Value[]) => OperationResult;

/** Operations by name; each name begins with `#`, which no function's does. Arguments are known and not secret. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["#+", (a, b) => (typeof a === "string" ? give(a + String(b)) : arithmetic(a, b, (x, y) => x + y))],
  ["#-", (a, b) => arithmetic(a, b, (x, y) => x - y)],
  ["#*", multiply],
  ["#/", divide],
  ["#%", (a, b) => (b === 0 ? divisionByZero : arithmetic(a, b, (x, y) => x % y))],
  ["#neg", (a) => give(a === 0 ? 0 : -(a as number))],
  ["#!", (a) => give(!a)],
  ["#&&", (a, b) => give(a === true && b === true)],
  ["#||", (a, b) => give(a === true || b === true)],
  ["#==", (a, b) => give(isSameValue(a, b))],
  ["#!=", (a, b) => give(!isSameValue(a, b))],
  ["#<", (a, b) => give(compare(a, b) < 0)],
  ["#<=", (a, b) => give(compare(a, b) <= 0)],
  ["#>", (a, b) => give(compare(a, b) > 0)],
  ["#>=", (a, b) => give(compare(a, b) >= 0)],
  ["#..", range],
  ["#??", (a, b) => give(a ?? b)],
  ["#if", (a, b, c) => give(a === true ? b : c)],
  ["#concat", (_a, _b, _c, all) => concat(all)],
  ["#index", index],
  ["#member", index],
  ["#ip", (a) => toAddress(a, "ip")],
  ["#cidr", (a) => toAddress(a, "cidr")],
  ["#either", (a) => toAddress(a, "either")],
]);

/** Runs an operation by name. */
export function applyOperation(name: string, all: readonly Value[]): OperationResult {
  const operation = operations.get(name);
  if (!operation) throw new Error(`no operation ${name}`);
  return operation(all[0] ?? null, all[1] ?? null, all[2] ?? null, all);
}

const divisionByZero: OperationMistake = {
  code: "K1404",
  mistake: "this divides by zero",
  hint: "test the divisor first: `n == 0 ? … : x / n`",
};

function give(value: Value): OperationResult {
  return { value };
}

/** The number inside a number, size or duration. */
function amountOf(value: Value): number {
  if (typeof value === "number") return value;
  return tagOf(value) === "size" ? (value as SizeValue).bytes : (value as DurationValue).milliseconds;
}

function arithmetic(a: Value, b: Value, compute: (x: number, y: number) => number): OperationResult {
  return withAmount(a, compute(amountOf(a), amountOf(b)), Number.isInteger(amountOf(a)) && Number.isInteger(amountOf(b)));
}

function multiply(a: Value, b: Value): OperationResult {
  const scaled = typeof a === "number" && typeof b !== "number" ? b : a;
  return withAmount(scaled, amountOf(a) * amountOf(b), Number.isInteger(amountOf(a)) && Number.isInteger(amountOf(b)));
}

function divide(a: Value, b: Value): OperationResult {
  if (amountOf(b) === 0) return divisionByZero;
  const ratio = amountOf(a) / amountOf(b);
  return typeof a !== "number" && typeof b !== "number" ? give(ratio) : withAmount(a, ratio, false);
}

/** A result of the same type as `like`. Sizes and durations are whole bytes and milliseconds, never negative. */
function withAmount(like: Value, amount: number, whole: boolean): OperationResult {
  if (typeof like === "number") {
    if (!Number.isFinite(amount) || (whole && !Number.isSafeInteger(amount))) {
      return { code: "K1405", mistake: "the result is too large for a number", hint: `ints go up to ${Number.MAX_SAFE_INTEGER}` };
    }
    return give(amount === 0 ? 0 : amount);
  }
  const rounded = Math.round(amount);
  const isSize = tagOf(like) === "size";
  if (rounded < 0)
    return {
      code: "K1405",
      mistake: `a ${isSize ? "size" : "duration"} cannot be less than zero`,
      hint: "subtract less, or swap the operands",
    };
  if (!Number.isSafeInteger(rounded)) {
    return {
      code: "K1405",
      mistake: `the ${isSize ? "size" : "duration"} is too large`,
      hint: `the largest is ${isSize ? "8 PiB" : "285,000 years"}`,
    };
  }
  return give(isSize ? makeSize(rounded) : makeDuration(rounded));
}

function compare(a: Value, b: Value): number {
  return typeof a === "string" && typeof b === "string" ? compareCodePoints(a, b) : amountOf(a) - amountOf(b);
}

function range(a: Value, b: Value): OperationResult {
  const from = a as number;
  const length = Math.max(0, (b as number) - from);
  if (length > LONGEST_LIST) {
    return {
      code: "K1406",
      mistake: `this range has ${length.toLocaleString("en-US")} elements`,
      hint: `a list holds at most ${LONGEST_LIST.toLocaleString("en-US")}`,
    };
  }
  return give(Array.from({ length }, (_, i) => from + i));
}

function concat(parts: readonly Value[]): OperationResult {
  let text = "";
  for (const part of parts) text += writeText(part) ?? "";
  return give(text);
}

function index(container: Value, key: Value): OperationResult {
  if (Array.isArray(container)) {
    const items = container as readonly Value[];
    const at = key as number;
    const item = Number.isInteger(at) ? items[at] : undefined;
    if (item !== undefined) return give(item);
    const held =
      items.length === 0
        ? "the list is empty"
        : `the list has ${items.length} element${items.length === 1 ? "" : "s"}, at 0${items.length > 1 ? ` to ${items.length - 1}` : ""}`;
    return { code: "K1402", mistake: `there is no element ${String(at)}`, hint: held };
  }
  const map = container as ReadonlyMap<string, Value>;
  const name = typeof key === "string" ? key : (writeText(key) ?? "");
  const value = map.get(name);
  if (value !== undefined) return give(value);
  const known = [...map.keys()];
  const shown = known.slice(0, 8).map((one) => JSON.stringify(one));
  return {
    code: "K1403",
    mistake: `there is no key ${JSON.stringify(name)}`,
    hint: known.length === 0 ? "the map is empty" : `keys are ${shown.join(", ")}${known.length > 8 ? ", …" : ""}`,
  };
}

/** Text or an address as an address. An address becomes the range of itself alone. */
function toAddress(value: Value, use: "ip" | "cidr" | "either"): OperationResult {
  const kind = tagOf(value);
  if (kind === "ip" && use === "cidr") {
    const { text } = value as AddressValue;
    return give(makeAddress("cidr", `${text}/${text.includes(":") ? 128 : 32}`));
  }
  if (kind === "ip" || kind === "cidr") return give({ [tag]: kind, text: (value as AddressValue).text });
  const text = String(value);
  const parsed = parseAddressText(text, use);
  if (parsed) return give(parsed);
  const example = use === "ip" ? "an address such as 10.0.0.5 or fd00::5" : "a range such as 10.0.0.0/16 or fd00::/8";
  return {
    code: "K1320",
    mistake: `${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)} is not ${use === "ip" ? "an address" : "an address range"}`,
    hint: `write ${example}`,
  };
}
