// CreateTags, DeleteTags, DescribeTags: tags across all kinds of objects, by id.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html

import type { CreateTagsRequest, DeleteTagsRequest, DescribeTagsRequest, DescribeTagsResult, TagDescription } from "@aws-sdk/client-ec2";
import { cutPage, isBehind, matchFilters, USUAL_PAGE } from "./describe.ts";
import { refuse } from "./errors.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { ID_RULES, requireRow } from "./require.ts";
import type { Row, TagMap } from "./rows.ts";
import { checkTagCount, checkTagKey, readTags } from "./tags.ts";
import type { World } from "./world.ts";

type Taggable = keyof typeof ID_RULES;

/** As tag specifications and DescribeTags call them. */
const RESOURCE_TYPES: Readonly<Record<Taggable, string>> = {
  vpc: "vpc",
  subnet: "subnet",
  "internet-gateway": "internet-gateway",
  "route-table": "route-table",
  "network-acl": "network-acl",
  "nat-gateway": "natgateway",
  "security-group": "security-group",
  "security-group-rule": "security-group-rule",
  "key-pair": "key-pair",
  "network-interface": "network-interface",
  instance: "instance",
  volume: "volume",
  address: "elastic-ip",
  snapshot: "snapshot",
  image: "image",
};

const MOST_RESOURCES = 1000;
const kinds = Object.keys(RESOURCE_TYPES) as readonly Taggable[];

function findTagged(world: World, id: string): Row {
  const prefix = id.slice(0, id.lastIndexOf("-"));
  const kind = kinds.find((one) => ID_RULES[one].prefix === prefix);
  if (kind === undefined) refuse("InvalidID", `The ID '${id}' is not valid`);
  return requireRow(world, kind, id);
}

function setTags(world: World, row: Row, tags: TagMap): void {
  world.change(row, { tags, tagsAt: world.now, tagsBefore: row.tags });
}

function requireResources(world: World, ids: readonly string[] | undefined): readonly Row[] {
  if (ids === undefined || ids.length === 0) refuse("MissingParameter", "The request must contain the parameter resourceIdSet");
  // "Constraints: Up to 1000 resource IDs. We recommend breaking up this request into smaller batches."
  if (ids.length > MOST_RESOURCES) refuse("InvalidParameterValue", `The maximum number of resources in one request is ${MOST_RESOURCES}`);
  return [...new Set(ids)].map((id) => findTagged(world, id));
}

const filters: Readonly<Record<string, (tag: TagDescription) => readonly (string | undefined)[]>> = {
  key: (tag) => [tag.Key],
  "resource-id": (tag) => [tag.ResourceId],
  "resource-type": (tag) => [tag.ResourceType],
  value: (tag) => [tag.Value],
};

export const tagOperations = {
  CreateTags: defineMutation<CreateTagsRequest, object>(["Resources", "Tags"], (world, input) => {
    const rows = requireResources(world, input.Resources);
    const tags = readTags(input.Tags);
    if (Object.keys(tags).length === 0) refuse("MissingParameter", "The request must contain the parameter Tag");
    for (const row of rows) {
      const all = { ...row.tags, ...tags };
      checkTagCount(all);
      setTags(world, row, all);
    }
    return {};
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html: a key alone goes whatever its value; without tags, all go but the cloud's own.
  DeleteTags: defineMutation<DeleteTagsRequest, object>(["Resources", "Tags"], (world, input) => {
    const rows = requireResources(world, input.Resources);
    for (const { Key } of input.Tags ?? []) checkTagKey(Key ?? "");
    for (const row of rows) {
      const goes = ([key, value]: readonly [string, string]): boolean =>
        input.Tags === undefined || input.Tags.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value));
      const left = Object.fromEntries(Object.entries(row.tags).filter((entry) => !goes(entry)));
      if (Object.keys(left).length !== Object.keys(row.tags).length) setTags(world, row, left);
    }
    return {};
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html
  DescribeTags: defineQuery<DescribeTagsRequest, DescribeTagsResult>(["Filters", "MaxResults", "NextToken"], (world, input) => {
    const named = (input.Filters ?? []).filter((filter) => filter.Name?.startsWith("tag:"));
    const byTag = Object.fromEntries(
      named.map((filter) => [filter.Name, (tag: TagDescription) => (`tag:${tag.Key}` === filter.Name ? [tag.Value] : [])]),
    );
    const matches = matchFilters({ ...filters, ...byTag }, input.Filters);
    const tags: TagDescription[] = [];
    for (const kind of kinds) {
      for (const row of world.all(kind) as Iterable<Row>) {
        const shown = isBehind(world, row, "tags") ? (row.tagsBefore ?? {}) : row.tags;
        for (const [Key, Value] of Object.entries(shown)) {
          const tag: TagDescription = { ResourceType: RESOURCE_TYPES[kind] as "vpc", ResourceId: row.id, Key, Value };
          if (matches(tag)) tags.push(tag);
        }
      }
    }
    const order = (tag: TagDescription): string => `${tag.ResourceId} ${tag.Key}`;
    const { rows, nextToken } = cutPage(
      tags.sort((a, b) => (order(a) < order(b) ? -1 : 1)),
      order,
      input,
      USUAL_PAGE,
    );
    return { NextToken: nextToken, Tags: [...rows] };
  }),
};
