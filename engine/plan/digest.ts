// The two digests that bind a plan: of what it would do, and of what it was made from. Canonical, so the order of keys never matters; secrets
// go in as keyed digests only.

import { createHash } from "node:crypto";
import { canonical } from "../../grammar/graph/canonical.ts";
import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import type { SecretKeeper } from "../state/secret-keeper.ts";
import type { BasisParts } from "./basis.ts";
import type { Change, Plan, PlannedOperation, PropChange } from "./change.ts";
import { type Data, hiddenSecret, sortData, toData } from "./native-form.ts";
import { digestSecret } from "./row-props.ts";

export interface DigestContext {
  readonly lineage: string;
  readonly secrets: SecretKeeper | undefined;
}

/** `sha256:…` of a text in UTF-8. */
export function digestText(text: string): string {
  return `sha256:${createHash("sha256").update(text, "utf8").digest("hex")}`;
}

/** Of any value, in canonical form. */
export function digestValue(value: unknown): string {
  return digestText(canonical(value));
}

export function digestBasis(basis: BasisParts): string {
  return digestValue(basis);
}

/** What would be done: actions, steps and props. No serials, times or random ids; two plans with this digest do the same. */
export function digestChanges(plan: DigestedPlan & { readonly changes: readonly Change[] }, context: DigestContext): string {
  return digestEach(plan, plan.changes, (change) => changeData(change, context));
}

/** The same digest from the form that the plan file keeps. */
export function digestChangeData(plan: DigestedPlan & { readonly changes: readonly ChangeData[] }): string {
  return digestEach(plan, plan.changes, sortChange);
}

type DigestedPlan = Pick<Plan, "outputs" | "destroy" | "stack" | "world"> & { readonly refreshOnly?: true | undefined };

/** One change at a time: a plan of a large stack as one text would be larger than the plan. */
function digestEach<Item>(plan: DigestedPlan, changes: readonly Item[], toData: (change: Item) => ChangeData): string {
  const hash = createHash("sha256");
  const outputs = plan.outputs.map(({ name, deferred, secret, to }) => ({ name, deferred, secret, ...(secret ? {} : { to }) }));
  const { stack, world, destroy, refreshOnly = false } = plan;
  hash.update(canonical({ stack, world, destroy, refreshOnly, outputs, changes: changes.length }));
  for (const change of changes) hash.update(digestedText(toData(change))).update("\n");
  return `sha256:${hash.digest("hex")}`;
}

/**
 * What of a change the digest covers. Places, notes and causes explain and bind nothing: a comment added above a resource moves its place and
 * changes nothing that is done. Lists instead of maps, because this is written for every change of a large plan.
 */
export function digestedText(change: ChangeData): string {
  const { key, address, role, type, cloud, provider, action, impact, order, possible, previousAddress } = change;
  return JSON.stringify([
    [key, address, role, type, cloud, provider, action, impact, order ?? null, possible ?? false, previousAddress ?? null],
    change.props.map((prop) => [prop.prop, prop.forces ?? null, prop.secret ?? false, textOf(prop.from), textOf(prop.to)]),
    change.operations.map(({ id, phase, objectId, after, when, follows, marks, steps }) => [
      [id, phase, objectId ?? null, after, when ?? null, follows ?? null, marks ?? false],
      steps.map((step) => [
        [step.key, step.operation, step.replay, step.impact, step.creates ?? false, step.deletes ?? false, step.marks ?? false],
        textOf(step.body),
      ]),
    ]),
  ]);
}

/** Lists and maps by their text, whose keys are in order already; in a list, so that no string can look like one. */
function textOf(data: Data | undefined): unknown {
  if (data === undefined) return [];
  return typeof data === "object" && data !== null ? [JSON.stringify(data)] : data;
}

/** A change that was read from a file, its keys in order again. */
export function sortChange(change: ChangeData): ChangeData {
  return {
    ...change,
    props: change.props.map((prop) => ({
      ...prop,
      ...(prop.from === undefined ? {} : { from: sortData(prop.from) }),
      ...(prop.to === undefined ? {} : { to: sortData(prop.to) }),
    })),
    operations: change.operations.map((operation) => ({
      ...operation,
      steps: operation.steps.map((step) => ({ ...step, body: sortData(step.body) })),
    })),
  };
}

/** A change as plain data: what the digest covers and the plan file keeps. */
export function changeData(change: Change, context: DigestContext): ChangeData {
  const { key, address, role, type, cloud, provider, action, impact, order, possible, previousAddress, span, notes } = change;
  return {
    key,
    address,
    role,
    type,
    cloud,
    provider,
    action,
    impact,
    ...(order ? { order } : {}),
    ...(possible ? { possible } : {}),
    ...(previousAddress ? { previousAddress } : {}),
    ...(span ? { span } : {}),
    ...(notes ? { notes } : {}),
    props: change.props.map((prop) => propData(prop, change.key, context)),
    operations: change.operations.map((operation) => operationData(operation, context)),
  };
}

export interface ChangeData extends Omit<Change, "props" | "operations"> {
  readonly props: readonly PropData[];
  readonly operations: readonly OperationData[];
}

export interface PropData extends Omit<PropChange, "from" | "to"> {
  readonly from?: Data;
  readonly to?: Data;
}

export interface OperationData {
  readonly id: string;
  readonly phase: PlannedOperation["phase"];
  readonly objectId?: string;
  readonly after: readonly string[];
  readonly when?: "replaced" | "kept";
  readonly follows?: string;
  readonly marks?: true;
  readonly steps: readonly StepData[];
}

export interface StepData {
  readonly key: string;
  readonly operation: string;
  readonly body: Data;
  readonly replay: string;
  readonly impact: string;
  readonly creates?: true;
  readonly deletes?: true;
  readonly marks?: true;
}

function propData(prop: PropChange, key: string, context: DigestContext): PropData {
  const { from, to, ...rest } = prop;
  return {
    ...rest,
    ...(from === undefined ? {} : { from: valueData(from, key, prop.prop, context) }),
    ...(to === undefined ? {} : { to: valueData(to, key, prop.prop, context) }),
  };
}

function operationData(operation: PlannedOperation, context: DigestContext): OperationData {
  const { id, phase, objectId, after, when, follows, marks, steps } = operation;
  return {
    id,
    phase,
    ...(objectId ? { objectId: `${objectId.account}/${objectId.region}/${objectId.id}` } : {}),
    after,
    ...(when ? { when } : {}),
    ...(follows ? { follows } : {}),
    ...(marks ? { marks } : {}),
    steps: steps.map((step) => ({
      key: step.key,
      operation: step.operation,
      body: bodyData(step.body, operation.key, context),
      replay: step.replay,
      impact: step.impact,
      ...(step.creates ? { creates: true as const } : {}),
      ...(step.deletes ? { deletes: true as const } : {}),
      ...(step.marks ? { marks: true as const } : {}),
    })),
  };
}

function bodyData(body: NativeMap, key: string, context: DigestContext): Data {
  const data: Record<string, Data> = {};
  for (const name of Object.keys(body).sort(compareCodePoints)) data[name] = valueData(body[name] as NativeValue, key, name, context);
  return data;
}

function valueData(value: NativeValue, key: string, prop: string, { lineage, secrets }: DigestContext): Data {
  return toData(value, (secret) => digestSecret(secret, { lineage, key, prop }, secrets) ?? hiddenSecret);
}
