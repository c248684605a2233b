// Makes the tagged values of value.ts, so that no other file spells a tag. Pure; judges nothing.

import type { Type } from "../types/type.ts";
import {
  type AddressValue,
  type BlockRef,
  type BlockValue,
  type CloudValue,
  type Deferred,
  type DeferredExpression,
  type DurationValue,
  isSecret,
  type Origin,
  type Ref,
  type ResourceValue,
  type SecretValue,
  type SizeValue,
  tag,
  type Value,
} from "./value.ts";

export function makeSize(bytes: number): SizeValue {
  return { [tag]: "size", bytes };
}

export function makeDuration(milliseconds: number): DurationValue {
  return { [tag]: "duration", milliseconds };
}

/** `text` is canonical already. */
export function makeAddress(kind: "ip" | "cidr", text: string): AddressValue {
  return { [tag]: kind, text };
}

export function makeCloud(name: string): CloudValue {
  return { [tag]: "cloud", name };
}

export function makeResource(kind: string, address: string): ResourceValue {
  return { [tag]: "resource", kind, address };
}

export function makeBlock(kind: string, address: string, block: string, label: string): BlockValue {
  return { [tag]: "block", kind, address, block, label };
}

export function makeRef(kind: string, address: string): Ref {
  return { [tag]: "ref", kind, address };
}

export function makeBlockRef(kind: string, address: string, block: string, label: string): BlockRef {
  return { [tag]: "block-ref", kind, address, block, label };
}

export function makeDeferred(type: Type, origins: readonly Origin[], expression: DeferredExpression): Deferred {
  return { [tag]: "deferred", type, origins, expression };
}

/** `secret(value)`; never nests. */
export function makeSecret(value: Value): SecretValue {
  if (isSecret(value)) return value as SecretValue;
  return { [tag]: "secret", value: value as Exclude<Value, SecretValue> };
}
