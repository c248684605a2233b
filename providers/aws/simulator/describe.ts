// What all Describe operations share: ids, filters with wildcards, tags, pages, and indexes that may lag behind.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination

import type { Filter } from "@aws-sdk/client-ec2";
import { cutPage as cutItems, type Selection } from "../../simulation/pages.ts";
import * as settings from "../../simulation/settings.ts";
import { refuse } from "./errors.ts";
import { tagIndexKey } from "./indexes.ts";
import type { Kind, Row, RowByKind } from "./rows.ts";
import type { World } from "./world.ts";

/** The values that a row has under a filter; a filter matches when any of its values matches any of these. */
export type FilterValues<R> = (row: R, world: World) => readonly (string | number | boolean | undefined)[];
export type Filters<R> = Readonly<Record<string, FilterValues<R>>>;

export interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
  /** Set by a fault: a page of this many items, or of none, with a next token. */
  readonly PageFault?: number | "empty" | undefined;
}

export interface PageLimits {
  readonly least: number;
  readonly most: number;
}

/** "This value can be between 5 and 1000", as most operations document it. */
export const USUAL_PAGE: PageLimits = { least: 5, most: 1000 };

const MOST_FILTERS = 200;

export interface Lookup<K extends Kind> {
  readonly kind: K;
  readonly filters: Filters<RowByKind<K>>;
  /** Filters that an index answers: `{ "vpc-id": "vpc" }`. */
  readonly indexed?: Readonly<Record<string, string>>;
  /** The filter that takes ids: `vpc-id`. */
  readonly idFilter?: string;
  /** Code and message when an id that was asked for is not there. */
  readonly missing: (id: string) => never;
  readonly page?: PageLimits;
  /** Rows that no description shows. */
  readonly hidden?: (row: RowByKind<K>) => boolean;
}

/** The rows that a Describe operation shows, in order of creation. */
export function selectRows<K extends Kind>(
  world: World,
  lookup: Lookup<K>,
  ids: readonly string[] | undefined,
  filters: readonly Filter[] | undefined,
  page: PageRequest,
): Selection<RowByKind<K>> {
  if (ids !== undefined && ids.length > 0 && page.MaxResults !== undefined) {
    refuse("InvalidParameterCombination", `The parameter ${lookup.kind} ids cannot be used with the parameter MaxResults`);
  }
  const matchers = readFilters(world, lookup.filters, filters);
  const rows: RowByKind<K>[] = [];
  for (const row of findCandidates(world, lookup, ids, filters)) {
    if (lookup.hidden?.(row) === true) continue;
    if (matchers.every((matches) => matches(row))) rows.push(row);
  }
  rows.sort((a, b) => a.n - b.n);
  // A request by ids is answered whole.
  const whole = ids !== undefined && ids.length > 0;
  return cutPage(rows, (row) => row.n, whole ? {} : page, lookup.page ?? USUAL_PAGE);
}

function findCandidates<K extends Kind>(
  world: World,
  lookup: Lookup<K>,
  ids: readonly string[] | undefined,
  filters: readonly Filter[] | undefined,
): Iterable<RowByKind<K>> {
  if (ids !== undefined && ids.length > 0) {
    return [...new Set(ids)].map((id) => {
      const row = world.get(lookup.kind, id);
      return row === undefined || isBehind(world, row, "ids") || lookup.hidden?.(row) === true ? lookup.missing(id) : row;
    });
  }
  return listed(world, narrowByIndex(world, lookup, filters) ?? world.all(lookup.kind));
}

function* listed<R extends Row>(world: World, rows: Iterable<R>): Iterable<R> {
  const lags = world.settings.lag.lists > 0;
  for (const row of rows) if (!lags || !isBehind(world, row, "lists")) yield row;
}

/** Candidates from the first filter that an index answers; the filters are applied to them all the same. */
function narrowByIndex<K extends Kind>(
  world: World,
  lookup: Lookup<K>,
  filters: readonly Filter[] | undefined,
): Iterable<RowByKind<K>> | undefined {
  for (const { Name = "", Values = [] } of filters ?? []) {
    if (Values.some(hasWildcard)) continue;
    if (Name === lookup.idFilter) return [...new Set(Values)].map((id) => world.get(lookup.kind, id)).filter((row) => row !== undefined);
    const tag = /^tag:(.+)$/s.exec(Name)?.[1];
    const index = tag === undefined ? lookup.indexed?.[Name] : "tag";
    if (index === undefined) continue;
    const keys = tag === undefined ? Values : Values.map((value) => tagIndexKey(tag, value));
    const found: readonly RowByKind<K>[] = keys.flatMap((key) => world.by(lookup.kind, index, key));
    return new Map(found.map((row) => [row.id, row])).values();
  }
  return undefined;
}

