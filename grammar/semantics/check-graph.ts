// Checks that need all resources at once: references across clouds, attributes that a resource will not have, and the checks
// of the kinds. Each is near-linear in the graph.

import type { PortableResource, ResourceGraph } from "../graph/resource-graph.ts";
import type { CheckContext } from "../kinds/kind.ts";
import type { BuiltResource } from "./build-resource.ts";
import { type Evaluation, formatOrigin } from "./evaluation.ts";
import type { Link } from "./links.ts";
import { makeError } from "./report.ts";

/** `built` is in code-point order of address, as the graph is. */
export function checkGraph(evaluation: Evaluation, graph: ResourceGraph, built: ReadonlyMap<string, BuiltResource>): void {
  const { report, kinds } = evaluation.model;
  const refused = new Set<string>();
  for (const { resource, links } of built.values()) {
    for (const link of links.objects) {
      const target = graph.resources.get(link.address);
      if (!target || target.cloud === resource.cloud) continue;
      reportCrossing(evaluation, resource, link, target);
      refused.add(resource.address);
    }
  }
  checkAttributeReads(evaluation, graph);
  const context: CheckContext = { graph, referrers: indexReferrers(built) };
  for (const resource of graph.resources.values()) {
    // What refers to another cloud is not judged further: its checks would compare what cannot meet.
    if (refused.has(resource.address)) continue;
    for (const check of kinds.get(resource.kind)?.checks ?? []) for (const found of check(resource, context)) report.add(found);
  }
}

/** Resources without those that refer to one that is missing, directly or through others. */
export function keepComplete(built: readonly BuiltResource[]): readonly BuiltResource[] {
  const present = new Map(built.map((one) => [one.resource.address, one]));
  const needs = ({ resource }: BuiltResource): readonly string[] =>
    resource.annotations.after ? [...resource.references, ...resource.annotations.after] : resource.references;
  const missing = built.flatMap((one) => (needs(one).every((address) => present.has(address)) ? [] : [one.resource.address]));
  if (missing.length === 0) return built;
  const referrers = new Map<string, string[]>();
  for (const one of built) {
    for (const address of needs(one)) {
      const known = referrers.get(address);
      if (known) known.push(one.resource.address);
      else referrers.set(address, [one.resource.address]);
    }
  }
  for (const address of missing) present.delete(address);
  for (let address = missing.pop(); address !== undefined; address = missing.pop()) {
    for (const referrer of referrers.get(address) ?? []) if (present.delete(referrer)) missing.push(referrer);
  }
  return [...present.values()];
}

function reportCrossing(evaluation: Evaluation, resource: PortableResource, link: Link, target: PortableResource): void {
  const checked = evaluation.model.resources.get(target.name);
  const example = `${target.kind} ${target.name}[c in [${resource.cloud < target.cloud ? `${resource.cloud}, ${target.cloud}` : `${target.cloud}, ${resource.cloud}`}]] on c`;
  const span = resource.places[link.place] ?? resource.span;
  evaluation.model.report.add(
    makeError("K1505", {
      message: `${resource.address} is on \`${resource.cloud}\`, and ${target.address} on \`${target.cloud}\``,
      span,
      ...(checked
        ? { related: [{ span: checked.declaration.name.span, message: `${target.kind} \`${target.name}\` is declared here` }] }
        : {}),
      hint: `an object can be used on its own cloud only: make one on each, \`${example}\`, and write \`${target.name}[${resource.cloud}]\` here`,
    }),
  );
}

function checkAttributeReads(evaluation: Evaluation, graph: ResourceGraph): void {
  const { kinds, report } = evaluation.model;
  const judged = new Map<string, boolean>();
  for (const { origin, span } of evaluation.attributeReads) {
    const resource = graph.resources.get(origin.address);
    const kind = resource && kinds.get(resource.kind);
    if (!resource || !kind) continue;
    const [first = "", , last = ""] = origin.path;
    const schema = origin.path.length === 1 ? kind.attributes[first] : kind.blocks?.[first]?.attributes[last];
    if (!schema?.present) continue;
    const text = formatOrigin(origin);
    const has = judged.get(text) ?? schema.present(resource);
    judged.set(text, has);
    if (has) continue;
    report.add(
      makeError("K1409", {
        message: `${resource.address} will have no \`${origin.path.join(".")}\``,
        span,
        related: [{ span: resource.span, message: `${resource.kind} \`${resource.name}\` is declared here` }],
        hint: schema.absentHint ?? "read another attribute, or change the resource so that it has this one",
      }),
    );
  }
}

function indexReferrers(built: ReadonlyMap<string, BuiltResource>): CheckContext["referrers"] {
  let index: Map<string, Map<string, PortableResource[]>> | undefined;
  const ALL = "";
  const nobody: readonly PortableResource[] = [];
  const build = (): Map<string, Map<string, PortableResource[]>> => {
    const byTarget = new Map<string, Map<string, PortableResource[]>>();
    for (const { resource, links } of built.values()) {
      for (const link of links.objects) {
        const byProp = byTarget.get(link.address) ?? new Map<string, PortableResource[]>();
        byTarget.set(link.address, byProp);
        for (const prop of [link.prop, ALL]) {
          const list = byProp.get(prop);
          if (!list) byProp.set(prop, [resource]);
          else if (list.at(-1) !== resource) list.push(resource);
        }
      }
    }
    return byTarget;
  };
  return (address, prop = ALL) => {
    index ??= build();
    return index.get(address)?.get(prop) ?? nobody;
  };
}
