// Looks into and reaches into a persisted world from outside the wire: for tests, and for `koine simulate`. Never part of the protocol.
// Each call opens the world, plays what is due, acts in one transaction, and closes it; servers of the same world see the result at once.

import { type Inspection, lookAtWorld, withWorld } from "../../simulation/inspection.ts";
import type { LoggedRequest } from "../../simulation/store.ts";
import { performRequest, prepareRequest } from "./dispatch.ts";
import { GceError } from "./errors.ts";
import { addForeign } from "./foreign.ts";
import { lateRequest } from "./late-request.ts";
import { findMethod } from "./methods.ts";
import type { AnyResourceRow, AnyRow, Collection } from "./rows.ts";
import { writeRequest } from "./server.ts";
import { readGceSettings, type Settings } from "./settings.ts";
import { DEFAULT_PROJECT } from "./start.ts";
import { makeTransitions } from "./transitions.ts";
import { advanceWorld, viewWorld, WORLD_FORMAT, type World, type WorldView } from "./world.ts";

export type { LoggedRequest } from "../../simulation/store.ts";
export type { World } from "./world.ts";

export interface WorldObject {
  /** The collection: `instances`. */
  readonly type: Collection;
  /** The path: `projects/P/zones/Z/instances/N`. */
  readonly id: string;
  /** The project. */
  readonly account: string;
  /** `europe-west1`; empty for what is global. */
  readonly region: string;
  /** Its labels; empty where it can bear none. */
  readonly tags: Readonly<Record<string, string>>;
  /** The vendor's status, for objects that have one: `RUNNING`, `READY`. */
  readonly state?: string;
  /** Deleted objects are gone at once: always true. */
  readonly living: boolean;
  /** As a GET would answer it. */
  readonly resource: Readonly<Record<string, unknown>>;
}

const INSPECTION: Inspection<AnyRow, Settings> = {
  format: WORLD_FORMAT,
  settings: () => readGceSettings("none", {}),
  advance: (view, now) => advanceWorld(view, makeTransitions(lateRequest(view)), now),
};

/** Every object of every project, in order of creation. Operations are none. */
export function readWorld(directory: string): readonly WorldObject[] {
  return lookAtWorld(
    INSPECTION,
    directory,
    (view) => {
      const now = Date.now();
      return [...view.store.memory.everything()]
        .sort((a, b) => a.n - b.n)
        .flatMap((row) => ("resource" in row ? [describeRow(view, row, now)] : []));
    },
    [],
  );
}

/** The name of the route's last parameter, in the methods that get one object. */
function describeRow(view: WorldView, row: AnyResourceRow, now: number): WorldObject {
  const method = findMethod(`${row.kind}.get`);
  const [sort = "", place = ""] = row.scope.split("/");
  const parameter = [...(method?.path ?? "").matchAll(/\{(.+?)\}/g)].map((match) => match[1] ?? "").pop() ?? "";
  const world = viewWorld(view, row.realm, now);
  const resource = (method?.run(world, { scope: row.scope, route: { [parameter]: row.name }, query: {}, body: {} as never }) ??
    row.resource) as Readonly<Record<string, unknown>>;
  const state = resource.status;
  return {
    type: row.kind,
    id: row.id,
    account: row.realm,
    region: sort === "zones" ? place.slice(0, place.lastIndexOf("-")) : place,
    tags: (resource.labels ?? {}) as Readonly<Record<string, string>>,
    ...(typeof state === "string" ? { state } : {}),
    living: true,
    resource,
  };
}

/** The log of requests, oldest first: each with its outcome (`ok`, an error's reason, or `cut` where the caller never got the answer). */
export function readRequests(directory: string): readonly LoggedRequest[] {
  return lookAtWorld(INSPECTION, directory, ({ store }) => store.readLog(), []);
}

export interface Realm {
  /** The project; `simulated-project` by default. */
  readonly account?: string;
}

/** Changes rows behind everybody's back: no rule is checked, nothing is logged. */
export function editWorld<T>(directory: string, edit: (world: World) => T, realm: Realm = {}): T {
  const now = Date.now();
  return withWorld(
    INSPECTION,
    directory,
    (view) => view.store.write(() => edit(viewWorld(view, realm.account ?? DEFAULT_PROJECT, now, "edit"))),
    now,
  );
}

/**
 * Another hand's request by GCE's own rules: `callWorld(dir, "instances.delete", { zone: "europe-west1-b", instance: "web" })`; `body` is the body.
 * It is logged with the fault `out of band`, and its operation is over when this returns. Throws an Error with the vendor's reason when GCE refuses.
 */
export function callWorld(directory: string, operation: string, input: Readonly<Record<string, unknown>>, realm: Realm = {}): void {
  const now = Date.now();
  withWorld(
    INSPECTION,
    directory,
    (view) => {
      const raw = writeRequest(operation, realm.account ?? DEFAULT_PROJECT, input);
      const { body } = performRequest(view, prepareRequest(raw), now, { fault: "out of band" });
      if (body instanceof GceError) throw body;
      INSPECTION.advance(view, now);
    },
    now,
  );
}

/** Fills a project with running instances that bear none of our marks, in a network of their own. Thousands a second. */
export function populateForeign(directory: string, count: number, realm: Realm & { readonly zone?: string } = {}): void {
  const account = realm.account ?? DEFAULT_PROJECT;
  withWorld(INSPECTION, directory, (view) => {
    view.store.write(() => addForeign(view, account, realm.zone ?? "europe-west1-b", count, Date.now(), INSPECTION.advance));
  });
}
