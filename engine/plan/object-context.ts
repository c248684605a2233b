// What deciding about one object needs to know of the others, and what all such decisions share. Pure.

import type { NativeObject } from "../lower/native-graph.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { ObjectRow } from "../state/store.ts";
import type { PropChange } from "./change.ts";
import type { Decision } from "./decision.ts";
import type { ObjectDiff } from "./diff.ts";
import type { DiffContext } from "./diff-draft.ts";
import type { FinishContext } from "./finish-values.ts";
import type { PlanProblem } from "./problem.ts";

export interface ObjectContext {
  readonly lineage: string;
  /** What the diff of an object of this type looks things up in. */
  readonly diffOf: (schema: NativeSchema) => DiffContext;
  readonly decisionOf: (key: string) => Decision | undefined;
  readonly isForced: (object: NativeObject) => boolean;
  /** What the row does not say of the objects that this one is made after. */
  readonly edgesOf: (object: NativeObject, row: ObjectRow) => readonly PropChange[];
  readonly bounds: { readonly deleteFirst: ReadonlySet<string>; readonly certain: ReadonlySet<string> };
  readonly offline: boolean;
  readonly finishContext: FinishContext;
  readonly report: (problem: PlanProblem) => void;
  readonly warn: (warning: string) => void;
}

/** Native props whose portable prop the author told us to leave alone. `@ignore("disk")` covers `disk.root.size`. */
export function ignoredProps(object: NativeObject): ReadonlySet<string> | undefined {
  const { ignore } = object.annotations;
  if (!ignore || ignore.length === 0) return undefined;
  const ignored = new Set<string>();
  for (const prop of Object.keys(object.from)) {
    const from = object.from[prop] as string;
    if (ignore.some((name) => from === name || from.startsWith(`${name}.`))) ignored.add(prop);
  }
  return ignored;
}

/** Passes on warnings, and reports what may not be taken out of the source; false when there is any. */
export function acceptDiff(diff: ObjectDiff, object: NativeObject, context: ObjectContext): boolean {
  for (const warning of diff.warnings) context.warn(warning);
  for (const prop of diff.refused) {
    context.report({
      kind: "refused",
      message: `\`${prop}\` of \`${object.address}\` cannot be taken out of the source once it was set`,
      address: object.address,
      ...(object.places["*"] ? { span: object.places["*"] } : {}),
      hint: `write \`${object.from[prop] ?? prop}\` again, or replace the object with \`--replace ${object.address}\``,
    });
  }
  return diff.refused.length === 0;
}

/** `props` are those of a replacement; undefined for a delete. */
export function reportProtected(
  address: string,
  span: PlanProblem["span"],
  props: readonly PropChange[] | undefined,
  possible: boolean,
): PlanProblem {
  const forcing = props?.find((change) => change.forces !== undefined);
  const reason = forcing ? ` because of \`${forcing.prop}\` (${forcing.forces})` : "";
  return {
    kind: "protected",
    message: `\`${address}\` is protected and ${possible ? "might" : "would"} be ${props ? "replaced" : "destroyed"}${reason}`,
    address,
    ...(span ? { span } : {}),
    hint: "take the change back, or remove `@protect` and apply that first",
  };
}
