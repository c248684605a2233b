// Reading Compute Engine page by page. Calls are in proportion to the pages of what is asked for, because the server filters; a part of the cloud that
// did not answer is said so, and never counts as empty. Makes no change.

import { ProviderError } from "../../engine/provider/errors.ts";
import { isPassing } from "../handlers/handler.ts";
import { chunk, readAllPages } from "../handlers/pages.ts";
import type { GceCall, Operations, Warning } from "./operations.ts";
import { type Location, locate, nameOf, pathOf, regionOfZone } from "./paths.ts";

/** What every resource tells of itself. */
export interface Named {
  readonly name?: string | null;
  readonly selfLink?: string | null;
}

/** What a list showed, and which parts of our region it could not show. */
export interface Listed<Row> {
  readonly rows: readonly Row[];
  /** Scopes (`zones/europe-west1-b`) with the reason why they did not answer. */
  readonly silent: ReadonlyMap<string, string>;
}

/** How the objects of one sort are read. */
export interface Collection<Row extends Named> {
  readonly name: string;
  get(call: GceCall, at: Location): Promise<Row>;
  /** All of them in our region (or global ones) that pass the filter. */
  list(call: GceCall, filter: string): Promise<Listed<Row>>;
}

/** The most that a page holds. https://cloud.google.com/compute/docs/reference/rest/v1/instances/aggregatedList (maxResults) */
const pageSize = 500;
/** Up to so many objects are asked for one by one; a list with a filter on their names costs less beyond. */
const few = 4;
/** Names of one filter: a URL of a few thousand characters is taken everywhere. */
export const namesPerFilter = 40;
/** GETs on the way at once. */
const atOnce = 8;

type PagedOperation = {
  [Name in keyof Operations]: Operations[Name] extends { input: { pageToken?: string | null }; output: { nextPageToken?: string | null } }
    ? Name
    : never;
}[keyof Operations];

/** All answers of a list, page by page. */
async function readPages<Name extends PagedOperation>(
  call: GceCall,
  operation: Name,
  input: Operations[Name]["input"],
): Promise<readonly Operations[Name]["output"][]> {
  return readAllPages(operation, async (pageToken) => {
    const page = { ...input, maxResults: pageSize, ...(pageToken === undefined ? {} : { pageToken }) };
    const output = await call.client.send(operation, page, call.signal);
    return { rows: [output], next: output.nextPageToken };
  });
}

type ListOperation = Exclude<PagedOperation, `${string}.aggregatedList`>;

/** Global objects, or those of our region. */
export async function listPlain<Name extends ListOperation, Row>(
  call: GceCall,
  operation: Name,
  input: Operations[Name]["input"],
  scope: string,
): Promise<Listed<Row>> {
  const pages = await readPages(call, operation, input);
  const silent = new Map<string, string>();
  for (const page of pages) noteSilence(silent, scope, page.warning);
  return { rows: pages.flatMap((page) => (page.items ?? []) as unknown as readonly Row[]), silent };
}

interface ScopedPage {
  readonly items?: Readonly<Record<string, { readonly warning?: Warning | null }>> | null;
  readonly unreachables?: readonly string[] | null;
  readonly warning?: Warning | null;
}

/** Zonal objects of our region: the aggregated list has those of all zones of the project. */
export async function listZonal<Name extends Extract<PagedOperation, `${string}.aggregatedList`>, Row extends Named>(
  call: GceCall,
  operation: Name,
  filter: string,
  rowsOf: (scoped: NonNullable<Operations[Name]["output"]["items"]>[string]) => readonly Row[] | null | undefined,
): Promise<Listed<Row>> {
  const { region } = call.client;
  const pages = await readPages(call, operation, { filter } as Operations[Name]["input"]);
  const silent = new Map<string, string>();
  const rows: Row[] = [];
  for (const page of pages) {
    const { items, unreachables, warning } = page as ScopedPage;
    noteSilence(silent, "*", warning);
    for (const scope of unreachables ?? []) if (isOurs(scopeOf(scope), region)) silent.set(scopeOf(scope), "it did not answer");
    for (const [scope, scoped] of Object.entries(items ?? {})) {
      if (!isOurs(scope, region)) continue;
      noteSilence(silent, scope, scoped.warning);
      for (const row of rowsOf(scoped as NonNullable<Operations[Name]["output"]["items"]>[string]) ?? []) rows.push(row);
    }
  }
  return { rows, silent };
}

