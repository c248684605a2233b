// A plan by resource, as its author thinks of it: what happens to each and why, in the author's words. Shared by every rendering of a plan, so that
// none says something else than another. Pure.

import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { Action } from "../../engine/plan/change.ts";
import { askedFor } from "../../engine/plan/decide-object.ts";
import type { ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { kinds } from "../../grammar/kinds/catalog.ts";
import type { Span } from "../../grammar/source/span.ts";
import { describeResource } from "../render/describe-resource.ts";
import { formatProp } from "../render/format-value.ts";
import { describeForce } from "./describe-change.ts";
import type { ChangeView, PlanView, PropView } from "./plan-view.ts";

export interface GroupInput<Shown extends ChangeView = ChangeView> {
  readonly plan: Pick<PlanView, "destroy" | "refreshOnly"> & { readonly changes: readonly Shown[] };
  /** Absent when the plan is read from a file without its sources. */
  readonly graph?: ResourceGraph;
  /** Tells which prop of the author a native one comes from. */
  readonly native?: NativeGraph;
}

/** What happens to the objects of one resource. */
export interface ChangeGroup<Shown extends ChangeView = ChangeView> {
  readonly address: string;
  readonly action: Action;
  /** Of a new resource what it is, else why it changes; may be empty. */
  readonly about: string;
  /** Of the prop that changes; of a new resource, or where no prop has one, of the resource. Absent where the source has it no more. */
  readonly span?: Span;
  readonly changes: readonly Shown[];
}

/** The order of weight: what a resource's line shows when its objects do different things. */
const weights: readonly Action[] = ["replace", "delete", "create", "update", "adopt", "rename", "forget"];

/** In the order in which the addresses first stand in the plan. */
export function groupChanges<Shown extends ChangeView>(input: GroupInput<Shown>): readonly ChangeGroup<Shown>[] {
  const groups = Map.groupBy(input.plan.changes, (change) => change.address);
  const parts = countObjects(input.native, groups);
  return [...groups].map(([address, changes]) => judgeGroup(input, address, changes, parts.get(address) ?? changes.length));
}

/** How many objects each changed resource has, changed or not. */
function countObjects(native: NativeGraph | undefined, groups: ReadonlyMap<string, unknown>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { address } of native?.objects.values() ?? []) if (groups.has(address)) counts.set(address, (counts.get(address) ?? 0) + 1);
  return counts;
}

function judgeGroup<Shown extends ChangeView>(
  input: GroupInput<Shown>,
  address: string,
  changes: readonly Shown[],
  parts: number,
): ChangeGroup<Shown> {
  const { graph, plan } = input;
  const heaviest = weights.find((weight) => changes.some((change) => change.action === weight)) ?? "update";
  // A resource of which only a part is new or goes is itself updated.
  const isPart =
    changes.some((change) => change.action !== heaviest) ||
    (heaviest === "create" && changes.length < parts) ||
    (heaviest === "delete" && graph?.resources.has(address) === true && !plan.destroy);
  const resource = graph?.resources.get(address);
  const move = describeMove(changes, resource?.cloud, parts);
  const action = move !== "" ? "replace" : (heaviest === "create" || heaviest === "delete") && isPart ? "update" : heaviest;
  const about = action === "create" && resource ? describeResource(resource) : move || describeReason(input, changes, action);
  const declared = changes.find((change) => change.span);
  const span = (action === "create" ? undefined : declared?.props.find((prop) => prop.span)?.span) ?? declared?.span;
  return { address, action, about, ...(span ? { span } : {}), changes };
}

/** A resource that is made anew elsewhere and ended where it was: the author moved it, or the cloud it is on. */
function describeMove(changes: readonly ChangeView[], cloud: string | undefined, parts: number): string {
  const made = changes.filter((change) => change.action === "create");
  const ended = changes.filter((change) => change.action === "delete");
  if (cloud === undefined || made.length === 0 || ended.length === 0) return "";
  const left = [...new Set(ended.map((change) => change.cloud))].filter((name) => name !== cloud);
  if (left.length > 0) return `moves from ${left.join(", ")} to ${cloud}: made there, then ended here`;
  return made.length === parts ? `moves within ${cloud}: made there, then ended here` : "";
}

function describeReason(input: GroupInput, changes: readonly ChangeView[], action: Action): string {
  const all = changes.flatMap((change) => change.props.filter((prop) => prop.forces !== undefined).map((prop) => ({ change, prop })));
  const forcing = all.find(({ prop }) => prop.forces === askedFor) ?? all.find(({ prop }) => describeForce(prop) === "forces") ?? all[0];
  if (action === "replace" && forcing?.prop.forces === askedFor) return "(asked for by --replace)";
  if (action === "replace" && forcing)
    return `${nameForAuthor(input, forcing.change, forcing.prop)} ${describeForce(forcing.prop)} replacement`;
  if (input.plan.refreshOnly) return changes.every((change) => change.action === "forget") ? "is gone" : "differs from what is recorded";
  const causes = new Set(changes.flatMap((change) => change.props.map((prop) => prop.cause)));
  const was = changes.find((change) => change.previousAddress !== undefined)?.previousAddress;
  if (was !== undefined) return `was ${was}`;
  if (causes.has("drift") && !causes.has("author")) return "drifted from what was applied";
  return "";
}

/** `image → ubuntu-24.04`: the prop as the author wrote it; the native one where there is none. */
function nameForAuthor({ graph, native }: GroupInput, change: ChangeView, prop: PropView): string {
  const name = native?.objects.get(change.key)?.from[prop.prop];
  const resource = graph?.resources.get(change.address);
  const value = name === undefined ? undefined : resource?.props[name];
  if (name === undefined || resource === undefined || value === undefined) return name ?? prop.prop;
  return `${name} → ${formatProp(value, kinds.get(resource.kind)?.props[name]?.type.kind ?? "")}`;
}
