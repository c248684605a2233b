// Which lines of a value of many lines differ, so that a reader of a changed user_data or rule list sees the change and not two long texts.

export interface DiffLine {
  readonly kind: "same" | "out" | "in";
  readonly text: string;
}

/** More cells than this are not compared; 5,000 such values then still take well under a second. */
const mostCells = 10_000;

/** In order; what was taken out stands before what was put in. Undefined where comparing is too much work: both are then shown whole. */
export function diffLines(from: string, to: string): readonly DiffLine[] | undefined {
  const before = from.split("\n");
  const after = to.split("\n");
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const middle = alignLines(before.slice(start, before.length - end), after.slice(start, after.length - end));
  if (middle === undefined) return undefined;
  const same = (lines: readonly string[]): readonly DiffLine[] => lines.map((text) => ({ kind: "same", text }));
  return [...same(before.slice(0, start)), ...middle, ...same(before.slice(before.length - end))];
}

/** By the longest common subsequence. */
function alignLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] | undefined {
  if (before.length * after.length > mostCells) return undefined;
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--)
      lengths[row * width + column] =
        before[row] === after[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const out = before[row];
    const into = after[column];
    if (out !== undefined && out === into) {
      lines.push({ kind: "same", text: out });
      row++;
      column++;
    } else if (out !== undefined && (into === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ kind: "out", text: out });
      row++;
    } else if (into !== undefined) {
      lines.push({ kind: "in", text: into });
      column++;
    }
  }
  return lines;
}
