// Operations: every change answers with one, which is PENDING, RUNNING and then DONE; a failed one is DONE with an error.
// https://cloud.google.com/compute/docs/api/how-tos/api-requests-responses#handling_api_responses

import { scalePassage } from "../../simulation/delays.ts";
import { operationTimes } from "./clock.ts";
import { refuseMissing } from "./errors.ts";
import { describeFailure } from "./failures.ts";
import { writeLink } from "./links.ts";
import { type Listing, listRows } from "./lists.ts";
import { type Call, defineGet, defineList, type Method } from "./method.ts";
import type { GceOperation } from "./resources.ts";
import type { AnyResourceRow, Effect, OperationRow } from "./rows.ts";
import { type World, writeTime } from "./world.ts";

export interface Start {
  /** As GCE words it: `insert`, `setLabels`, `compute.instances.resize`. */
  readonly type: string;
  readonly target: AnyResourceRow;
  /** What changes, where it is not the target: a snapshot, by way of its disk. */
  readonly subject?: AnyResourceRow;
  readonly effect: Effect;
  readonly undo?: OperationRow["undo"];
  /** Fails at its end, beside what a fault asks for. */
  readonly error?: OperationRow["error"];
}

/** Starts one; the target is busy until it ends. Answers it as the caller sees it first. */
export function startOperation(world: World, { type, target, subject = target, effect, undo = [], error }: Start): object {
  const { project } = world;
  const { scope } = target;
  const id = world.newId();
  const name = `operation-${world.now}-${world.drawHex("operation").slice(0, 12)}-${id.slice(-8)}`;
  const path = `projects/${project}/${scope}/operations/${name}`;
  const [sort = "", where = ""] = scope.split("/");
  const times = operationTimes(world.method, world.settings.delays);
  const failure = world.failing === undefined ? error : describeFailure(world.failing.reason, target);
  const operation: GceOperation = {
    kind: "compute#operation",
    id,
    name,
    operationType: type,
    targetLink: target.resource.selfLink,
    targetId: target.resource.id,
    user: `simulated@${project}.iam.gserviceaccount.com`,
    insertTime: writeTime(world.now),
    selfLink: writeLink(path),
    ...(sort === "zones" ? { zone: writeLink(`projects/${project}/zones/${where}`) } : {}),
    ...(sort === "regions" ? { region: writeLink(`projects/${project}/regions/${where}`) } : {}),
  };
  const row = world.add("operations", {
    id: path,
    scope,
    name,
    operation,
    collection: subject.kind,
    target: subject.id,
    effect,
    undo,
    ...(failure === undefined ? {} : { error: failure }),
    startsAt: world.now + times.start,
    endsAt: world.now + times.end,
    done: false,
  });
  const current = world.get(subject.kind, subject.id);
  if (current !== undefined) world.change(current as never, { busy: path } as never);
  world.at(row.endsAt, "operation-done", path);
  return renderOperation(world, row);
}

/** The operation as GCE answers it now. */
export function renderOperation(world: World, row: OperationRow): object {
  const started = row.done || world.now > row.startsAt;
  const length = Math.max(1, row.endsAt - row.startsAt);
  const progress = row.done ? 100 : started ? Math.min(99, Math.round(((world.now - row.startsAt) / length) * 100)) : 0;
  return {
    ...row.operation,
    status: row.done ? "DONE" : started ? "RUNNING" : "PENDING",
    progress,
    ...(started ? { startTime: writeTime(row.startsAt) } : {}),
    ...(row.done ? { endTime: writeTime(row.endsAt) } : {}),
    ...(row.done && row.error !== undefined
      ? {
          error: { errors: [{ code: row.error.code, message: row.error.message }] },
          httpErrorStatusCode: row.error.status,
          httpErrorMessage: row.error.phrase,
        }
      : {}),
  };
}

/** `wait` answers when the operation is done, or after two minutes. */
const LONGEST_WAIT = 120;

/** Milliseconds that a `wait` is held back for now. */
export function holdBack(world: World, path: string): number {
  const row = world.get("operations", path);
  if (row === undefined || row.done) return 0;
  return Math.max(1, Math.min(row.endsAt - world.now, scalePassage(LONGEST_WAIT, world.settings.delays)));
}

const listing: Listing<OperationRow> = {
  kind: "compute#operationList",
  collection: "operations",
  render: renderOperation,
  computed: ["status", "progress", "startTime", "endTime", "error", "httpErrorStatusCode", "httpErrorMessage"],
};

function defineOperations(prefix: string, scope: string): readonly Method[] {
  const path = (world: World, scopeName: string, name = ""): string => `projects/${world.project}/${scopeName}/operations/${name}`;
  const read = (world: World, scopeName: string, name = ""): object => {
    const id = path(world, scopeName, name);
    // "Name of the Operations resource to return, or its unique numeric identifier."
    const [numbered] = world.by("operations", "number", `${scopeName} ${name}`);
    return renderOperation(world, world.get("operations", id) ?? numbered ?? refuseMissing(id));
  };
  const get = (world: World, call: Call<unknown>): object => read(world, call.scope, call.route.operation);
  return [
    defineGet(`${prefix}.get`, `${scope}/operations/{operation}`, get),
    { ...defineGet(`${prefix}.wait`, `${scope}/operations/{operation}/wait`, get), http: "POST" },
    defineList(`${prefix}.list`, `${scope}/operations`, (world, call) =>
      listRows(world, listing, call.scope, world.by("operations", "scope", call.scope), call),
    ),
  ];
}

export const operationMethods: readonly Method[] = [
  ...defineOperations("globalOperations", "global"),
  ...defineOperations("regionOperations", "regions/{region}"),
  ...defineOperations("zoneOperations", "zones/{zone}"),
];
