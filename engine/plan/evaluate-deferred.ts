// The seam between native values and the evaluator of the language: attributes go in as values of the language, by the type under which the
// expression reads them; results come out as native values. Pure.

import { makeAddress, makeDuration, makeSecret, makeSize } from "../../grammar/graph/make-value.ts";
import { type Deferred, isDeferred, type Origin, tagOf, type Value } from "../../grammar/graph/value.ts";
import { finishDeferred, toPropValue } from "../../grammar/semantics/finish-deferred.ts";
import type { Type } from "../../grammar/types/type.ts";
import type { NativeMap, NativeSecret, NativeValue } from "../lower/native-value.ts";

export type Evaluated =
  | { readonly kind: "value"; readonly value: Value }
  /** The expression needs an origin that `lookup` does not know. */
  | { readonly kind: "missing" }
  /** What the known values make cannot be computed: a division by zero, a key that is not there. */
  | { readonly kind: "mistake"; readonly message: string };

/** Evaluates a deferred expression over finished outputs. Asks only for what the expression turns out to need. */
export function evaluateDeferred(value: Deferred, lookup: (origin: Origin) => NativeValue | undefined): Evaluated {
  const types = new Map<string, Type>();
  collectTypes(value, types);
  const result = finishDeferred(value, (origin) => {
    const found = lookup(origin);
    return found === undefined ? undefined : toValue(found, types.get(originText(origin)));
  });
  if ("mistake" in result) return { kind: "mistake", message: result.mistake };
  return "missing" in result ? { kind: "missing" } : { kind: "value", value: result.value };
}

/** `machine.web[0].public_ip` */
export function originText(origin: Origin): string {
  return `${origin.address}.${origin.path.join(".")}`;
}

function collectTypes(value: Value, types: Map<string, Type>): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) for (const item of value) collectTypes(item, types);
  else if (value instanceof Map) for (const item of value.values()) collectTypes(item, types);
  else if (tagOf(value) === "secret") collectTypes((value as { readonly value: Value }).value, types);
  else if (isDeferred(value)) {
    if (value.expression.op === "attribute") types.set(originText(value.expression.origin), value.type);
    else for (const item of value.expression.arguments) collectTypes(item, types);
  }
}

/** A finished native value as the language has it. Native values write addresses as text, sizes in bytes, durations in milliseconds. */
function toValue(value: NativeValue, type: Type | undefined): Value {
  if (type?.kind === "optional" || type?.kind === "secret") return toValue(value, type.inner);
  if (typeof value === "string" && (type?.kind === "ip" || type?.kind === "cidr")) return makeAddress(type.kind, value);
  if (typeof value === "number" && type?.kind === "size") return makeSize(value);
  if (typeof value === "number" && type?.kind === "duration") return makeDuration(value);
  if (typeof value !== "object" || value === null) return value;
  const inner = type?.kind === "list" || type?.kind === "map" ? type.element : undefined;
  if (Array.isArray(value)) return value.map((item: NativeValue) => toValue(item, inner));
  if (tagOf(value) === "secret") return makeSecret(toValue((value as NativeSecret).value, type));
  const fields = type?.kind === "object" ? type.fields : undefined;
  return new Map(Object.entries(value as NativeMap).map(([name, item]) => [name, toValue(item, fields?.[name] ?? inner)]));
}

/** A finished value of the language as a native one; null where the author said null. */
export function toNative(value: Value): NativeValue {
  return value === null ? null : (toPropValue(value) as NativeValue);
}
