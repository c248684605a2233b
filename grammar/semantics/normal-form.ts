// Brings values into the normal form of the graph by the schema of their prop: bytes, milliseconds, canonical text,
// references, lists for what may be many. Refuses deferred values where the schema does not take them.

import { writeSize } from "../functions/value-text.ts";
import { makeBlockRef, makeRef } from "../graph/make-value.ts";
import {
  type AddressValue,
  type BlockValue,
  type CloudValue,
  type DurationValue,
  isDeferred,
  isSecret,
  type NearValue,
  type PropValue,
  type ResourceValue,
  type SizeValue,
  tag,
  tagOf,
  type Value,
} from "../graph/value.ts";
import type { PropSchema } from "../kinds/kind.ts";
import type { Span } from "../source/span.ts";
import { splitType } from "../types/type-parts.ts";
import { type Evaluation, formatOrigin, stop, undecidedInputs } from "./evaluation.ts";
import type { Halt } from "./halt.ts";
import { inspect, mergeOrigins } from "./lift.ts";
import { leastPort, mostPort } from "./port-range.ts";

/** The prop in normal form; undefined where it is unset. `name` is for messages: "`zone` of machine.web[0]". */
export function normalise(evaluation: Evaluation, value: Value, schema: PropSchema, name: string, span: Span): PropValue | undefined {
  if (value === null) return schema.default === undefined ? undefined : defaultOf(schema);
  if (schema.deferrable !== true) refuseDeferred(evaluation, value, schema, name, span);
  else if (isDeferred(value) && value.type.kind === "optional") {
    stop(evaluation, "K1408", {
      message: `whether ${name} is set is known only at apply`,
      span,
      hint: "give a substitute with `??`, so that it always has a value",
    });
  }
  const single = schema.many && !Array.isArray(value) ? [value] : value;
  checkBounds(evaluation, single, schema, name, span);
  return toPropValue(single);
}

/** A constant default as it stands in the graph. */
export function defaultOf(schema: PropSchema): PropValue | undefined {
  return schema.default as PropValue | undefined;
}

/**
 * A value in the normal form of the graph, by what it is. Nulls inside lists and maps are left out; deferred and secret
 * values keep their wrapping. A null itself has no such form: callers leave the prop unset.
 */
export function toPropValue(value: Value): PropValue {
  if (value === null) throw new Error("null has no form in the graph");
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return (value as readonly Value[]).filter((item) => item !== null).map(toPropValue);
  if (value instanceof Map) {
    const entries: Record<string, PropValue> = Object.create(null);
    for (const [name, item] of value as ReadonlyMap<string, Value>) if (item !== null) entries[name] = toPropValue(item);
    return entries;
  }
  switch ((value as { readonly [tag]: string })[tag]) {
    case "size":
      return (value as SizeValue).bytes;
    case "duration":
      return (value as DurationValue).milliseconds;
    case "ip":
    case "cidr":
      return (value as AddressValue).text;
    case "cloud":
      return (value as CloudValue).name;
    case "near":
      return { [tag]: "near", city: (value as NearValue).city };
    case "resource": {
      const { kind, address } = value as ResourceValue;
      return makeRef(kind, address);
    }
    case "block": {
      const { kind, address, block, label } = value as BlockValue;
      return makeBlockRef(kind, address, block, label);
    }
    case "secret":
      return { [tag]: "secret", value: toPropValue((value as { readonly value: Value }).value) };
    default:
      // A deferred value stands in the graph as it is.
      return value as PropValue;
  }
}

function refuseDeferred(evaluation: Evaluation, value: Value, schema: PropSchema, name: string, span: Span): void {
  if (typeof value !== "object" || value === null) return;
  const inMap = schema.deferrable === "values" && value instanceof Map;
  const { deferred } = inspect([value]);
  if (deferred.length === 0) return;
  const origins = mergeOrigins(deferred);
  const inputs = undecidedInputs(origins);
  if (inMap) {
    // Values of the map may be deferred, what is inside of them may not.
    const direct = [...(value as ReadonlyMap<string, Value>).values()].every(
      (item) => isDeferred(item) || inspect([item]).deferred.length === 0,
    );
    if (direct) return;
  }
  if (inputs.length > 0) throw { halt: "undecided", inputs } satisfies Halt;
  const origin = origins[0];
  const named = origin ? `\`${formatOrigin(origin)}\`` : "it";
  stop(evaluation, "K1408", {
    message: `${name} must be known before any cloud is asked, and ${named} is known only at apply`,
    span,
    hint: "write the value in the source or take it from an `input`; or pass it where deferred values may stand, such as `user_data`, `cloud_init`, values of `tags`, `allow` peers and outputs",
  });
}

function checkBounds(evaluation: Evaluation, value: Value, schema: PropSchema, name: string, span: Span): void {
  const { core } = splitType(schema.type);
  const isPort = core.kind === "port" || (core.kind === "list" && splitType(core.element).core.kind === "port");
  const least = schema.min ?? (isPort ? leastPort : undefined);
  const most = schema.max ?? (isPort ? mostPort : undefined);
  if (least === undefined && most === undefined) return;
  for (const item of Array.isArray(value) ? (value as readonly Value[]) : [value]) {
    const plain = isSecret(item) ? (item.value as Value) : item;
    const amount = amountOf(plain);
    if (amount === undefined) continue;
    const show = (bound: number): string => (tagOf(plain) === "size" ? writeSize(bound) : String(bound));
    const range =
      least === undefined
        ? `at most ${show(most ?? 0)}`
        : most === undefined
          ? `at least ${show(least)}`
          : `between ${show(least)} and ${show(most)}`;
    if ((least !== undefined && amount < least) || (most !== undefined && amount > most)) {
      stop(evaluation, "K1319", {
        message: isSecret(item) ? `${name} is out of bounds` : `${name} cannot be ${show(amount)}`,
        span,
        hint: `it is ${range}${schema.unit && tagOf(plain) !== "size" ? ` (${schema.unit})` : ""}`,
      });
    }
  }
}

function amountOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (tagOf(value) === "size") return (value as SizeValue).bytes;
  return tagOf(value) === "duration" ? (value as DurationValue).milliseconds : undefined;
}
