// Lists of what is no row of the world: zones, types, public images. Filters and pages as everywhere.

import { readFilter } from "./filter.ts";
import type { Call } from "./method.ts";
import { cutListPage, warnEmpty } from "./paging.ts";

interface Named {
  readonly name: string;
}

/** A list answer of such items. */
export function listFixed(kind: string, items: readonly Named[], call: Call<unknown>, selfLink: string): object {
  const filter = readFilter(call.query.filter);
  const found = items.filter((item) => filter.every((one) => one.matches(item)));
  const { rows, nextToken } = cutListPage(found, call);
  return {
    kind,
    id: selfLink.slice(selfLink.indexOf("projects/")),
    ...(rows.length === 0 ? {} : { items: rows }),
    ...(nextToken === undefined ? {} : { nextPageToken: nextToken }),
    selfLink,
  };
}

/** The same over scopes. */
export function listFixedAggregated(
  collection: string,
  kind: string,
  items: readonly { readonly scope: string; readonly item: Named }[],
  call: Call<unknown>,
  selfLink: string,
  scopes: readonly string[],
): object {
  const filter = readFilter(call.query.filter);
  const found = items.filter(({ item }) => filter.every((one) => one.matches(item))).map((one) => ({ ...one, name: one.item.name }));
  const { rows, nextToken } = cutListPage(found, call);
  const byScope = new Map<string, object[]>();
  for (const { scope, item } of rows) {
    const list = byScope.get(scope);
    if (list === undefined) byScope.set(scope, [item]);
    else list.push(item);
  }
  return {
    kind,
    id: selfLink.slice(selfLink.indexOf("projects/")),
    items: Object.fromEntries(scopes.map((scope) => [scope, byScope.has(scope) ? { [collection]: byScope.get(scope) } : warnEmpty(scope)])),
    ...(nextToken === undefined ? {} : { nextPageToken: nextToken }),
    selfLink,
  };
}
