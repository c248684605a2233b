// Lists: of a type, of a group, of a subscription, cut into pages that nextLink leads through.
// https://learn.microsoft.com/rest/api/resources/resources/list

import { cutPage } from "../../simulation/pages.ts";
import { isBehind } from "../../simulation/settings.ts";
import { refuse } from "./errors.ts";
import { compact } from "./json.ts";
import type { Answer, Wire } from "./operation.ts";
import { normaliseLocation } from "./regions.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { tagKey, type World } from "./world.ts";

export interface ListRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly wire: Wire;
  readonly pageSize: number;
  /** Set by a fault. */
  readonly pageFault?: number | "empty";
}

/** One page of rows in order of creation, with the link to the next. */
export function answerPage(
  world: World,
  rows: readonly ResourceRow[],
  request: ListRequest,
  render: (row: ResourceRow) => JsonMap,
): Answer {
  const { query, path, wire } = request;
  const lag = world.settings.lag;
  const seen = rows.filter((row) => !isBehind(lag, "lists", row.createdAt, world.now)).sort((a, b) => a.n - b.n);
  const page = cutPage(seen, (row) => row.n, {
    size: request.pageSize,
    token: query.get("$skiptoken") ?? query.get("$skipToken") ?? undefined,
    fault: request.pageFault,
    refuseToken: () => refuse("InvalidSkipToken", "The skip token of the request is not one of the embedded ARM's."),
  });
  return {
    status: 200,
    headers: {},
    body: {
      value: page.rows.map(render),
      ...(page.nextToken === undefined ? {} : { nextLink: writeNext(wire, path, query, page.nextToken) }),
    },
  };
}

function writeNext(wire: Wire, path: string, query: URLSearchParams, token: string): string {
  const next = new URLSearchParams(query);
  next.delete("$skiptoken");
  next.delete("$skipToken");
  next.set("$skiptoken", token);
  return `${wire.origin}${path}?${next.toString()}`;
}

type Test = (row: ResourceRow) => boolean;

interface Filter {
  readonly test: Test;
  /** Found by the index of tags. */
  readonly tag?: string;
  /** "The original tags for each resource will not be returned in the results." */
  readonly hidesTags: boolean;
}

/** Reads `$filter` of the lists of resources and of groups. Throws InvalidFilterInQueryString for what the vendor does not combine. */
export function readFilter(world: World, text: string | null): Filter {
  if (text === null || text === "") return { test: () => true, hidesTags: false };
  const tag = /^\s*tagName\s+eq\s+'((?:[^']|'')*)'(?:\s+and\s+tagValue\s+eq\s+'((?:[^']|'')*)')?\s*$/i.exec(text);
  if (tag !== null) {
    const name = unquote(tag[1] ?? "").toLowerCase();
    const value = tag[2] === undefined ? undefined : unquote(tag[2]);
    return {
      hidesTags: true,
      ...(value === undefined ? {} : { tag: tagKey(name, value) }),
      test: (row) =>
        Object.entries(seenTags(world, row)).some(([key, one]) => key.toLowerCase() === name && (value === undefined || one === value)),
    };
  }
  const prefix = /^\s*startswith\(\s*tagName\s*,\s*'((?:[^']|'')*)'\s*\)\s*$/i.exec(text);
  if (prefix !== null) {
    const start = unquote(prefix[1] ?? "").toLowerCase();
    return { hidesTags: true, test: (row) => Object.keys(seenTags(world, row)).some((key) => key.toLowerCase().startsWith(start)) };
  }
  const alternatives = text.split(/\s+or\s+/i).map((part) => part.split(/\s+and\s+/i).map((term) => readTerm(term, text)));
  return { hidesTags: false, test: (row) => alternatives.some((terms) => terms.every((test) => test(row))) };
}

function readTerm(term: string, whole: string): Test {
  const compare = /^\s*(\w+)\s+(eq|ne)\s+'((?:[^']|'')*)'\s*$/i.exec(term);
  if (compare !== null) {
    const [, name = "", operator = "", quoted = ""] = compare;
    const read = READERS[name.toLowerCase()];
    const wanted = name.toLowerCase() === "location" ? normaliseLocation(unquote(quoted)) : unquote(quoted).toLowerCase();
    if (read !== undefined) return (row) => (read(row).toLowerCase() === wanted) === (operator.toLowerCase() === "eq");
  }
  const part = /^\s*substringof\(\s*'((?:[^']|'')*)'\s*,\s*(name|resourceGroup)\s*\)\s*$/i.exec(term);
  if (part !== null) {
    const read = READERS[(part[2] ?? "").toLowerCase()];
    const wanted = unquote(part[1] ?? "").toLowerCase();
    if (read !== undefined) return (row) => read(row).toLowerCase().includes(wanted);
  }
  return refuse("InvalidFilterInQueryString", `Invalid $filter '${whole}' specified in the query string.`);
}

const READERS: Readonly<Record<string, (row: ResourceRow) => string>> = {
  resourcetype: (row) => row.type,
  name: (row) => row.name,
  resourcegroup: (row) => row.group,
  location: (row) => row.location ?? "",
};

function unquote(text: string): string {
  return text.replaceAll("''", "'");
}

/** The tags as the index sees them. */
export function seenTags(world: World, row: ResourceRow): Readonly<Record<string, string>> {
  const behind = row.tagsBefore !== undefined && isBehind(world.settings.lag, "tags", row.tagsAt, world.now);
  const fresh = row.tagsBefore === undefined && isBehind(world.settings.lag, "tags", row.createdAt, world.now);
  return behind ? (row.tagsBefore ?? {}) : fresh ? {} : (row.tags ?? {});
}

/** Resources of a subscription or of one group: only those that have a location of their own. */
export function findResources(world: World, filter: Filter, group: string | undefined): readonly ResourceRow[] {
  const rows =
    filter.tag !== undefined
      ? world.by("resource", "tag", filter.tag)
      : group !== undefined
        ? world.by("resource", "group", group.toLowerCase())
        : [...world.all("resource")];
  return rows.filter(
    (row) =>
      row.parent === undefined &&
      row.type !== "Microsoft.Resources/resourceGroups" &&
      (group === undefined || row.group === group.toLowerCase()) &&
      filter.test(row),
  );
}

/** An item of a list of resources: the envelope, no properties. */
export function renderGeneric(row: ResourceRow, hidesTags: boolean, expand: readonly string[]): JsonMap {
  const { zones, sku, plan, identity } = row.envelope;
  return compact({
    id: row.armId,
    name: row.name,
    type: row.type,
    location: row.location,
    tags: hidesTags ? undefined : row.tags,
    zones,
    sku,
    plan,
    identity,
    createdTime: expand.includes("createdtime") ? new Date(row.createdAt).toISOString() : undefined,
    changedTime: expand.includes("changedtime") ? new Date(Math.max(row.createdAt, row.tagsAt)).toISOString() : undefined,
    provisioningState: expand.includes("provisioningstate") ? row.state : undefined,
  });
}
