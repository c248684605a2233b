// Which row of the state each object of the source is: by key, by former address, in the same place. What is left over is to go. Pure and
// linear; of unchanged objects it keeps one map entry.

import type { NativeGraph, NativeObject } from "../lower/native-graph.ts";
import { isInPlace } from "../observe/place.ts";
import type { ObservedWorld } from "../observe/world.ts";
import type { ObjectRow } from "../state/store.ts";
import { findMoves, hasMoved, type Moves } from "./find-moves.ts";
import type { PlanProblem } from "./problem.ts";

export type LeftoverReason =
  /** Its resource, or its role in it, is gone from the source. */
  | "removed"
  /** A successor exists. */
  | "retiring"
  /** Its resource is placed elsewhere or has become another type. */
  | "moved"
  /** Its resource is marked `@forget`, or now only used through `@existing`. */
  | "released"
  | "destroyed";

export interface Leftover {
  readonly row: ObjectRow;
  readonly reason: LeftoverReason;
}

export interface MatchedRows {
  /** By key of the native object. */
  readonly rows: ReadonlyMap<string, ObjectRow>;
  /** Former address by key, of those that were renamed. */
  readonly renamed: ReadonlyMap<string, string>;
  readonly leftovers: readonly Leftover[];
  readonly problems: readonly PlanProblem[];
}

export function matchRows(graph: NativeGraph, rows: readonly ObjectRow[], sights: ObservedWorld["rows"], destroy: boolean): MatchedRows {
  if (destroy) {
    const leftovers = rows.map((row): Leftover => ({ row, reason: "destroyed" }));
    return { rows: new Map(), renamed: new Map(), leftovers, problems: [] };
  }
  const index = indexByKey(rows);
  const matched = new Map<string, ObjectRow>();
  const movers: NativeObject[] = [];
  const released = new Set<string>();

  for (const object of graph.objects.values()) {
    const { annotations } = object;
    if (annotations.existing !== undefined && isKept(object, index.get(object.key))) released.add(object.address);
    if (annotations.forget || annotations.existing !== undefined) continue;
    const row = pick(index.get(object.key), object, graph, sights);
    if (row) matched.set(object.key, row);
    if (annotations.was) movers.push(object);
  }

  const candidates = (key: string, object: NativeObject): readonly ObjectRow[] => listFitting(index.get(key), object, graph, sights);
  const moves = movers.length === 0 ? noMoves : findMoves({ graph, movers, matched, candidates });
  for (const [key, row] of moves.rows) matched.set(key, row);
  const taken = new Set([...moves.rows.values()].map((row) => row.object));

  const left = rows.filter((row) => matched.get(row.key) !== row && !taken.has(row.object));
  const placed = left.length === 0 ? noPlaces : indexPlaces(graph);
  const leftovers = left.map((row): Leftover => ({ row, reason: reasonOf(row, graph, matched, released, placed) }));
  return { rows: matched, renamed: moves.from, leftovers, problems: moves.problems };
}

/** One row per key is the rule; more stand in a list while a replacement is under way. */
function indexByKey(rows: readonly ObjectRow[]): ReadonlyMap<string, ObjectRow | ObjectRow[]> {
  const index = new Map<string, ObjectRow | ObjectRow[]>();
  for (const row of rows) {
    const known = index.get(row.key);
    if (known === undefined) index.set(row.key, row);
    else if (Array.isArray(known)) known.push(row);
    else index.set(row.key, [known, row]);
  }
  return index;
}

function pick(
  found: ObjectRow | ObjectRow[] | undefined,
  object: NativeObject,
  graph: NativeGraph,
  sights: ObservedWorld["rows"],
): ObjectRow | undefined {
  if (found === undefined) return undefined;
  if (!Array.isArray(found)) return fits(found, object, graph) ? found : undefined;
  return listFitting(found, object, graph, sights)[0];
}

function fits(row: ObjectRow, object: NativeObject, graph: NativeGraph): boolean {
  return row.status !== "retiring" && !row.existing && row.type === object.type && isInPlace(row, object.cloud, graph.clouds);
}

/**
 * The newest generation that is there first; when none is, the newest. While two change addresses with each other both stand at one: the one that
 * came to it belongs there.
 */
function listFitting(
  found: ObjectRow | ObjectRow[] | undefined,
  object: NativeObject,
  graph: NativeGraph,
  sights: ObservedWorld["rows"],
): readonly ObjectRow[] {
  const isAbsent = (row: ObjectRow): number => Number(sights.get(row.object)?.kind === "absent");
  return [found ?? []]
    .flat()
    .filter((row) => fits(row, object, graph))
    .sort((a, b) => isAbsent(a) - isAbsent(b) || Number(hasMoved(b, object)) - Number(hasMoved(a, object)) || b.generation - a.generation);
}

const noMoves: Moves = { rows: new Map(), from: new Map(), problems: [] };

const noPlaces: ReadonlyMap<string, string> = new Map();

/** The cloud of each resource that the source makes, by address. */
function indexPlaces(graph: NativeGraph): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const { address, cloud, annotations } of graph.objects.values())
    if (annotations.existing === undefined && !annotations.forget) places.set(address, cloud);
  return places;
}

function reasonOf(
  row: ObjectRow,
  graph: NativeGraph,
  matched: ReadonlyMap<string, ObjectRow>,
  released: ReadonlySet<string>,
  placed: ReadonlyMap<string, string>,
): LeftoverReason {
  if (row.status === "retiring") return "retiring";
  if (released.has(row.address)) return "released";
  const object = graph.objects.get(row.key);
  if (object?.annotations.existing !== undefined) return "removed";
  if (!object) {
    // On another provider a resource has other roles: what it was made of elsewhere has moved all the same.
    const cloud = placed.get(row.address);
    return cloud !== undefined && !isInPlace(row, cloud, graph.clouds) ? "moved" : "removed";
  }
  if (object.annotations.forget) return "released";
  return matched.has(row.key) ? "retiring" : "moved";
}

/** Whether `@existing` names the very object that the stack has managed so far: then the resource is let go, not destroyed. */
function isKept(existing: NativeObject, found: ObjectRow | ObjectRow[] | undefined): boolean {
  const rows = found === undefined ? [] : Array.isArray(found) ? found : [found];
  return rows.some((row) => row.id.id === existing.annotations.existing);
}
