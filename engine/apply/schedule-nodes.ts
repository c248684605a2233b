// The operations of a plan as nodes of the scheduler: how long each is expected to take, and which may not run at once. Pure.

import { tagOf } from "../../grammar/graph/value.ts";
import type { NativeRef, NativeValue } from "../lower/native-value.ts";
import type { PlannedOperation } from "../plan/change.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { ObjectRow } from "../state/store.ts";
import { actionOf } from "./derive-steps.ts";
import type { ScheduleNode } from "./scheduler.ts";

export type SchemaOf = (operation: PlannedOperation) => NativeSchema | undefined;

/** Requests under one parent run one at a time, those of the parent itself included. */
export function listNodes(operations: readonly PlannedOperation[], schemaOf: SchemaOf, rows: Iterable<ObjectRow>): readonly ScheduleNode[] {
  const schemas = operations.map(schemaOf);
  const keyOfId = schemas.some((schema) => schema?.lockedBy) ? indexIds(rows) : new Map<string, string>();
  const parents = operations.map((operation, index) => [...new Set(parentsOf(operation, schemas[index], keyOfId))]);
  const lockers = new Set(parents.flat());
  return operations.map((operation, index) => ({
    id: operation.id,
    after: operation.after,
    weight: estimate(operation, schemas[index]),
    locks: lockers.has(operation.key) ? [...new Set([...(parents[index] ?? []), operation.key])] : (parents[index] ?? []),
  }));
}

/** Time limits are generous, so a share of them orders types by how long they take. Milliseconds. */
function estimate(operation: PlannedOperation, schema: NativeSchema | undefined): number {
  if (!schema || operation.steps.length === 0) return 1;
  return operation.steps.length * 200 + schema.timeouts[actionOf(operation)] / 20;
}

function indexIds(rows: Iterable<ObjectRow>): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const row of rows) keys.set(row.id.id, row.key);
  return keys;
}

/** A parent by its key, whether it is referred to or stands as the id of what exists. */
function parentsOf(operation: PlannedOperation, schema: NativeSchema | undefined, keyOfId: ReadonlyMap<string, string>): readonly string[] {
  const names = schema?.lockedBy ?? [];
  const props = operation.phase === "delete" ? (operation.row?.props ?? operation.observed) : operation.desired;
  return names.flatMap((name) => keysIn(props[name], keyOfId));
}

function keysIn(value: NativeValue | undefined, keyOfId: ReadonlyMap<string, string>): readonly string[] {
  if (typeof value === "string") return [keyOfId.get(value) ?? `id ${value}`];
  if (Array.isArray(value)) return value.flatMap((item: NativeValue) => keysIn(item, keyOfId));
  return tagOf(value) === "native-ref" ? [(value as NativeRef).object] : [];
}
