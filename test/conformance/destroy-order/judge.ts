// Whether what a run did came in an order that the clouds allow: judged by the events of the run and, apart from those, by the log of requests that
// reached the cloud. Edges come from the rows that were there and from the graph that was wanted, never from the plan's own order.

import type { Change, PlannedOperation } from "../../../engine/plan/change.ts";
import type { ObjectRow } from "../../../engine/state/store.ts";
import type { LoggedRequest } from "../../../providers/simulation/store.ts";
import type { Applied } from "../../support/stack-rig.ts";
import type { Edge } from "./edges.ts";

export interface Judged {
  readonly applied: Applied;
  /** As they were before the run. */
  readonly before: readonly ObjectRow[];
  /** What the run was to bring about: edges of the graph. */
  readonly wanted: readonly Edge[];
  /** The mutating requests of the run, in order. */
  readonly wire: readonly LoggedRequest[];
  /** By native type: the props that name a parent with which the object goes. */
  readonly deletedWith: (type: string) => readonly string[];
}

interface Acted {
  readonly change: Change;
  readonly operation: PlannedOperation;
}

export interface Verdict {
  /** What came in a wrong order, in words. */
  readonly wrong: readonly string[];
  /** Pairs, `referrer -> referred`, of which both ends were created, and both were deleted. */
  readonly created: ReadonlySet<string>;
  readonly deleted: ReadonlySet<string>;
}

export function judgeOrder(judged: Judged): Verdict {
  const { applied, before, wanted, wire } = judged;
  const timeline = readTimeline(applied);
  const acted = applied.plan.changes.flatMap((change) => change.operations.map((operation) => ({ change, operation })));
  const wrong: string[] = [];
  const created = new Set<string>();
  const deleted = new Set<string>();
  const demand = (first: PlannedOperation, then: PlannedOperation, why: string): void => {
    // What sends nothing is no request that could come too early.
    const [done, sent] = [timeline.done.get(first.id), timeline.sent.get(then.id)];
    if (sent === undefined) return;
    if (done === undefined || done > sent) wrong.push(`${then.id} was sent before ${first.id} was done: ${why}`);
  };

  const makes = new Map<string, Acted>();
  const ends = new Map<string, Acted>();
  for (const one of acted) {
    const { phase, key, row } = one.operation;
    if (phase === "create" || phase === "update" || phase === "adopt") makes.set(key, one);
    if (phase === "delete" && row) ends.set(row.object, one);
  }

  for (const { referrer, referred } of wanted) {
    const [made, needed] = [makes.get(referrer.key), makes.get(referred.key)];
    if (!made || !needed || needed.operation.phase !== "create") continue;
    demand(needed.operation, made.operation, "it is made after what it refers to");
    if (made.operation.phase === "create") created.add(`${referrer.type} -> ${referred.type}`);
  }

  const rowOf = new Map(before.map((row) => [row.object, row]));
  for (const row of before) {
    for (const object of row.after) {
      const referred = rowOf.get(object);
      const end = ends.get(object);
      if (!referred || !end) continue;
      const own = ends.get(row.object);
      const pair = `${row.type} -> ${referred.type}`;
      if (own) {
        deleted.add(pair);
        // What goes with its parent needs no request; where it has one all the same, that comes first like any other.
        if (own.operation.steps.length === 0 && goesWith(judged, row, referred)) continue;
        demand(own.operation, end.operation, "it goes after what stands on it");
        compareWire(wire, own.operation, end.operation, wrong);
      } else {
        const update = makes.get(row.key);
        // Of what goes first, others can only be pointed at the successor afterwards.
        if (update?.operation.phase === "update" && end.change.order !== "delete-first")
          demand(update.operation, end.operation, "it goes after what refers to it is pointed elsewhere");
      }
    }
  }
  // To end what is gone already is no mistake: an address that moves leaves its old association.
  for (const request of wire)
    if (request.outcome !== "ok" && !/not_?found$/i.test(request.outcome))
      wrong.push(`${request.operation} ${JSON.stringify(request.params)} was refused: ${request.outcome}`);
  return { wrong, created, deleted };
}

function goesWith({ deletedWith }: Judged, row: ObjectRow, parent: ObjectRow): boolean {
  const values = new Set<unknown>([parent.id.id, ...Object.values(parent.attributes)]);
  return deletedWith(row.type).some((prop) => values.has(row.props[prop]));
}

/** By id of an operation: where in the events its first request went out, and where it was done. */
function readTimeline({ events }: Applied): { readonly sent: ReadonlyMap<string, number>; readonly done: ReadonlyMap<string, number> } {
  const sent = new Map<string, number>();
  const done = new Map<string, number>();
  for (const [at, event] of events.entries()) {
    if (event.kind === "step-sent" && !sent.has(event.operation)) sent.set(event.operation, at);
    if (event.kind === "operation-done") done.set(event.operation, at);
  }
  return { sent, done };
}

function compareWire(wire: readonly LoggedRequest[], first: PlannedOperation, then: PlannedOperation, wrong: string[]): void {
  const [one, other] = [findDelete(wire, first), findDelete(wire, then)];
  if (one !== undefined && other !== undefined && one > other) wrong.push(`on the wire ${then.id} came before ${first.id}`);
}

/** The request that ends an object: of that name, with every part of the object's id in it. */
function findDelete(wire: readonly LoggedRequest[], operation: PlannedOperation): number | undefined {
  const step = operation.steps.find((each) => each.deletes);
  if (!step || !operation.row) return undefined;
  const name = step.operation.slice(step.operation.indexOf(":") + 1);
  const parts = operation.row.id.id.split("|").map((part) => part.split("/").at(-1)?.toLowerCase() ?? "");
  const index = wire.findIndex((request) => {
    const values = Object.values(request.params).map((value) => value.toLowerCase());
    return request.operation === name && parts.every((part) => values.some((value) => value === part || value.endsWith(`/${part}`)));
  });
  return index === -1 ? undefined : index;
}
