// What of a graph is drawn at which size, and that boxes stand apart and lines lead where they must.

import { describe, expect, test } from "vitest";
import type { Action } from "../../../engine/plan/change.ts";
import { layoutGraph, nodeHeight, nodeWidth } from "./graph-layout.ts";
import { shapeGraph } from "./graph-shape.ts";

type Graph = Parameters<typeof shapeGraph>[0];

/** A network, and on it so many machines of several declarations; every tenth is replaced, the rest is as `action` says. */
function makeFleet(size: number, declarations: number, action?: Action): Graph {
  const machines = Array.from({ length: size }, (_, index) => {
    const own = index % 10 === 0 ? "replace" : action;
    return {
      address: `machine.m${index % declarations}[${index}]`,
      kind: "machine",
      cloud: index % 2 === 0 ? "aws" : "gcp",
      ...(own && { action: own }),
    };
  });
  return {
    nodes: [{ address: "network.main", kind: "network", cloud: "aws" }, ...machines],
    edges: machines.map((_, index) => [index + 1, 0]),
  };
}

describe("what is drawn", () => {
  test("a graph that can be read is drawn whole", () => {
    const shape = shapeGraph(makeFleet(60, 60));
    expect([shape?.nodes.length, shape?.edges.length, shape?.notes]).toEqual([61, 60, []]);
  });

  test("instances of one declaration with the same change become one box", () => {
    const shape = shapeGraph(makeFleet(1_000, 4));
    expect(shape?.nodes.map((node) => node.label)).toEqual([
      "network.main",
      "machine.m0 × 50",
      "machine.m1 × 250",
      "machine.m2 × 200",
      "machine.m3 × 250",
      "machine.m0 × 200",
      "machine.m2 × 50",
    ]);
    expect(shape?.nodes.reduce((sum, node) => sum + node.addresses.length, 0)).toBe(1_001);
    expect(shape?.notes).toEqual(["instances of one declaration with the same change are one box"]);
  });

  test("then only what changes and what it touches", () => {
    const shape = shapeGraph(makeFleet(600, 600));
    expect(shape?.nodes).toHaveLength(61);
    expect(shape?.nodes.map((node) => node.label)).toContain("network.main");
    expect(shape?.notes.join()).toContain("only what changes");
  });

  test("then kinds; what is still no picture is left out", () => {
    expect(shapeGraph(makeFleet(2_000, 2_000, "create"))?.nodes.map((node) => node.label)).toEqual([
      "network.main",
      "machine × 200",
      "machine × 1000",
      "machine × 800",
    ]);
    const kinds = Array.from({ length: 200 }, (_, index) => ({
      address: `a${index}`,
      kind: `k${index}`,
      cloud: "aws",
      action: "create" as const,
    }));
    expect(shapeGraph({ nodes: kinds, edges: [] })).toBeUndefined();
    expect(shapeGraph({ nodes: [], edges: [] })).toBeUndefined();
  });

  test("lines to nowhere, to oneself and drawn twice are none", () => {
    const nodes = makeFleet(2, 2).nodes;
    const edges: Graph["edges"] = [
      [1, 0],
      [1, 0],
      [1, 1],
      [1, 7],
      [-1, 0],
      [0.5, 0],
      [2, 0],
    ];
    expect(shapeGraph({ nodes, edges })?.edges).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });
});

test("no two boxes touch, what is referred to stands to the left, and every line ends at its boxes", async () => {
  const shape = shapeGraph({
    nodes: [...makeFleet(30, 30).nodes, { address: "disk.alone", kind: "disk", cloud: "gcp" }],
    edges: [...makeFleet(30, 30).edges.filter(([from]) => from % 2 === 1), [2, 4], [4, 6], [6, 2], [3, 5]],
  });
  if (shape === undefined) throw new Error("not drawn");
  const drawing = await layoutGraph(shape);
  const boxes = drawing.clusters.flatMap((cluster) =>
    [...cluster.nodes].map(([index, { x, y }]) => ({ index, x, y: y + cluster.y, cluster })),
  );
  expect(boxes).toHaveLength(32);
  for (const one of boxes) {
    expect(one.x >= 0 && one.x + nodeWidth <= one.cluster.width && one.y + nodeHeight <= one.cluster.y + one.cluster.height).toBe(true);
    for (const other of boxes)
      if (one !== other) expect(Math.abs(one.x - other.x) >= nodeWidth || Math.abs(one.y - other.y) >= nodeHeight).toBe(true);
  }
  let drawn = drawing.crossing.length;
  for (const { edges, nodes } of drawing.clusters)
    for (const { from, to, points } of edges) {
      drawn++;
      const [left, right] = [nodes.get(to), nodes.get(from)];
      expect(points.at(0)).toEqual({ x: (left?.x ?? 0) + nodeWidth, y: (left?.y ?? 0) + nodeHeight / 2 });
      expect(points.at(-1)).toEqual({ x: right?.x, y: (right?.y ?? 0) + nodeHeight / 2 });
    }
  expect(drawn).toBe(shape.edges.length);
});
