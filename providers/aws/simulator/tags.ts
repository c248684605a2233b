// Tags: their rules, and how they are written in answers. CreateTags and its siblings live in tag-operations.ts.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions

import type { Tag, TagSpecification } from "@aws-sdk/client-ec2";
import { refuse } from "./errors.ts";
import type { TagMap } from "./rows.ts";

const MOST_TAGS = 50;
/** In characters: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html. The user guide's 128 counts differently; the API decides. */
const LONGEST_KEY = 127;
const LONGEST_VALUE = 256;

export function renderTags(tags: TagMap): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Checks tags as written in a request and makes them a map. A missing value is an empty one. */
export function readTags(tags: readonly Tag[] | undefined): TagMap {
  const made: Record<string, string> = {};
  for (const { Key, Value } of tags ?? []) {
    if (Key === undefined || Key === "") refuse("InvalidParameterValue", "Tag key cannot be null or empty");
    checkTagKey(Key);
    if ([...(Value ?? "")].length > LONGEST_VALUE)
      refuse("InvalidParameterValue", `Tag value exceeds the maximum length of ${LONGEST_VALUE} characters`);
    if (Object.hasOwn(made, Key)) refuse("InvalidParameterValue", `Duplicate tag key '${Key}' specified.`);
    made[Key] = Value ?? "";
  }
  checkTagCount(made);
  return made;
}

export function checkTagKey(key: string): void {
  if ([...key].length > LONGEST_KEY) refuse("InvalidParameterValue", `Tag key exceeds the maximum length of ${LONGEST_KEY} characters`);
  if (key.toLowerCase().startsWith("aws:")) refuse("InvalidParameterValue", `Tag keys starting with 'aws:' are reserved for internal use`);
}

/** At most 50 user tags on one object. */
export function checkTagCount(tags: TagMap): void {
  if (Object.keys(tags).length > MOST_TAGS) refuse("TagLimitExceeded", `The maximum number of Tags for a resource has been reached.`);
}

/** The tags that a request gives to what it creates, by resource type. Types other than those named are refused. */
export function readTagSpecifications(
  specifications: readonly TagSpecification[] | undefined,
  ...types: readonly string[]
): Readonly<Record<string, TagMap>> {
  const made: Record<string, TagMap> = {};
  for (const specification of specifications ?? []) {
    const type = specification.ResourceType;
    if (type === undefined) refuse("InvalidParameterValue", "Tag specification resource type must have a value");
    if (!types.includes(type)) refuse("InvalidParameterValue", `'${type}' is not a valid taggable resource type for this operation.`);
    if (Object.hasOwn(made, type)) refuse("InvalidParameterValue", `Duplicate resource type '${type}' in tag specifications.`);
    if ((specification.Tags ?? []).length === 0) refuse("InvalidParameterValue", "Tag specification must have at least one tag");
    made[type] = readTags(specification.Tags);
  }
  return made;
}
