// Looks into and reaches into a persisted world from outside the wire: for tests, and for `koine simulate`. Never part of the protocol.
// Each call opens the world, plays what is due, acts in one transaction, and closes it; servers of the same world see the result at once.

import { type Inspection, lookAtWorld, withWorld } from "../../simulation/inspection.ts";
import type { LoggedRequest } from "../../simulation/store.ts";
import { performRequest, prepareRequest } from "./dispatch.ts";
import { ArmError } from "./errors.ts";
import { fillWithForeign } from "./foreign.ts";
import { playDue } from "./late-request.ts";
import { renderResource } from "./render.ts";
import { GROUP_TYPE, renderGroup } from "./resource-group.ts";
import type { JsonMap, ResourceRow, Row } from "./rows.ts";
import { TYPES } from "./types.ts";
import { readSettings, type Settings, viewWorld, WORLD_FORMAT, type World, type WorldView } from "./world.ts";

export type { LoggedRequest } from "../../simulation/store.ts";
export type { World } from "./world.ts";

export interface WorldObject {
  /** In the vendor's case: `Microsoft.Compute/virtualMachines`. */
  readonly type: string;
  /** The ARM id as it was made. */
  readonly id: string;
  readonly subscription: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The provisioning state. */
  readonly state: string;
  /** A machine's: `running`, `deallocated`. */
  readonly power?: string;
  /** What GET would answer. */
  readonly resource: JsonMap;
  /** False for what is being deleted. */
  readonly living: boolean;
  /** All there is to it. */
  readonly row: ResourceRow;
}

/** The subscription of every simulated stack that names no other. */
export const SUBSCRIPTION = "00000000-0000-4000-8000-000000000000";

const INSPECTION: Inspection<Row, Settings> = {
  format: WORLD_FORMAT,
  settings: () => readSettings("none", {}),
  advance: (view, now) => playDue(view, now),
};

/** Every resource of every subscription, groups and resources inside resources among them, in order of creation. */
export function readWorld(directory: string): readonly WorldObject[] {
  return lookAtWorld(
    INSPECTION,
    directory,
    (view) => [...view.store.memory.everything()].sort((a, b) => a.n - b.n).flatMap((row) => describeRow(view, row)),
    [],
  );
}

const render = renderResource(TYPES);

function describeRow(view: WorldView, row: Row): readonly WorldObject[] {
  if (row.kind !== "resource") return [];
  const power = row.properties.power;
  return [
    {
      type: row.type,
      id: row.armId,
      subscription: row.realm,
      tags: row.tags ?? {},
      state: row.state,
      ...(typeof power === "string" ? { power } : {}),
      resource: row.type === GROUP_TYPE ? renderGroup(row) : render(viewWorld(view, row.realm, row.createdAt), row),
      living: row.state !== "Deleting",
      row,
    },
  ];
}

/** The log of requests, oldest first: each with its outcome (`ok`, an error's code, or `cut` where the caller never got the answer). */
export function readRequests(directory: string): readonly LoggedRequest[] {
  return lookAtWorld(INSPECTION, directory, ({ store }) => store.readLog(), []);
}

/** Changes rows behind everybody's back: no rule is checked, nothing is logged. */
export function editWorld<T>(directory: string, edit: (world: World) => T, subscription = SUBSCRIPTION): T {
  const now = Date.now();
  return withWorld(INSPECTION, directory, (view) => view.store.write(() => edit(viewWorld(view, subscription, now))), now);
}

/**
 * Another hand's request by ARM's own rules: `callWorld(dir, "DELETE", "/subscriptions/…")`, with the type's own version unless the path has one. It
 * is logged with the fault `out of band`, and its operation is over when it returns. Throws an Error with the vendor's code when ARM refuses; answers
 * the body otherwise.
 */
export function callWorld(directory: string, method: string, path: string, body?: JsonMap): JsonMap | undefined {
  const now = Date.now();
  return withWorld(
    INSPECTION,
    directory,
    (view) => {
      const answer = callAt(view, now, method, path, body, "out of band");
      playDue(view, now);
      return answer;
    },
    now,
  );
}

/** Versions of the reads and writes from outside the wire, by what the path holds. */
function versionFor(path: string): string {
  const type = [...TYPES.values()].findLast((one) => path.toLowerCase().includes(`/providers/${one.type.toLowerCase()}`));
  return type?.apiVersions[0] ?? "2025-04-01";
}

function callAt(view: WorldView, now: number, method: string, path: string, body: JsonMap | undefined, fault: string): JsonMap | undefined {
  const [bare = "", query = ""] = path.split("?");
  const parameters = new URLSearchParams(query);
  if (!parameters.has("api-version")) parameters.set("api-version", versionFor(bare));
  const prepared = prepareRequest({ method, path: bare, query: parameters, body, preconditions: {}, origin: "http://127.0.0.1" });
  const answer = performRequest(view, prepared, now, { fault });
  if (answer.status < 400) return answer.body;
  const error = answer.body?.error as { code: string; message: string };
  throw new ArmError(error.code, error.message, answer.status);
}

/** Fills a subscription with running machines that bear none of our marks, in a few groups and one network of their own. Thousands a second. */
export function populateForeign(directory: string, count: number, subscription = SUBSCRIPTION): void {
  const now = Date.now();
  withWorld(
    INSPECTION,
    directory,
    (view) =>
      view.store.write(() => {
        const put = (path: string, body: JsonMap): void => {
          callAt(view, now, "PUT", `/subscriptions/${subscription}${path}`, body, "foreign");
          playDue(view, now);
        };
        fillWithForeign(viewWorld(view, subscription, now), count, put);
      }),
    now,
  );
}
