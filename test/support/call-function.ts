// Calls functions of the library with plain values, and the values that their laws are tried on.

import fc from "fast-check";
import type { FunctionContext, FunctionMistake } from "../../grammar/functions/function.ts";
import { functions } from "../../grammar/functions/library.ts";
import { makeAddress } from "../../grammar/graph/make-value.ts";
import type { Value } from "../../grammar/graph/value.ts";
import type { Type } from "../../grammar/types/type.ts";

export function makeContext(budget = Number.POSITIVE_INFINITY, files: Readonly<Record<string, string>> = {}): FunctionContext {
  let left = budget;
  return {
    readFile: (path) => {
      const text = files[path];
      return text === undefined ? { mistake: `there is no file \`${path}\`` } : { text };
    },
    spend: ({ items = 0, bytes = 0 }) => {
      left -= items + bytes;
      return left >= 0;
    },
    zones: (name) => (name === "aws" ? ["euw1-az1", "euw1-az2"] : undefined),
  };
}

export function call(name: string, ...argumentValues: readonly Value[]): Value {
  const result = run(name, argumentValues);
  if ("mistake" in result) throw new Error(`${name}: ${result.mistake}`);
  return result.value;
}

export function mistake(name: string, ...argumentValues: readonly Value[]): FunctionMistake {
  const result = run(name, argumentValues);
  if ("value" in result) throw new Error(`${name} gave ${String(result.value)}`);
  return result;
}

export function run(name: string, argumentValues: readonly Value[], context = makeContext()) {
  const schema = functions.get(name);
  if (!schema) throw new Error(`no function ${name}`);
  return schema.run(argumentValues, context);
}

export function resultType(name: string, ...types: readonly Type[]): Type {
  const result = functions.get(name)?.result;
  if (!result) throw new Error(`no function ${name}`);
  return typeof result === "function" ? result(types) : result;
}

export const cidr = (text: string) => makeAddress("cidr", text);
export const mapOf = (fields: Readonly<Record<string, Value>>): Value => new Map(Object.entries(fields));

export const aText = fc.string({ unit: "grapheme" });
export const aWildText = fc.string({ unit: "binary" });
export const aJson: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    aText,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(aText, tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
})).value;

/** The value as JSON.parse would give it. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  const entries: object = Object.create(null);
  for (const [name, item] of value) Object.defineProperty(entries, name, { value: plain(item), enumerable: true });
  return { ...entries };
}
