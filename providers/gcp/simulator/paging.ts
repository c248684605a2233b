// Pages and their order, as every list of GCE has them.

import { cutPage, type Selection } from "../../simulation/pages.ts";
import { refuseUnimplemented, refuseValue } from "./errors.ts";
import type { Call } from "./method.ts";

const DEFAULT_PAGE = 500;

export interface Ordered {
  readonly scope?: string;
  readonly name: string;
  readonly createdAt?: number;
  readonly n?: number;
}

/** "By default, results are returned in alphanumerical order based on the resource name." */
function readOrder(orderBy: string | undefined): (item: Ordered) => string {
  if (orderBy === undefined || orderBy === "name") return (item) => `${item.scope ?? ""}/${item.name}`;
  if (orderBy === "creationTimestamp desc")
    return (item) => `${String(10 ** 15 - (item.createdAt ?? 0))} ${String(10 ** 12 - (item.n ?? 1))} ${item.name}`;
  return refuseUnimplemented(`orderBy=${orderBy}`);
}

/** The page of a list that a call asks for. */
export function cutListPage<T extends Ordered>(items: readonly T[], call: Call<unknown>): Selection<T> {
  const order = readOrder(call.query.orderBy);
  const keyed = items.map((item) => ({ item, key: order(item) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const { rows, nextToken } = cutPage(keyed, ({ key }) => key, {
    size: readSize(call.query.maxResults),
    token: call.query.pageToken,
    fault: call.page,
    refuseToken: () => refuseValue("pageToken", call.query.pageToken, "The token is not one of this list."),
  });
  return { rows: rows.map(({ item }) => item), ...(nextToken === undefined ? {} : { nextToken }) };
}

/** "Acceptable values are 0 to 500, inclusive. (Default: 500)" */
function readSize(text: string | undefined): number {
  if (text === undefined || text === "0") return DEFAULT_PAGE;
  const size = Number(text);
  if (!Number.isInteger(size) || size < 0 || size > DEFAULT_PAGE) refuseValue("maxResults", text, "Value must be between 0 and 500.");
  return size;
}

/** A scope without any item on a page says so. */
export function warnEmpty(scope: string): object {
  return {
    warning: {
      code: "NO_RESULTS_ON_PAGE",
      message: `There are no results for scope '${scope}' on this page.`,
      data: [{ key: "scope", value: scope }],
    },
  };
}

/** A scope that did not answer. */
export function warnSilent(scope: string): object {
  return { warning: { code: "UNREACHABLE", message: `The scope '${scope}' cannot be reached.`, data: [{ key: "scope", value: scope }] } };
}
