// What is destroyed, replaced or loses data: in the open, never folded, every address written out for as long as any form of it has room.

import { compareCodePoints } from "../../../grammar/graph/code-point-order.ts";
import { signs } from "../describe-change.ts";
import { formatNumber } from "../html/headline.ts";
import type { ReportGroup } from "../report.ts";
import { section } from "./blocks.ts";
import type { Detail } from "./detail.ts";
import { fence } from "./escape.ts";

/** The forms of each resource, made once. */
export interface DangerItem {
  readonly group: ReportGroup;
  readonly full: string;
  readonly line: string;
  readonly short: string;
}

export function renderDanger(items: readonly DangerItem[], { dangerInFull, danger }: Pick<Detail, "dangerInFull" | "danger">): string {
  const text = (): string => {
    if (danger === "line" || danger === "short")
      return items.map((item, index) => (index < dangerInFull ? item.full : item[danger])).join("");
    const groups = items.map(({ group }) => group);
    if (danger === "bare") return fence(groups.map((group) => `${signs[group.action]} ${group.address}${describeLoss(group)}`));
    const told = danger === "ranges" ? writeRanges(groups) : countKinds(groups);
    const how =
      danger === "ranges"
        ? "Too many to be written one by one: resources of one name stand on one line, with their keys and how many they are."
        : "Too many to be named here: counted by the beginnings of their addresses. **The whole plan names each of them.**";
    return `${how}\n\n${fence(told)}`;
  };
  return items.length === 0 ? "" : section("Destroyed, replaced or losing data", text());
}

function describeLoss({ changes }: ReportGroup): string {
  return changes.some(({ impact }) => impact === "data-loss") ? "  data loss" : "";
}

interface Family {
  readonly sign: string;
  readonly stem: string;
  readonly loss: string;
  readonly keys: string[];
}

/** `- machine.web[0-999, 1002]  (1,001)`: nothing is lost of any address. */
function writeRanges(groups: readonly ReportGroup[]): readonly string[] {
  const families = gather(groups, (address) => {
    const [, stem, key] = /^(.*)\[([^[\]]*)\]$/s.exec(address) ?? [];
    return stem !== undefined && key !== undefined ? { stem, key } : { stem: address };
  });
  return families.map(({ sign, stem, loss, keys }) =>
    keys.length === 0 ? `${sign} ${stem}${loss}` : `${sign} ${stem}[${joinKeys(keys)}]  (${formatNumber(keys.length)})${loss}`,
  );
}

/** Most of its lines; addresses that a person wrote have few beginnings. */
const mostKinds = 40;

function countKinds(groups: readonly ReportGroup[]): readonly string[] {
  const families = gather(groups, (address) => ({ stem: /^[^.[]*/.exec(address)?.[0] ?? "", key: address }));
  const largest = families.toSorted((a, b) => b.keys.length - a.keys.length);
  const rest = largest.slice(mostKinds).reduce((sum, { keys }) => sum + keys.length, 0);
  return [
    ...largest
      .slice(0, mostKinds)
      .map(({ sign, stem, loss, keys }) => `${sign} ${stem.slice(0, 60)}.…  ${formatNumber(keys.length)}${loss}`),
    ...(rest > 0 ? [`  and ${formatNumber(rest)} more`] : []),
  ];
}

/** By sign, stem and loss, in the order in which they come; `key` tells members of one apart. */
function gather(
  groups: readonly ReportGroup[],
  split: (address: string) => { readonly stem: string; readonly key?: string },
): readonly Family[] {
  const families = new Map<string, Family>();
  for (const group of groups) {
    const { stem, key } = split(group.address);
    const sign = signs[group.action];
    const loss = describeLoss(group);
    const id = JSON.stringify([sign, stem, loss, key === undefined]);
    const family = families.get(id) ?? { sign, stem, loss, keys: [] };
    families.set(id, family);
    if (key !== undefined) family.keys.push(key);
  }
  return [...families.values()];
}

/** Whole numbers as ranges, the rest as they are. */
function joinKeys(keys: readonly string[]): string {
  const isNumber = (key: string): boolean => /^(?:0|[1-9]\d{0,14})$/.test(key);
  const numbers = keys
    .filter(isNumber)
    .map(Number)
    .sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < numbers.length; ) {
    let end = at;
    while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end++;
    parts.push(end === at ? `${numbers[at]}` : `${numbers[at]}-${numbers[end]}`);
    at = end + 1;
  }
  return [...parts, ...keys.filter((key) => !isNumber(key)).sort(compareCodePoints)].join(", ");
}
