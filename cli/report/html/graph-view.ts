// The graph as inline SVG: boxes signed and coloured by action, one frame for each cloud, every changed box a link to its change. Readable without JavaScript.

import { signs } from "../describe-change.ts";
import type { PlanReport } from "../report.ts";
import { drawCurve } from "./browser/draw-curve.ts";
import { nodeId } from "./changes.ts";
import { type Cluster, clusterGap, clusterHead, type Drawing, layoutGraph, nodeHeight, nodeWidth, type Point } from "./graph-layout.ts";
import { type GraphShape, type ShapeNode, shapeGraph } from "./graph-shape.ts";
import { fragmentOf, html, type Markup } from "./markup.ts";
import { actionOrder, words } from "./palette.ts";

export interface GraphView {
  readonly markup: Markup;
  /** Addresses with a box of their own. */
  readonly drawn: ReadonlySet<string>;
}

/** Undefined where the report has no graph, or none that can be drawn. */
export async function renderGraph(report: PlanReport): Promise<GraphView | undefined> {
  const shape = report.graph && shapeGraph(report.graph);
  if (shape === undefined) return undefined;
  const drawing = await layoutGraph(shape);
  const used = actionOrder.filter((action) => shape.nodes.some((node) => node.action === action));
  const markup = html`<section class="card graph-card" id="graph" aria-labelledby="graph-title"><div class="graph-head"><h2 id="graph-title">Graph</h2><p class="graph-tools" data-script hidden><button type="button" data-graph="in" aria-label="Zoom in">+</button><button type="button" data-graph="out" aria-label="Zoom out">−</button><button type="button" data-graph="fit">Fit</button><button type="button" data-graph="real">1:1</button></p></div>
<p class="legend">${used.map((action) => html`<span class="key ${action}"><span class="sign ${action}" aria-hidden="true">${signs[action]}</span>${words[action]}</span> `)}<span class="key">no sign: unchanged</span></p>
<p class="muted small">A line joins a resource to what it refers to, on its left.${shape.notes.length > 0 && html` <b>Not all of it:</b> ${shape.notes.join("; ")}.`}<span data-script hidden> Drag to move (on a touch screen tap it first); wheel with Ctrl, or pinch, to zoom; with the graph in focus: arrows, + and −, 0.</span></p>
<a class="skip" href="#after-graph">Skip the graph</a><div class="canvas" id="canvas" tabindex="0" role="group" aria-label="Graph of the resources; arrow keys move it, plus and minus zoom"><svg class="graph" data-gap="${clusterGap}" width="${drawing.width}" height="${drawing.height}" viewBox="0 0 ${drawing.width} ${drawing.height}" role="group" aria-label="${describeGraph(shape, drawing)}">${drawing.clusters.map((cluster, index) => renderCluster(cluster, index, shape))}<g class="crossing">${drawing.crossing.map((edge) => renderCrossing(edge, drawing))}</g></svg></div><span id="after-graph" tabindex="-1"></span></section>`;
  return { markup, drawn: new Set(shape.nodes.filter((node) => node.addresses.length === 1).flatMap((node) => node.addresses)) };
}

function describeGraph(shape: GraphShape, drawing: Drawing): string {
  const clouds = drawing.clusters.map((cluster) => cluster.cloud).join(", ");
  return `${shape.nodes.length} boxes on ${clouds}, ${shape.edges.length} references`;
}

function renderCluster(cluster: Cluster, index: number, shape: GraphShape): Markup {
  const resources = [...cluster.nodes.keys()].reduce((sum, node) => sum + (shape.nodes[node]?.addresses.length ?? 0), 0);
  const count = `${resources} ${resources === 1 ? "resource" : "resources"}`;
  return html`<g class="cluster" data-cluster="${index}" data-y="${cluster.y}" data-height="${cluster.height}" transform="translate(0 ${cluster.y})"><rect class="frame" width="${cluster.width}" height="${cluster.height}" rx="12"/><g class="cluster-head" data-label="${cluster.cloud}, ${count}"><rect class="hit" x="6" y="6" width="${Math.min(cluster.width - 12, 320)}" height="${clusterHead}" rx="7"/><text class="arrow" x="18" y="28" aria-hidden="true"></text><text x="20" y="28"><tspan class="cloud">${shorten(cluster.cloud, 20)}</tspan><tspan class="soft" dx="8">${count}</tspan></text></g><g class="inside">${cluster.edges.map(
    (edge) => html`<path class="edge" data-from="${edge.from}" data-to="${edge.to}" d="${drawPath(edge.points)}"/>`,
  )}${[...cluster.nodes].map(([node, point]) => renderNode(shape.nodes[node], node, point))}</g></g>`;
}

function renderNode(node: ShapeNode | undefined, index: number, { x, y }: Point): Markup | false {
  if (node === undefined) return false;
  const [address = ""] = node.addresses;
  const several = node.addresses.length > 1;
  const state = node.action === undefined ? "unchanged" : words[node.action];
  const label = `${state}: ${node.label}, ${node.kind} on ${node.cloud}`;
  const look = html`<title>${label}</title><rect class="box" width="${nodeWidth}" height="${nodeHeight}" rx="8"/>${node.action !== undefined && html`<rect class="stripe" x="0" y="0" width="32" height="${nodeHeight}" rx="8"/><text class="glyph" x="16" y="29" text-anchor="middle">${signs[node.action]}</text>`}<text class="name" x="42" y="20">${shorten(node.label, 25)}</text><text class="soft" x="42" y="36">${shorten(node.kind, 28)}</text>`;
  const place = html`data-node="${index}" data-x="${x}" data-y="${y}" transform="translate(${x} ${y})"`;
  const id = several ? undefined : html` id="${nodeId(address)}"`;
  if (node.action === undefined) return html`<g class="node same"${id} ${place} role="img" aria-label="${label}">${look}</g>`;
  const fold = several && html` data-fold="${node.label.replace(/ × \d+$/, "")}" data-action="${node.action}" data-cloud="${node.cloud}"`;
  return html`<a class="node ${node.action}"${id} ${place}${fold} href="${fragmentOf(address)}" aria-label="${label}">${look}</a>`;
}

function renderCrossing([from, to]: readonly [number, number], drawing: Drawing): Markup | false {
  const start = findNode(drawing, from);
  const end = findNode(drawing, to);
  if (start === undefined || end === undefined) return false;
  const middle = nodeHeight / 2;
  const path = drawCurve({ x: start.x, y: start.y + middle }, { x: end.x + nodeWidth, y: end.y + middle });
  return html`<path class="edge far" data-from="${from}" data-to="${to}" d="${path}"/>`;
}

function findNode(drawing: Drawing, index: number): Point | undefined {
  for (const cluster of drawing.clusters) {
    const point = cluster.nodes.get(index);
    if (point !== undefined) return { x: point.x, y: point.y + cluster.y };
  }
  return undefined;
}

/** Through all points, level at each. */
function drawPath(points: readonly Point[]): string {
  return points.map((point, index) => drawStep(points[index - 1], point)).join("");
}

function drawStep(before: Point | undefined, { x, y }: Point): string {
  if (before === undefined) return `M${x} ${y}`;
  const middle = Math.round(((before.x + x) / 2) * 10) / 10;
  return `C${middle} ${before.y} ${middle} ${y} ${x} ${y}`;
}

/** The middle gives way: an address is told apart by its end. */
function shorten(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return `${characters.slice(0, most - 1 - end).join("")}…${characters.slice(-end).join("")}`;
}
