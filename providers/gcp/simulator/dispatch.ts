// One request against the world: matched, decoded, checked, carried out, logged. Knows no HTTP server; faults arrive as decisions already made.

import { carryOut } from "../../simulation/carry-out.ts";
import type { Play, RequestFacts } from "../../simulation/play.ts";
import { digestCanonically } from "../../simulation/seeds.ts";
import { readBody } from "./body.ts";
import { GceError, refuse, refuseMissing } from "./errors.ts";
import { pickFields } from "./fields.ts";
import { COMMON_QUERY } from "./method.ts";
import { type Matched, matchRoute } from "./methods.ts";
import { checkRequestId } from "./names.ts";
import { renderOperation } from "./operations.ts";
import { isScope } from "./regions.ts";
import type { AnyRow } from "./rows.ts";
import { viewWorld, type World, type WorldView } from "./world.ts";

/** A request as it came: what a late one is kept as. */
export interface RawRequest {
  readonly http: string;
  /** With the query: `/compute/v1/projects/p/zones/z/instances?requestId=…`. */
  readonly url: string;
  readonly body: string;
}

export interface Prepared extends Matched {
  readonly raw: RawRequest;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly requestId: string;
  readonly body: object | GceError;
}

const PREFIX = "/compute/v1/projects/";

/** Finds the method and decodes what it is given. Throws the vendor's errors. */
export function prepareRequest(raw: RawRequest): Prepared {
  const url = new URL(raw.url, "http://localhost");
  const matched = url.pathname.startsWith(PREFIX) ? matchRoute(raw.http, url.pathname.slice(PREFIX.length)) : undefined;
  if (matched === undefined)
    refuse(404, "notFound", `No method of the embedded GCE answers to ${raw.http} ${url.pathname}: unknown, or not implemented.`);
  const { method, project, scope } = matched;
  if (!/^([a-z0-9.-]+:)?[a-z][-a-z0-9]{2,62}$/.test(project)) refuse(400, "invalid", `Invalid project id '${project}'.`);
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (!method.query.includes(name) && !COMMON_QUERY.includes(name as "fields"))
      refuse(400, "invalidParameter", `The query parameter '${name}' of ${method.id} is unknown, or not implemented by the embedded GCE.`);
    query[name] = value;
  }
  if (!isScope(scope)) refuse(404, "notFound", `The resource 'projects/${project}/${scope}' was not found`);
  for (const [sort, name] of [
    ["zones", matched.route.zone],
    ["regions", matched.route.region],
  ] as const)
    if (name !== undefined && !isScope(`${sort}/${name}`)) refuseMissing(`projects/${project}/${sort}/${name}`);
  // The vendor's client writes an empty string where there is no body.
  if (method.body === undefined && !["", '""', "{}"].includes(raw.body)) refuse(400, "badRequest", `${method.id} takes no body.`);
  return { ...matched, raw, query, body: method.body === undefined ? {} : readBody(raw.body, method.body) };
}

/** What the log and the fault plan see of a request. The log keeps no secrets: values of metadata are their length. */
export function describeRequest({ method, project, scope, route, query, body }: Prepared): RequestFacts {
  const params: Record<string, string> = { ...route, ...query };
  flatten("", body, params);
  return { operation: method.id, mutating: method.mutating, account: project, region: scope, params };
}

function flatten(prefix: string, value: unknown, params: Record<string, string>): void {
  if (value === null || typeof value !== "object") {
    const secret = /(^|\.)metadata\.items\.\d+\.value$|^items\.\d+\.value$/.test(prefix);
    params[prefix] = secret ? `(${String(value).length} characters)` : String(value);
    return;
  }
  for (const [key, item] of Object.entries(value)) flatten(prefix === "" ? key : `${prefix}.${key}`, item, params);
}

/** Carries out a prepared request and logs it. */
export function performRequest(view: WorldView, prepared: Prepared, now: number, play: Play = {}): Answer {
  const { method, project, query } = prepared;
  return carryOut<AnyRow, object, Answer>(view.store, {
    facts: describeRequest(prepared),
    now,
    play,
    run: () => {
      const world = viewWorld(view, project, now, method.id, play);
      const answer = method.mutating ? runOnce(world, prepared, play) : runMethod(world, prepared, play);
      return pickFields(answer, query.fields);
    },
    succeed: (body, requestId) => ({ status: 200, requestId, body }),
    readRefusal: (error) => (error instanceof GceError ? { code: error.reason, status: error.status } : undefined),
    refuse: (error, requestId) => ({ status: (error as GceError).status, requestId, body: error as GceError }),
    again: () => performRequest(view, prepared, now, { fault: "twice" }),
  });
}

function runMethod(world: World, { method, scope, route, query, body }: Prepared, play: Play): object {
  return method.run(world, { scope, route, query, body: body as never, page: play.page });
}

/**
 * "If you make the request again with the same request ID, the server can check if original operation with the same request ID was received, and if so,
 * will ignore the second request": it answers the first one's operation. Another request under the same id is a mistake.
 */
function runOnce(world: World, prepared: Prepared, play: Play): object {
  const { requestId, ...query } = prepared.query;
  if (requestId === undefined) return runMethod(world, prepared, play);
  checkRequestId(requestId);
  const { method, scope, route, body } = prepared;
  const digest = digestCanonically({ method: method.id, scope, route, query, body });
  const known = world.get("request-ids", requestId);
  if (known !== undefined && world.now - known.createdAt < world.settings.tokenWindow) {
    if (known.digest !== digest)
      refuse(400, "invalid", `Invalid value for field 'requestId': '${requestId}'. The request ID was already used with other parameters.`);
    const operation = world.get("operations", known.operation);
    if (operation !== undefined) return renderOperation(world, operation);
  }
  const answer = runMethod(world, prepared, play) as { readonly selfLink: string };
  if (known !== undefined) world.remove(known);
  world.add("request-ids", { id: requestId, digest, operation: answer.selfLink.slice(answer.selfLink.indexOf("projects/")) });
  return answer;
}
