// What is created, updated, adopted or renamed: folded, by what happens. Where there is not room for all, the middle is counted.

import type { Action } from "../../../engine/plan/change.ts";
import { formatNumber } from "../html/headline.ts";
import type { ReportGroup } from "../report.ts";
import { count, fold } from "./blocks.ts";
import type { Detail } from "./detail.ts";

/** The forms of each resource, made once. */
export interface SafeItem {
  readonly group: ReportGroup;
  readonly full: string;
  readonly line: string;
}

const order: readonly Action[] = ["create", "update", "adopt", "rename", "forget"];

const words: Readonly<Record<Action, string>> = {
  create: "created",
  update: "updated",
  adopt: "adopted",
  rename: "renamed",
  forget: "let go of",
  replace: "replaced",
  delete: "destroyed",
};

/** In the order of the sections. */
export function sortSafe(groups: readonly ReportGroup[]): readonly ReportGroup[] {
  return order.flatMap((action) => groups.filter((group) => group.action === action));
}

/** `items` in the order of `sortSafe`; `whole` says where all of them stand. */
export function renderSafe(
  items: readonly SafeItem[],
  { safeInFull, safeNamed }: Pick<Detail, "safeInFull" | "safeNamed">,
  whole: string,
): string {
  const head = Math.ceil(safeNamed / 2);
  const tail = items.length - Math.floor(safeNamed / 2);
  const sections = order.map((action) => {
    let shown = "";
    let total = 0;
    let hidden = 0;
    let told = false;
    for (const [index, { group, full, line }] of items.entries()) {
      if (group.action !== action) continue;
      total++;
      if (safeNamed < items.length && index >= head && index < tail) hidden++;
      else {
        if (hidden > 0 && !told) {
          shown += `- … ${formatNumber(hidden)} more here${whole}\n`;
          told = true;
        }
        shown += index < safeInFull ? full : line;
      }
    }
    if (total === 0) return "";
    const title = `${count(total, "resource")} ${words[action]}`;
    if (shown === "") return `**${title}**, not listed here${whole}.\n\n`;
    return fold(`<b>${title}</b>`, hidden > 0 && !told ? `${shown}- … ${formatNumber(hidden)} more${whole}\n` : shown);
  });
  return sections.join("");
}
