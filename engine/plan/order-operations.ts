// The order among operations: create after what it refers to, delete after the end of what stood on it, and never two that claim the same.
// Fills the `after` of drafts; each edge has one reason below. Linear in operations, rows and their references.

import type { NativeGraph } from "../lower/native-graph.ts";
import type { ObjectRow } from "../state/store.ts";
import type { Decision, Removal } from "./decision.ts";
import { findCompanions } from "./deleted-with.ts";
import type { ChangeDraft, DraftedChanges, OperationClaims, OperationDraft } from "./operation-draft.ts";

export interface OrderInput {
  readonly drafted: DraftedChanges;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly removals: readonly Removal[];
  readonly rows: readonly ObjectRow[];
  readonly graph: NativeGraph;
  /** Ids of deletes that may not be left to the parent, because a cycle showed it. */
  readonly ownDelete: ReadonlySet<string>;
}

export function orderOperations(input: OrderInput): void {
  const { drafted, decisions } = input;
  for (const change of drafted.changes) {
    orderWithin(change);
    const decision = decisions.get(change.key);
    if (decision && change.operations.some((operation) => operation.becomes)) orderAfterDependencies(change, decision, input);
  }
  orderDeletes(input);
  orderClaims(drafted.claims);
  const keysOf = indexMoves(input);
  for (const removal of input.removals) {
    const end = drafted.ending.get(removal.row.object);
    if (removal.action !== "delete" || !end) continue;
    // What is placed elsewhere is made there, in all its parts, before any of them goes here.
    const successors = removal.reason === "moved" ? (keysOf.get(removal.row.address) ?? []) : [removal.row.key];
    if (removal.reason !== "moved" && !outlives(removal, decisions.get(removal.row.key))) continue;
    const making = successors.flatMap((key) => drafted.completing.get(key) ?? []);
    // What the old one still claims has to be let go first.
    if (making.some((operation) => operation.after.includes(end.id))) continue;
    for (const operation of making) end.after.push(operation.id);
  }
}

/** The keys of the objects of each resource that moves, by address. */
function indexMoves({ removals, graph }: OrderInput): ReadonlyMap<string, readonly string[]> {
  const keysOf = new Map<string, string[]>();
  for (const removal of removals) if (removal.reason === "moved") keysOf.set(removal.row.address, []);
  if (keysOf.size > 0) for (const { key, address } of graph.objects.values()) keysOf.get(address)?.push(key);
  return keysOf;
}

/** A predecessor stays until its successor is whole. */
function outlives(removal: Removal, successor: Decision | undefined): boolean {
  return removal.reason === "retiring" && (successor?.action === "finish" || successor?.action === "create");
}

/** Operations of one object: forget and rename before the rest, old and new in the order of the replacement. */
function orderWithin(change: ChangeDraft): void {
  const of = (phase: OperationDraft["phase"]): OperationDraft | undefined =>
    change.operations.find((operation) => operation.phase === phase);
  const create = of("create");
  const end = of("delete");
  if (create && end) (change.order === "delete-first" ? create : end).after.push(change.order === "delete-first" ? end.id : create.id);
  const forget = of("forget");
  if (forget && create) create.after.push(forget.id);
  const rename = of("rename");
  if (rename) for (const operation of change.operations) if (operation !== rename) operation.after.push(rename.id);
}

function orderAfterDependencies(change: ChangeDraft, decision: Decision, { drafted, decisions }: OrderInput): void {
  const waitFor = (operation: OperationDraft, keys: readonly string[]): void => {
    for (const key of keys)
      for (const needed of drafted.completing.get(key) ?? []) if (needed !== operation) operation.after.push(needed.id);
  };
  for (const operation of change.operations) {
    if (operation.becomes && !(operation.phase === "rename" && change.action !== "rename")) waitFor(operation, decision.object.after);
    if (operation.phase !== "delete" || operation.when === undefined || decision.order !== "delete-first") continue;
    // Whether the old one goes at all is known only when the values are: its own, or those of the object that decides for it.
    const leader = decision.follows === undefined ? decision : decisions.get(decision.follows);
    if (leader) waitFor(operation, leader.object.after);
  }
}

/** A delete waits for the end of everything that was made after its object, and for updates that take others off it. */
function orderDeletes({ drafted, decisions, removals, rows, ownDelete }: OrderInput): void {
  if (drafted.ending.size === 0) return;
  const { ending } = drafted;
  // What somebody else has deleted passes the order on, from those that stood on it to those that it stood on.
  const passing = new Set(removals.flatMap(({ row, action }) => (action === "forget" ? (ending.get(row.object) ?? []) : [])));
  const companions = findCompanions(rows, drafted, ownDelete);
  const current = currentOf(rows);
  const deciding = new Map<string, Decision>();
  for (const decision of decisions.values()) if (decision.row) deciding.set(decision.row.object, decision);

  const before = (first: OperationDraft, end: OperationDraft): void => {
    if (first === end) return;
    const parent = companions.get(end.id);
    if (parent === first) return;
    if (companions.get(first.id) === end) {
      first.after.push(end.id);
      return;
    }
    end.after.push(first.id);
    // What goes with its parent is gone when the parent is, so the parent waits for it too.
    if (parent) parent.after.push(first.id);
  };

  for (const row of rows) {
    const own = ending.get(row.object);
    const decision = own ? undefined : deciding.get(row.object);
    if (!own && !decision) continue;
    for (const object of row.after) {
      const end = ending.get(object) ?? ending.get(current.get(object) ?? "");
      if (!end || (end.phase !== "delete" && !passing.has(end))) continue;
      if (own) before(own, end);
      else if (decision) repoint(end, decision);
    }
  }
  for (const decision of decisions.values()) {
    if (!decision.row) continue;
    for (const key of decision.object.after) {
      const dependency = decisions.get(key);
      if (dependency?.action !== "replace" || !dependency.row) continue;
      const end = ending.get(dependency.row.object);
      if (end?.phase !== "delete") continue;
      const own = ending.get(decision.row.object);
      if (own) before(own, end);
      repoint(end, decision);
    }
  }

  function repoint(end: OperationDraft, decision: Decision): void {
    const owner = decisions.get(end.key);
    // Of what goes first, others can only be pointed at the successor afterwards.
    if (owner?.action === "replace" && owner.order === "delete-first") return;
    for (const operation of drafted.completing.get(decision.object.key) ?? [])
      if (operation.phase === "update") end.after.push(operation.id);
  }
}

/** Later generations by the object ids of earlier ones: rows made after a predecessor still name it. */
function currentOf(rows: readonly ObjectRow[]): ReadonlyMap<string, string> {
  const current = new Map<string, string>();
  for (const row of rows) for (const earlier of row.formerly ?? []) current.set(earlier, row.object);
  return current;
}

/** Who takes a claim waits for who lets it go. */
function orderClaims(claims: readonly OperationClaims[]): void {
  const releasing = new Map<string, OperationClaims[]>();
  for (const one of claims) {
    for (const claim of one.releases) {
      const known = releasing.get(claim);
      if (known) known.push(one);
      else releasing.set(claim, [one]);
    }
  }
  if (releasing.size === 0) return;
  for (const one of claims) {
    for (const claim of one.takes) {
      for (const other of releasing.get(claim) ?? []) if (other.change !== one.change) one.operation.after.push(other.operation.id);
    }
  }
}
