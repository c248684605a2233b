// The plan as a person reads it: grouped by resource, native detail beneath; destroys and replacements first in the
// summary and never folded; unchanged things counted, not listed.

import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { Change, Plan, PropChange } from "../../engine/plan/change.ts";
import { askedFor } from "../../engine/plan/decide-object.ts";
import type { Impact } from "../../engine/provider/native-schema.ts";
import type { ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { kinds } from "../../grammar/kinds/catalog.ts";
import { formatPlace, type SourceFile } from "../../grammar/source/source-file.ts";
import type { Providers } from "../load-providers.ts";
import type { Style, Terminal } from "../terminal.ts";
import { describeResource } from "./describe-resource.ts";
import { formatProp } from "./format-value.ts";
import { describeDifference } from "./prop-change.ts";
import { describeUntagged } from "./untagged.ts";

type PropView = Omit<PropChange, "from" | "to"> & { readonly from?: unknown; readonly to?: unknown };
type ChangeView = Omit<Change, "props" | "operations"> & { readonly props: readonly PropView[] };

/** What is shown of a plan, whether made just now or read from a file. */
export type PlanView = Omit<Plan, "changes" | "digest" | "blocked" | "leftOut"> & {
  readonly changes: readonly ChangeView[];
  readonly blocked?: Plan["blocked"] | undefined;
  readonly leftOut?: number | undefined;
};

export interface PlanTextInput {
  readonly plan: PlanView;
  /** Absent when the plan is read from a file without its sources. */
  readonly graph?: ResourceGraph;
  /** Tells which prop of the author a native one comes from. */
  readonly native?: NativeGraph;
  /** Those of the graph's clouds: they tell what can carry tags. */
  readonly providers?: Providers;
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly terminal: Pick<Terminal, "style">;
}

const signs: Readonly<Record<Change["action"], { readonly sign: string; readonly style: Style }>> = {
  create: { sign: "+", style: "green" },
  update: { sign: "~", style: "yellow" },
  replace: { sign: "±", style: "magenta" },
  delete: { sign: "-", style: "red" },
  adopt: { sign: "=", style: "cyan" },
  forget: { sign: "x", style: "yellow" },
  rename: { sign: ">", style: "cyan" },
};

/** The order of weight: what a resource's line shows when its objects do different things. */
const weights: readonly Change["action"][] = ["replace", "delete", "create", "update", "adopt", "rename", "forget"];

/** The whole text, ending with a line break. */
export function renderPlan(input: PlanTextInput): string {
  const { plan, terminal } = input;
  const lines: string[] = [renderHeadline(input), ""];
  const groups = groupByAddress(plan.changes);
  const parts = countObjects(input, groups);
  for (const [address, changes] of groups) lines.push(...renderGroup(input, address, changes, parts.get(address) ?? changes.length));
  if (groups.size === 0) lines.push(describeNothing(plan), "");
  else lines.push("");
  if (input.graph && input.providers)
    lines.push(...describeUntagged(plan.changes, input.graph, input.providers).map((line) => terminal.style("dim", line)));
  lines.push(...renderRest(input));
  return `${lines.join("\n").trimEnd()}\n`;
}

/** `3 to create, 1 to replace, 0 to destroy, 14 unchanged, 2 left out`, counting objects. */
function summarise(plan: Pick<PlanView, "changes" | "unchanged" | "leftOut" | "refreshOnly">): string {
  const count = (action: Change["action"]): number => plan.changes.filter((change) => change.action === action).length;
  const rest = [`${plan.unchanged} unchanged`, ...(plan.leftOut === undefined ? [] : [`${plan.leftOut} left out`])];
  if (plan.refreshOnly) return [`${count("update")} to record`, `${count("forget")} gone`, ...rest].join(", ");
  const words = [`${count("create")} to create`, `${count("replace")} to replace`, `${count("delete")} to destroy`];
  if (count("update") > 0) words.splice(1, 0, `${count("update")} to update`);
  for (const action of ["adopt", "rename", "forget"] as const) if (count(action) > 0) words.push(`${count(action)} to ${action}`);
  return [...words, ...rest].join(", ");
}

function describeNothing(plan: PlanView): string {
  if (plan.leftOut !== undefined) return "No changes to what was asked for.";
  if (plan.blocked !== undefined && plan.blocked.length > 0) return "Nothing can be done before what is in flight is settled.";
  if (plan.outputs.length > 0) return "No object changes.";
  return plan.refreshOnly ? "Nothing to record. The world is as the state says." : "No changes. The world is as the stack says.";
}

function renderHeadline({ plan, graph, terminal }: PlanTextInput): string {
  const clouds = graph
    ? [...new Set([...graph.resources.values()].map((resource) => resource.cloud))].map((name) => {
        const region = graph.clouds.get(name)?.settings.region;
        return typeof region === "string" ? `${name} ${region}` : name;
      })
    : [...new Set(plan.changes.map((change) => change.cloud))];
  const mode = [
    plan.world === "simulated" ? "simulated" : "",
    plan.offline ? "not compared with any cloud" : "",
    plan.destroy ? "destroy" : "",
    plan.refreshOnly ? "refresh only: nothing is sent" : "",
  ].filter(Boolean);
  const head = `${plan.stack}${clouds.length > 0 ? ` → ${clouds.join(", ")}` : ""}${mode.length > 0 ? ` (${mode.join(", ")})` : ""}`;
  return `${terminal.style("bold", head)}    ${summarise(plan)}`;
}

function groupByAddress(changes: readonly ChangeView[]): ReadonlyMap<string, readonly ChangeView[]> {
  const groups = new Map<string, ChangeView[]>();
  for (const change of changes) {
    const group = groups.get(change.address);
    if (group) group.push(change);
    else groups.set(change.address, [change]);
  }
  return groups;
}

/** How many objects each changed resource has, changed or not. */
function countObjects({ native }: PlanTextInput, groups: ReadonlyMap<string, unknown>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { address } of native?.objects.values() ?? []) if (groups.has(address)) counts.set(address, (counts.get(address) ?? 0) + 1);
  return counts;
}

