// The type `port` takes every int as far as types go; that it is a port is judged where the value is named, not where it is used.

import { isDeferred, isSecret, type Value } from "../graph/value.ts";
import type { Span } from "../source/span.ts";
import type { Type } from "../types/type.ts";
import { fieldOf, splitType } from "../types/type-parts.ts";
import { type Evaluation, stop } from "./evaluation.ts";

export const leastPort = 1;
export const mostPort = 65_535;

export function isPort(value: number): boolean {
  return value >= leastPort && value <= mostPort;
}

/** The value as it is. Stops with K1319 where its type says `port`, at any depth, and it has a number that is none. */
export function requirePorts(evaluation: Evaluation, value: Value, type: Type, name: string, span: Span): Value {
  const found = findNoPort(value, type, false);
  if (!found) return value;
  return stop(evaluation, "K1319", {
    message: found.secret ? `${name} is out of bounds` : `${name} cannot be ${found.number}`,
    span,
    hint: `a port is between ${leastPort} and ${mostPort}`,
  });
}

interface NoPort {
  readonly number: number;
  readonly secret: boolean;
}

function findNoPort(value: Value, type: Type, secret: boolean): NoPort | undefined {
  if (!containsPort(type) || value === null || isDeferred(value)) return undefined;
  if (isSecret(value)) return findNoPort(value.value as Value, type, true);
  const { core, secret: declared } = splitType(type);
  const concealed = secret || declared;
  if (core.kind === "port") return typeof value === "number" && !isPort(value) ? { number: value, secret: concealed } : undefined;
  if (Array.isArray(value) && core.kind === "list") return firstOf(value, (item: Value) => findNoPort(item, core.element, concealed));
  if (!(value instanceof Map)) return undefined;
  const typeOf = (key: string): Type | undefined =>
    core.kind === "map" ? core.element : core.kind === "object" ? fieldOf(core.fields, key) : undefined;
  return firstOf(value, ([key, item]: readonly [string, Value]) => {
    const inner = typeOf(key);
    return inner && findNoPort(item, inner, concealed);
  });
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => NoPort | undefined): NoPort | undefined {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
}

/** So that long lists of other things are not walked. */
function containsPort(type: Type): boolean {
  const { core } = splitType(type);
  if (core.kind === "list" || core.kind === "map") return containsPort(core.element);
  return core.kind === "object" ? Object.values(core.fields).some(containsPort) : core.kind === "port";
}
