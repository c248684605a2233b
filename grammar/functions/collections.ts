// Functions over lists and maps. Order is always defined: lists keep theirs, maps keep that of their source.

import type { Value } from "../graph/value.ts";
import { any, int, list, map, optional, string, type Type } from "../types/type.ts";
import {
  aList,
  aMap,
  anInt,
  anything,
  aText,
  budgetSpent,
  describeValue,
  give,
  isList,
  isMap,
  type ListValue,
  orAbsent,
  withArguments,
  withRest,
} from "./arguments.ts";
import type { FunctionContext, FunctionMistake, FunctionSchema } from "./function.ts";
import { commonType, coreOf, elementOf, innermostElement, listOfElements, mergedType } from "./result-types.ts";
import { equalityKey, isMistake, maxDepth, tooDeep } from "./value-text.ts";

const length: FunctionSchema = {
  name: "length",
  family: "collections",
  doc: "How many elements a list has, entries a map, or characters (code points) a string.",
  example: ['length(["a", "b"])', "2"],
  parameters: [{ name: "value", type: list(any), or: [map(any), string] }],
  result: int,
  passesElements: true,
  run: withArguments([anything], ([value]) => {
    if (typeof value === "string") return give(countCodePoints(value));
    if (isList(value)) return give(value.length);
    if (isMap(value)) return give(value.size);
    return { mistake: `takes a list, a map or a string here, not ${describeValue(value)}`, argument: 0 };
  }),
};

const keys: FunctionSchema = {
  name: "keys",
  family: "collections",
  doc: "The keys of a map in the map's own order, which is that of `values` and of a comprehension.",
  example: ["keys({ b = 1, a = 2 })", '["b","a"]'],
  parameters: [{ name: "map", type: map(any) }],
  result: list(string),
  passesElements: true,
  run: withArguments([aMap], ([entries], context) => (context.spend({ items: entries.size }) ? give([...entries.keys()]) : budgetSpent)),
};

const values: FunctionSchema = {
  name: "values",
  family: "collections",
  doc: "The values of a map in the map's own order, which is that of `keys`.",
  example: ["values({ b = 1, a = 2 })", "[1,2]"],
  parameters: [{ name: "map", type: map(any) }],
  result: ([type]) => listOfElements(type),
  passesElements: true,
  run: withArguments([aMap], ([entries], context) => (context.spend({ items: entries.size }) ? give([...entries.values()]) : budgetSpent)),
};

const merge: FunctionSchema = {
  name: "merge",
  family: "collections",
  doc: "One map with the entries of all. Where keys meet, the later map's value stands in the earlier one's place. Inner maps are replaced, not merged.",
  example: ["merge({ a = 1, b = 2 }, { b = 3 })", '{"a":1,"b":3}'],
  parameters: [{ name: "maps", type: map(any), rest: true }],
  result: mergedType,
  passesElements: true,
  run: withRest(aMap, (maps, context) => {
    const merged = new Map<string, Value>();
    for (const entries of maps) {
      if (!context.spend({ items: entries.size })) return budgetSpent;
      for (const [name, value] of entries) merged.set(name, value);
    }
    return give(merged);
  }),
};

const contains: FunctionSchema = {
  name: "contains",
  family: "collections",
  doc: "Whether a list has an element equal to this one, a map this key, or a string this part.",
  example: ['contains(["a", "b"], "b")', "true"],
  parameters: [
    { name: "collection", type: list(any), or: [map(any), string] },
    { name: "element", type: any },
  ],
  result: { kind: "bool" },
  run: withArguments([anything, anything], ([collection, element], context) => {
    if (isList(collection)) return containsElement(collection, element, context);
    if (typeof element !== "string") {
      const what = isMap(collection) ? "a map's keys are strings" : "only a string can be part of a string";
      return { mistake: `${what}, and this is ${describeValue(element)}`, argument: 1 };
    }
    if (isMap(collection)) return give(collection.has(element));
    if (typeof collection === "string") return give(collection.includes(element));
    return { mistake: `takes a list, a map or a string here, not ${describeValue(collection)}`, argument: 0 };
  }),
};

const distinct: FunctionSchema = {
  name: "distinct",
  family: "collections",
  doc: "The list without repetitions; the first of equal elements stays where it is.",
  example: ['distinct(["b", "a", "b"])', '["b","a"]'],
  parameters: [{ name: "list", type: list(any) }],
  result: ([type]) => coreOf(type),
  run: withArguments([aList], ([items], context) => {
    const seen = new Set<string>();
    const kept: Value[] = [];
    for (const item of items) {
      const found = equalityKey(item, context);
      if (isMistake(found)) return { ...found, argument: 0 };
      if (seen.has(found.key)) continue;
      seen.add(found.key);
      kept.push(item);
    }
    return give(kept);
  }),
};

