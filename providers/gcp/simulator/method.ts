// What a method of the embedded GCE is: its route, which query parameters and body it honours, and what it does to the world.

import type { World } from "./world.ts";

export type Parameters = Readonly<Record<string, string>>;

export interface Call<Body> {
  /** The scope of the route: `global`, `regions/R`, `zones/Z`; empty for aggregated lists and projects. */
  readonly scope: string;
  /** The route's own segments: `{ instance: "web" }`. */
  readonly route: Parameters;
  readonly query: Parameters;
  readonly body: Body;
  /** Set by a fault: a page of this many items, or of none, with a next token. */
  readonly page?: number | "empty" | undefined;
}

export interface Method {
  /** `instances.insert` */
  readonly id: string;
  readonly http: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `projects/{project}/`: `zones/{zone}/instances/{instance}`. */
  readonly path: string;
  readonly query: readonly string[];
  /** The body's message. */
  readonly body?: string;
  readonly mutating: boolean;
  run(world: World, call: Call<never>): object;
}

/** `fields` and what the vendor's own clients add are understood by every method. */
export const COMMON_QUERY = ["fields", "alt", "$alt", "prettyPrint", "$prettyPrint", "key", "quotaUser"] as const;

const LIST_QUERY = ["filter", "maxResults", "orderBy", "pageToken", "returnPartialSuccess"] as const;

type Run<Body> = (world: World, call: Call<Body>) => object;

/** One that only looks. */
export function defineGet(id: string, path: string, run: Run<unknown>): Method {
  return { id, http: "GET", path, query: [], mutating: false, run };
}

export function defineList(id: string, path: string, run: Run<unknown>): Method {
  return { id, http: "GET", path, query: LIST_QUERY, mutating: false, run };
}

export function defineAggregatedList(id: string, path: string, run: Run<unknown>): Method {
  return { id, http: "GET", path, query: [...LIST_QUERY, "includeAllScopes"], mutating: false, run };
}

/** Changes that know no request ids: "images.setLabels" and "snapshots.setLabels" have none in the vendor's description. */
const WITHOUT_REQUEST_ID = ["images.setLabels", "snapshots.setLabels"];

/** One that changes the world by an operation, and mostly knows request ids. */
export function defineChange<Body>(
  http: Method["http"],
  id: string,
  path: string,
  body: string | undefined,
  run: Run<Body>,
  query: readonly string[] = [],
): Method {
  return {
    id,
    http,
    path,
    query: WITHOUT_REQUEST_ID.includes(id) ? query : ["requestId", ...query],
    mutating: true,
    ...(body === undefined ? {} : { body }),
    run,
  };
}