function renderGroup(input: PlanTextInput, address: string, changes: readonly ChangeView[], parts: number): readonly string[] {
  const { terminal, graph, sources } = input;
  const action = weights.find((weight) => changes.some((change) => change.action === weight)) ?? "update";
  // A resource of which only a part is new or goes is itself updated.
  const isPart =
    changes.some((change) => change.action !== action) ||
    (action === "create" && changes.length < parts) ||
    (action === "delete" && graph?.resources.has(address) === true && !input.plan.destroy);
  const resource = graph?.resources.get(address);
  const move = describeMove(changes, resource?.cloud, parts);
  const shown = move !== "" ? "replace" : (action === "create" || action === "delete") && isPart ? "update" : action;
  const { sign, style } = signs[shown];
  const reason = move || describeReason(input, changes, shown);
  const about = shown === "create" && resource ? describeResource(resource) : reason;
  const span = changes.find((change) => change.span)?.props.find((prop) => prop.span)?.span ?? changes.find((change) => change.span)?.span;
  const place = span && shown !== "create" ? shortPlace(sources, span) : "";
  const head = ` ${terminal.style(style, sign)} ${terminal.style("bold", address)}${about ? `  ${about}` : ""}${place ? `  ${terminal.style("dim", place)}` : ""}`;
  return [head, ...changes.flatMap((change) => renderChange(input, change))];
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

function shortPlace(
  sources: ReadonlyMap<string, SourceFile>,
  span: { readonly file: string; readonly start: number; readonly end: number },
): string {
  return formatPlace(sources.get(span.file), span).replace(/:\d+$/, "");
}

function describeReason(input: PlanTextInput, changes: readonly ChangeView[], action: Change["action"]): string {
  const all = changes.flatMap((change) => change.props.filter((prop) => prop.forces !== undefined).map((prop) => ({ change, prop })));
  const forcing = all.find(({ prop }) => prop.forces === askedFor) ?? all.find(({ prop }) => forces(prop) === "forces") ?? all[0];
  if (action === "replace" && forcing?.prop.forces === askedFor) return "(asked for by --replace)";
  if (action === "replace" && forcing) return `${nameForAuthor(input, forcing.change, forcing.prop)} ${forces(forcing.prop)} replacement`;
  if (input.plan.refreshOnly) return changes.every((change) => change.action === "forget") ? "is gone" : "differs from what is recorded";
  const causes = new Set(changes.flatMap((change) => change.props.map((prop) => prop.cause)));
  const was = changes.find((change) => change.previousAddress !== undefined)?.previousAddress;
  if (was !== undefined) return `was ${was}`;
  if (causes.has("drift") && !causes.has("author")) return "drifted from what was applied";
  return "";
}

/** `image → ubuntu-24.04`: the prop as the author wrote it; the native one where there is none. */
function nameForAuthor({ graph, native }: PlanTextInput, change: ChangeView, prop: PropView): string {
  const name = native?.objects.get(change.key)?.from[prop.prop];
  const resource = graph?.resources.get(change.address);
  const value = name === undefined ? undefined : resource?.props[name];
  if (name === undefined || resource === undefined || value === undefined) return name ?? prop.prop;
  return `${name} → ${formatProp(value, kinds.get(resource.kind)?.props[name]?.type.kind ?? "")}`;
}

const impacts: Readonly<Record<Impact, string>> = { none: "", restart: "restart", downtime: "downtime", "data-loss": "data-loss" };

function renderChange(input: PlanTextInput, change: ChangeView): readonly string[] {
  const { terminal } = input;
  const { sign, style } = signs[change.action];
  const words = [change.type, change.role];
  if (change.action === "replace" && change.order) words.push(change.order === "create-first" ? "(new one first)" : "(old one goes first)");
  if (change.possible) words.push("(perhaps: depends on values known at apply)");
  const impact = impacts[change.impact];
  const warning = impact === "" ? "" : ` ${terminal.style("red", impact)}`;
  const lines = [`     ${terminal.style(style, sign)} ${words.join(" ")}${warning}`];
  if (change.action !== "create")
    for (const prop of change.props)
      lines.push(...renderProp(prop, terminal, prop.span && shortPlace(input.sources, prop.span)).map((text) => `         ${text}`));
  for (const note of change.notes ?? []) lines.push(`         ${terminal.style("dim", note)}`);
  return lines;
}

/** What waits for a value can turn out to be what is there already. */
function forces(prop: PropView): string {
  return prop.waitsFor && prop.waitsFor.length > 0 ? "may force" : "forces";
}

function renderProp(prop: PropView, terminal: Pick<Terminal, "style">, place: string | undefined): readonly string[] {
  const named = prop.secret ? `${prop.prop} (secret) changes` : prop.from === undefined && prop.to === undefined ? prop.prop : undefined;
  const changes = named === undefined ? describeDifference(prop.prop, prop.from, prop.to) : [named];
  const words: string[] = [];
  if (prop.forces !== undefined) words.push(`${forces(prop)} replacement: ${prop.forces}${place ? `, ${place}` : ""}`);
  if (prop.cause === "drift") words.push("drift");
  if (prop.cause === "both") words.push("edited and drifted");
  if (prop.waitsFor && prop.waitsFor.length > 0) words.push(`waits for ${prop.waitsFor.join(", ")}`);
  const note = words.length > 0 ? terminal.style("dim", ` (${words.join("; ")})`) : "";
  return changes.map((change) => `${change}${note}`);
}

function renderRest({ plan, terminal }: PlanTextInput): readonly string[] {
  const lines: string[] = [];
  const outputs = plan.outputs.map((output) => {
    if (output.secret) return `   ${output.name} = (secret)`;
    if (output.deferred) return `   ${output.name} = (known after ${(output.waitsFor ?? []).join(", ") || "apply"})`;
    return `   ${output.name} = ${output.to === undefined ? "(removed)" : JSON.stringify(output.to)}`;
  });
  if (outputs.length > 0) lines.push("Outputs that change:", ...outputs, "");
  const strays = plan.strays.filter((stray) => stray.kind === "unclaimed");
  if (strays.length > 0) {
    lines.push(terminal.style("yellow", "Objects that carry this stack's mark and are not managed (left alone):"));
    for (const stray of strays) lines.push(`   ${stray.id.type} ${stray.id.id}${stray.marks.address ? ` (${stray.marks.address})` : ""}`);
    lines.push("");
  }
  if (plan.blocked && plan.blocked.length > 0) {
    lines.push(terminal.style("yellow", "Left out until it is settled:"), ...plan.blocked.map((one) => `   ${one.key}: ${one.reason}`), "");
  }
  if (plan.leftOut !== undefined)
    lines.push(`${plan.leftOut} more ${plan.leftOut === 1 ? "change is" : "changes are"} left out by --target or --exclude.`);
  for (const settled of plan.settled)
    lines.push(`In flight when a run ended: ${settled.key}: ${settled.outcome}${settled.reason ? ` (${settled.reason})` : ""}`);
  for (const warning of plan.warnings) lines.push(`${terminal.style("yellow", "warning")}: ${warning}`);
  return lines;
}
