// One stack on several clouds, as text: for each resource the native objects it becomes, a column for each cloud. Shows what is made, not how;
// describe.ts shows the props.

import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { NativeObject } from "./native-graph.ts";

export interface Column {
  /** Of the column: the cloud chosen. */
  readonly title: string;
  readonly objects: Iterable<NativeObject>;
  /** Said below the count of its objects. */
  readonly foot: string;
}

const gap = "   ";

/** A block for each resource in code-point order of address, and lines of totals. */
export function describeSideBySide(columns: readonly Column[]): string {
  const cells = columns.map(({ objects }) => groupCells(objects));
  const widths = columns.map(({ title, foot }, at) =>
    Math.max(title.length, foot.length, ...[...(cells[at]?.values() ?? [])].flat().map((cell) => cell.length)),
  );
  const row = (texts: readonly (string | undefined)[]): string =>
    `  ${texts.map((text, at) => (text ?? "").padEnd(widths[at] ?? 0)).join(gap)}`.trimEnd();
  const addresses = [...new Set(cells.flatMap((byAddress) => [...byAddress.keys()]))].sort(compareCodePoints);

  const lines = [row(columns.map(({ title }) => title)), row(widths.map((width) => "─".repeat(width)))];
  for (const address of addresses) {
    const ofAddress = cells.map((byAddress) => byAddress.get(address) ?? []);
    lines.push(address);
    const height = Math.max(...ofAddress.map((list) => list.length));
    for (let line = 0; line < height; line++) lines.push(row(ofAddress.map((list) => list[line])));
  }
  lines.push("", row(cells.map((byAddress) => countOf([...byAddress.values()].reduce((sum, list) => sum + list.length, 0)))));
  lines.push(row(columns.map(({ foot }) => foot)));
  return `${lines.join("\n")}\n`;
}

/** What stands in a column under each address: `vpc  ec2.Vpc`, the provider's name left out. */
function groupCells(objects: Iterable<NativeObject>): ReadonlyMap<string, readonly string[]> {
  const byAddress = new Map<string, string[]>();
  for (const { address, role, type } of objects) {
    const cell = `${role}  ${type.slice(type.indexOf(".") + 1)}`;
    const cells = byAddress.get(address);
    if (cells) cells.push(cell);
    else byAddress.set(address, [cell]);
  }
  return byAddress;
}

function countOf(objects: number): string {
  return `${objects} object${objects === 1 ? "" : "s"}`;
}
