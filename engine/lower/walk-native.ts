// Walking native values: finding the references and deferred values inside, and replacing some of them without copying the rest.

import { type Deferred, INPUT_ORIGIN, type SecretValue, tagOf, type Value } from "../../grammar/graph/value.ts";
import type { NativeDeferred, NativeMap, NativeRef, NativeSecret, NativeValue } from "./native-value.ts";

export interface NativeVisitor {
  readonly reference?: (value: NativeRef) => void;
  readonly deferred?: (value: NativeDeferred) => void;
}

/** Calls the visitor for each reference and deferred value in `value`, those inside secrets included. */
export function visitNative(value: NativeValue, visitor: NativeVisitor): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) visitNative(item, visitor);
    return;
  }
  const kind = tagOf(value);
  if (kind === undefined) {
    const map = value as NativeMap;
    for (const name of Object.keys(map)) visitNative(map[name] as NativeValue, visitor);
  } else if (kind === "native-ref") visitor.reference?.(value as NativeRef);
  else if (kind === "native-deferred") visitor.deferred?.(value as NativeDeferred);
  else if (kind === "secret") visitNative((value as NativeSecret).value, visitor);
}

/** Replaces deferred values; whatever holds none is shared with the input. */
export function mapDeferred(value: NativeValue, replace: (deferred: NativeDeferred) => NativeValue): NativeValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    let changed = false;
    const items = value.map((item: NativeValue) => {
      const mapped = mapDeferred(item, replace);
      if (mapped !== item) changed = true;
      return mapped;
    });
    return changed ? items : value;
  }
  const kind = tagOf(value);
  if (kind === "native-deferred") return replace(value as NativeDeferred);
  if (kind === "secret") {
    const secret = value as NativeSecret;
    const inner = mapDeferred(secret.value, replace);
    return inner === secret.value ? secret : { ...secret, value: inner };
  }
  return kind === undefined ? mapDeferredProps(value as NativeMap, replace) : value;
}

/** `mapDeferred` for the props of an object; the same map when nothing was replaced. */
export function mapDeferredProps(map: NativeMap, replace: (deferred: NativeDeferred) => NativeValue): NativeMap {
  let changed: Record<string, NativeValue> | undefined;
  for (const name of Object.keys(map)) {
    const value = map[name] as NativeValue;
    const mapped = mapDeferred(value, replace);
    if (mapped === value) continue;
    changed ??= { ...map };
    changed[name] = mapped;
  }
  return changed ?? map;
}

/** The outputs a deferred value reads, as `[address, attribute]`; blocks by dotted path. What stands for an input without a value reads none. */
export function readOrigins(value: Deferred): readonly (readonly [address: string, attribute: string])[] {
  return value.origins.flatMap(({ address, path }) => (address.startsWith(INPUT_ORIGIN) ? [] : [[address, path.join(".")] as const]));
}

/** Calls `visit` for each deferred value in a portable value, those inside secrets included. What a deferred value computes with is not entered: its origins tell. */
export function visitDeferred(value: Value, visit: (deferred: Deferred) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) for (const item of value) visitDeferred(item, visit);
  else if (value instanceof Map) for (const item of value.values()) visitDeferred(item, visit);
  else if (tagOf(value) === "deferred") visit(value as Deferred);
  else if (tagOf(value) === "secret") visitDeferred((value as SecretValue).value, visit);
}
