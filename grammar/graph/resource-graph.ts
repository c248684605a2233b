// The portable graph: what a stack asks for, every compile-time question answered, no cloud named but by the user's word.

import type { Span } from "../source/span.ts";
import type { Protocol } from "../syntax/ast.ts";
import type { Type } from "../types/type.ts";
import type { PropMap, PropValue, Value } from "./value.ts";

export interface ResourceGraph {
  readonly stack: Stack;
  /** Clouds by name; only those that the stack declares. */
  readonly clouds: ReadonlyMap<string, Cloud>;
  /** Resources by address, in code-point order of address. */
  readonly resources: ReadonlyMap<string, PortableResource>;
  readonly outputs: ReadonlyMap<string, Output>;
  /** Asserts whose condition is deferred; the others were decided by the compiler. */
  readonly asserts: readonly DeferredAssert[];
  /** The inputs used, after defaults; secrets stay tagged. For the plan's basis digest. */
  readonly inputs: ReadonlyMap<string, Value>;
}

export interface Stack {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly span: Span;
}

export interface Cloud {
  readonly name: string;
  readonly provider: string;
  /** In normal form by the provider's config schema; `near(…)` already resolved to a region by the provider's description. */
  readonly settings: PropMap;
  readonly span: Span;
}

export interface PortableResource {
  /** `network.main`, `machine.web[0]`, `subnet.app["a"]`, `cluster.db/machine.node[0]`. */
  readonly address: string;
  readonly kind: string;
  readonly name: string;
  /** The key inside `[…]`; absent for a single resource. */
  readonly key?: string | number;
  /** The name of the cloud it is placed on, and that cloud's provider. */
  readonly cloud: string;
  readonly provider: string;
  /** Normal form, defaults included; unset optional props are absent. */
  readonly props: PropMap;
  /** Labelled blocks: `blocks.disk.root`. */
  readonly blocks: Readonly<Record<string, Readonly<Record<string, PortableBlock>>>>;
  readonly rules: readonly PortableRule[];
  /** The refinement for the provider it is placed on, if written. */
  readonly refinement: PropMap;
  readonly annotations: Annotations;
  /** Where the declaration stands. */
  readonly span: Span;
  /** Where each written prop, block (`disk.data`, `disk.data.size`), rule (`allow.0`) or refinement prop (`on.aws.instance_type`) stands. */
  readonly places: Readonly<Record<string, Span>>;
  /** Addresses it refers to through props, blocks, rules and deferred values, in code-point order, without duplicates. */
  readonly references: readonly string[];
}

export interface PortableBlock {
  readonly props: PropMap;
  readonly span: Span;
}

/** One `allow`, ports and peers expanded to lists. */
export interface PortableRule {
  readonly protocol: Protocol;
  /** Both ends included; empty: all ports (and for icmp, all types). */
  readonly ports: readonly { readonly from: number; readonly to: number }[];
  readonly direction: "from" | "to";
  readonly peers: readonly PortablePeer[];
  readonly span: Span;
}

export type PortablePeer =
  | { readonly kind: "any" }
  | { readonly kind: "cidr"; readonly cidr: string }
  /** A subnet, network or firewall. */
  | { readonly kind: "resource"; readonly address: string; readonly resourceKind: string }
  /** An ip or cidr known only at apply. */
  | { readonly kind: "deferred"; readonly value: PropValue };

export interface Annotations {
  readonly protect?: true;
  readonly forget?: true;
  /** Former addresses, newest first. */
  readonly was?: readonly string[];
  /** Physical id to take over. */
  readonly adopt?: string;
  /** Physical id to use and never change. */
  readonly existing?: string;
  readonly ignore?: readonly string[];
  readonly replace?: "before" | "after";
  /** Addresses that must exist first and go later. */
  readonly after?: readonly string[];
  readonly description?: string;
}

export interface Output {
  readonly name: string;
  readonly type: Type;
  /** May be deferred or secret; lists and maps may hold deferred elements. */
  readonly value: Value;
  readonly secret: boolean;
  readonly span: Span;
}

export interface DeferredAssert {
  readonly condition: Value;
  readonly message: Value;
  readonly span: Span;
}
