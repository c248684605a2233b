// Builds the plan: decisions, their operations, the order among them, digests. Pure and linear in objects and their references. The same input
// gives the same plan, whatever order its parts come in.

import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { ObjectRow } from "../state/store.ts";
import type { Change, Plan } from "./change.ts";
import { claimStrays } from "./claim-strays.ts";
import { attributeOf, type Decisions, decide, mergeTransforms } from "./decide.ts";
import { digestBasis, digestChanges } from "./digest.ts";
import { draftChanges } from "./draft-operations.ts";
import { findCycle } from "./find-cycle.ts";
import type { FinishContext } from "./finish-values.ts";
import { matchRows } from "./match-rows.ts";
import type { ChangeDraft, DraftedChanges } from "./operation-draft.ts";
import { orderOperations } from "./order-operations.ts";
import { diffOutputs, listLostOutputs, type OutputsInput } from "./outputs.ts";
import type { PlanInput, PlanResult } from "./plan-input.ts";
import type { PlanProblem } from "./problem.ts";
import { draftRefresh } from "./refresh.ts";
import { findUnknownAddresses, selectChanges } from "./select-changes.ts";

export type { PlanInput, PlanResult } from "./plan-input.ts";

/** Plans. Problems of the user or the world are returned; then there is no plan. */
export function buildPlan(input: PlanInput): PlanResult {
  const isLimited = [input.target, input.exclude, input.replace].some((list) => list !== undefined && list.length > 0);
  const objects = isLimited ? [...input.graph.objects.values()] : [];
  const unknown = [
    ...findUnknownAddresses([...(input.target ?? []), ...(input.exclude ?? [])], [...objects, ...input.rows]),
    // What the source has no more is deleted; nothing would take its place.
    ...findUnknownAddresses(input.replace ?? [], objects, "the source"),
  ];
  if (unknown.length > 0) return { problems: unknown };

  const drafted = input.refreshOnly ? draftForState(input) : draftForSource(input);
  if ("problems" in drafted) return { problems: drafted.problems };
  const settled = input.settled ?? [];
  const selection = selectChanges({ changes: drafted.changes, target: input.target, exclude: input.exclude, settled });
  const changes = finishChanges(selection.changes);
  const offline = input.offline === true;
  const outputs = compareOutputs(input, drafted, selection.changes);
  // Values of outputs that cannot be computed are found only now.
  const late = drafted.lateProblems();
  if (late.length > 0) return { problems: late };
  const plan: Omit<Plan, "digest"> = {
    stack: input.graph.stack,
    world: input.world,
    lineage: input.lineage,
    serial: input.serial,
    changes,
    unchanged: drafted.unchanged,
    outputs,
    strays: drafted.strays,
    settled,
    warnings: [...drafted.warnings, ...(input.observed.warnings ?? [])],
    destroy: input.destroy === true,
    ...(input.refreshOnly ? { refreshOnly: true as const } : {}),
    offline,
    ...(selection.blocked.length > 0 ? { blocked: selection.blocked } : {}),
    ...(selection.leftOut > 0 ? { leftOut: selection.leftOut } : {}),
  };
  // Keyed as the plan file is: by the lineage that the basis names, which a state without a first serial does not.
  const digest = {
    changes: digestChanges(plan, { lineage: input.basis.lineage, secrets: input.secrets }),
    basis: digestBasis(input.basis),
  };
  return { plan: { ...plan, digest }, problems: [] };
}

/** What a plan may hold, before it is limited to what was asked for. */
interface Drafted {
  readonly changes: readonly ChangeDraft[];
  readonly unchanged: number;
  readonly strays: Plan["strays"];
  readonly warnings: readonly string[];
  readonly matched: ReadonlyMap<string, ObjectRow>;
  readonly finishContext: FinishContext;
  readonly lateProblems: () => readonly PlanProblem[];
}

type Problems = { readonly problems: readonly PlanProblem[] };

function draftForSource(input: PlanInput): Drafted | Problems {
  const ordered = decideAndOrder(input);
  if ("problems" in ordered) return ordered;
  const { decisions, drafted, strays } = ordered;
  const { unchanged, warnings, matched, finishContext } = decisions;
  const lateProblems = (): readonly PlanProblem[] => decisions.problems;
  return { changes: drafted.changes, unchanged, strays, warnings, matched: matched.rows, finishContext, lateProblems };
}

function draftForState(input: PlanInput): Drafted | Problems {
  const { changes, unchanged, problems } = draftRefresh(input);
  if (problems.length > 0) return { problems };
  const { strays } = claimStrays(input.observed, input.operations ?? [], input.handler);
  const matched = matchRows(input.graph, input.rows, input.observed.rows, false).rows;
  const finishContext: FinishContext = {
    attribute: (key, name) => {
      const row = matched.get(key);
      if (row) return input.observed.rows.get(row.object)?.kind === "absent" ? undefined : attributeOf(row, name, input.observed);
      const named = input.observed.named.get(key);
      return named?.kind === "found" ? (named.observed.attributes[name] ?? null) : undefined;
    },
    outputs: input.graph.outputs,
    transforms: mergeTransforms(input),
  };
  // The next plan of the source deletes what an operation of ours made; this one leaves it alone.
  const unclaimed = strays.filter((stray) => stray.kind === "unclaimed");
  return { changes, unchanged, strays: unclaimed, warnings: [], matched, finishContext, lateProblems: () => [] };
}

function compareOutputs(input: PlanInput, drafted: Drafted, selected: readonly ChangeDraft[]): Plan["outputs"] {
  const left = findLeft(drafted.changes, selected);
  const destroy = input.destroy === true;
  const common: OutputsInput = {
    outputs: input.graph.stackOutputs,
    recorded: input.outputs ?? {},
    lineage: input.lineage,
    secrets: input.secrets,
    destroy,
    isLeft: (key) => left.has(key),
    onlyKnown: input.refreshOnly === true,
  };
  if (left.size === 0) return diffOutputs(common, drafted.finishContext);
  const matched = destroy ? matchRows(input.graph, input.rows, input.observed.rows, false).rows : drafted.matched;
  const attribute = withoutLeft({ ...drafted, matched }, left, input.observed);
  const context: FinishContext = { ...drafted.finishContext, attribute };
  return destroy ? listLostOutputs(common, context) : diffOutputs(common, context);
}

/** Keys of the objects of which a change was left out. */
function findLeft(all: readonly ChangeDraft[], selected: readonly ChangeDraft[]): ReadonlySet<string> {
  if (all.length === selected.length) return new Set();
  const kept = new Set(selected);
  return new Set(all.flatMap((change) => (kept.has(change) ? [] : [change.key])));
}

/** What was left out gives the values that it has, and none when it is not there. */
function withoutLeft(
  { matched, finishContext }: Pick<Drafted, "matched" | "finishContext">,
  left: ReadonlySet<string>,
  observed: PlanInput["observed"],
): FinishContext["attribute"] {
  return (key, name) => {
    if (!left.has(key)) return finishContext.attribute(key, name);
    const row = matched.get(key);
    return row && attributeOf(row, name, observed);
  };
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
    const { strays, removals: claimed } = claimStrays(input.observed, input.operations ?? [], input.handler);
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
