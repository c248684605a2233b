// Reading ARM in proportion to pages: a few objects by their ids, many by the lists of their groups, and what is ours by its marks. Makes no
// change. Every id asked for is answered: found, not there, or hidden with the reason.

import { ProviderError } from "../../engine/provider/errors.ts";
import type { Call } from "../../engine/provider/provider.ts";
import { isPassing } from "../handlers/handler.ts";
import { chunk, readAllPages } from "../handlers/pages.ts";
import { readTogether } from "../handlers/read-together.ts";
import { canonicalId, groupIn, namesIn, normaliseLocation } from "./arm-id.ts";
import { type Json, mapsAt, textAt } from "./json.ts";
import { markKeys } from "./marks.ts";
import { type Arm, type ArmRequest, type Collection, collections, type OperationName } from "./operations.ts";

export type ArmCall = Call<Arm>;

/** Ids up to this number are read one by one; beyond it a list is never dearer. */
export const few = 4;
/** Groups up to this number are listed one by one; beyond it the subscription is. */
const manyGroups = 20;
/** Reads by id at once. */
const together = 20;

/** Resources by their canonical ids, and why some may be there though they were not seen. */
export interface Resources {
  readonly found: ReadonlyMap<string, Json>;
  unseen(id: string): string | undefined;
}

/** All rows of a list. */
export function readList(call: ArmCall, operation: OperationName, request: ArmRequest = {}): Promise<readonly Json[]> {
  const { client, signal } = call;
  return readAllPages(operation, async (next) => {
    const { body } = next === undefined ? await client.send(operation, request, signal) : await client.follow(operation, next, signal);
    return { rows: mapsAt(body, "value"), next: textAt(body, "nextLink") };
  });
}

/** One resource as it is; undefined when it, or what it is below, is not there. */
export async function readOne(
  call: ArmCall,
  operation: OperationName,
  at: readonly string[],
  query?: Readonly<Record<string, string>>,
): Promise<Json | undefined> {
  try {
    return (await call.client.send(operation, { at, ...(query === undefined ? {} : { query }) }, call.signal)).body;
  } catch (error) {
    if (error instanceof ProviderError && error.details.code === "not_found") return undefined;
    throw error;
  }
}

/**
 * Reads resources of one type by id, any number of them. Lists trail what was made a moment ago, so an id that a list does not show is read by
 * itself before it counts as absent. Throws only what a later call may answer otherwise.
 */
export async function readResources(
  call: ArmCall,
  collection: Collection,
  ids: readonly string[],
  query?: Readonly<Record<string, string>>,
): Promise<Resources> {
  const { list, listAll } = collections[collection];
  const groups = [...new Set(ids.map(groupIn))];
  const found = new Map<string, Json>();
  const hidden = new Map<string, string>();
  const gone = new Set<string>();
  const take = async (key: string, read: () => Promise<readonly Json[]>): Promise<void> => {
    try {
      for (const resource of await read()) found.set(canonicalId(textAt(resource, "id") ?? ""), resource);
    } catch (error) {
      if (!(error instanceof ProviderError) || isPassing(error)) throw error;
      // A group that is gone has taken its resources with it.
      if (error.details.code === "not_found") gone.add(key);
      else hidden.set(key, error.message);
    }
  };
  const takeEach = async (wanted: readonly string[]): Promise<void> => {
    for (const group of chunk(wanted, together))
      await Promise.all(group.map((id) => take(id, () => readEach(call, collection, id, query))));
  };
  if (ids.length <= few) {
    await takeEach(ids);
    return { found, unseen: (id) => hidden.get(id) };
  }
  if (groups.length > manyGroups) {
    await take("", () => readList(call, `${collection}.${listAll}` as OperationName));
    if (!hidden.has("")) await takeEach(ids.filter((id) => !found.has(id)));
    return { found, unseen: (id) => hidden.get("") ?? hidden.get(id) };
  }
  await Promise.all(groups.map((group) => take(group, () => readList(call, `${collection}.${list}` as OperationName, { at: [group] }))));
  await takeEach(ids.filter((id) => !found.has(id) && !gone.has(groupIn(id)) && !hidden.has(groupIn(id))));
  return { found, unseen: (id) => hidden.get(groupIn(id)) ?? hidden.get(id) };
}

