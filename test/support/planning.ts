// Small worlds for tests of the planner: handlers that are nothing but a schema, objects, rows and what is observed of them. Names no cloud.

import type { NativeGraph, NativeObject } from "../../engine/lower/native-graph.ts";
import { isNativeRef, type NativeMap, type NativeValue } from "../../engine/lower/native-value.ts";
import type { ObservedWorld, Sight } from "../../engine/observe/world.ts";
import { buildPlan, type PlanInput, type PlanResult } from "../../engine/plan/build-plan.ts";
import type { Change, Plan, PlannedOperation } from "../../engine/plan/change.ts";
import type { PlanHandler } from "../../engine/plan/plan-input.ts";
import type { NativeProp, NativeSchema } from "../../engine/provider/native-schema.ts";
import type { NativeChange, Observed, Step } from "../../engine/provider/provider.ts";
import { createSecretKeeper } from "../../engine/state/secrets.ts";
import type { ObjectRow } from "../../engine/state/store.ts";
import type { Annotations } from "../../grammar/graph/resource-graph.ts";

export const lineage = "11111111111111111111111111111111";
export const settings: NativeMap = { region: "here-1" };

export type SchemaParts = Partial<Omit<NativeSchema, "type" | "props">> & { readonly props: Readonly<Record<string, NativeProp>> };

export function schemaOf(type: string, parts: SchemaParts): NativeSchema {
  return {
    type,
    version: 1,
    attributes: { id: { type: "string" } },
    marks: "tags",
    timeouts: { create: 1, update: 1, delete: 1 },
    ...parts,
  };
}

/** One step to create, one per changed prop to update, one to delete, one to write marks. */
export function handlerFor(schema: NativeSchema): PlanHandler {
  return { schema, steps: (change) => stepsOf(schema.type, change) };
}

function stepsOf(type: string, change: NativeChange): readonly Step[] {
  const step = (key: string, operation: string, body: NativeMap, more: Partial<Step> = {}): Step => ({
    key,
    operation: `${type}:${operation}`,
    body,
    replay: "idempotent",
    impact: "none",
    ...more,
  });
  const marks = change.marks ? [step("mark", "mark", {}, { marks: true })] : [];
  if (change.action === "delete") return [step("delete", "delete", {}, { deletes: true })];
  if (change.action === "create" && !change.id)
    return [step("create", "create", change.desired, { creates: true, sets: Object.keys(change.desired) })];
  return [
    ...marks,
    ...change.changed.map((prop) => step(`set:${prop}`, "set", { [prop]: change.desired[prop] ?? null }, { sets: [prop] })),
  ];
}

export interface ObjectParts {
  readonly after?: readonly string[];
  readonly annotations?: Annotations;
  readonly cloud?: string;
  readonly provider?: string;
  readonly from?: Readonly<Record<string, string>>;
}

/** `key` is `<address>:<role>`. References in props are added to `after`. */
export function object(key: string, type: string, props: NativeMap, parts: ObjectParts = {}): NativeObject {
  const split = key.lastIndexOf(":");
  const after = new Set(parts.after);
  collectRefs(Object.values(props), after);
  return {
    key,
    address: key.slice(0, split),
    role: key.slice(split + 1),
    type,
    cloud: parts.cloud ?? "mem",
    provider: parts.provider ?? "memory",
    props,
    after: [...after].sort(),
    from: parts.from ?? Object.fromEntries(Object.keys(props).map((name) => [name, name])),
    places: {
      "*": { file: "main.koine", start: 1, end: 2 },
      ...Object.fromEntries(Object.keys(props).map((name, index) => [name, { file: "main.koine", start: 10 + index, end: 11 + index }])),
    },
    annotations: parts.annotations ?? {},
  };
}

function collectRefs(values: readonly NativeValue[], into: Set<string>): void {
  for (const value of values) {
    if (isNativeRef(value)) into.add(value.object);
    else if (typeof value === "object" && value !== null) collectRefs(Object.values(value), into);
  }
}

export function graphOf(objects: readonly NativeObject[], parts: Partial<NativeGraph> = {}): NativeGraph {
  return {
    stack: "test",
    objects: new Map(objects.map((one) => [one.key, one])),
    outputs: new Map(),
    stackOutputs: new Map(),
    asserts: [],
    clouds: new Map([["mem", { provider: "memory", settings }]]),
    pinRequests: [],
    choices: [],
    ...parts,
  };
}

