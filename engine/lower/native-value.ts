// Values of native props: portable values whose references point at attributes of native objects.

import { type Deferred, type Secret, tag, tagOf } from "../../grammar/graph/value.ts";

export type NativeValue =
  | null
  | boolean
  | number
  | string
  | readonly NativeValue[]
  | NativeMap
  | NativeRef
  | NativeUnpinned
  | NativeSecret
  | NativeDeferred;

export interface NativeMap {
  readonly [name: string]: NativeValue;
}

/** An attribute of another native object: `{ object: "network.main:vpc", attribute: "VpcId" }`. */
export interface NativeRef {
  readonly [tag]: "native-ref";
  readonly object: string;
  readonly attribute: string;
}

/** A portable deferred value; its origins are looked up in the outputs of the lowered resources. `transform` names a step of the provider (`base64`). */
export interface NativeDeferred {
  readonly [tag]: "native-deferred";
  readonly value: Deferred;
  readonly transform?: string;
}

export interface NativeSecret {
  readonly [tag]: "secret";
  readonly value: NativeValue;
}

/** A pin that the lock does not hold yet (an image alias); resolved before the plan, shown as such by `check` and `lower`. */
export interface NativeUnpinned {
  readonly [tag]: "unpinned";
  readonly request: PinRequest;
}

/** One line of `koine.lock` to be: `image ubuntu-24.04 on aws/eu-west-1/x86_64`. */
export interface PinRequest {
  readonly cloud: string;
  readonly provider: string;
  readonly kind: "image" | "size" | "zone" | "region";
  /** Key inside the lock: `ubuntu-24.04/eu-west-1/x86_64`. */
  readonly key: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export function nativeRef(object: string, attribute: string): NativeRef {
  return { [tag]: "native-ref", object, attribute };
}

export function isNativeRef(value: unknown): value is NativeRef {
  return tagOf(value) === "native-ref";
}

export function isNativeDeferred(value: unknown): value is NativeDeferred {
  return tagOf(value) === "native-deferred";
}

export function isUnpinned(value: unknown): value is NativeUnpinned {
  return tagOf(value) === "unpinned";
}

export type PortableSecret = Secret;
