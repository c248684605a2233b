// `nat_ip` exists only in a subnet that others name in `nat`, which the subnet alone cannot know. The places that read it are
// gathered once per graph.

import type { ResourceGraph } from "../../graph/resource-graph.ts";
import { isDeferred, tag, tagOf } from "../../graph/value.ts";
import type { Span } from "../../source/span.ts";
import type { KindCheck } from "../kind.ts";
import { declaredHere, makeError, nameOf } from "./reading.ts";

const maxDepth = 100;

export const checkNatAddressReads: KindCheck = (subnet, context) => {
  if (context.referrers(subnet.address, "nat").length > 0) return [];
  const place = findReads(context.graph).get(subnet.address);
  if (!place) return [];
  return [
    makeError("K2112", place, `subnet \`${nameOf(subnet)}\` has no \`nat_ip\`, because no subnet names it in \`nat\``, {
      related: [declaredHere(subnet)],
      hint: `write \`nat = ${nameOf(subnet)}\` in the subnet that should reach the internet through it`,
    }),
  ];
};

const readsOf = new WeakMap<ResourceGraph, ReadonlyMap<string, Span>>();

/** The first place that reads `nat_ip`, by the address of the subnet. */
function findReads(graph: ResourceGraph): ReadonlyMap<string, Span> {
  const known = readsOf.get(graph);
  if (known) return known;
  const reads = new Map<string, Span>();
  for (const resource of graph.resources.values()) {
    for (const [name, value] of Object.entries(resource.props)) collect(value, resource.places[name] ?? resource.span, reads, 0);
    for (const rule of resource.rules) {
      for (const peer of rule.peers) if (peer.kind === "deferred") collect(peer.value, rule.span, reads, 0);
    }
  }
  for (const output of graph.outputs.values()) collect(output.value, output.span, reads, 0);
  for (const assert of graph.asserts) {
    collect(assert.condition, assert.span, reads, 0);
    collect(assert.message, assert.span, reads, 0);
  }
  readsOf.set(graph, reads);
  return reads;
}

function collect(value: unknown, place: Span, reads: Map<string, Span>, depth: number): void {
  if (typeof value !== "object" || value === null || depth > maxDepth) return;
  if (isDeferred(value)) {
    for (const origin of value.origins) {
      if (origin.path.length === 1 && origin.path[0] === "nat_ip" && !reads.has(origin.address)) reads.set(origin.address, place);
    }
    return;
  }
  if (Array.isArray(value) || value instanceof Map) {
    for (const item of value.values()) collect(item, place, reads, depth + 1);
    return;
  }
  const kind = tagOf(value);
  if (kind === "secret") collect((value as { readonly [tag]: "secret"; readonly value: unknown }).value, place, reads, depth + 1);
  else if (kind === undefined) for (const item of Object.values(value)) collect(item, place, reads, depth + 1);
}
