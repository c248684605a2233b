// Finishes native values: references become attributes, deferred expressions are evaluated once all they read is known. Used by the
// planner with what is known before an apply and by apply with what is known by then; the same code, so that both see one value. Pure.

import { type Deferred, type Origin, tag, tagOf, type Value } from "../../grammar/graph/value.ts";
import type { NativeGraph } from "../lower/native-graph.ts";
import type { NativeDeferred, NativeMap, NativeRef, NativeSecret, NativeValue } from "../lower/native-value.ts";
import { evaluateDeferred, originText, toNative } from "./evaluate-deferred.ts";

/** What a value waits for. */
export interface WaitsFor {
  /** Key of the native object whose attribute is not known yet. */
  readonly object: string;
  readonly attribute: string;
  /** As a person reads it: `machine.web[0].public_ip`, or `network.main:vpc.VpcId` for a reference between native objects. */
  readonly text: string;
}

export type Finished =
  | { readonly kind: "finished"; readonly value: NativeValue }
  /** `value` is finished as far as it can be. */
  | { readonly kind: "deferred"; readonly value: NativeValue; readonly waitsFor: readonly WaitsFor[] };

export interface FinishContext {
  /** The value of an object's attribute, `null` when the object has none; undefined while it is not known. */
  readonly attribute: (object: string, attribute: string) => NativeValue | undefined;
  readonly outputs: NativeGraph["outputs"];
  /** Told when known values make an expression that cannot be computed; the value then stays deferred. */
  readonly onMistake?: ((message: string) => void) | undefined;
  /** The provider's steps by name; `base64` is known without. */
  readonly transforms?: Transforms | undefined;
}

export type Transforms = Readonly<Record<string, (value: NativeValue) => NativeValue>>;

const unknown: unique symbol = Symbol("unknown");
type Partly = NativeValue | typeof unknown;

/** Finishes one value. What holds no reference is given back as it is, not copied. */
export function finishValue(value: NativeValue, context: FinishContext): Finished {
  const waits: WaitsFor[] = [];
  const finished = finish(value, context, waits, undefined);
  return waits.length === 0 ? { kind: "finished", value: finished } : { kind: "deferred", value: finished, waitsFor: distinct(waits) };
}

/** Finishes the props of an object; `waitsFor` holds the props that are not finished. */
export function finishProps(
  props: NativeMap,
  context: FinishContext,
): { readonly props: NativeMap; readonly waitsFor: ReadonlyMap<string, readonly WaitsFor[]> } {
  const waitsFor = new Map<string, readonly WaitsFor[]>();
  let copy: Record<string, NativeValue> | undefined;
  for (const name in props) {
    const value = props[name] as NativeValue;
    if (typeof value !== "object" || value === null) continue;
    const result = finishValue(value, context);
    if (result.kind === "deferred") waitsFor.set(name, result.waitsFor);
    if (result.value === value) continue;
    copy ??= { ...props };
    copy[name] = result.value;
  }
  return { props: copy ?? props, waitsFor };
}

/** Finishes a portable value, such as that of an output. Undefined while something it reads is not known. */
export function finishPortable(
  value: Deferred,
  context: FinishContext,
): { readonly value?: Value; readonly waitsFor: readonly WaitsFor[] } {
  const waits: WaitsFor[] = [];
  const result = evaluate(value, context, waits);
  return waits.length > 0 || result === unknown ? { waitsFor: distinct(waits) } : { value: result, waitsFor: [] };
}

function finish(value: NativeValue, context: FinishContext, waits: WaitsFor[], text: string | undefined): NativeValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    let copy: NativeValue[] | undefined;
    for (let i = 0; i < value.length; i++) {
      const item = value[i] as NativeValue;
      const finished = finish(item, context, waits, text);
      if (finished === item) continue;
      copy ??= [...value];
      copy[i] = finished;
    }
    return copy ?? value;
  }
  switch (tagOf(value)) {
    case undefined:
      return finishMap(value as NativeMap, context, waits, text);
    case "native-ref":
      return finishRef(value as NativeRef, context, waits, text);
    case "native-deferred":
      return finishDeferredValue(value as NativeDeferred, context, waits, text);
    case "secret": {
      const secret = value as NativeSecret;
      const inner = finish(secret.value, context, waits, text);
      return inner === secret.value ? secret : { [tag]: "secret", value: openSecret(inner) };
    }
    default:
      return value;
  }
}

