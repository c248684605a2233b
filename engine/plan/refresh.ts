// What `--refresh-only` would write: where the world differs from the state, the state learns it. Props and attributes of rows become what is
// observed, rows of objects that are gone go. No request is part of it, and the source has no say. Pure; linear in rows.

import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import { tag } from "../../grammar/graph/value.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import type { Sight } from "../observe/world.ts";
import type { NativeProp, NativeSchema } from "../provider/native-schema.ts";
import type { ObjectRow } from "../state/store.ts";
import type { PropChange } from "./change.ts";
import { draftRemoval } from "./draft-removal.ts";
import { listMadeAfter } from "./made-after.ts";
import { isSameData, isSameProp, isUnset } from "./normalise.ts";
import type { ChangeDraft, OperationDraft } from "./operation-draft.ts";
import type { PlanHandler, PlanInput } from "./plan-input.ts";
import type { PlanProblem } from "./problem.ts";
import { compareWithRow, holdsDigest, isUnreadable } from "./row-props.ts";
import { reportUnknown } from "./unknown-objects.ts";
import { upgradeRow } from "./upgrade-row.ts";

export interface RefreshDraft {
  readonly changes: readonly ChangeDraft[];
  /** Rows that are as the world says. */
  readonly unchanged: number;
  readonly problems: readonly PlanProblem[];
}

export function draftRefresh(input: PlanInput): RefreshDraft {
  const changes: ChangeDraft[] = [];
  const problems: PlanProblem[] = [...input.observed.problems];
  const unknown: { readonly row: ObjectRow; readonly reason: string }[] = [];
  let unchanged = 0;
  let madeAfter: ((row: ObjectRow) => readonly string[]) | undefined;
  /** A row of an older version is written anew in all its parts. */
  const renewRow = (operation: OperationDraft): OperationDraft => {
    const { row } = operation;
    if (!row) return operation;
    madeAfter ??= listMadeAfter(input.rows);
    const { address, role, settings, protect, formerly, schemaVersion } = row;
    const kept = { ...(protect && { protect }), ...(formerly && { formerly }) };
    return { ...operation, becomes: { address, role, settings, after: madeAfter(row), schemaVersion, ...kept } };
  };
  for (const row of input.rows) {
    const handler = input.handler(row.provider, row.type);
    const current = handler && upgradeRow(row, handler.schema);
    if (!handler || !current) {
      problems.push(reportUnsupported(row));
      continue;
    }
    const sight = input.observed.rows.get(row.object) ?? { kind: "unknown", reason: "it was not asked for" };
    if (sight.kind === "unknown") unknown.push({ row, reason: sight.reason });
    else if (sight.kind === "absent") changes.push(draftGone(current, handler, sight));
    else {
      const change = draftFound(current, sight, handler.schema, input);
      if (change) changes.push(current === row ? change : { ...change, operations: change.operations.map(renewRow) });
      else unchanged += 1;
    }
  }
  return { changes, unchanged, problems: [...problems, ...reportUnknown(unknown)] };
}

function reportUnsupported(row: ObjectRow): PlanProblem {
  return {
    kind: "unsupported",
    message: `the row of \`${row.key}\` has version ${row.schemaVersion} of \`${row.type}\`, which this Koine does not know`,
    address: row.address,
    hint: "use the Koine that wrote the state, or a newer one",
  };
}

function draftGone(row: ObjectRow, handler: PlanHandler, sight: Sight): ChangeDraft {
  const note = `\`${row.id.id}\` is gone; it was not Koine that removed it`;
  return draftRemoval({ row, handler, action: "forget", reason: "removed", sight, note });
}

/** Undefined: nothing to learn. What was created in part or is on its way out is for the next apply, not for the state to accept. */
function draftFound(
  row: ObjectRow,
  { observed, depth }: Sight & { readonly kind: "found" },
  schema: NativeSchema,
  input: PlanInput,
): ChangeDraft | undefined {
  if (row.status !== "current" || depth === "prior") return undefined;
  const props: PropChange[] = [];
  const record: Record<string, NativeValue> = { ...row.props };
  for (const name of Object.keys(row.props)) {
    const spec = schema.props[name];
    if (!spec || isUnreadable(schema, name) || isGivenOnce(name, schema)) continue;
    if (spec.observed === "each" && depth !== "each" && observed.props[name] === undefined) continue;
    learnProp(name, spec, row, observed.props[name], input, { props, record });
  }
  for (const [name, value] of Object.entries(observed.attributes)) {
    const before = row.attributes[name];
    if (isSameData(before, value) || (isUnset(before) && isUnset(value))) continue;
    props.push({ prop: name, ...(before === undefined ? {} : { from: before }), to: value, cause: "drift" });
  }
  if (props.length === 0) return undefined;
  props.sort((a, b) => compareCodePoints(a.prop, b.prop));
  return {
    key: row.key,
    address: row.address,
    role: row.role,
    type: row.type,
    cloud: row.cloud,
    provider: row.provider,
    action: "update",
    props,
    impact: "none",
    operations: [
      {
        id: `${row.key}@${row.generation}:update`,
        phase: "update",
        key: row.key,
        type: row.type,
        provider: row.provider,
        cloud: row.cloud,
        generation: row.generation,
        row,
        objectId: row.id,
        desired: record,
        observed: observed.props,
        attributes: observed.attributes,
        changed: [],
        steps: [],
        after: [],
      },
    ],
    notes: ["recorded in the state; no request is sent"],
  };
}

/** A name is what was given to the object once; it is kept as it was given. */
function isGivenOnce(name: string, schema: NativeSchema): boolean {
  return name === schema.nameBound || schema.givenOnce?.includes(name) === true;
}

interface Learned {
  readonly props: PropChange[];
  readonly record: Record<string, NativeValue>;
}

function learnProp(
  name: string,
  spec: NativeProp,
  row: ObjectRow,
  seen: NativeValue | undefined,
  input: PlanInput,
  { props, record }: Learned,
): void {
  const prior = row.props[name] as NativeValue;
  if (spec.type === "tags") {
    const tags = learnTags(name, prior as NativeMap, (seen ?? {}) as NativeMap);
    props.push(...tags.props);
    record[name] = tags.record;
    return;
  }
  if (isSameProp(spec, prior, seen)) return;
  const place = { lineage: input.lineage, key: row.key, prop: name };
  // Of a secret there is only a digest: without the key, or where it fits, nothing is learned.
  const secret = spec.secret === true || holdsDigest(prior);
  if (secret && (seen === undefined || compareWithRow(seen, prior, place, input.secrets) !== "differs")) return;
  const value = seen ?? spec.default;
  if (value === undefined) delete record[name];
  else record[name] = secret ? { [tag]: "secret", value } : value;
  if (secret) props.push({ prop: name, secret: true, cause: "drift" });
  else props.push({ prop: name, from: prior, ...(value === undefined ? {} : { to: value }), cause: "drift" });
}

/** Owned key by key: what others put beside ours is not learned. */
function learnTags(name: string, prior: NativeMap, seen: NativeMap): { readonly props: readonly PropChange[]; readonly record: NativeMap } {
  const props: PropChange[] = [];
  const record: Record<string, NativeValue> = {};
  for (const [key, from] of Object.entries(prior)) {
    const to = seen[key];
    if (to !== undefined) record[key] = to;
    if (to === undefined || !isSameData(from, to))
      props.push({ prop: `${name}.${key}`, from, ...(to === undefined ? {} : { to }), cause: "drift" });
  }
  return { props, record };
}
