// What of a report's graph is drawn: all of it while a reader can take it in, else folded, and said so. Positions are not decided here.

import type { Action } from "../../../engine/plan/change.ts";
import type { PlanReport } from "../report.ts";

/** A resource, or several drawn as one. */
export interface ShapeNode {
  readonly label: string;
  readonly kind: string;
  readonly cloud: string;
  readonly action?: Action;
  readonly addresses: readonly string[];
}

export interface GraphShape {
  readonly nodes: readonly ShapeNode[];
  /** The first refers to the second; no node refers to itself, no pair stands twice. */
  readonly edges: readonly (readonly [number, number])[];
  /** How the drawing differs from the stack; empty when it does not. */
  readonly notes: readonly string[];
}

/** More boxes than this are no picture any more: at 100 the drawing is some 3,000 pixels high already, and laid out in a third of a second. */
const mostNodes = 90;

/** Undefined where there is nothing to draw, or nothing sensible. */
export function shapeGraph(graph: NonNullable<PlanReport["graph"]>): GraphShape | undefined {
  const whole: GraphShape = {
    nodes: graph.nodes.map((node) => ({ ...node, label: node.address, addresses: [node.address] })),
    edges: cleanEdges(graph.edges, graph.nodes.length),
    notes: [],
  };
  const folded = foldNodes(
    whole,
    (node) => node.label.replace(/\[[^[\]]*\]$/, ""),
    "instances of one declaration with the same change are one box",
  );
  const attempts: readonly (() => GraphShape)[] = [
    () => whole,
    () => folded,
    () => keepChanged(folded),
    () => foldNodes(keepChanged(whole), (node) => node.kind, "resources of one kind with the same change are one box"),
  ];
  for (const attempt of attempts) {
    const shape = attempt();
    if (shape.nodes.length > 0 && shape.nodes.length <= mostNodes) return shape;
  }
  return undefined;
}

function cleanEdges(edges: GraphShape["edges"], count: number): GraphShape["edges"] {
  const seen = new Set<number>();
  return edges.filter(([from, to]) => {
    const key = from * count + to;
    if (from === to || !isIndex(from, count) || !isIndex(to, count) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function isIndex(index: number, count: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < count;
}

/** Nodes of one cloud, one action and one name become one. */
function foldNodes(shape: GraphShape, nameOf: (node: ShapeNode) => string, note: string): GraphShape {
  const places = new Map<string, number>();
  const members: ShapeNode[][] = [];
  const place = shape.nodes.map((node) => {
    const key = JSON.stringify([node.cloud, node.kind, node.action ?? "", nameOf(node)]);
    const index = places.get(key) ?? members.length;
    places.set(key, index);
    const list = members[index];
    if (list) list.push(node);
    else members[index] = [node];
    return index;
  });
  const nodes = members.map((list) => foldMembers(list, nameOf));
  const edges = shape.edges.map(([from, to]) => [place[from] ?? 0, place[to] ?? 0] as const);
  return { nodes, edges: cleanEdges(edges, nodes.length), notes: [...shape.notes, note] };
}

function foldMembers(list: readonly ShapeNode[], nameOf: (node: ShapeNode) => string): ShapeNode {
  const [first] = list;
  if (first === undefined) throw new Error("a box of no resource");
  const addresses = list.flatMap((node) => node.addresses);
  return addresses.length === 1 ? first : { ...first, label: `${nameOf(first)} × ${addresses.length}`, addresses };
}

function keepChanged(shape: GraphShape): GraphShape {
  const kept = new Set<number>();
  for (const [index, node] of shape.nodes.entries()) if (node.action !== undefined) kept.add(index);
  const changed = new Set(kept);
  for (const [from, to] of shape.edges) {
    if (changed.has(from)) kept.add(to);
    if (changed.has(to)) kept.add(from);
  }
  const order = [...kept].sort((a, b) => a - b);
  const places = new Map(order.map((old, index) => [old, index]));
  return {
    nodes: shape.nodes.filter((_, index) => kept.has(index)),
    edges: shape.edges.flatMap(([from, to]) => {
      const pair = [places.get(from), places.get(to)] as const;
      return pair[0] === undefined || pair[1] === undefined ? [] : [[pair[0], pair[1]] as const];
    }),
    notes: [...shape.notes, "only what changes and what it touches is drawn"],
  };
}
