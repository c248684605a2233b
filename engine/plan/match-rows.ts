// Which row of the state each object of the source is: by key, by former address, in the same place. What is left over is to go. Pure and
// linear; of unchanged objects it keeps one map entry.

import type { NativeGraph, NativeObject } from "../lower/native-graph.ts";
import { isInPlace } from "../observe/place.ts";
import type { ObservedWorld } from "../observe/world.ts";
import type { ObjectRow } from "../state/store.ts";
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
  if (destroy) return { rows: new Map(), renamed: new Map(), leftovers: rows.map((row) => ({ row, reason: "destroyed" })), problems: [] };
  const index = indexByKey(rows);
  const matched = new Map<string, ObjectRow>();
  const renamed = new Map<string, string>();
  const taken = new Map<string, NativeObject>();
  const released = new Set<string>();
  const problems: PlanProblem[] = [];

  for (const object of graph.objects.values()) {
    const { annotations } = object;
    if (annotations.existing !== undefined && isKept(object, index.get(object.key))) released.add(object.address);
    if (annotations.forget || annotations.existing !== undefined) continue;
    const row = pick(index.get(object.key), object, graph, sights);
    if (row) matched.set(object.key, row);
    else if (annotations.was) rename(object, annotations.was);
  }

  function rename(object: NativeObject, was: readonly string[]): void {
    for (const address of was) {
      const key = `${address}:${object.role}`;
      // The old address is in use again: then it is not this object that bore it.
      if (graph.objects.has(key)) continue;
      const row = pick(index.get(key), object, graph, sights);
      if (!row) continue;
      const other = taken.get(row.object);
      if (other) {
        problems.push({
          kind: "address",
          message: `\`${object.address}\` and \`${other.address}\` both say that they were \`${address}\``,
          address: object.address,
          ...(object.places["*"] ? { span: object.places["*"] } : {}),
          hint: "leave `@was` on the one that is to keep the object",
        });
        return;
      }
      taken.set(row.object, object);
      matched.set(object.key, row);
      renamed.set(object.key, address);
      return;
    }
  }

  const left = rows.filter((row) => matched.get(row.key) !== row && !taken.has(row.object));
  const placed = left.length === 0 ? noPlaces : indexPlaces(graph);
  const leftovers = left.map((row): Leftover => ({ row, reason: reasonOf(row, graph, matched, released, placed) }));
  return { rows: matched, renamed, leftovers, problems };
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

/** The newest generation that is there; when none is, the newest. */
function pick(
  found: ObjectRow | ObjectRow[] | undefined,
  object: NativeObject,
  graph: NativeGraph,
  sights: ObservedWorld["rows"],
): ObjectRow | undefined {
  if (found === undefined) return undefined;
  const fits = (row: ObjectRow): boolean =>
    row.status !== "retiring" && !row.existing && row.type === object.type && isInPlace(row, object.cloud, graph.clouds);
  if (!Array.isArray(found)) return fits(found) ? found : undefined;
  const candidates = found.filter(fits).sort((a, b) => b.generation - a.generation);
  return candidates.find((row) => sights.get(row.object)?.kind !== "absent") ?? candidates[0];
}

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
