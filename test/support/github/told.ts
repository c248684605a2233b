// What a request to the tests' GitHub comes with once it is known to be valid, and what an operation may say to it.

import type { Json, JsonRecord } from "./description.ts";
import type { Repository, Scope, Token } from "./model.ts";

export interface Asked {
  readonly repository: Repository;
  readonly token: Token;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: JsonRecord;
  /** `Accept` asks for the file itself instead of JSON. */
  readonly raw: boolean;
}

/** `list` is paged by the server; with `under`, it stands below that name beside `total_count`. */
export type Told =
  | { readonly status: number; readonly body?: Json; readonly raw?: Buffer }
  | { readonly list: readonly JsonRecord[]; readonly under?: string };

export interface Route {
  /** One of these is needed. https://docs.github.com/rest/overview/permissions-required-for-github-apps */
  readonly needs: readonly (readonly [Scope, "read" | "write"])[];
  readonly answer: (asked: Asked) => Told;
}

export const missing: Told = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" },
};

export function refuse(status: number, message: string, errors?: readonly JsonRecord[]): Told {
  return {
    status,
    body: { message, ...(errors ? { errors } : {}), documentation_url: "https://docs.github.com/rest", status: String(status) },
  };
}

export function numberOf(asked: Asked, name: string): number {
  return Number(asked.parameters[name]);
}

/** As `sort` and `direction` of the request say. */
export function sortAsked<Thing extends { readonly createdAt: number; readonly updatedAt: number }>(
  asked: Asked,
  list: readonly Thing[],
  standard: "asc" | "desc",
): readonly Thing[] {
  const { sort, direction = standard } = asked.parameters;
  const key = sort === "updated" ? "updatedAt" : "createdAt";
  return list.toSorted((a, b) => (direction === "asc" ? a[key] - b[key] : b[key] - a[key]));
}

/** A branch, a tag, a full name or a revision. */
export function resolveRevision({ git }: Repository, name: string): string | undefined {
  return git.find(`refs/heads/${name}`) ?? git.find(`refs/tags/${name}`) ?? git.find(name);
}

export function read(...scopes: readonly Scope[]): Route["needs"] {
  return scopes.map((scope) => [scope, "read"]);
}

export function write(...scopes: readonly Scope[]): Route["needs"] {
  return scopes.map((scope) => [scope, "write"]);
}
