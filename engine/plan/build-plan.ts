// Builds the plan: decisions, their operations, the order among them, digests. Pure and linear in objects and their references. The same input
// gives the same plan, whatever order its parts come in.

import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { Change, Plan } from "./change.ts";
import { claimStrays } from "./claim-strays.ts";
import { type Decisions, decide } from "./decide.ts";
import { digestBasis, digestChanges } from "./digest.ts";
import { draftChanges } from "./draft-operations.ts";
import { findCycle } from "./find-cycle.ts";
import type { ChangeDraft, DraftedChanges } from "./operation-draft.ts";
import { orderOperations } from "./order-operations.ts";
import { diffOutputs } from "./outputs.ts";
import type { PlanInput, PlanResult } from "./plan-input.ts";
import type { PlanProblem } from "./problem.ts";
import { findUnknownAddresses, selectChanges } from "./select-changes.ts";

export type { PlanInput, PlanResult } from "./plan-input.ts";

/** Plans. Problems of the user or the world are returned; then there is no plan. */
export function buildPlan(input: PlanInput): PlanResult {
  const named = [...(input.target ?? []), ...(input.exclude ?? []), ...(input.replace ?? [])];
  const unknown = named.length === 0 ? [] : findUnknownAddresses(named, [...input.graph.objects.values(), ...input.rows]);
  if (unknown.length > 0) return { problems: unknown };

  const ordered = decideAndOrder(input);
  if ("problems" in ordered) return { problems: ordered.problems };
  const { decisions, drafted, strays } = ordered;
  const settled = input.settled ?? [];
  const selection = selectChanges({ changes: drafted.changes, target: input.target, exclude: input.exclude, settled });
  const changes = finishChanges(selection.changes);
  const offline = input.offline === true;
  const outputs = diffOutputs(
    {
      outputs: input.graph.stackOutputs,
      recorded: input.outputs ?? {},
      lineage: input.lineage,
      secrets: input.secrets,
      destroy: input.destroy === true,
    },
    decisions.finishContext,
  );
  if (decisions.problems.length > 0) return { problems: decisions.problems };
  const plan: Omit<Plan, "digest"> = {
    stack: input.graph.stack,
    world: input.world,
    lineage: input.lineage,
    serial: input.serial,
    changes,
    unchanged: decisions.unchanged,
    outputs,
    strays,
    settled,
    warnings: decisions.warnings,
    destroy: input.destroy === true,
    offline,
    ...(selection.blocked.length > 0 ? { blocked: selection.blocked } : {}),
    ...(selection.leftOut > 0 ? { leftOut: selection.leftOut } : {}),
  };
  const digest = { changes: digestChanges(plan, { lineage: input.lineage, secrets: input.secrets }), basis: digestBasis(input.basis) };
  return { plan: { ...plan, digest }, problems: [] };
}

interface Ordered {
  readonly decisions: Decisions;
  readonly drafted: DraftedChanges;
  readonly strays: Plan["strays"];
}

/** Every pass takes at least one freedom away; more than this many is a knot that no order undoes. */
const passes = 100;

/**
 * A replacement is create-first where it can be, which can make a circle with others that cannot. Then those in the circle go delete-first, and
 * everything is decided again, because what refers to them is decided by it.
 */
function decideAndOrder(input: PlanInput): Ordered | { readonly problems: readonly PlanProblem[] } {
  const freedoms: Freedoms = { deleteFirst: new Set(), certain: new Set(), ownDelete: new Set() };
  for (let pass = 0; ; pass++) {
    const decisions = decide(input, freedoms);
    if (decisions.problems.length > 0) return { problems: decisions.problems };
    const { strays, removals: claimed } = claimStrays(input.observed.strays, input.operations ?? [], input.handler);
    const removals = [...decisions.removals, ...claimed];
    const drafted = draftChanges(decisions.changed.values(), removals, input.graph);
    const rows = claimed.length === 0 ? input.rows : [...input.rows, ...claimed.map((removal) => removal.row)];
    orderOperations({ drafted, decisions: decisions.changed, removals, rows, graph: input.graph, ownDelete: freedoms.ownDelete });
    const cycle = findCycle(drafted.changes.flatMap((change) => change.operations));
    if (!cycle) return { decisions, drafted, strays };
    if (pass >= passes || !loosen(cycle, drafted, decisions, freedoms)) return { problems: [reportCycle(cycle, drafted.changes)] };
  }
}

/** What is left open until a circle shows that it cannot be. */
interface Freedoms {
  readonly deleteFirst: Set<string>;
  readonly certain: Set<string>;
  readonly ownDelete: Set<string>;
}

/** Takes one kind of freedom from the members of a circle; false when there is none left. */
function loosen(cycle: readonly string[], drafted: DraftedChanges, decisions: Decisions, freedoms: Freedoms): boolean {
  const ids = new Set(cycle);
  const members = drafted.changes.filter((change) => change.operations.some((operation) => ids.has(operation.id)));
  const isInsisted = (change: ChangeDraft): boolean => decisions.changed.get(change.key)?.object.annotations.replace === "before";
  const creating = members.filter((change) => change.order === "create-first" && !isInsisted(change));
  if (
    addAll(
      freedoms.deleteFirst,
      creating.map((change) => change.key),
    )
  )
    return true;
  const waiting = members.filter((change) => change.order === "delete-first" && change.possible);
  if (
    addAll(
      freedoms.certain,
      waiting.map((change) => change.key),
    )
  )
    return true;
  const riding = members
    .flatMap((change) => change.operations)
    .filter((operation) => ids.has(operation.id) && drafted.deletedWith.has(operation));
  return addAll(
    freedoms.ownDelete,
    riding.map((operation) => operation.id),
  );
}

/** Whether anything was new. */
function addAll(set: Set<string>, items: readonly string[]): boolean {
  const before = set.size;
  for (const item of items) set.add(item);
  return set.size > before;
}

function reportCycle(cycle: readonly string[], changes: readonly ChangeDraft[]): PlanProblem {
  const owners = new Map(changes.flatMap((change) => change.operations.map((operation) => [operation.id, { change, operation }] as const)));
  const words = cycle.map((id) => {
    const owner = owners.get(id);
    return owner ? `${owner.operation.phase} \`${owner.change.key}\`` : `\`${id}\``;
  });
  const first = owners.get(cycle[0] ?? "")?.change;
  return {
    kind: "cycle",
    message: `operations wait for each other: ${[...words, words[0]].join(" waits for ")}`,
    ...(first ? { address: first.address } : {}),
    ...(first?.span ? { span: first.span } : {}),
    hint: "make the change in two steps, or take `@replace` and `@after` off one of them",
  };
}

/** Sorted by address, role and generation; `after` sorted, each once, and without what was left out. */
function finishChanges(drafts: readonly ChangeDraft[]): readonly Change[] {
  const ids = new Set<string>();
  for (const draft of drafts) for (const operation of draft.operations) ids.add(operation.id);
  for (const draft of drafts) for (const operation of draft.operations) operation.after = tidy(operation.after, ids);
  return [...drafts].sort(
    (a, b) =>
      compareCodePoints(a.address, b.address) ||
      compareCodePoints(a.role, b.role) ||
      compareCodePoints(a.action, b.action) ||
      compareCodePoints(a.operations[0]?.id ?? "", b.operations[0]?.id ?? ""),
  );
}

function tidy(after: readonly string[], ids: ReadonlySet<string>): string[] {
  const kept = after.filter((id) => ids.has(id));
  return kept.length < 2 ? kept : [...new Set(kept)].sort(compareCodePoints);
}
