// What happens to one object of the source: create, update, replace, adopt, rename or nothing. Pure; objects are decided dependencies first, so
// what an object refers to has been decided already.

import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { NativeObject } from "../lower/native-graph.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import type { Sight } from "../observe/world.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { Observed } from "../provider/provider.ts";
import type { ObjectRow } from "../state/store.ts";
import type { PropChange } from "./change.ts";
import { decideReplace } from "./decide-replace.ts";
import type { Decision } from "./decision.ts";
import { diffObject, specOf } from "./diff.ts";
import { finishProps, type WaitsFor } from "./finish-values.ts";
import { keepGiven, withGeneration } from "./generation.ts";
import { holdsSecret } from "./native-form.ts";
import { acceptDiff, ignoredProps, type ObjectContext } from "./object-context.ts";
import type { PlanHandler } from "./plan-input.ts";
import type { PlanProblem } from "./problem.ts";
import { upgradeRow } from "./upgrade-row.ts";

/** An object that the state does not know, or whose row stands for what is gone. */
export function decideCreate(
  object: NativeObject,
  handler: PlanHandler,
  context: ObjectContext,
  { generation, vanished }: { readonly generation: number; readonly vanished?: ObjectRow },
): Decision {
  const finished = finishProps(object.props, context.finishContext);
  const desired = withGeneration(finished.props, handler.schema, generation);
  return {
    object,
    handler,
    action: "create",
    possible: false,
    props: listProps(object, handler.schema, finished.props, finished.waitsFor, vanished ? "drift" : "author"),
    changed: Object.keys(finished.props).sort(compareCodePoints),
    desired,
    record: desired,
    generation,
    ...(vanished ? { vanished } : {}),
    notes: vanished ? [`\`${vanished.id.id}\` is gone; it was not Koine that removed it`] : [],
  };
}

/** All props of a new object. Secrets are named, never shown. */
function listProps(
  object: NativeObject,
  schema: NativeSchema,
  props: NativeMap,
  waitsFor: ReadonlyMap<string, readonly WaitsFor[]>,
  cause: "author" | "drift",
): readonly PropChange[] {
  return Object.keys(props)
    .sort(compareCodePoints)
    .map((prop) => {
      const waits = waitsFor.get(prop);
      const span = object.places[prop] ?? object.places["*"];
      const to = props[prop] as NativeValue;
      return {
        prop,
        ...(specOf(schema, prop).secret || holdsSecret(to) ? { secret: true as const } : { to }),
        cause: waits ? ("deferred" as const) : cause,
        ...(waits ? { waitsFor: [...new Set(waits.map((wait) => wait.text))] } : {}),
        ...(span ? { span } : {}),
      };
    });
}

/** An object that the state knows and the cloud shows. Undefined: nothing to do. */
export function decideExisting(
  object: NativeObject,
  stale: ObjectRow,
  sight: Sight & { readonly kind: "found" },
  handler: PlanHandler,
  previousAddress: string | undefined,
  context: ObjectContext,
): Decision | undefined {
  const { schema } = handler;
  const row = upgradeRow(stale, schema);
  if (!row) {
    context.report(reportUnsupported(stale, schema.version));
    return undefined;
  }
  const { observed } = sight;
  const subject = {
    key: row.key,
    ...(row.was === undefined ? {} : { formerKey: row.was }),
    desired: keepGiven(object.props, schema, row.props),
    prior: row.props,
    observed: observed.props,
    depth: sight.depth,
    ignored: row.unfinished ? undefined : ignoredProps(object),
    places: object.places,
  };
  const diff = diffObject(subject, context.diffOf(schema));
  const marks = needsMarks(object, row, sight, handler, previousAddress !== undefined, context);
  const isForced = observed.broken !== undefined || context.isForced(object);
  const recorded = [...protectChange(object, row), ...context.edgesOf(object, row)];
  if (!diff && !marks && !isForced && previousAddress === undefined && row.status !== "failed" && recorded.length === 0) return undefined;
  if (diff && !acceptDiff(diff, object, context)) return undefined;
  const base = { object, handler, row, seen: observed, generation: row.generation, ...(previousAddress ? { previousAddress } : {}) };
  const forcing = isForced ? forcingProps(object, observed, context) : [];
  if (diff?.action === "replace" || forcing.length > 0) {
    return decideReplace(base, [...forcing, ...(diff?.props ?? [])], diff, forcing.length > 0, context);
  }
  const finished = finishProps(object.props, context.finishContext).props;
  const named = keepGiven(finished, schema, row.props);
  const same = { desired: named, record: named };
  if (row.status === "failed") {
    return {
      ...base,
      action: "finish",
      possible: false,
      props: diff?.props ?? [],
      changed: Object.keys(finished).sort(compareCodePoints),
      ...same,
      notes: ["goes on with a create that was interrupted"],
    };
  }
  const noted = [...(diff?.props ?? []), ...(marks ? [marks] : []), ...recorded];
  const kept = { ...same, ...(diff && diff.action !== "none" ? { desired: diff.desired, record: diff.record } : {}) };
  if (diff?.action === "update" || marks?.cause === "mark") {
    // The address is one of the marks.
    const marked = marks !== undefined || (previousAddress !== undefined && schema.marks === "tags");
    const possible = diff?.action === "update" && diff.possible && !marked && recorded.length === 0;
    return {
      ...base,
      action: "update",
      possible,
      props: noted,
      changed: diff?.changed ?? [],
      ...kept,
      ...(marked ? { marks: true } : {}),
      notes: [],
    };
  }
  if (previousAddress) return { ...base, action: "rename", possible: false, props: noted, changed: [], ...kept, marks: true, notes: [] };
  if (recorded.length > 0)
    return {
      ...base,
      action: "record",
      possible: false,
      props: noted,
      changed: [],
      ...kept,
      notes: ["recorded in the state; no request is sent"],
    };
  return undefined;
}