/** Secrets do not nest: a secret that finished inside a secret is one. */
function openSecret(value: NativeValue): NativeValue {
  return tagOf(value) === "secret" ? (value as NativeSecret).value : value;
}

function finishMap(map: NativeMap, context: FinishContext, waits: WaitsFor[], text: string | undefined): NativeMap {
  let copy: Record<string, NativeValue> | undefined;
  for (const name of Object.keys(map)) {
    const item = map[name] as NativeValue;
    const finished = finish(item, context, waits, text);
    if (finished === item) continue;
    copy ??= { ...map };
    copy[name] = finished;
  }
  return copy ?? map;
}

function finishRef(ref: NativeRef, context: FinishContext, waits: WaitsFor[], text: string | undefined): NativeValue {
  const found = context.attribute(ref.object, ref.attribute);
  if (found !== undefined) return found;
  waits.push({ object: ref.object, attribute: ref.attribute, text: text ?? `${ref.object}.${ref.attribute}` });
  return ref;
}

function finishDeferredValue(value: NativeDeferred, context: FinishContext, waits: WaitsFor[], text: string | undefined): NativeValue {
  const before = waits.length;
  const { expression } = value.value;
  // A plain read needs no evaluator, and keeps native forms that the language has no type for.
  const result: Partly =
    expression.op === "attribute" ? readOutput(expression.origin, context, waits, text) : evaluateToNative(value.value, context, waits);
  if (result === unknown || waits.length > before) return value;
  if (value.transform === undefined) return result;
  return transform(value.transform, result, context.transforms);
}

function evaluateToNative(value: Deferred, context: FinishContext, waits: WaitsFor[]): Partly {
  const result = evaluate(value, context, waits);
  return result === unknown ? unknown : toNative(result);
}

function evaluate(value: Deferred, context: FinishContext, waits: WaitsFor[]): Value | typeof unknown {
  const missing: WaitsFor[] = [];
  const result = evaluateDeferred(value, (origin) => {
    const read = readOutput(origin, context, missing, undefined);
    return read === unknown ? undefined : read;
  });
  if (result.kind === "value") return result.value;
  if (result.kind === "missing") waits.push(...missing);
  else {
    const [first] = value.origins;
    context.onMistake?.(result.message);
    waits.push({ object: "", attribute: "", text: first ? originText(first) : "a value" });
  }
  return unknown;
}

/** The output of a resource, followed down to attributes. An output that no lowering gives is our defect. */
function readOutput(origin: Origin, context: FinishContext, waits: WaitsFor[], text: string | undefined): Partly {
  const output = context.outputs.get(origin.address)?.[origin.path.join(".")];
  if (output === undefined) throw new Error(`no lowering gives \`${originText(origin)}\``);
  const before = waits.length;
  const finished = finish(output, context, waits, text ?? originText(origin));
  return waits.length > before ? unknown : finished;
}

/** Applies a step of the provider to a finished value; under a secret, to what is inside. */
export function transform(name: string, value: NativeValue, transforms: Transforms | undefined): NativeValue {
  if (tagOf(value) === "secret") return { [tag]: "secret", value: transform(name, (value as NativeSecret).value, transforms) };
  const own = transforms?.[name];
  if (own) return own(value);
  if (name === "base64") return Buffer.from(typeof value === "string" ? value : JSON.stringify(value), "utf8").toString("base64");
  throw new Error(`no provider knows the transform \`${name}\``);
}

function distinct(waits: readonly WaitsFor[]): readonly WaitsFor[] {
  if (waits.length < 2) return waits;
  const seen = new Set<string>();
  return waits.filter((wait) => {
    const id = `${wait.object}\n${wait.attribute}\n${wait.text}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
