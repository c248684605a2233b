// Where the boxes of the graph stand: each cloud by itself, the clouds beneath each other; inside one, what refers to another stands to its right.
// Layered by dagre, which is loaded only for this.

import type { GraphShape } from "./graph-shape.ts";

export const nodeWidth = 236;
export const nodeHeight = 46;
const gap = 16;
const layerGap = 72;
/** Between the frames of two clouds. */
export const clusterGap = 32;
/** Around the boxes of a cloud, and the height of its heading. */
const clusterMargin = 20;
export const clusterHead = 34;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Cluster {
  readonly cloud: string;
  /** Its upper edge in the drawing. Every cluster begins at the left. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Upper left corners inside the cluster, by index in the shape. */
  readonly nodes: ReadonlyMap<number, Point>;
  readonly edges: readonly { readonly from: number; readonly to: number; readonly points: readonly Point[] }[];
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly clusters: readonly Cluster[];
  /** Edges between clouds. */
  readonly crossing: readonly (readonly [number, number])[];
}

interface Block {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<number, Point>;
  readonly edges: Cluster["edges"];
}

type Edge = readonly [number, number];

/** Sizes in CSS pixels. */
export async function layoutGraph(shape: GraphShape): Promise<Drawing> {
  const cloudOf = (index: number): string => shape.nodes[index]?.cloud ?? "";
  const isCrossing = ([from, to]: Edge): boolean => cloudOf(from) !== cloudOf(to);
  const within = Map.groupBy(
    shape.edges.filter((edge) => !isCrossing(edge)),
    ([from]) => cloudOf(from),
  );
  // So wide that the whole is about as wide as high.
  const rowWidth = Math.sqrt(shape.nodes.length * (nodeWidth + layerGap) * (nodeHeight + gap) * 1.3);
  const clusters: Cluster[] = [];
  let y = 0;
  for (const [cloud, members] of Map.groupBy(shape.nodes.keys(), cloudOf)) {
    const blocks: Block[] = [];
    for (const island of findIslands(members, within.get(cloud) ?? [])) blocks.push(await layoutIsland(island));
    const { width, height, nodes, edges } = packBlocks(blocks, rowWidth);
    clusters.push({ cloud, y, width: width + clusterMargin * 2, height: height + clusterHead + clusterMargin * 2, nodes, edges });
    y += height + clusterHead + clusterMargin * 2 + clusterGap;
  }
  return {
    width: Math.max(0, ...clusters.map((one) => one.width)),
    height: Math.max(0, y - clusterGap),
    clusters,
    crossing: shape.edges.filter(isCrossing),
  };
}

interface Island {
  readonly members: readonly number[];
  readonly edges: readonly Edge[];
}

/** What hangs together by lines, in the order of its first member. */
function findIslands(members: readonly number[], edges: readonly Edge[]): readonly Island[] {
  const leaders = new Map(members.map((index) => [index, index]));
  const lead = (index: number): number => {
    let leader = index;
    for (let next = leaders.get(leader); next !== undefined && next !== leader; next = leaders.get(leader)) leader = next;
    leaders.set(index, leader);
    return leader;
  };
  for (const [from, to] of edges) leaders.set(lead(from), lead(to));
  const byLeader = Map.groupBy(edges, ([from]) => lead(from));
  return [...Map.groupBy(members, lead)].map(([leader, list]) => ({ members: list, edges: byLeader.get(leader) ?? [] }));
}

async function layoutIsland({ members, edges }: Island): Promise<Block> {
  if (edges.length > 0) return layoutLayers(members, edges);
  return { width: nodeWidth, height: nodeHeight, nodes: new Map(members.map((index) => [index, { x: 0, y: 0 }])), edges: [] };
}

/** Side by side in rows, the highest first, so that a row wastes little. */
function packBlocks(blocks: readonly Block[], rowWidth: number): Block {
  const nodes = new Map<number, Point>();
  const edges: Cluster["edges"][number][] = [];
  let [x, y, rowHeight, width] = [0, 0, 0, 0];
  for (const block of blocks.toSorted((a, b) => b.height - a.height)) {
    if (x > 0 && x + block.width > rowWidth) [x, y, rowHeight] = [0, y + rowHeight + gap, 0];
    const shift = (point: Point): Point => ({ x: round(point.x + x + clusterMargin), y: round(point.y + y + clusterMargin + clusterHead) });
    for (const [index, point] of block.nodes) nodes.set(index, shift(point));
    for (const edge of block.edges) edges.push({ ...edge, points: edge.points.map(shift) });
    width = Math.max(width, x + block.width);
    rowHeight = Math.max(rowHeight, block.height);
    x += block.width + (block.edges.length > 0 ? gap * 2 : gap);
  }
  return { width: round(width), height: round(y + rowHeight), nodes, edges };
}

async function layoutLayers(members: readonly number[], edges: readonly Edge[]): Promise<Block> {
  const { graphlib, layout } = await import("@dagrejs/dagre");
  const graph = new graphlib.Graph();
  // The simplex gives the best layers and takes twice as long; a large graph is folded anyway.
  graph.setGraph({
    rankdir: "LR",
    nodesep: gap,
    ranksep: layerGap,
    edgesep: 8,
    ranker: members.length > 60 ? "tight-tree" : "network-simplex",
  });
  for (const index of members) graph.setNode(String(index), { width: nodeWidth, height: nodeHeight });
  // Dagre puts the start of an edge to the left: what is referred to is made first.
  for (const [from, to] of edges) graph.setEdge(String(to), String(from), {});
  layout(graph);
  const nodes = new Map<number, Point>();
  for (const index of members) {
    const { x, y } = graph.node(String(index));
    nodes.set(index, { x: round(Number(x) - nodeWidth / 2), y: round(Number(y) - nodeHeight / 2) });
  }
  const size = graph.graph();
  return {
    width: round(Number(size.width)),
    height: round(Number(size.height)),
    nodes,
    edges: edges.map(([from, to]) => ({
      from,
      to,
      points: joinSides(nodes.get(to), nodes.get(from), graph.edge(String(to), String(from)).points),
    })),
  };
}

/** Dagre ends a line anywhere on a box's border; here it leaves the right side and enters the left one, in the middle. */
function joinSides(left: Point | undefined, right: Point | undefined, points: unknown): readonly Point[] {
  const middle = nodeHeight / 2;
  const between = (points as readonly Point[]).slice(1, -1).map(({ x, y }) => ({ x: round(x), y: round(y) }));
  return left === undefined || right === undefined
    ? between
    : [{ x: left.x + nodeWidth, y: left.y + middle }, ...between, { x: right.x, y: right.y + middle }];
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}
