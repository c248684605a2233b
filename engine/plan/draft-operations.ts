// Turns decisions into changes with operations and their requests; the order among them comes after, in order-operations.ts. Pure.

import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { NativeGraph } from "../lower/native-graph.ts";
import type { NativeMap } from "../lower/native-value.ts";
import type { NativeChange, Step } from "../provider/provider.ts";
import type { ObjectRow } from "../state/store.ts";
import type { Change, PlannedOperation, RowDraft } from "./change.ts";
import { claimsOf } from "./claims.ts";
import type { Decision, Removal } from "./decision.ts";
import { draftRemoval } from "./draft-removal.ts";
import { hasMoved } from "./find-moves.ts";
import {
  type ChangeDraft,
  claimPlace,
  type DraftedChanges,
  type OperationClaims,
  type OperationDraft,
  worstImpact,
} from "./operation-draft.ts";

export function draftChanges(decisions: Iterable<Decision>, removals: readonly Removal[], graph: NativeGraph): DraftedChanges {
  const changes: ChangeDraft[] = [];
  const completing = new Map<string, readonly OperationDraft[]>();
  const ending = new Map<string, OperationDraft>();
  const claims: OperationClaims[] = [];
  const deletedWith = new Map<OperationDraft, readonly string[]>();

  for (const decision of decisions) {
    const { schema } = decision.handler;
    const change = draftDecision(decision, graph);
    changes.push(change);
    const [first] = change.operations;
    const complete = change.operations.length === 1 && first?.becomes ? change.operations : change.operations.filter((one) => one.becomes);
    completing.set(change.key, complete);
    for (const operation of change.operations) {
      const ends = operation.phase === "delete" || operation.phase === "forget";
      if (ends && operation.row) ending.set(operation.row.object, operation);
      if (operation.phase === "delete" && schema.deletedWith) deletedWith.set(operation, schema.deletedWith);
      if (schema.exclusive || schema.nameBound !== undefined)
        claims.push(claimsOfOperation(change, operation, decision, settingsOf(decision, graph)));
    }
  }
  for (const removal of removals) {
    const { schema } = removal.handler;
    const change = draftRemoval(removal);
    changes.push(change);
    for (const operation of change.operations) {
      ending.set(removal.row.object, operation);
      if (removal.action === "forget") continue;
      if (schema.deletedWith) deletedWith.set(operation, schema.deletedWith);
      const { cloud, provider, settings, props } = removal.row;
      const releases = claimsOf(schema, { ...props, ...operation.observed }, claimPlace(cloud, provider, settings)).map(
        (claim) => claim.text,
      );
      if (releases.length > 0) claims.push({ change, operation, takes: [], releases });
    }
  }
  return { changes, completing, ending, claims, deletedWith };
}

function settingsOf({ object }: Decision, graph: NativeGraph): NativeMap {
  return graph.clouds.get(object.cloud)?.settings ?? {};
}

function claimsOfOperation(change: ChangeDraft, operation: OperationDraft, decision: Decision, settings: NativeMap): OperationClaims {
  const { object, handler, row, seen } = decision;
  const place = claimPlace(object.cloud, object.provider, settings);
  const textsOf = (props: NativeMap): readonly string[] => claimsOf(handler.schema, props, place).map((claim) => claim.text);
  const { phase } = operation;
  const held = phase === "delete" || phase === "update" ? textsOf(seen?.props ?? row?.props ?? {}) : [];
  const wanted = phase === "create" || phase === "update" ? textsOf(operation.desired) : [];
  return {
    change,
    operation,
    takes: wanted.filter((claim) => !held.includes(claim)),
    releases: held.filter((claim) => !wanted.includes(claim)),
  };
}

function draftDecision(decision: Decision, graph: NativeGraph): ChangeDraft {
  const { object, handler, row, props, notes } = decision;
  const operations = operationsOf(decision, settingsOf(decision, graph));
  const gap = decision.order === "delete-first" && row !== undefined;
  const losesData = decision.action === "replace" && handler.schema.dataBearing === true;
  const change: { -readonly [Field in keyof ChangeDraft]: ChangeDraft[Field] } = {
    key: object.key,
    address: object.address,
    role: object.role,
    type: object.type,
    cloud: object.cloud,
    provider: object.provider,
    action: actionOf(decision),
    props,
    impact: worstImpact(
      operations.map((operation) => operation.steps),
      gap,
      losesData,
    ),
    operations,
  };
  if (decision.order) change.order = decision.order;
  if (decision.possible) change.possible = true;
  if (decision.previousAddress) change.previousAddress = decision.previousAddress;
  const span = object.places["*"];
  if (span) change.span = span;
  if (notes.length > 0) change.notes = notes;
  return change;
}

function actionOf({ action }: Decision): Change["action"] {
  return action === "finish" ? "create" : action === "record" ? "update" : action;
}

function operationsOf(decision: Decision, settings: NativeMap): readonly OperationDraft[] {
  switch (decision.action) {
    case "create":
      return draftCreate(decision, settings);
    case "replace":
      return draftReplace(decision, settings);
    default:
      return draftChange(decision, settings);
  }
}

function draftCreate(decision: Decision, settings: NativeMap): readonly OperationDraft[] {
  const { vanished, desired, changed, generation, handler } = decision;
  const steps = handler.steps({ action: "create", desired, observed: {}, attributes: {}, changed, generation });
  const create = draft(decision, "create", generation, steps);
  create.becomes = rowDraft(decision, settings, predecessors(vanished));
  if (!vanished) return [create];
  const forget = draft(decision, "forget", vanished.generation, []);
  forget.row = vanished;
  forget.objectId = vanished.id;
  return [forget, create];
}