const flatten: FunctionSchema = {
  name: "flatten",
  family: "collections",
  doc: "One list of everything that is not a list, however deep the lists are nested; the order stays.",
  example: ['flatten([["a"], [["b"], []]])', '["a","b"]'],
  parameters: [{ name: "list", type: list(any) }],
  result: ([type]) => list(innermostElement(type)),
  run: withArguments([aList], ([items], context) => {
    const flat: Value[] = [];
    const problem = flattenInto(flat, items, 0, context);
    return problem ?? give(flat);
  }),
};

const range: FunctionSchema = {
  name: "range",
  family: "collections",
  doc: "Ints from `start` (0 if one argument is given) up to, not including, `end`, by `step` (1 if left out, downwards when negative). Empty when `end` lies the other way.",
  example: ["range(1, 8, 3)", "[1,4,7]"],
  parameters: [
    { name: "start", type: int },
    { name: "end", type: int, optional: true },
    { name: "step", type: int, optional: true },
  ],
  result: list(int),
  run: withArguments([anInt, orAbsent(anInt), orAbsent(anInt)], ([first, second, third], context) => {
    const start = second === undefined ? 0 : first;
    const end = second ?? first;
    const step = third ?? 1;
    if (step === 0) return { mistake: "a range cannot advance by 0", hint: "use a step of 1 or -1", argument: 2 };
    const count = Math.max(0, Math.ceil((end - start) / step));
    if (!context.spend({ items: count })) return budgetSpent;
    return give(Array.from({ length: count }, (_, index) => start + index * step));
  }),
};

const zip: FunctionSchema = {
  name: "zip",
  family: "collections",
  doc: "A map from a list of keys and a list of as many values. No key may come twice.",
  example: ['zip(["a", "b"], [1, 2])', '{"a":1,"b":2}'],
  parameters: [
    { name: "keys", type: list(string) },
    { name: "values", type: list(any) },
  ],
  result: ([, type]) => map(elementOf(type)),
  run: withArguments([aList, aList], ([names, items], context) => {
    if (names.length !== items.length) {
      return { mistake: `there are ${names.length} keys and ${items.length} values`, hint: "give one value for each key", argument: 1 };
    }
    if (!context.spend({ items: names.length })) return budgetSpent;
    const zipped = new Map<string, Value>();
    for (const [index, name] of names.entries()) {
      if (!aText.accepts(name)) return { mistake: `a key is a string, and this list has ${describeValue(name)}`, argument: 0 };
      if (zipped.has(name)) return { mistake: `the key \`${name}\` comes twice`, hint: "remove one, or use `distinct`", argument: 0 };
      zipped.set(name, items[index] ?? null);
    }
    return give(zipped);
  }),
};

const coalesce: FunctionSchema = {
  name: "coalesce",
  family: "collections",
  doc: "The first argument that is not null. An empty string is a value like any other.",
  example: ['coalesce(null, "", "a")', '""'],
  parameters: [{ name: "values", type: optional(any), rest: true }],
  result: coalescedType,
  run: withRest(anything, (candidates) => {
    const found = candidates.find((value) => value !== null);
    if (found !== undefined) return give(found);
    return { mistake: "every argument is null", hint: "end with a value that never is" };
  }),
};

export const collectionFunctions: readonly FunctionSchema[] = [
  length,
  keys,
  values,
  merge,
  contains,
  distinct,
  flatten,
  range,
  zip,
  coalesce,
];

/** Code points, so that an emoji counts once though JavaScript stores it as two units. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function containsElement(items: ListValue, element: Value, context: FunctionContext) {
  const wanted = equalityKey(element, context);
  if (isMistake(wanted)) return { ...wanted, argument: 1 };
  for (const item of items) {
    const found = equalityKey(item, context);
    if (isMistake(found)) return { ...found, argument: 0 };
    if (found.key === wanted.key) return give(true);
  }
  return give(false);
}

function flattenInto(flat: Value[], items: ListValue, depth: number, context: FunctionContext): FunctionMistake | undefined {
  if (depth > maxDepth) return { ...tooDeep, argument: 0 };
  if (!context.spend({ items: items.length + 1 })) return budgetSpent;
  for (const item of items) {
    if (!isList(item)) {
      flat.push(item);
      continue;
    }
    const problem = flattenInto(flat, item, depth + 1, context);
    if (problem) return problem;
  }
  return undefined;
}

function coalescedType(types: readonly Type[]): Type {
  const given = types.filter((type) => type.kind !== "null");
  return commonType(given.map((type) => (type.kind === "optional" ? type.inner : type)));
}
