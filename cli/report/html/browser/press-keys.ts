// In the page: what the keyboard does, which change an address in the location leads to, and the buttons beside the filter. Inlined by its text: it may
// use nothing outside itself.

import type { Filter, GraphMover, Page, PageElement, PageWindow } from "./page-types.ts";

export function startKeys(page: Page, window: PageWindow, filter: Filter, graph: GraphMover | undefined): { readonly follow: () => void } {
  const search = page.getElementById("search");
  const help = page.getElementById("help");
  const fold = page.getElementById("fold");
  const summaryOf = (group: PageElement): PageElement | null => group.querySelector("summary");

  const step = (by: number): void => {
    const groups = filter.visible();
    const current = page.activeElement?.closest(".group") ?? null;
    const index = current === null ? (by > 0 ? -1 : groups.length) : groups.indexOf(current);
    const next = groups[Math.max(0, Math.min(groups.length - 1, index + by))];
    if (next === undefined) return;
    summaryOf(next)?.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const listDetails = (): readonly PageElement[] => filter.visible().flatMap((group) => group.querySelector("details") ?? []);
  const nameFold = (): void => {
    if (fold) fold.textContent = listDetails().every((one) => one.open) ? "Collapse all" : "Expand all";
  };
  const foldAll = (): void => {
    const details = listDetails();
    const open = details.some((one) => !one.open);
    for (const one of details) one.open = open;
    nameFold();
  };
  nameFold();

  /** Opens and shows what the location names; a filter that hides it is taken away. */
  const follow = (): void => {
    let id = window.location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // Not ours: an id that was never encoded is taken as it stands.
    }
    if (id.startsWith("node:")) {
      graph?.pick(id.slice(5), true);
      return;
    }
    const target = page.getElementById(id);
    if (target === null || !target.classList.contains("group")) return;
    if (target.hidden) filter.clear();
    const details = target.querySelector("details");
    if (details) details.open = true;
    target.scrollIntoView({ block: "start" });
    summaryOf(target)?.focus({ preventScroll: true });
    graph?.pick(id, false);
  };

  const actions: Readonly<Record<string, () => void>> = {
    "/": () => {
      search?.focus();
      search?.select();
    },
    j: () => step(1),
    k: () => step(-1),
    e: foldAll,
    g: () => page.getElementById("canvas")?.focus(),
    "?": () => help?.showModal(),
  };
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    const isTyping = event.target.closest("input, select, textarea") !== null;
    if (event.key === "Escape") {
      if (isTyping && filter.isActive()) filter.clear();
      else if (isTyping) event.target.blur();
      else filter.clear();
      return;
    }
    const action = isTyping ? undefined : Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  search?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    step(1);
  });
  fold?.addEventListener("click", foldAll);
  page.getElementById("ask-help")?.addEventListener("click", () => help?.showModal());
  page.getElementById("close-help")?.addEventListener("click", () => help?.close());

  const copy = page.getElementById("copy");
  copy?.addEventListener("click", () => {
    const tell = (text: string): void => {
      copy.textContent = text;
      window.setTimeout(() => {
        copy.textContent = "Copy";
      }, 1500);
    };
    const written = window.navigator.clipboard?.writeText(page.getElementById("digest")?.textContent ?? "");
    if (written === undefined) tell("Not allowed");
    else
      written.then(
        () => tell("Copied"),
        () => tell("Not allowed"),
      );
  });
  window.addEventListener("hashchange", follow);
  return { follow };
}
