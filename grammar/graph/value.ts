// Values as the evaluator computes them (`Value`) and as the graph carries them (`PropValue`).
// Tagged values carry a symbol, so no map of a user can be mistaken for one.

import type { Type } from "../types/type.ts";

/** Marks a tagged value. Never serialised: canonical.ts writes tagged values in a form of their own. */
export const tag: unique symbol = Symbol("koine.value");

// ── In the evaluator ────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A value of the language. Lists are arrays, maps and objects are `Map`s in source order, everything a plain JavaScript
 * value cannot say is tagged.
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | SizeValue
  | DurationValue
  | AddressValue
  | NearValue
  | CloudValue
  | ResourceValue
  | BlockValue
  | Deferred
  | SecretValue;

export interface SizeValue {
  readonly [tag]: "size";
  readonly bytes: number;
}

export interface DurationValue {
  readonly [tag]: "duration";
  readonly milliseconds: number;
}

/** An IPv4 or IPv6 address or range in canonical text. */
export interface AddressValue {
  readonly [tag]: "ip" | "cidr";
  readonly text: string;
}

/** `near("dublin")`: a region to be chosen by the provider's catalog. */
export interface NearValue {
  readonly [tag]: "near";
  readonly city: string;
}

export interface CloudValue {
  readonly [tag]: "cloud";
  readonly name: string;
}

/** One resource, read as a value: `main`, `web[0]`, `app["a"]`. */
export interface ResourceValue {
  readonly [tag]: "resource";
  readonly kind: string;
  readonly address: string;
}

/** A block of a resource, read as a value: `web[0].disk.data`. */
export interface BlockValue {
  readonly [tag]: "block";
  readonly kind: string;
  readonly address: string;
  readonly block: string;
  readonly label: string;
}

/** A value that only a cloud can give. Finished at apply by evaluating `expression` over the attributes it names. */
export interface Deferred {
  readonly [tag]: "deferred";
  readonly type: Type;
  readonly origins: readonly Origin[];
  readonly expression: DeferredExpression;
}

/** Origins that stand for inputs without a value have addresses of this form; no resource has. */
export const INPUT_ORIGIN = "input.";

/** `machine.web[0].public_ip`: the address and the attribute path (`["public_ip"]`, `["disk", "data", "device"]`). */
export interface Origin {
  readonly address: string;
  readonly path: readonly string[];
}

export type DeferredExpression =
  | { readonly op: "attribute"; readonly origin: Origin }
  /** A function of the library (`name` as written) or an operation of the language (`name` begins with `#`: `#+`, `#concat`, `#index`). */
  | { readonly op: "call"; readonly name: string; readonly arguments: readonly Value[] };

export interface SecretValue {
  readonly [tag]: "secret";
  readonly value: Exclude<Value, SecretValue>;
}

// ── In the graph ────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A prop in normal form, decided by the kind's schema: sizes are bytes, durations milliseconds, ips and cidrs canonical
 * text, references `Ref`, `T or list<T>` always a list. Maps are null-prototype objects. `null` never appears: unset props are absent.
 */
export type PropValue = boolean | number | string | readonly PropValue[] | PropMap | Ref | BlockRef | Deferred | Secret | Near;

export interface PropMap {
  readonly [name: string]: PropValue;
}

/** A reference to a resource of the same stack. */
export interface Ref {
  readonly [tag]: "ref";
  readonly kind: string;
  readonly address: string;
}

/** A reference to a labelled block of a resource: `snapshot.disk = web.disk.data`. */
export interface BlockRef {
  readonly [tag]: "block-ref";
  readonly kind: string;
  readonly address: string;
  readonly block: string;
  readonly label: string;
}

export interface Secret {
  readonly [tag]: "secret";
  readonly value: PropValue;
}

export interface Near {
  readonly [tag]: "near";
  readonly city: string;
}

/** The tag of a tagged value, or undefined for plain data. */
export function tagOf(value: unknown): string | undefined {
  return typeof value === "object" && value !== null ? (value as { readonly [tag]?: string })[tag] : undefined;
}

export function isRef(value: unknown): value is Ref {
  return tagOf(value) === "ref";
}

export function isBlockRef(value: unknown): value is BlockRef {
  return tagOf(value) === "block-ref";
}

export function isDeferred(value: unknown): value is Deferred {
  return tagOf(value) === "deferred";
}

export function isSecret(value: unknown): value is Secret {
  return tagOf(value) === "secret";
}
