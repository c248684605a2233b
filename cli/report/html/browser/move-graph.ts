// In the page: moving and zooming the graph, and showing what a box is joined to. Inlined by its text: it may use nothing outside itself.

import type { drawCurve } from "./draw-curve.ts";
import type { startFolding } from "./fold-clouds.ts";
import type { Filter, GraphMover, Page, PageElement, PageEvent, PageWindow } from "./page-types.ts";

export function startGraph(
  page: Page,
  window: PageWindow,
  curve: typeof drawCurve,
  fold: typeof startFolding,
  filter: Filter,
  follow: () => void,
): GraphMover | undefined {
  const canvas = page.getElementById("canvas");
  const svg = canvas?.querySelector("svg");
  if (!canvas || !svg) return undefined;
  const nodes = [...svg.querySelectorAll(".node")];
  const edges = [...svg.querySelectorAll(".edge")];
  const whole = { width: Number(svg.getAttribute("width")), height: Number(svg.getAttribute("height")) };
  const view = { x: 0, y: 0, scale: 1 };
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  canvas.classList.add("moving");

  const draw = (): void => {
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${canvas.clientWidth / view.scale} ${canvas.clientHeight / view.scale}`);
  };
  const fitScale = (): number => Math.min(canvas.clientWidth / (whole.width + 24), canvas.clientHeight / (whole.height + 24), 1.2);
  const center = (): void => {
    view.x = whole.width / 2 - canvas.clientWidth / view.scale / 2;
    view.y = whole.height / 2 - canvas.clientHeight / view.scale / 2;
  };
  const showAll = (): void => {
    view.scale = fitScale();
    center();
    draw();
  };
  /** Keeps the point under the hand where it is. `px`, `py` from the canvas's upper left corner. */
  const zoom = (factor: number, px: number, py: number): void => {
    const scale = Math.max(Math.min(fitScale(), 0.5) / 2, Math.min(4, view.scale * factor));
    view.x += px / view.scale - px / scale;
    view.y += py / view.scale - py / scale;
    view.scale = scale;
    draw();
  };
  const zoomMiddle = (factor: number): void => zoom(factor, canvas.clientWidth / 2, canvas.clientHeight / 2);
  const move = (dx: number, dy: number): void => {
    view.x -= dx / view.scale;
    view.y -= dy / view.scale;
    draw();
  };
  /** All of it where it can be read so, else its upper left part at a size that can be read. */
  const begin = (): void => {
    const across = Math.min(1.1, canvas.clientWidth / (whole.width + 24));
    canvas.style.height = `${Math.max(200, Math.ceil(whole.height * (across < 0.55 ? 0.75 : across)) + 32)}px`;
    showAll();
    if (view.scale >= 0.55) return;
    view.scale = 0.75;
    center();
    view.x = Math.max(view.x, -12);
    view.y = Math.max(view.y, -12);
    if (whole.width * view.scale > canvas.clientWidth) view.x = -12;
    if (whole.height * view.scale > canvas.clientHeight) view.y = -12;
    draw();
  };

  const tools: Readonly<Record<string, () => void>> = {
    in: () => zoomMiddle(1.3),
    out: () => zoomMiddle(1 / 1.3),
    fit: showAll,
    real: () => zoomMiddle(1 / view.scale),
  };
  for (const button of page.querySelectorAll("[data-graph]")) button.addEventListener("click", () => tools[button.dataset.graph ?? ""]?.());

  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => move(60, 0),
    ArrowRight: () => move(-60, 0),
    ArrowUp: () => move(0, 60),
    ArrowDown: () => move(0, -60),
    "+": () => zoomMiddle(1.3),
    "=": () => zoomMiddle(1.3),
    "-": () => zoomMiddle(1 / 1.3),
    "0": showAll,
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const run = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (run === undefined) return;
    event.preventDefault();
    run();
  });

  const inside = (event: PageEvent): { readonly x: number; readonly y: number } => {
    const frame = canvas.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  };
  canvas.addEventListener(
    "wheel",
    (event) => {
      // A page that is scrolled past the graph must not stop there: without Ctrl the wheel is ours only while the graph has the focus.
      if (!event.ctrlKey && !event.metaKey && !canvas.contains(page.activeElement)) return;
      event.preventDefault();
      const point = inside(event);
      zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY)) * 0.004), point.x, point.y);
    },
    { passive: false },
  );

  // A page that is swiped past the graph must not stop there either: one finger moves it up and down only once it was tapped.
  canvas.style.touchAction = "pan-y";
  canvas.addEventListener("focusin", () => {
    canvas.style.touchAction = "none";
  });
  canvas.addEventListener("focusout", () => {
    canvas.style.touchAction = "pan-y";
  });

  const fingers = new Map<number, { readonly x: number; readonly y: number }>();
  let travelled = 0;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (fingers.size === 0) travelled = 0;
    fingers.set(event.pointerId, inside(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const now = inside(event);
    const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    fingers.set(event.pointerId, now);
    travelled += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    // Only once it is a drag: a captured pointer's click would miss the link under it.
    if (travelled > 5) canvas.setPointerCapture(event.pointerId);
    const [other] = others;
    if (other === undefined) {
      if (travelled > 5) move(now.x - before.x, now.y - before.y);
      return;
    }
    const spread = (point: { readonly x: number; readonly y: number }): number =>
      Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    move((now.x - before.x) / 2, (now.y - before.y) / 2);
    zoom(spread(now) / spread(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => void fingers.delete(event.pointerId));
  canvas.addEventListener("dragstart", (event) => event.preventDefault());
  canvas.addEventListener(
    "click",
    (event) => {
      if (travelled <= 5) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );

  const folder = fold(svg, curve, (height) => {
    whole.height = height;
    draw();
  });

  const trace = (node: PageElement | null): void => {
    svg.classList.toggle("tracing", node !== null);
    const near = new Set(node === null ? [] : [node.dataset.node]);
    for (const edge of edges) {
      const isNear = node !== null && (edge.dataset.from === node.dataset.node || edge.dataset.to === node.dataset.node);
      edge.classList.toggle("near", isNear);
      if (isNear) near.add(edge.dataset.from).add(edge.dataset.to);
    }
    for (const one of nodes) one.classList.toggle("near", near.has(one.dataset.node));
  };
  const bringIn = (node: PageElement): void => {
    const { x, y } = folder.middleOf(node);
    view.x = x - canvas.clientWidth / view.scale / 2;
    view.y = y - canvas.clientHeight / view.scale / 2;
    draw();
  };
  const isSeen = (node: PageElement): boolean => {
    const frame = canvas.getBoundingClientRect();
    const own = node.getBoundingClientRect();
    return (
      own.left >= frame.left &&
      own.top >= frame.top &&
      own.left + own.width <= frame.left + frame.width &&
      own.top + own.height <= frame.top + frame.height
    );
  };
  svg.addEventListener("pointerover", (event) => trace(event.target.closest(".node")));
  svg.addEventListener("pointerleave", () => trace(null));
  svg.addEventListener("focusin", (event) => {
    const node = event.target.closest(".node");
    trace(node);
    if (node && !isSeen(node) && fingers.size === 0) bringIn(node);
  });
  svg.addEventListener("focusout", () => trace(null));
  for (const node of nodes)
    node.addEventListener("click", (event) => {
      const { fold: several, action, cloud } = node.dataset;
      if (several !== undefined) {
        event.preventDefault();
        filter.narrow(several, action ?? "", cloud ?? "");
        page.getElementById("changes")?.scrollIntoView({ block: "start" });
        filter.visible()[0]?.querySelector("summary")?.focus({ preventScroll: true });
      } else if (node.getAttribute("href") === window.location.hash) follow();
    });

  window.addEventListener("resize", draw);
  begin();
  return {
    pick: (address, bring) => {
      const wanted = `node:${address}`;
      for (const node of nodes) node.classList.toggle("picked", node.id === wanted);
      const node = nodes.find((one) => one.id === wanted);
      if (node === undefined) return;
      folder.unfold(node);
      if (bring || !isSeen(node)) bringIn(node);
      if (!bring) return;
      page.getElementById("graph")?.scrollIntoView({ block: "nearest" });
      node.focus({ preventScroll: true });
    },
  };
}