/** Whether an index has not caught up with a row yet. https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html */
export function isBehind(world: World, row: Row, index: "ids" | "lists" | "tags"): boolean {
  return settings.isBehind(world.settings.lag, index, index === "tags" ? row.tagsAt : row.createdAt, world.now);
}

export function readFilters<R extends Row>(
  world: World,
  known: Filters<R>,
  filters: readonly Filter[] | undefined,
): readonly ((row: R) => boolean)[] {
  return readFilterList(filters).map(({ name, values }) => {
    const matches = matchAny(values);
    const valuesOf = known[name];
    if (valuesOf !== undefined) return (row) => valuesOf(row, world).some((value) => value !== undefined && matches(String(value)));
    const tag = /^tag:(.+)$/s.exec(name)?.[1];
    if (tag !== undefined) {
      return (row) => {
        const value = tagsAsIndexed(world, row)[tag];
        return value !== undefined && matches(value);
      };
    }
    if (name === "tag-key") return (row) => Object.keys(tagsAsIndexed(world, row)).some(matches);
    return refuse("InvalidParameterValue", `The filter '${name}' is invalid`);
  });
}

/** The same for things that are not rows: types, zones, public images. */
export function matchFilters<T>(
  known: Readonly<Record<string, (item: T) => readonly (string | number | boolean | undefined)[]>>,
  filters: readonly Filter[] | undefined,
): (item: T) => boolean {
  const matchers = readFilterList(filters).map(({ name, values }) => {
    const valuesOf = known[name] ?? refuse("InvalidParameterValue", `The filter '${name}' is invalid`);
    const matches = matchAny(values);
    return (item: T) => valuesOf(item).some((value) => value !== undefined && matches(String(value)));
  });
  return (item) => matchers.every((matches) => matches(item));
}

function readFilterList(filters: readonly Filter[] | undefined): readonly { readonly name: string; readonly values: readonly string[] }[] {
  return (filters ?? []).map(({ Name, Values }) => {
    if (Name === undefined || Name === "") refuse("InvalidParameterValue", "The filter 'null' is invalid");
    if (Values === undefined || Values.length === 0) refuse("InvalidParameterValue", `The filter '${Name}' has no values`);
    if (Values.length > MOST_FILTERS)
      refuse("FilterLimitExceeded", `The maximum number of filter values specified on a single call is ${MOST_FILTERS}`);
    return { name: Name, values: Values };
  });
}

function tagsAsIndexed(world: World, row: Row): Readonly<Record<string, string>> {
  return isBehind(world, row, "tags") ? (row.tagsBefore ?? {}) : row.tags;
}

function hasWildcard(value: string): boolean {
  return /[*?\\]/.test(value);
}

/** Values are case-sensitive; `*` and `?` are wildcards, a backslash takes the next one literally. */
export function matchAny(values: readonly string[]): (value: string) => boolean {
  const exact = new Set<string>();
  const patterns: RegExp[] = [];
  for (const value of values) {
    if (hasWildcard(value)) patterns.push(wildcardPattern(value));
    else exact.add(value);
  }
  return (value) => exact.has(value) || patterns.some((pattern) => pattern.test(value));
}

function wildcardPattern(value: string): RegExp {
  const source = value.replace(/\\(.)|[*?]|[.+^${}()|[\]]/gs, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`.replace(/^\\([a-zA-Z0-9])$/, "$1");
    if (found === "*") return ".*";
    if (found === "?") return ".";
    return `\\${found}`;
  });
  return new RegExp(`^${source}$`, "s");
}

/** One page of a Describe operation, of a size within its limits. */
export function cutPage<T>(
  items: readonly T[],
  orderOf: (item: T) => number | string,
  page: PageRequest,
  limits: PageLimits,
): Selection<T> {
  const { MaxResults: size, NextToken: token } = page;
  if (size !== undefined && (size < limits.least || size > limits.most || !Number.isInteger(size))) {
    refuse(
      "InvalidParameterValue",
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value between ${limits.least} and ${limits.most}.`,
    );
  }
  const refuseToken = (): never => refuse("InvalidNextToken", "The specified NextToken is not valid.");
  return cutItems(items, orderOf, { size, token, fault: page.PageFault, refuseToken });
}
