// In the page: shows the changes that match text, action, cloud and kind, with counts that follow. Inlined by its text: it may use nothing outside itself.

import type { Filter, Page, PageElement } from "./page-types.ts";

export function startFilter(page: Page): Filter {
  interface Row {
    readonly element: PageElement;
    readonly action: string;
    readonly cloud: string;
    readonly kind: string;
    /** Read when first asked for: in a large page most visits never search. */
    text: string | undefined;
  }
  const rows: readonly Row[] = [...page.querySelectorAll(".group")].map((element) => ({
    element,
    action: element.dataset.action ?? "",
    cloud: element.dataset.cloud ?? "",
    kind: element.dataset.kind ?? "",
    text: undefined,
  }));
  const search = page.getElementById("search");
  const cloud = page.getElementById("cloud");
  const kind = page.getElementById("kind");
  const shown = page.getElementById("shown");
  const none = page.getElementById("none-match");
  const reset = page.getElementById("reset");
  const chips = [...page.querySelectorAll("[data-chip]")];
  const lists = [...page.querySelectorAll("[data-list]")];
  const pressed = new Set<string>();

  const textOf = (row: Row): string => {
    row.text ??= row.element.textContent.toLowerCase();
    return row.text;
  };
  const isActive = (): boolean =>
    pressed.size > 0 || (search?.value ?? "").trim() !== "" || (cloud?.value ?? "") !== "" || (kind?.value ?? "") !== "";

  const apply = (): void => {
    const words = (search?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const wantedCloud = cloud?.value ?? "";
    const wantedKind = kind?.value ?? "";
    const counts = new Map<string, number>();
    let visible = 0;
    for (const row of rows) {
      const rest =
        (wantedCloud === "" || row.cloud === wantedCloud) &&
        (wantedKind === "" || row.kind === wantedKind) &&
        words.every((word) => textOf(row).includes(word));
      if (rest) counts.set(row.action, (counts.get(row.action) ?? 0) + 1);
      const isShown = rest && (pressed.size === 0 || pressed.has(row.action));
      if (row.element.hidden === isShown) row.element.hidden = !isShown;
      if (isShown) visible++;
    }
    for (const chip of chips) {
      const action = chip.dataset.chip ?? "";
      const count = chip.querySelector("[data-count]");
      if (count) count.textContent = String(counts.get(action) ?? 0);
      chip.setAttribute("aria-pressed", String(pressed.has(action)));
    }
    for (const list of lists) {
      let inList = 0;
      for (const element of list.querySelectorAll(".group")) if (!element.hidden) inList++;
      const count = list.querySelector("[data-count]");
      if (count) count.textContent = String(inList);
      list.hidden = inList === 0;
    }
    if (shown)
      shown.textContent = isActive()
        ? `${visible} of ${rows.length} shown`
        : `${rows.length} ${rows.length === 1 ? "resource" : "resources"}`;
    if (none) none.hidden = visible > 0;
    if (reset) reset.hidden = !isActive();
  };

  const clear = (): void => {
    pressed.clear();
    for (const control of [search, cloud, kind]) if (control) control.value = "";
    apply();
  };
  for (const chip of chips)
    chip.addEventListener("click", () => {
      const action = chip.dataset.chip ?? "";
      if (!pressed.delete(action)) pressed.add(action);
      apply();
    });
  for (const control of [search, cloud, kind]) control?.addEventListener("input", apply);
  reset?.addEventListener("click", () => {
    clear();
    search?.focus();
  });
  if (rows.length > 0) apply();

  return {
    visible: () => rows.filter((row) => !row.element.hidden).map((row) => row.element),
    clear,
    narrow: (text, action, inCloud) => {
      pressed.clear();
      pressed.add(action);
      if (search) search.value = text;
      if (cloud) cloud.value = inCloud;
      if (kind) kind.value = "";
      apply();
    },
    isActive,
  };
}
