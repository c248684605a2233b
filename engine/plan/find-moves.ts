// Which rows resources take over from the addresses that their `@was` names, where such an address may itself be one that moves on: a chain is
// carried out from its free end, a circle as an exchange. Pure.

import type { NativeGraph, NativeObject } from "../lower/native-graph.ts";
import type { ObjectRow } from "../state/store.ts";
import type { PlanProblem } from "./problem.ts";

export interface Moves {
  /** By key of the native object: the row that it takes over. */
  readonly rows: ReadonlyMap<string, ObjectRow>;
  /** Former address by key. */
  readonly from: ReadonlyMap<string, string>;
  readonly problems: readonly PlanProblem[];
}

export interface MoveInput {
  readonly graph: NativeGraph;
  /** Objects with `@was`. */
  readonly movers: readonly NativeObject[];
  /** By key: rows that stand at the key of their object. */
  readonly matched: ReadonlyMap<string, ObjectRow>;
  /** Rows that bear a key and could be this object. */
  readonly candidates: (key: string, object: NativeObject) => readonly ObjectRow[];
}

/** Whether the row came from an address that the object still says it had: then that was done, and is not done again. */
export function hasMoved(row: ObjectRow, object: NativeObject): boolean {
  return row.movedFrom !== undefined && object.annotations.was?.includes(row.movedFrom) === true;
}

export function findMoves({ graph, movers, matched, candidates }: MoveInput): Moves {
  const rows = new Map<string, ObjectRow>();
  const from = new Map<string, string>();
  const takers = new Map<string, NativeObject>();
  const problems: PlanProblem[] = [];

  const take = (step: Step): void => {
    const { object, row, address } = step;
    rows.set(object.key, row);
    from.set(object.key, address);
    takers.set(row.object, object);
  };

  /** The way from one that has nothing at its own address to an address that is free; undefined when there is none. Iterative: chains are long. */
  const findWay = (start: NativeObject): readonly Step[] | undefined => {
    const seen = new Set([start.key]);
    const path: { readonly steps: readonly Step[]; next: number }[] = [{ steps: listSteps(start), next: 0 }];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const step = top.steps[top.next++];
      if (!step) {
        path.pop();
      } else if (!step.holder) {
        return path.map(({ steps, next }) => steps[next - 1] as Step);
      } else if (!seen.has(step.holder.key)) {
        seen.add(step.holder.key);
        path.push({ steps: listSteps(step.holder), next: 0 });
      }
    }
    return undefined;
  };

  const listSteps = (object: NativeObject): readonly Step[] =>
    (object.annotations.was ?? []).flatMap((address) => findStep(object, address) ?? []);

  const findStep = (object: NativeObject, address: string): Step | undefined => {
    const key = `${address}:${object.role}`;
    const holder = key === object.key ? undefined : graph.objects.get(key);
    const held = holder && matched.get(key);
    const found = key === object.key ? [] : candidates(key, object);
    const free = found.find((row) => row !== held);
    if (!holder) return free && { object, row: free, address };
    // An exchange that was cut short: both stand at one key, and the one that came from elsewhere belongs there.
    if (held && free && hasMoved(held, holder)) return { object, row: free, address };
    const moves = held !== undefined && holder.annotations.was !== undefined && found.includes(held) && !rows.has(key);
    return moves ? { object, row: held, address, holder } : undefined;
  };

  for (const object of movers) {
    if (matched.has(object.key) || rows.has(object.key)) continue;
    const way = findWay(object) ?? [];
    const rival = way.map((step) => ({ step, other: takers.get(step.row.object) })).find(({ other }) => other !== undefined);
    if (rival?.other) problems.push(reportRival(rival.step.object, rival.other, rival.step.address));
    else for (const step of way) take(step);
  }
  const visited = new Set<string>();
  for (const start of movers) {
    const circle = findCircle(start);
    const done = circle.filter(({ object }) => hasMoved(matched.get(object.key) as ObjectRow, object));
    if (done.length === 0) for (const step of circle) take(step);
    else if (done.length < circle.length) problems.push(reportUnclear(circle));
  }
  return { rows, from, problems };

  /** Those that say they were each other, all of them with a row at their own address. Each object is visited once. */
  function findCircle(start: NativeObject): readonly Step[] {
    const walk: Step[] = [];
    const places = new Map<string, number>();
    for (let object = start; ; ) {
      const place = places.get(object.key);
      if (place !== undefined) return walk.slice(place);
      if (visited.has(object.key) || !matched.has(object.key) || rows.has(object.key)) return [];
      visited.add(object.key);
      const step = listSteps(object).find(({ holder }) => holder !== undefined);
      if (!step?.holder) return [];
      places.set(object.key, walk.length);
      walk.push(step);
      object = step.holder;
    }
  }
}

interface Step {
  readonly object: NativeObject;
  readonly row: ObjectRow;
  readonly address: string;
  /** Who stands at that address in the source, and has to move on. */
  readonly holder?: NativeObject;
}

function reportRival(object: NativeObject, other: NativeObject, address: string): PlanProblem {
  return {
    kind: "address",
    message: `\`${object.address}\` and \`${other.address}\` both say that they were \`${address}\``,
    address: object.address,
    ...(object.places["*"] ? { span: object.places["*"] } : {}),
    hint: "leave `@was` on the one that is to keep the object",
  };
}

/** Of a circle that was carried out all have moved, of a new one none. */
function reportUnclear(circle: readonly Step[]): PlanProblem {
  const names = circle.map(({ object }) => `\`${object.address}\``).join(", ");
  const first = circle[0]?.object;
  return {
    kind: "address",
    message: `${names} say that they were each other, and only some of them came there by \`@was\`: whether they are to change places cannot be told`,
    ...(first ? { address: first.address } : {}),
    ...(first?.places["*"] ? { span: first.places["*"] } : {}),
    hint: "take `@was` off those that are where they belong, or rename one to a new address first",
  };
}
