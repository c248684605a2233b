// From a plan, or from why there is none, to what a reviewer is shown of it. Adds nothing and decides nothing; no secret goes in. Pure.

import { posix } from "node:path";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { Action, OutputChange, Plan } from "../../engine/plan/change.ts";
import type { PlanProblem } from "../../engine/plan/problem.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { sortDiagnostics } from "../../grammar/diagnostics/render.ts";
import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { positionAt, type SourceFile } from "../../grammar/source/source-file.ts";
import type { Span } from "../../grammar/source/span.ts";
import { countActions } from "./describe-change.ts";
import { type ChangeGroup, groupChanges } from "./group-changes.ts";
import type { ChangeView, PlanView, PropView } from "./plan-view.ts";
import type { PlanReport, ReportChange, ReportDiagnostic, ReportGroup, ReportOutput, ReportPlace, ReportProp } from "./report.ts";
import { reportFormat } from "./report.ts";
import { reportLowered, reportValue } from "./report-value.ts";

/** Of what the report is, and when it was made. */
export type ReportHead = Pick<PlanReport, "koine" | "stack" | "world" | "mode" | "createdAt" | "revision">;

/** What a report takes from a plan. A comparison of two revisions has no digest. */
export type ReportedPlan = Pick<PlanView, "outputs" | "strays" | "settled" | "warnings" | "destroy" | "unchanged" | "changes"> &
  Partial<Pick<PlanView, "refreshOnly" | "blocked" | "leftOut"> & Pick<Plan, "digest">>;

export interface ReportInput {
  readonly head: ReportHead;
  readonly plan: ReportedPlan;
  readonly graph: ResourceGraph;
  readonly native: NativeGraph;
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly diagnostics: readonly Diagnostic[];
  /** Beside those of the plan. */
  readonly warnings?: readonly string[];
  /** What is good to know and warns of nothing. */
  readonly notes?: readonly Pick<ReportDiagnostic, "code" | "message">[];
}

/** Above this many resources neither diagrams nor the lowering stand in it: nobody could read them, and the file would be mostly them. */
const drawnResources = 2_000;

/** The heaviest first: destroys and replacements, then the rest. */
const ranks: Readonly<Record<Action, number>> = { replace: 0, delete: 0, create: 1, update: 1, adopt: 1, rename: 1, forget: 1 };

export function buildReport(input: ReportInput): PlanReport {
  const { head, plan, graph, native, sources } = input;
  const groups = groupChanges({ plan, graph, native }).toSorted(
    (a, b) => ranks[a.action] - ranks[b.action] || compareCodePoints(a.address, b.address),
  );
  const placeOf = placesOf(head, sources);
  const isDrawn = graph.resources.size <= drawnResources;
  return {
    ...emptyReport(head),
    clouds: listClouds(graph, plan.changes),
    counts: { ...countActions(plan.changes), unchanged: plan.unchanged, leftOut: plan.leftOut ?? 0 },
    ...(plan.digest ? { digest: plan.digest } : {}),
    groups: groups.map((group) => reportGroup(group, graph, placeOf)),
    outputs: plan.outputs.map(reportOutput),
    strays: plan.strays.map(({ id, marks, kind }) => ({
      type: id.type,
      id: id.id,
      ...(marks.address === undefined ? {} : { address: marks.address }),
      claimed: kind === "claimed",
    })),
    settled: plan.settled.map(({ key, outcome, reason }) => ({ key, outcome, ...(reason === undefined ? {} : { reason }) })),
    blocked: (plan.blocked ?? []).map(({ address, reason }) => ({ address, reason })),
    warnings: [...plan.warnings, ...(input.warnings ?? [])],
    diagnostics: [
      ...reportDiagnostics(input.diagnostics, placeOf),
      ...(input.notes ?? []).map((note) => ({ ...note, severity: "info" as const })),
    ],
    ...(isDrawn ? { graph: drawGraph(graph, groups), lowered: listLowered(native) } : {}),
  };
}

export interface FailedReportInput {
  readonly head: ReportHead;
  readonly problems: readonly PlainProblem[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceFile>;
}

/** What kept a plan from being made, whoever found it. */
export type PlainProblem = Pick<PlanProblem, "message" | "span"> & { readonly hint?: string };

/** The report of a plan that could not be made: why, and nothing else. */
export function buildFailedReport({ head, problems, diagnostics, sources }: FailedReportInput): PlanReport {
  const placeOf = placesOf(head, sources);
  const reasons: readonly PlainProblem[] = problems.length > 0 ? problems : [nameLack(diagnostics)];
  return {
    ...emptyReport(head),
    diagnostics: reportDiagnostics(diagnostics, placeOf),
    problems: reasons.map(({ message, hint, span }) => ({ message, ...(hint === undefined ? {} : { hint }), ...withPlace(span, placeOf) })),
  };
}

/** A report without a plan and without a reason would read as if nothing changed. */
function nameLack(diagnostics: readonly Diagnostic[]): PlainProblem {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors === 0) return { message: "the run ended before there was a plan", hint: "its log says why; run it again" };
  return { message: `the sources have ${errors} ${errors === 1 ? "error" : "errors"}` };
}

/** Nothing changes, nothing is known. */
export function emptyReport(head: ReportHead): PlanReport {
  return {
    koineReport: reportFormat,
    ...head,
    clouds: [],
    counts: { ...countActions([]), unchanged: 0, leftOut: 0 },
    groups: [],
    outputs: [],
    strays: [],
    settled: [],
    blocked: [],
    warnings: [],
    diagnostics: [],
    problems: [],
    trust: [],
  };
}