/** `zones/europe-west1-b`, whatever stands in front. */
function scopeOf(link: string): string {
  return pathOf(link).replace(/^projects\/[^/]+\//, "");
}

function isOurs(scope: string, region: string): boolean {
  return scope.startsWith("zones/") && regionOfZone(nameOf(scope)) === region;
}

/** An empty page of a scope is no failure of it. https://cloud.google.com/compute/docs/reference/rest/v1/instances/aggregatedList (warning.code) */
function noteSilence(silent: Map<string, string>, scope: string, warning: Warning | null | undefined): void {
  const code = warning?.code;
  if (!code || code === "NO_RESULTS_ON_PAGE") return;
  silent.set(scope, warning.message ? `${code}: ${warning.message}` : code);
}

/** Objects that a filter finds. Throws where a part of our region did not answer: what it holds is not known. */
export async function sweep<Row extends Named>(collection: Collection<Row>, call: GceCall, filter: string): Promise<readonly Row[]> {
  const { rows, silent } = await collection.list(call, filter);
  const [first] = silent;
  if (first === undefined) return rows;
  throw new ProviderError(`the list of ${collection.name} is incomplete: ${describeSilence(first)}`, {
    code: "unavailable",
    effect: "none",
  });
}

function describeSilence([scope, reason]: readonly [string, string]): string {
  return scope === "*" ? reason : `${scope}: ${reason}`;
}

export interface ReadRows<Row> {
  /** By path. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Paths that may have an object, with the reason why it cannot be told. */
  readonly unseen: ReadonlyMap<string, string>;
}

/**
 * Reads objects by path: a few one by one, many by lists that are filtered by name. What a list does not show is asked for by itself before it counts as
 * absent. Rejects with what may pass; a refusal that concerns one object makes that one unseen.
 */
export async function readByPaths<Row extends Named>(
  collection: Collection<Row>,
  call: GceCall,
  paths: readonly string[],
): Promise<ReadRows<Row>> {
  const rows = new Map<string, Row>();
  const unseen = new Map<string, string>();
  const own = paths.filter((path) => locate(path)?.project === call.client.project);
  if (own.length > few) {
    const names = [...new Set(own.map(nameOf))];
    for (const group of chunk(names, namesPerFilter)) {
      const listed = await collection.list(call, filterByNames(group));
      for (const row of listed.rows) if (row.selfLink) rows.set(pathOf(row.selfLink), row);
    }
  }
  const missing = paths.filter((path) => !rows.has(path));
  for (const group of chunk(missing, atOnce)) {
    await Promise.all(group.map((path) => readOne(collection, call, path, rows, unseen)));
  }
  return { rows, unseen };
}

async function readOne<Row extends Named>(
  collection: Collection<Row>,
  call: GceCall,
  path: string,
  rows: Map<string, Row>,
  unseen: Map<string, string>,
): Promise<void> {
  const at = locate(path);
  if (at === undefined || at.collection !== collection.name) {
    unseen.set(path, `\`${path}\` is no path of one of ${collection.name}, such as projects/P/…/${collection.name}/NAME`);
    return;
  }
  try {
    rows.set(path, await collection.get(call, at));
  } catch (error) {
    if (!(error instanceof ProviderError) || isPassing(error)) throw error;
    if (error.details.code !== "not_found") unseen.set(path, error.message);
  }
}

/** https://cloud.google.com/compute/docs/reference/rest/v1/instances/aggregatedList (filter): `eq` takes a regular expression for the whole field. */
export function filterByNames(names: readonly string[]): string {
  return `name eq "${names.join("|")}"`;
}

export function filterByLabel(key: string, value: string): string {
  return `labels.${key} = "${value}"`;
}

/** A regular expression for the whole field; `value` is one already. */
export function filterByPattern(field: string, value: string): string {
  return `${field} eq "${value}"`;
}
