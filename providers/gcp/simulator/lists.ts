// What all lists share: filters, order, pages, aggregation over scopes, and indexes that may lag behind.
// https://cloud.google.com/compute/docs/reference/rest/v1/instances/list, …/instances/aggregatedList

import { isBehind } from "../../simulation/settings.ts";
import { type Comparison, readFilter } from "./filter.ts";
import { labelKey } from "./indexes.ts";
import { writeLink } from "./links.ts";
import type { Call } from "./method.ts";
import { cutListPage, warnEmpty, warnSilent } from "./paging.ts";
import type { AnyResourceRow, OperationRow } from "./rows.ts";
import type { World } from "./world.ts";

type ListedRow = AnyResourceRow | OperationRow;

export interface Listing<Row extends ListedRow> {
  /** `compute#instanceList` */
  readonly kind: string;
  /** `instances` */
  readonly collection: string;
  render(world: World, row: Row): object;
  /** Fields that only rendering knows. */
  readonly computed?: readonly string[];
}

/** One scope's objects. */
export function listRows<Row extends ListedRow>(
  world: World,
  listing: Listing<Row>,
  scope: string,
  rows: Iterable<Row>,
  call: Call<unknown>,
): object {
  const { page, nextPageToken } = selectRows(world, listing, rows, call);
  return {
    kind: listing.kind,
    id: `projects/${world.project}/${scope}/${listing.collection}`,
    ...(page.length === 0 ? {} : { items: page.map((row) => listing.render(world, row)) }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    selfLink: writeLink(`projects/${world.project}/${scope}/${listing.collection}`),
  };
}

/**
 * The objects of all scopes, by scope; a scope without any on this page says so in a warning. A fault `fail` with a scope as its reason leaves that
 * scope unanswered: what it holds is not in the list, and the list says so.
 */
export function listAggregated<Row extends ListedRow>(
  world: World,
  listing: Listing<Row>,
  scopes: readonly string[],
  rows: Iterable<Row>,
  call: Call<unknown>,
): object {
  const silent = scopes.filter((scope) => scope === world.failing?.reason);
  const reached = silent.length === 0 ? rows : [...rows].filter((row) => !silent.includes(row.scope));
  const { page, nextPageToken } = selectRows(world, listing, reached, call);
  const items: Record<string, Record<string, object[]>> = {};
  for (const row of page) {
    items[row.scope] ??= { [listing.collection]: [] };
    items[row.scope]?.[listing.collection]?.push(listing.render(world, row));
  }
  return {
    kind: listing.kind.replace(/List$/, "AggregatedList"),
    id: `projects/${world.project}/aggregated/${listing.collection}`,
    items: Object.fromEntries(
      scopes.map((scope) => [scope, items[scope] ?? (silent.includes(scope) ? warnSilent(scope) : warnEmpty(scope))]),
    ),
    ...(silent.length === 0 ? {} : { unreachables: silent }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    selfLink: writeLink(`projects/${world.project}/aggregated/${listing.collection}`),
  };
}

function selectRows<Row extends ListedRow>(
  world: World,
  listing: Listing<Row>,
  rows: Iterable<Row>,
  call: Call<unknown>,
): { readonly page: readonly Row[]; readonly nextPageToken: string | undefined } {
  const filter = readFilter(call.query.filter);
  const computed = new Set(listing.computed);
  const passes = (row: Row): boolean => filter.every((one) => one.matches(viewOf(world, listing, row, computed.has(rootOf(one)))));
  const found: Row[] = [];
  for (const row of narrowByLabel(world, listing, filter, rows)) {
    if (isListed(world, row) && passes(row)) found.push(row);
  }
  const { rows: page, nextToken } = cutListPage(found, call);
  return { page, nextPageToken: nextToken };
}

function rootOf({ field }: Comparison): string {
  return field.split(".")[0] ?? "";
}

function isListed(world: World, row: ListedRow): boolean {
  return !isBehind(world.settings.lag, "lists", row.createdAt, world.now);
}

function viewOf<Row extends ListedRow>(world: World, listing: Listing<Row>, row: Row, rendered: boolean): unknown {
  if (rendered) return listing.render(world, row);
  if (row.kind === "operations") return row.operation;
  if (row.labelsAt === undefined || !isBehind(world.settings.lag, "tags", row.labelsAt, world.now)) return row.resource;
  return { ...row.resource, labels: row.labelsBefore ?? {} };
}

/** Candidates from a label that the filter names; the filter is applied to them all the same. */
function narrowByLabel<Row extends ListedRow>(
  world: World,
  listing: Listing<Row>,
  filter: readonly Comparison[],
  rows: Iterable<Row>,
): Iterable<Row> {
  const label = filter.find(({ field, operator }) => operator === "=" && field.startsWith("labels."));
  if (label === undefined || listing.collection === "operations") return rows;
  const key = labelKey(label.field.slice("labels.".length), label.value);
  const labelled = new Set(world.by(listing.collection as AnyResourceRow["kind"], "label", key).map((row) => row.id));
  return labelled.size === 0 ? [] : keepOnly(rows, labelled);
}

function* keepOnly<Row extends ListedRow>(rows: Iterable<Row>, ids: ReadonlySet<string>): Iterable<Row> {
  for (const row of rows) if (ids.has(row.id)) yield row;
}
