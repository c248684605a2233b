// The steps of one operation with every value finished: derived by the handler again, and held against what the plan showed.
// Fewer steps than planned need a proof; one that was not planned is our defect, and nothing is sent then. Pure.

import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import type { PlannedOperation } from "../plan/change.ts";
import { type FinishContext, finishProps } from "../plan/finish-values.ts";
import { openSecrets } from "../plan/native-form.ts";
import { isSameData, isSameProp } from "../plan/normalise.ts";
import { compareWithRow, isUnreadable } from "../plan/row-props.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { Handler, NativeChange, Step } from "../provider/provider.ts";
import type { SecretKeeper } from "../state/secret-keeper.ts";
import type { ObjectRow } from "../state/store.ts";

export interface FinishedOperation {
  readonly steps: readonly Step[];
  readonly omitted: readonly { readonly step: string; readonly proof: string }[];
  /** What the steps bring about, finished; secrets still tagged. */
  readonly desired: NativeMap;
  /** What the row is to hold, finished; secrets still tagged. */
  readonly record: NativeMap;
}

export type Derived =
  | { readonly kind: "finished"; readonly operation: FinishedOperation }
  /** Values that should be known by now and are not; `mistakes` tells which cannot be computed from what the cloud gave. */
  | { readonly kind: "unfinished"; readonly missing: readonly string[]; readonly mistakes: readonly string[] };

export interface DeriveContext {
  readonly handler: Handler;
  readonly finish: FinishContext;
  readonly lineage: string;
  readonly keeper: SecretKeeper;
  readonly row?: ObjectRow;
}

/** Finishes the values of a planned operation and derives its steps. Throws when they are not among the planned ones. */
export function deriveSteps(planned: PlannedOperation, context: DeriveContext): Derived {
  const { handler, row } = context;
  const mistakes: string[] = [];
  const finish: FinishContext = { ...context.finish, onMistake: (message) => mistakes.push(message) };
  const desired = finishProps(planned.desired, finish);
  const record = planned.record ? finishProps(planned.record, finish) : desired;
  const missing = [...desired.waitsFor.values(), ...record.waitsFor.values()].flat().map((wait) => wait.text);
  if (missing.length > 0) return { kind: "unfinished", missing: [...new Set(missing)], mistakes: [...new Set(mistakes)] };

  const action = actionOf(planned);
  const same = action === "update" ? listSame(planned, desired.props, context) : new Map<string, string>();
  const id = row?.id ?? planned.objectId;
  const change: NativeChange = {
    action,
    desired: desired.props,
    observed: planned.observed,
    attributes: currentAttributes(planned, row),
    changed: action === "create" ? planned.changed : planned.changed.filter((name) => !same.has(name)),
    ...(id && { id }),
    generation: planned.generation,
    ...(planned.marks && { marks: true }),
  };
  const steps = planned.steps.length === 0 ? [] : handler.steps(change);
  demandPlanned(planned, steps);
  return {
    kind: "finished",
    operation: { steps, omitted: listOmitted(planned, steps, same), desired: desired.props, record: record.props },
  };
}

/**
 * As observed for the plan, with what this run has written since. What the row remembers from before may be long gone: another hand gave an
 * association another id.
 */
export function currentAttributes(planned: PlannedOperation, row: ObjectRow | undefined): NativeMap {
  const before = planned.row?.attributes;
  if (!row || !before) return row ? { ...row.attributes, ...planned.attributes } : planned.attributes;
  const written = Object.entries(row.attributes).filter(([name, value]) => !isSameData(value, before[name]));
  return written.length === 0 ? planned.attributes : { ...planned.attributes, ...Object.fromEntries(written) };
}

/** Adopted and renamed objects exist; what is done to them is an update. */
export function actionOf(planned: Pick<PlannedOperation, "phase">): "create" | "update" | "delete" {
  return planned.phase === "create" || planned.phase === "delete" ? planned.phase : "update";
}

/** Changed props whose finished value is what is there already, with the proof. */
function listSame(planned: PlannedOperation, desired: NativeMap, context: DeriveContext): ReadonlyMap<string, string> {
  const { schema } = context.handler;
  const same = new Map<string, string>();
  for (const name of planned.changed) {
    if (isSame(name, desired[name], planned, schema, context)) same.set(name, `\`${name}\` finished equal to what is there`);
  }
  return same;
}

function isSame(
  name: string,
  wanted: NativeValue | undefined,
  planned: PlannedOperation,
  schema: NativeSchema,
  context: DeriveContext,
): boolean {
  const spec = schema.props[name];
  if (!spec || wanted === undefined) return false;
  if (!isUnreadable(schema, name)) return isSameProp(spec, openSecrets(wanted), planned.observed[name]);
  const recorded = context.row?.props[name];
  const { key = planned.key, was } = context.row ?? {};
  const place = { lineage: context.lineage, key, prop: name, ...(was === undefined ? {} : { formerKey: was }) };
  return recorded !== undefined && compareWithRow(wanted, recorded, place, context.keeper) === "equal";
}

function demandPlanned(planned: PlannedOperation, steps: readonly Step[]): void {
  const shown = new Map(planned.steps.map((step) => [step.key, step.operation]));
  for (const step of steps) {
    if (shown.get(step.key) === step.operation) continue;
    throw new Error(`\`${planned.key}\` needs \`${step.key}\` (${step.operation}), which the plan did not show; nothing was sent for it`);
  }
}

function listOmitted(planned: PlannedOperation, steps: readonly Step[], same: ReadonlyMap<string, string>): FinishedOperation["omitted"] {
  const kept = new Set(steps.map((step) => step.key));
  return planned.steps
    .filter((step) => !kept.has(step.key))
    .map((step) => {
      const proofs = (step.sets ?? []).map((name) => same.get(name)).filter((proof) => proof !== undefined);
      return { step: step.key, proof: proofs.length > 0 ? proofs.join("; ") : "the finished values do not call for it" };
    });
}