async function readEach(
  call: ArmCall,
  collection: Collection,
  id: string,
  query: Readonly<Record<string, string>> | undefined,
): Promise<readonly Json[]> {
  const resource = await readOne(call, `${collection}.get`, namesIn(id), query);
  return resource === undefined ? [] : [resource];
}

/** Where what is ours is to be looked for. */
interface Territory {
  /** Our own groups in this region, by name. */
  readonly groups: readonly string[];
  /** Ids of ours, as the index of tags has them. */
  readonly ids: readonly string[];
}

/** The server filters, so the pages are those of what is ours. https://learn.microsoft.com/rest/api/resources/resources/list */
function byTag(key: string, value: string): ArmRequest {
  return { query: { $filter: `tagName eq '${key}' and tagValue eq '${value.replaceAll("'", "''")}'` } };
}

export function listTagged(
  call: ArmCall,
  operation: "resources.list" | "resourceGroups.list",
  key: string,
  value: string,
): Promise<readonly Json[]> {
  return readList(call, operation, byTag(key, value));
}

/** The types of one look ask for this at the same time; they get one answer. */
async function readTerritory(call: ArmCall, lineage: string): Promise<Territory> {
  return readTogether(
    {
      owner: call.client,
      name: `lineage ${lineage}`,
      most: 1_000,
      async read(_values, signal): Promise<Territory> {
        const own = { ...call, signal };
        const [groups, resources] = await Promise.all([
          listTagged(own, "resourceGroups.list", markKeys.lineage, lineage),
          listTagged(own, "resources.list", markKeys.lineage, lineage),
        ]);
        return {
          groups: groups.filter((each) => isHere(call, each)).flatMap((each) => textAt(each, "name")?.toLowerCase() ?? []),
          ids: resources.filter((each) => isHere(call, each)).flatMap((each) => canonicalId(textAt(each, "id") ?? "")),
        };
      },
    },
    lineage,
    call.signal,
  );
}

/** Two clouds of one stack may be two regions of one subscription; each sees its own. */
export function isHere(call: ArmCall, resource: Json): boolean {
  return normaliseLocation(textAt(resource, "location") ?? "") === normaliseLocation(call.client.region);
}

/**
 * What may be ours of one type: everything in our own groups, because the index of tags lags, and in other groups what the index names. Calls
 * are in proportion to the pages of our groups, whatever else the subscription holds.
 */
export async function sweepResources(call: ArmCall, collection: Collection, lineage: string): Promise<readonly Json[]> {
  const { type, list } = collections[collection];
  const { groups, ids } = await readTerritory(call, lineage);
  const owned = new Set(groups);
  const path = `/providers/${type}/`.toLowerCase();
  const elsewhere = ids.filter((id) => id.toLowerCase().includes(path) && namesIn(id).length === 2 && !owned.has(groupIn(id)));
  const [own, others] = await Promise.all([
    Promise.all(groups.map((group) => readGroup(call, `${collection}.${list}` as OperationName, group))),
    elsewhere.length === 0 ? [] : readElsewhere(call, collection, elsewhere),
  ]);
  return [...own.flat(), ...others].filter((each) => isHere(call, each));
}

async function readGroup(call: ArmCall, operation: OperationName, group: string): Promise<readonly Json[]> {
  try {
    return await readList(call, operation, { at: [group] });
  } catch (error) {
    if (error instanceof ProviderError && error.details.code === "not_found") return [];
    throw error;
  }
}

/** Here every one counts: what cannot be read is an error, not an absence. */
async function readElsewhere(call: ArmCall, collection: Collection, ids: readonly string[]): Promise<readonly Json[]> {
  const { found, unseen } = await readResources(call, collection, ids);
  const reason = ids.map(unseen).find((each) => each !== undefined);
  if (reason !== undefined) throw new ProviderError(reason, { code: "denied", effect: "none" });
  return ids.map((id) => found.get(id)).filter((resource) => resource !== undefined);
}

/** What one creating request has made, by the mark of the attempt. */
export async function findByOperation(call: ArmCall, collection: Collection, operation: string): Promise<readonly Json[]> {
  const path = `/providers/${collections[collection].type}/`.toLowerCase();
  const tagged = await listTagged(call, "resources.list", markKeys.operation, operation);
  const ids = tagged.map((each) => canonicalId(textAt(each, "id") ?? "")).filter((id) => id.toLowerCase().includes(path));
  return ids.length === 0 ? [] : readElsewhere(call, collection, ids);
}
