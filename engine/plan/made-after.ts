// Whether a row still says what its object was made after. It decides the order of a destroy, so an edge that only the source changed (`@after`)
// is recorded although no request is due. Pure.

import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { NativeGraph, NativeObject } from "../lower/native-graph.ts";
import type { ObjectRow } from "../state/store.ts";
import type { PropChange } from "./change.ts";

export interface EdgesInput {
  readonly graph: NativeGraph;
  readonly rows: readonly ObjectRow[];
  /** Row by key of the native object. */
  readonly matched: ReadonlyMap<string, ObjectRow>;
  /** Whether the object of a key without a row is made by this plan. */
  readonly isMade: (key: string) => boolean;
}

/** Gives the comparison; nothing is built for rows that say what the source says. */
export function compareEdges(input: EdgesInput): (object: NativeObject, row: ObjectRow) => readonly PropChange[] {
  let known: ReturnType<typeof indexRows> | undefined;
  return (object, row) => {
    if (isAsRecorded(object, row, input)) return [];
    known ??= indexRows(input.rows);
    return describeChange(object, row, input, known);
  };
}

/** As apply writes it: one object id per key, in order. */
function isAsRecorded({ after }: NativeObject, row: ObjectRow, { matched, isMade }: EdgesInput): boolean {
  let at = 0;
  for (const key of after) {
    const needed = matched.get(key);
    if (needed ? row.after[at++] !== needed.object : isMade(key)) return false;
  }
  return at === row.after.length;
}

/** Rows by object id, those of earlier generations leading to today's. */
function indexRows(rows: readonly ObjectRow[]): ReadonlyMap<string, ObjectRow> {
  const index = new Map<string, ObjectRow>();
  for (const row of rows) for (const earlier of row.formerly ?? []) index.set(earlier, row);
  for (const row of rows) if (row.status !== "retiring" || !index.has(row.object)) index.set(row.object, row);
  return index;
}

/** Keys of the objects that a row's own was made after, as far as they are there. */
export function listMadeAfter(rows: readonly ObjectRow[]): (row: ObjectRow) => readonly string[] {
  const known = indexRows(rows);
  return (row) => row.after.flatMap((id) => known.get(id)?.key ?? []);
}

function describeChange(
  { after, address, places }: NativeObject,
  row: ObjectRow,
  { graph, matched, isMade }: EdgesInput,
  known: ReadonlyMap<string, ObjectRow>,
): readonly PropChange[] {
  const wanted = new Set(after.flatMap((key) => matched.get(key)?.object ?? (isMade(key) ? [key] : [])));
  const recorded = new Map(row.after.flatMap((id) => [known.get(id) ?? []].flat().map((one) => [one.object, one] as const)));
  if (wanted.size === recorded.size && [...wanted].every((id) => recorded.has(id))) return [];
  const to = after.flatMap((key) => (matched.has(key) || isMade(key) ? (graph.objects.get(key)?.address ?? []) : []));
  const from = [...recorded.values()].map((one) => one.address);
  const span = places["*"];
  return [{ prop: "@after", from: list(from, address), to: list(to, address), cause: "author", ...(span ? { span } : {}) }];
}

function list(addresses: readonly string[], own: string): readonly string[] {
  return [...new Set(addresses)].filter((address) => address !== own).sort(compareCodePoints);
}
