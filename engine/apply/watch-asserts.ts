// Asserts that only a cloud can decide: checked as soon as what they read is known. One that does not hold keeps what depends on it
// from starting; what is done already stays.

import type { DeferredAssert } from "../../grammar/graph/resource-graph.ts";
import { type Deferred, isDeferred, isSecret, type Origin, type Value } from "../../grammar/graph/value.ts";
import type { Span } from "../../grammar/source/span.ts";
import type { NativeGraph } from "../lower/native-graph.ts";
import { visitNative } from "../lower/walk-native.ts";
import type { Plan, PlannedOperation } from "../plan/change.ts";
import type { FinishContext } from "../plan/finish-values.ts";
import { finishOutput } from "../plan/outputs.ts";

export interface FailedAssert {
  readonly message: string;
  readonly span: Span;
}

export interface AssertWatch {
  /** Tells that an operation is done; gives the asserts that are known by it not to hold. */
  done(operation: string): readonly FailedAssert[];
  /** Why an operation may not start: it depends on a resource of which an assert does not hold. */
  refuse(operation: PlannedOperation): string | undefined;
  /** Those that do not hold with what was known from the start. */
  readonly failedAtStart: readonly FailedAssert[];
}

interface Pending {
  readonly assert: DeferredAssert;
  readonly addresses: ReadonlySet<string>;
  left: number;
}

/** Follows the asserts of a graph through one run. Linear in operations and in what the asserts read. */
export function watchAsserts(native: NativeGraph, plan: Plan, finish: FinishContext): AssertWatch {
  const blocked = new Map<string, string>();
  const byOperation = new Map<string, Pending[]>();
  const failedAtStart: FailedAssert[] = [];

  const check = (pending: Pending): readonly FailedAssert[] => {
    const { assert } = pending;
    if (read(assert.condition, assert, finish) !== false) return [];
    const text = read(assert.message, assert, finish);
    const message = typeof text === "string" ? text : "an assert does not hold";
    for (const address of pending.addresses) blocked.set(address, message);
    return [{ message, span: assert.span }];
  };

  const operationsOf = native.asserts.length === 0 ? new Map<string, readonly PlannedOperation[]>() : groupByKey(plan);
  for (const assert of native.asserts) {
    const origins: Origin[] = [];
    collectOrigins(assert.condition, origins);
    const addresses = new Set(origins.map((origin) => origin.address));
    const operations = [...keysBehind(origins, native)].flatMap((key) => operationsOf.get(key) ?? []);
    const pending: Pending = { assert, addresses, left: operations.length };
    for (const operation of operations) {
      const known = byOperation.get(operation.id);
      if (known) known.push(pending);
      else byOperation.set(operation.id, [pending]);
    }
    if (operations.length === 0) failedAtStart.push(...check(pending));
  }

  return {
    failedAtStart,
    done: (id) =>
      (byOperation.get(id) ?? []).flatMap((pending) => {
        pending.left -= 1;
        return pending.left === 0 ? check(pending) : [];
      }),
    refuse: (operation) => {
      if (blocked.size === 0 || operation.phase === "delete" || operation.phase === "forget") return undefined;
      const object = native.objects.get(operation.key);
      for (const key of object?.after ?? []) {
        const address = native.objects.get(key)?.address;
        const message = address === undefined || address === object?.address ? undefined : blocked.get(address);
        if (message !== undefined) return `an assert about \`${address}\` does not hold: ${message}`;
      }
      return undefined;
    },
  };
}

function groupByKey(plan: Plan): ReadonlyMap<string, readonly PlannedOperation[]> {
  return new Map(plan.changes.map((change) => [change.key, change.operations.filter((operation) => operation.becomes !== undefined)]));
}

/** Keys of the objects whose attributes the origins read, through outputs that are made of other outputs. */
function keysBehind(origins: readonly Origin[], native: NativeGraph): ReadonlySet<string> {
  const keys = new Set<string>();
  const seen = new Set<string>();
  const open = [...origins];
  for (let origin = open.pop(); origin; origin = open.pop()) {
    const path = origin.path.join(".");
    const output = native.outputs.get(origin.address)?.[path];
    if (output === undefined || seen.has(`${origin.address}.${path}`)) continue;
    seen.add(`${origin.address}.${path}`);
    visitNative(output, { reference: (ref) => keys.add(ref.object), deferred: (deferred) => open.push(...deferred.value.origins) });
  }
  return keys;
}

/** Undefined while something it reads is not known. */
function read(value: Value, assert: DeferredAssert, finish: FinishContext): unknown {
  const finished = finishOutput({ name: "assert", type: { kind: "bool" }, value, secret: false, span: assert.span }, finish);
  return finished.kind === "known" ? finished.data : undefined;
}

function collectOrigins(value: Value, origins: Origin[]): void {
  if (typeof value !== "object" || value === null) return;
  if (isDeferred(value)) {
    origins.push(...(value as Deferred).origins);
  } else if (isSecret(value)) {
    collectOrigins((value as { readonly value: Value }).value, origins);
  } else if (Array.isArray(value)) {
    for (const item of value) collectOrigins(item, origins);
  } else if (value instanceof Map) {
    for (const item of value.values()) collectOrigins(item, origins);
  }
}
