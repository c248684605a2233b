// In the page: brings the parts of the script together, once. Inlined by its text: it may use nothing outside itself.

import type { drawCurve } from "./draw-curve.ts";
import type { startFilter } from "./filter-changes.ts";
import type { startFolding } from "./fold-clouds.ts";
import type { startGraph } from "./move-graph.ts";
import type { Page, PageWindow } from "./page-types.ts";
import type { startKeys } from "./press-keys.ts";

export interface Parts {
  readonly startFilter: typeof startFilter;
  readonly startGraph: typeof startGraph;
  readonly startKeys: typeof startKeys;
  readonly startFolding: typeof startFolding;
  readonly drawCurve: typeof drawCurve;
}

export function startPage(page: Page, window: PageWindow, parts: Parts): void {
  for (const element of page.querySelectorAll("[data-script]")) element.hidden = false;
  // What is scrolled to must not lie beneath the controls where they stay in sight; on a phone they do not.
  const tools = page.querySelector(".tools");
  const makeRoom = (): void => {
    const height = tools && window.innerWidth >= 700 ? tools.getBoundingClientRect().height : 0;
    page.documentElement.style.setProperty("--tools", `${Math.ceil(height) + 12}px`);
  };
  makeRoom();
  window.addEventListener("resize", makeRoom);
  const filter = parts.startFilter(page);
  let follow = (): void => {};
  const graph = parts.startGraph(page, window, parts.drawCurve, parts.startFolding, filter, () => follow());
  follow = parts.startKeys(page, window, filter, graph).follow;
  if (window.location.hash === "") return;
  follow();
  // The browser itself goes to the address once all is read, and takes the focus away then.
  window.addEventListener("load", follow);
}
