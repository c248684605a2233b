// A possible replacement, once its values are known: whether the object is replaced or kept. Both ways stand in the plan; this takes
// one of them and says why the other is not needed. Pure.

import type { NativeMap } from "../lower/native-value.ts";
import type { Change, PropChange } from "../plan/change.ts";
import { type FinishContext, finishProps } from "../plan/finish-values.ts";
import { openSecrets } from "../plan/native-form.ts";
import { isSameProp } from "../plan/normalise.ts";
import { compareWithRow, isUnreadable } from "../plan/row-props.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { SecretKeeper } from "../state/secret-keeper.ts";

export type PossibleVerdict =
  | { readonly kind: "replaced" }
  | { readonly kind: "kept"; readonly proof: string }
  | { readonly kind: "unfinished"; readonly missing: readonly string[] };

export interface PossibleContext {
  readonly schema: NativeSchema;
  readonly finish: FinishContext;
  readonly lineage: string;
  readonly keeper: SecretKeeper;
}

/** Judges the props that may force the replacement. Call it before the first operation of the change starts, and once. */
export function judgePossible(change: Change, context: PossibleContext): PossibleVerdict {
  const successor = change.operations.find((operation) => operation.phase === "create");
  const old = change.operations.find((operation) => operation.phase === "delete");
  if (!successor || !old?.row) throw new Error(`the possible replacement of \`${change.key}\` has no successor or nothing to replace`);
  const forcing = change.props.filter((prop) => prop.forces !== undefined);
  const { props, waitsFor } = finishProps(successor.desired, context.finish);
  const missing = forcing.flatMap((prop) => (waitsFor.get(prop.prop) ?? []).map((wait) => wait.text));
  if (missing.length > 0) return { kind: "unfinished", missing: [...new Set(missing)] };
  const replacing = forcing.some((prop) => forces(prop, props, old.observed, old.row?.props ?? {}, change.key, context));
  return replacing
    ? { kind: "replaced" }
    : { kind: "kept", proof: `${forcing.map((prop) => `\`${prop.prop}\``).join(", ")} finished as it is there` };
}

function forces(
  prop: PropChange,
  desired: NativeMap,
  observed: NativeMap,
  recorded: NativeMap,
  key: string,
  context: PossibleContext,
): boolean {
  const spec = context.schema.props[prop.prop];
  const wanted = desired[prop.prop];
  // Something other than the whole of one prop: nothing proves that it is as it should be.
  if (!spec || wanted === undefined) return true;
  const before = recorded[prop.prop];
  if (isUnreadable(context.schema, prop.prop)) {
    return (
      before === undefined || compareWithRow(wanted, before, { lineage: context.lineage, key, prop: prop.prop }, context.keeper) !== "equal"
    );
  }
  const seen = observed[prop.prop];
  if (isSameProp(spec, openSecrets(wanted), seen)) return false;
  return spec.immutable === true || spec.replaceWhen?.(seen ?? null, openSecrets(wanted), observed) !== undefined;
}