type PlaceOf = (span: Span) => ReportPlace | undefined;

/** Places below the repository's root; none for a file outside of it. */
function placesOf({ stack }: ReportHead, sources: ReadonlyMap<string, SourceFile>): PlaceOf {
  return (span) => {
    const file = posix.join(stack.folder, span.file);
    const source = sources.get(span.file);
    if (!source || file === ".." || file.startsWith("../") || posix.isAbsolute(file)) return undefined;
    return { file, ...positionAt(source, span.start) };
  };
}

function withPlace(span: Span | undefined, placeOf: PlaceOf): { readonly place?: ReportPlace } {
  const place = span && placeOf(span);
  return place ? { place } : {};
}

/** Those that hold resources or changes, in the order of the source. */
function listClouds(graph: ResourceGraph, changes: readonly ChangeView[]): PlanReport["clouds"] {
  const clouds = new Map<string, { readonly name: string; readonly provider: string; readonly place?: string }>();
  for (const { cloud: name, provider } of [...graph.resources.values(), ...changes]) {
    if (clouds.has(name)) continue;
    const region = graph.clouds.get(name)?.settings.region;
    clouds.set(name, { name, provider, ...(typeof region === "string" ? { place: region } : {}) });
  }
  return [...clouds.values()];
}

function reportGroup({ address, action, about, span, changes }: ChangeGroup, graph: ResourceGraph, placeOf: PlaceOf): ReportGroup {
  const resource = graph.resources.get(address);
  return {
    address,
    kind: resource?.kind ?? kindOf(address),
    cloud: resource?.cloud ?? changes[0]?.cloud ?? "",
    action,
    about,
    ...withPlace(span, placeOf),
    changes: changes.map(reportChange),
  };
}

/** `machine` of `cluster.db/machine.node[0]`. */
function kindOf(address: string): string {
  return /(?:^|\/)([a-z_]+)\.[^/]*$/.exec(address)?.[1] ?? "";
}

function reportChange({ key, type, role, action, impact, order, possible, props, notes }: ChangeView): ReportChange {
  return {
    key,
    type,
    role,
    action,
    impact,
    ...(order ? { order } : {}),
    ...(possible ? { possible } : {}),
    props: props.map(reportProp),
    notes: notes ?? [],
  };
}

function reportProp({ prop, from, to, cause, forces, waitsFor, secret }: PropView): ReportProp {
  return {
    prop,
    ...(from === undefined || secret ? {} : { from: reportValue(from) }),
    ...(to === undefined || secret ? {} : { to: reportValue(to) }),
    ...(secret ? { secret } : {}),
    cause,
    ...(forces === undefined ? {} : { forces }),
    ...(waitsFor === undefined ? {} : { waitsFor }),
  };
}

function reportOutput({ name, from, to, deferred, secret, waitsFor }: OutputChange): ReportOutput {
  return {
    name,
    ...(from === undefined || secret ? {} : { from: reportValue(from) }),
    ...(to === undefined || secret ? {} : { to: reportValue(to) }),
    deferred,
    secret,
    ...(waitsFor === undefined ? {} : { waitsFor }),
  };
}

function reportDiagnostics(diagnostics: readonly Diagnostic[], placeOf: PlaceOf): readonly ReportDiagnostic[] {
  return sortDiagnostics(diagnostics).map(({ code, severity, message, span, hint }) => ({
    code,
    severity,
    message,
    ...withPlace(span, placeOf),
    ...(hint === undefined ? {} : { hint }),
  }));
}

function drawGraph(graph: ResourceGraph, groups: readonly ChangeGroup[]): NonNullable<PlanReport["graph"]> {
  const actions = new Map(groups.map(({ address, action }) => [address, action] as const));
  const gone = groups.filter(({ address }) => !graph.resources.has(address));
  const nodes = [
    ...[...graph.resources.values()].map(({ address, kind, cloud }) => ({ address, kind, cloud })),
    ...gone.map(({ address, changes }) => ({ address, kind: kindOf(address), cloud: changes[0]?.cloud ?? "" })),
  ];
  const positions = new Map(nodes.map(({ address }, index) => [address, index] as const));
  const edges: (readonly [number, number])[] = [];
  for (const { address, references } of graph.resources.values()) {
    for (const other of references) {
      const [from, to] = [positions.get(address), positions.get(other)];
      if (from !== undefined && to !== undefined && from !== to) edges.push([from, to]);
    }
  }
  const withAction = nodes.map((node) => {
    const action = actions.get(node.address);
    return action ? { ...node, action } : node;
  });
  return { nodes: withAction, edges };
}

function listLowered(native: NativeGraph): NonNullable<PlanReport["lowered"]> {
  const groups = Map.groupBy(native.objects.values(), ({ address }) => address);
  return [...groups].map(([address, objects]) => ({
    address,
    cloud: objects[0]?.cloud ?? "",
    objects: objects.map(({ type, role, props }) => ({
      type,
      role,
      props: Object.fromEntries(Object.entries(props).map(([name, value]) => [name, reportLowered(value)])),
    })),
  }));
}

export function serialiseReport(report: PlanReport): string {
  return `${JSON.stringify(report, undefined, 1)}\n`;
}
