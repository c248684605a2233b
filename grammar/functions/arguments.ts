// How a function reads its arguments: one guard per parameter, one mistake when a value is none of what it takes.
// The checker has judged types before; guards catch what only shows in values that came through `any`.

import { tagOf, type Value } from "../graph/value.ts";
import type { FunctionContext, FunctionMistake, FunctionResult } from "./function.ts";

export type ListValue = readonly Value[];
export type MapValue = ReadonlyMap<string, Value>;

/** What a parameter takes. `expected` completes "takes …". */
export interface Guard<T extends Value | undefined> {
  readonly expected: string;
  readonly accepts: (value: Value | undefined) => value is T;
  /** Null means left out, as everywhere in the language. */
  readonly mayBeAbsent?: true;
}

type Accepted<G> = G extends Guard<infer T> ? T : never;
type AcceptedAll<Guards extends readonly unknown[]> = { readonly [Index in keyof Guards]: Accepted<Guards[Index]> };

/** Reads one argument per guard and runs `body` on them; the first that does not fit is the mistake. */
export function withArguments<const Guards extends readonly Guard<Value | undefined>[]>(
  guards: Guards,
  body: (values: AcceptedAll<Guards>, context: FunctionContext) => FunctionResult,
): (argumentValues: readonly Value[], context: FunctionContext) => FunctionResult {
  return (argumentValues, context) => {
    const values: (Value | undefined)[] = [];
    for (const [index, guard] of guards.entries()) {
      const given = argumentValues[index];
      const value = given === null && guard.mayBeAbsent ? undefined : given;
      if (!guard.accepts(value)) return refuse(guard.expected, value, index);
      values.push(value);
    }
    return body(values as unknown as AcceptedAll<Guards>, context);
  };
}

/** Reads all arguments by one guard. */
export function withRest<T extends Value>(
  guard: Guard<T>,
  body: (values: readonly T[], context: FunctionContext) => FunctionResult,
): (argumentValues: readonly Value[], context: FunctionContext) => FunctionResult {
  return (argumentValues, context) => {
    const values: T[] = [];
    for (const [index, value] of argumentValues.entries()) {
      if (!guard.accepts(value)) return refuse(guard.expected, value, index);
      values.push(value);
    }
    return body(values, context);
  };
}

export const aText: Guard<string> = { expected: "a string", accepts: (value) => typeof value === "string" };
export const aNumber: Guard<number> = { expected: "a number", accepts: (value) => typeof value === "number" };
export const anInt: Guard<number> = { expected: "an int", accepts: (value): value is number => Number.isSafeInteger(value) };
export const aList: Guard<ListValue> = { expected: "a list", accepts: isList };
export const aMap: Guard<MapValue> = { expected: "a map", accepts: isMap };
export const anything: Guard<Value> = { expected: "a value", accepts: (value): value is Value => value !== undefined };

/** The same guard for a parameter that may be left out. */
export function orAbsent<T extends Value>(guard: Guard<T>): Guard<T | undefined> {
  return {
    expected: guard.expected,
    accepts: (value): value is T | undefined => value === undefined || guard.accepts(value),
    mayBeAbsent: true,
  };
}

export function isList(value: unknown): value is ListValue {
  return Array.isArray(value);
}

export function isMap(value: unknown): value is MapValue {
  return value instanceof Map;
}

export function give(value: Value): FunctionResult {
  return { value };
}

/** What every function answers when `spend` says no; the evaluator reports the budget itself. */
export const budgetSpent: FunctionMistake = { mistake: "the evaluation budget is spent" };

/** "a list", "a size": the value's kind in words. */
export function describeValue(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "boolean") return "a bool";
  if (typeof value === "number") return Number.isInteger(value) ? "an int" : "a number";
  if (typeof value === "string") return "a string";
  if (isList(value)) return "a list";
  if (isMap(value)) return "a map";
  const kind = tagOf(value) ?? "value";
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

function refuse(expected: string, value: Value | undefined, argument: number): FunctionMistake {
  return { mistake: `takes ${expected} here, not ${describeValue(value)}`, argument };
}
