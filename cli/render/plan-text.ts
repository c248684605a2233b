// The plan as a person reads it: grouped by resource, native detail beneath; destroys and replacements first in the
// summary and never folded; unchanged things counted, not listed.

import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { Action } from "../../engine/plan/change.ts";
import type { ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { formatPlace, type SourceFile } from "../../grammar/source/source-file.ts";
import type { Providers } from "../load-providers.ts";
import { countActions, describeCause, describeCounts, describeObject, describeProp, signs } from "../report/describe-change.ts";
import { type ChangeGroup, groupChanges } from "../report/group-changes.ts";
import type { ChangeView, PlanView, PropView } from "../report/plan-view.ts";
import type { Style, Terminal } from "../terminal.ts";
import { describeUntagged } from "./untagged.ts";

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

const styles: Readonly<Record<Action, Style>> = {
  create: "green",
  update: "yellow",
  replace: "magenta",
  delete: "red",
  adopt: "cyan",
  forget: "yellow",
  rename: "cyan",
};

/** The whole text, ending with a line break. */
export function renderPlan(input: PlanTextInput): string {
  const { plan, terminal } = input;
  const lines: string[] = [renderHeadline(input), ""];
  for (const group of groupChanges(input)) lines.push(...renderGroup(input, group));
  if (plan.changes.length === 0) lines.push(describeNothing(plan), "");
  else lines.push("");
  if (input.graph && input.providers)
    lines.push(...describeUntagged(plan.changes, input.graph, input.providers).map((line) => terminal.style("dim", line)));
  lines.push(...renderRest(input));
  return `${lines.join("\n").trimEnd()}\n`;
}

function describeNothing(plan: PlanView): string {
  if (plan.against !== undefined) return "No object changes between the two revisions.";
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
    plan.against === undefined ? "" : `compared with ${plan.against}`,
    plan.offline ? "not compared with any cloud" : "",
    plan.destroy ? "destroy" : "",
    plan.refreshOnly ? "refresh only: nothing is sent" : "",
  ].filter(Boolean);
  const head = `${plan.stack}${clouds.length > 0 ? ` → ${clouds.join(", ")}` : ""}${mode.length > 0 ? ` (${mode.join(", ")})` : ""}`;
  return `${terminal.style("bold", head)}    ${describeCounts({ ...plan, counts: countActions(plan.changes) })}`;
}

function renderGroup(input: PlanTextInput, { address, action, about, span, changes }: ChangeGroup): readonly string[] {
  const { terminal, sources } = input;
  const place = span && action !== "create" ? shortPlace(sources, span) : "";
  const head = ` ${terminal.style(styles[action], signs[action])} ${terminal.style("bold", address)}${about ? `  ${about}` : ""}${place ? `  ${terminal.style("dim", place)}` : ""}`;
  return [head, ...changes.flatMap((change) => renderChange(input, change))];
}

function shortPlace(
  sources: ReadonlyMap<string, SourceFile>,
  span: { readonly file: string; readonly start: number; readonly end: number },
): string {
  return formatPlace(sources.get(span.file), span).replace(/:\d+$/, "");
}

function renderChange(input: PlanTextInput, change: ChangeView): readonly string[] {
  const { terminal } = input;
  const warning = change.impact === "none" ? "" : ` ${terminal.style("red", change.impact)}`;
  const sign = terminal.style(styles[change.action], signs[change.action]);
  const lines = [`     ${sign} ${describeObject(change).join(" ")}${warning}`];
  if (change.action !== "create")
    for (const prop of change.props)
      lines.push(...renderProp(prop, terminal, prop.span && shortPlace(input.sources, prop.span)).map((text) => `         ${text}`));
  for (const note of change.notes ?? []) lines.push(`         ${terminal.style("dim", note)}`);
  return lines;
}

function renderProp(prop: PropView, terminal: Pick<Terminal, "style">, place: string | undefined): readonly string[] {
  const words = describeCause(prop, place);
  const note = words.length > 0 ? terminal.style("dim", ` (${words.join("; ")})`) : "";
  return describeProp(prop).map((change) => `${change}${note}`);
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
