// Functions that compare or add up: sort, min, max, sum. Values of one measure only: numbers, strings, sizes or durations.

import { compareCodePoints } from "../graph/code-point-order.ts";
import { makeDuration, makeSize } from "../graph/make-value.ts";
import { tag, tagOf, type Value } from "../graph/value.ts";
import { duration, list, number, size, string, type Type } from "../types/type.ts";
import { aList, budgetSpent, describeValue, give, isList, isMap, type ListValue, withArguments } from "./arguments.ts";
import type { FunctionContext, FunctionMistake, FunctionResult, FunctionSchema } from "./function.ts";
import { commonType, coreOf, elementOf } from "./result-types.ts";

const sort: FunctionSchema = {
  name: "sort",
  family: "collections",
  doc: "The list in rising order: strings by code point (capitals before small letters), numbers, sizes and durations by amount. Equal elements keep their order.",
  example: ['sort(["b", "a", "B"])', '["B","a","b"]'],
  parameters: [{ name: "list", type: list(string), or: [list(number), list(size), list(duration)] }],
  result: ([type]) => coreOf(type),
  run: withArguments([aList], ([items], context) => {
    if (items.every((item) => typeof item === "string")) {
      const bytes = items.reduce((total, item) => total + item.length, 0);
      return context.spend({ items: items.length, bytes }) ? give([...items].sort(compareCodePoints)) : budgetSpent;
    }
    const measured = measureAll(items);
    if ("mistake" in measured) return { ...measured, argument: 0 };
    if (!context.spend({ items: items.length })) return budgetSpent;
    return give([...measured.amounts].sort((a, b) => a.amount - b.amount).map((one) => one.value));
  }),
};

const min: FunctionSchema = {
  name: "min",
  family: "numbers",
  doc: "The least of the arguments, or of one list. All are numbers, all sizes, or all durations.",
  example: ["min(3, 1, 2)", "1"],
  parameters: [extremeParameter()],
  result: extremeType,
  run: (argumentValues, context) => pickExtreme(argumentValues, context, (a, b) => a < b),
};

const max: FunctionSchema = {
  name: "max",
  family: "numbers",
  doc: "The greatest of the arguments, or of one list. All are numbers, all sizes, or all durations.",
  example: ["max([3, 1, 2])", "3"],
  parameters: [extremeParameter()],
  result: extremeType,
  run: (argumentValues, context) => pickExtreme(argumentValues, context, (a, b) => a > b),
};

const sum: FunctionSchema = {
  name: "sum",
  family: "numbers",
  doc: "The elements of a list added up from left to right; 0 for an empty list. All are numbers, all sizes, or all durations.",
  example: ["sum([1, 2, 3])", "6"],
  parameters: [{ name: "list", type: list(number), or: [list(size), list(duration)] }],
  result: ([type]) => elementOf(type),
  run: withArguments([aList], ([items], context) => {
    if (!context.spend({ items: items.length })) return budgetSpent;
    const measured = measureAll(items);
    if ("mistake" in measured) return { ...measured, argument: 0 };
    const total = measured.amounts.reduce((amount, one) => amount + one.amount, 0);
    if (!Number.isFinite(total) || (Number.isInteger(total) && !Number.isSafeInteger(total))) {
      return { mistake: "the sum is too large to be exact", hint: "keep ints between -9007199254740991 and 9007199254740991", argument: 0 };
    }
    return give(withAmount(measured.measure, total));
  }),
};

export const orderingFunctions: readonly FunctionSchema[] = [sort, min, max, sum];

type Measure = "number" | "size" | "duration";

interface Measured {
  readonly value: Value;
  readonly amount: number;
}

function extremeParameter() {
  return { name: "values", type: number, or: [size, duration, list(number), list(size), list(duration)], rest: true } as const;
}

function extremeType(types: readonly Type[]): Type {
  return commonType(types.map((type) => (coreOf(type).kind === "list" ? elementOf(type) : type)));
}

function pickExtreme(
  argumentValues: readonly Value[],
  context: FunctionContext,
  isBetter: (a: number, b: number) => boolean,
): FunctionResult {
  const [only] = argumentValues;
  const items = argumentValues.length === 1 && isList(only) ? only : argumentValues;
  if (!context.spend({ items: items.length })) return budgetSpent;
  const measured = measureAll(items);
  if ("mistake" in measured) return measured;
  let best: Measured | undefined;
  for (const one of measured.amounts) {
    if (!best || isBetter(one.amount, best.amount)) best = one;
  }
  if (best) return give(best.value);
  return { mistake: "there is nothing to choose from", hint: "give at least one value", argument: 0 };
}

function measureAll(items: ListValue): { readonly measure: Measure; readonly amounts: readonly Measured[] } | FunctionMistake {
  let measure: Measure | undefined;
  const amounts: Measured[] = [];
  for (const value of items) {
    const own = measureOf(value);
    if (!own) return { mistake: `takes numbers, sizes or durations, not ${describeValue(value)}` };
    if (measure && own.measure !== measure) {
      return { mistake: `cannot compare a ${measure} with a ${own.measure}`, hint: "use values of one type" };
    }
    measure = own.measure;
    amounts.push({ value, amount: own.amount });
  }
  return { measure: measure ?? "number", amounts };
}

function measureOf(value: Value): { readonly measure: Measure; readonly amount: number } | undefined {
  if (typeof value === "number") return { measure: "number", amount: value };
  if (typeof value !== "object" || value === null || isList(value) || isMap(value) || tagOf(value) === undefined) return undefined;
  if (value[tag] === "size") return { measure: "size", amount: value.bytes };
  if (value[tag] === "duration") return { measure: "duration", amount: value.milliseconds };
  return undefined;
}

function withAmount(measure: Measure, amount: number): Value {
  if (measure === "size") return makeSize(amount);
  if (measure === "duration") return makeDuration(amount);
  return amount;
}