function draftReplace(decision: Decision, settings: NativeMap): readonly OperationDraft[] {
  const { row, seen, desired, generation, handler, kept } = decision;
  if (!row || !seen) throw new Error("a replacement has a row and an object");
  const all = Object.keys(desired).sort(compareCodePoints);
  const { props: observed, attributes } = seen;

  const create = draft(
    decision,
    "create",
    generation,
    handler.steps({ action: "create", desired, observed: {}, attributes: {}, changed: all, generation }),
  );
  create.becomes = rowDraft(decision, settings, predecessors(row));
  create.changed = all;

  const end = draft(
    decision,
    "delete",
    row.generation,
    handler.steps({ action: "delete", desired: {}, observed, attributes, changed: [], id: row.id, generation: row.generation }),
  );
  Object.assign(end, { row, objectId: row.id, observed, attributes });
  if (!decision.possible) return [create, end];

  for (const operation of [create, end]) {
    operation.when = "replaced";
    if (decision.follows) operation.follows = decision.follows;
  }
  const others = kept ? namesBesideForcing(decision) : [];
  if (!kept || others.length === 0) return [create, end];
  const stays = { ...decision, ...kept };
  const update = draft(stays, "update", row.generation, handler.steps(updateOf(stays, others)));
  Object.assign(update, {
    row,
    objectId: row.id,
    observed,
    attributes,
    changed: others,
    becomes: rowDraft(decision, settings, row.formerly),
  });
  update.when = "kept";
  if (decision.follows) update.follows = decision.follows;
  return [create, end, update];
}

/** Of a possible replacement: what is to be updated when it turns out that nothing forces it. */
function namesBesideForcing(decision: Decision): readonly string[] {
  const forcing = new Set(decision.props.filter((change) => change.forces !== undefined).map((change) => change.prop));
  return decision.changed.filter((name) => !forcing.has(name));
}

/** Everything that acts on the object that is there. */
function draftChange(decision: Decision, settings: NativeMap): readonly OperationDraft[] {
  const { row, seen, action, changed, generation, handler } = decision;
  const becomes = rowDraft(decision, settings, row?.formerly);
  const phase = action === "finish" ? "create" : action === "record" ? "update" : (action as "update" | "adopt" | "rename");
  const change = updateOf(decision, changed);
  const steps =
    action === "record"
      ? []
      : handler.steps(action === "finish" ? { ...change, action: "create" } : decision.marks ? { ...change, marks: true } : change);
  const operation = draft(decision, phase, generation, steps);
  operation.becomes = becomes;
  if (decision.marks) operation.marks = true;
  if (row) operation.row = row;
  if (seen) Object.assign(operation, { observed: seen.props, attributes: seen.attributes, objectId: row?.id ?? seen.id });
  if (!decision.previousAddress || action === "rename" || !row) return [operation];
  // It changes nothing but the address: what the update is to bring about is not so yet.
  const rename = draft({ ...decision, desired: nothing, record: omit(decision.record, changed) }, "rename", generation, []);
  Object.assign(rename, { row, objectId: row.id, changed: [], becomes });
  return [rename, operation];
}

function omit(props: NativeMap, names: readonly string[]): NativeMap {
  return Object.fromEntries(Object.entries(props).filter(([name]) => !names.includes(name)));
}

function updateOf(decision: Pick<Decision, "row" | "seen" | "desired" | "generation">, changed: readonly string[]): NativeChange {
  const { row, seen, desired, generation } = decision;
  const id = row?.id ?? seen?.id;
  return {
    action: "update",
    desired,
    observed: seen?.props ?? {},
    attributes: seen?.attributes ?? {},
    changed,
    ...(id ? { id } : {}),
    generation: row?.generation ?? generation,
  };
}

function rowDraft(decision: Decision, settings: NativeMap, formerly: readonly string[] | undefined): RowDraft {
  const { object, handler, row } = decision;
  const movedFrom = decision.previousAddress ?? (row && hasMoved(row, object) ? row.movedFrom : undefined);
  return {
    address: object.address,
    role: object.role,
    settings,
    after: object.after,
    ...(object.annotations.protect ? { protect: true as const } : {}),
    ...(formerly && formerly.length > 0 ? { formerly } : {}),
    ...(movedFrom === undefined ? {} : { movedFrom }),
    ...(decision.takes || row?.taken ? { taken: true as const } : {}),
    schemaVersion: handler.schema.version,
  };
}

function predecessors(row: ObjectRow | undefined): readonly string[] | undefined {
  return row && [row.object, ...(row.formerly ?? [])];
}

const nothing: NativeMap = Object.freeze({});

function draft(decision: Decision, phase: PlannedOperation["phase"], generation: number, steps: readonly Step[]): OperationDraft {
  const { object, desired, record } = decision;
  const ends = phase === "delete" || phase === "forget";
  const operation: OperationDraft = {
    id: `${object.key}@${generation}:${phase}`,
    phase,
    key: object.key,
    type: object.type,
    provider: object.provider,
    cloud: object.cloud,
    generation,
    desired: ends ? nothing : desired,
    observed: nothing,
    attributes: nothing,
    changed: ends ? [] : decision.changed,
    steps,
    after: [],
  };
  if (!ends && record !== desired) operation.record = record;
  return operation;
}
