// In the page: folds a cloud of the graph to its heading; the clouds beneath move up and lines between clouds follow. Inlined by its text: it may use
// nothing outside itself.

import type { drawCurve } from "./draw-curve.ts";
import type { CloudFolder, PageElement } from "./page-types.ts";

/** `changed` is called with the drawing's new height. */
export function startFolding(svg: PageElement, curve: typeof drawCurve, changed: (height: number) => void): CloudFolder {
  const measure = (selector: string, name: string): number => Number(svg.querySelector(selector)?.getAttribute(name) ?? 0);
  const box = { width: measure(".box", "width"), height: measure(".box", "height") };
  const foldedSize = { width: measure(".hit", "width") + 12, height: measure(".hit", "height") + 12 };
  const gap = Number(svg.dataset.gap);
  const clusters = [...svg.querySelectorAll(".cluster")].map((element) => ({
    element,
    head: element.querySelector(".cluster-head"),
    height: Number(element.dataset.height),
    top: Number(element.dataset.y),
    folded: false,
  }));
  const owners = new Map(
    clusters.flatMap((cluster) => [...cluster.element.querySelectorAll(".node")].map((node) => [node.dataset.node, cluster])),
  );
  const nodes = new Map([...svg.querySelectorAll(".node")].map((node) => [node.dataset.node, node]));

  const anchor = (index: string | undefined, side: 0 | 1): { readonly x: number; readonly y: number } => {
    const cluster = owners.get(index);
    const node = nodes.get(index);
    const top = cluster?.top ?? 0;
    if (cluster?.folded || node === undefined) return { x: side * foldedSize.width, y: top + foldedSize.height / 2 };
    return { x: Number(node.dataset.x) + side * box.width, y: top + Number(node.dataset.y) + box.height / 2 };
  };
  const arrange = (): void => {
    let y = 0;
    for (const cluster of clusters) {
      const height = cluster.folded ? foldedSize.height : cluster.height;
      cluster.top = y;
      cluster.element.classList.toggle("folded", cluster.folded);
      cluster.element.setAttribute("transform", `translate(0 ${y})`);
      cluster.element.querySelector(".frame")?.setAttribute("height", String(height));
      cluster.head?.setAttribute("aria-expanded", String(!cluster.folded));
      const arrow = cluster.element.querySelector(".arrow");
      if (arrow) arrow.textContent = cluster.folded ? "▸" : "▾";
      y += height + gap;
    }
    for (const edge of svg.querySelectorAll(".far"))
      edge.setAttribute("d", curve(anchor(edge.dataset.from, 0), anchor(edge.dataset.to, 1)));
    changed(y - gap);
  };
  for (const cluster of clusters) {
    const { head } = cluster;
    if (head === null) continue;
    const toggle = (): void => {
      cluster.folded = !cluster.folded;
      arrange();
    };
    head.setAttribute("role", "button");
    head.setAttribute("tabindex", "0");
    head.setAttribute("aria-label", head.dataset.label ?? "");
    head.addEventListener("click", toggle);
    head.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle();
    });
  }
  arrange();
  return {
    middleOf: (node) => {
      const { x, y } = anchor(node.dataset.node, 0);
      return { x: x + box.width / 2, y };
    },
    unfold: (node) => {
      const cluster = owners.get(node.dataset.node);
      if (!cluster?.folded) return;
      cluster.folded = false;
      arrange();
    },
  };
}