/** What forces the replacement of an address that `--replace` names. */
export const askedFor = "asked for by --replace";

/** What calls for a replacement besides props. */
function forcingProps(object: NativeObject, observed: Observed, context: ObjectContext): readonly PropChange[] {
  const span = object.places["*"];
  const place = span ? { span } : {};
  return [
    ...(context.isForced(object) ? [{ prop: "(whole object)", cause: "author" as const, forces: askedFor, ...place }] : []),
    ...(observed.broken !== undefined ? [{ prop: "(whole object)", cause: "drift" as const, forces: observed.broken, ...place }] : []),
  ];
}

/** A stripped mark is drift and is mended; who the object is, is told by its id. The mark of another stack is not ours to overwrite. */
function needsMarks(
  object: NativeObject,
  row: ObjectRow,
  sight: Sight & { readonly kind: "found" },
  handler: PlanHandler,
  isRenamed: boolean,
  context: ObjectContext,
): PropChange | undefined {
  if (handler.schema.marks !== "tags" || sight.depth === "prior" || context.offline) return undefined;
  const marks = sight.observed.marks;
  if (marks?.lineage !== undefined && marks.lineage !== context.lineage && !row.taken) {
    context.report({
      kind: "foreign",
      message: `\`${row.id.id}\` of \`${object.address}\` now bears the mark of another stack`,
      address: object.address,
      ...(object.places["*"] ? { span: object.places["*"] } : {}),
      hint: "one of the two stacks has to let it go with `@forget`",
    });
    return undefined;
  }
  if (marks?.lineage === context.lineage && marks.object === row.object && row.was === undefined) return undefined;
  const probe = {
    action: "update",
    desired: row.props,
    observed: sight.observed.props,
    attributes: sight.observed.attributes,
    changed: [],
    id: row.id,
    generation: row.generation,
    marks: true,
  } as const;
  if (!isRenamed && handler.steps(probe).length === 0) {
    if (row.was === undefined)
      context.warn(`the ownership mark of \`${row.key}\` is gone, and its type has no request that writes it again`);
    return undefined;
  }
  return { prop: "(ownership marks)", cause: "mark" };
}

/** Protection is kept in the row too, so that it holds when the resource is taken out of the source. */
function protectChange(object: NativeObject, row: ObjectRow): readonly PropChange[] {
  const wanted = object.annotations.protect === true;
  if (wanted === (row.protect === true)) return [];
  const span = object.places["*"];
  return [{ prop: "@protect", from: !wanted, to: wanted, cause: "author", ...(span ? { span } : {}) }];
}

/** A row that no upgrader brings to today's version. */
export function reportUnsupported(row: ObjectRow, version: number): PlanProblem {
  return {
    kind: "unsupported",
    message: `the row of \`${row.key}\` has version ${row.schemaVersion} of \`${row.type}\`, and this Koine knows ${version}`,
    address: row.address,
    hint: "use the Koine that wrote the state, or a newer one",
  };
}