/** The row of an object as applied. `props` are finished; the physical id is `id-<key>` and the object id `o-<key>` with the generation. */
export function rowOf(one: NativeObject, props: NativeMap, parts: Partial<ObjectRow> = {}): ObjectRow {
  const generation = parts.generation ?? 1;
  const suffix = generation > 1 ? `#${generation}` : "";
  const id = `id-${one.key}${suffix}`;
  return {
    object: `o-${one.key}${suffix}`,
    key: one.key,
    address: one.address,
    role: one.role,
    type: one.type,
    generation,
    status: "current",
    cloud: one.cloud,
    provider: one.provider,
    settings,
    id: { type: one.type, account: "acct", region: "here-1", id },
    props,
    attributes: { id },
    after: one.after.map((key) => `o-${key}`),
    schemaVersion: 1,
    ...parts,
  };
}

export function seen(row: ObjectRow, props: NativeMap = row.props, parts: Partial<Observed> = {}): Sight {
  const marks = { lineage, object: row.object, operation: `op-${row.object}` };
  return { kind: "found", depth: "each", observed: { id: row.id, props, attributes: row.attributes, marks, ...parts } };
}

/** Everything as in the rows, but for what is given by object id. */
export function worldOf(
  rows: readonly ObjectRow[],
  other: Readonly<Record<string, Sight>> = {},
  parts: Partial<ObservedWorld> = {},
): ObservedWorld {
  return {
    rows: new Map(rows.map((row) => [row.object, other[row.object] ?? seen(row)])),
    named: new Map(),
    strays: [],
    problems: [],
    identities: new Map(),
    calls: { sweeps: 0, byId: 0, each: 0 },
    ...parts,
  };
}

export const keeper = createSecretKeeper(() => new Uint8Array(32).fill(7));
export const otherKeeper = createSecretKeeper(() => new Uint8Array(32).fill(9));

export type PlanParts = Partial<Omit<PlanInput, "graph" | "rows">> & { readonly schemas: readonly NativeSchema[] };

export function inputOf(objects: readonly NativeObject[], rows: readonly ObjectRow[], { schemas, ...parts }: PlanParts): PlanInput {
  const handlers = new Map(schemas.map((schema) => [schema.type, handlerFor(schema)]));
  return {
    graph: graphOf(objects),
    world: "simulated",
    lineage,
    serial: 3,
    rows,
    observed: worldOf(rows),
    handler: (_provider, type) => handlers.get(type),
    secrets: keeper,
    basis: { sources: { "main.koine": "sha256:0" }, inputs: {}, lock: "", lineage, serial: 3, koine: "0.1.0", world: "simulated" },
    ...parts,
  };
}

export function plan(objects: readonly NativeObject[], rows: readonly ObjectRow[], parts: PlanParts): PlanResult {
  return buildPlan(inputOf(objects, rows, parts));
}

/** The plan, or the problems as an error: for tests that expect a plan. */
export function planned(objects: readonly NativeObject[], rows: readonly ObjectRow[], parts: PlanParts): Plan {
  const result = plan(objects, rows, parts);
  if (!result.plan) throw new Error(result.problems.map((problem) => `${problem.kind}: ${problem.message}`).join("\n"));
  return result.plan;
}

export function changeOf(made: Plan, key: string): Change {
  const change = made.changes.find((one) => one.key === key);
  if (!change) throw new Error(`no change of ${key}; there are ${made.changes.map((one) => one.key).join(", ") || "none"}`);
  return change;
}

export function operationsOf(made: Plan): ReadonlyMap<string, PlannedOperation> {
  return new Map(made.changes.flatMap((change) => change.operations.map((operation) => [operation.id, operation] as const)));
}

/** Whether `later` waits for `earlier`, over any number of operations. */
export function waitsFor(made: Plan, later: string, earlier: string): boolean {
  const operations = operationsOf(made);
  const open = [later];
  const reached = new Set<string>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === earlier) return true;
    if (reached.has(id)) continue;
    reached.add(id);
    open.push(...(operations.get(id)?.after ?? []));
  }
  return false;
}

/** `action key` of each change, sorted. */
export function summary(made: Plan): readonly string[] {
  return made.changes.map((change) => `${change.action} ${change.key}`).sort();
}
