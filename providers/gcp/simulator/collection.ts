// The methods that every collection has alike: get, list, aggregatedList, setLabels, delete.

import type { Listing } from "./lists.ts";
import { listAggregated, listRows } from "./lists.ts";
import { defineAggregatedList, defineChange, defineGet, defineList, type Method } from "./method.ts";
import { type LabelsBody, requireIdle, requireSeen, setLabels, startRemoval } from "./objects.ts";
import type { AnyResourceRow, Collection, ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

type RowOf<K extends Collection> = Extract<AnyResourceRow, { readonly kind: K }>;

export interface CollectionFacts<K extends Collection> {
  readonly collection: K;
  /** The route's word for one of them: `subnetwork`. */
  readonly parameter: string;
  readonly place: "global" | "regions/{region}" | "zones/{zone}";
  readonly listing: Listing<RowOf<K>>;
  /** The scopes of its aggregated list, where it has one. */
  readonly scopes?: readonly string[];
}

export function defineReads<K extends Collection>({
  collection,
  parameter,
  place,
  listing,
  scopes,
}: CollectionFacts<K>): readonly Method[] {
  const rowsOf = (world: World, scope: string): Iterable<RowOf<K>> =>
    (place === "global" ? world.all(collection) : world.by(collection, "scope", scope)) as Iterable<RowOf<K>>;
  return [
    defineGet(`${collection}.get`, `${place}/${collection}/{${parameter}}`, (world, call) =>
      listing.render(world, requireSeen(world, collection, call, call.route[parameter]) as unknown as RowOf<K>),
    ),
    defineList(`${collection}.list`, `${place}/${collection}`, (world, call) =>
      listRows(world, listing, call.scope, rowsOf(world, call.scope), call),
    ),
    ...(scopes === undefined
      ? []
      : [
          defineAggregatedList(`${collection}.aggregatedList`, `aggregated/${collection}`, (world, call) =>
            listAggregated(world, listing, scopes, world.all(collection) as Iterable<RowOf<K>>, call),
          ),
        ]),
  ];
}

/** `message` is the vendor's name of the body. */
export function defineSetLabels(collection: "addresses" | "disks" | "snapshots" | "images", place: string, message: string): Method {
  return defineChange<LabelsBody>(
    "POST",
    `${collection}.setLabels`,
    `${place}/${collection}/{resource}/setLabels`,
    message,
    (world, call) => setLabels(world, requireIdle(world, collection, call, call.route.resource), call.body),
  );
}

/** `check` throws for what may not go yet. */
export function defineDelete<K extends Collection>(
  { collection, parameter, place }: Pick<CollectionFacts<K>, "collection" | "parameter" | "place">,
  check: (world: World, row: ResourceRow<K>) => void = () => {},
): Method {
  return defineChange("DELETE", `${collection}.delete`, `${place}/${collection}/{${parameter}}`, undefined, (world, call) => {
    const row = requireIdle(world, collection, call, call.route[parameter]);
    check(world, row);
    return startRemoval(world, row as never);
  });
}
