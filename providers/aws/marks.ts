// Ownership marks as EC2 tags. Objects of their own carry the four `koine:` marks; what a launch makes along with an instance (its volumes,
// its interface) carries `koine:child-…` instead, so that no sweep for objects can ever take a child for an object.

import type { ResourceType, Tag, TagSpecification } from "@aws-sdk/client-ec2";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import type { Marks } from "../../engine/provider/provider.ts";
import { fitText } from "../handlers/fit-text.ts";

/**
 * Four of the 50 tags that EC2 allows on an object; 46 are left for the user.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 */
export const markKeys = {
  lineage: "koine:lineage",
  object: "koine:object",
  operation: "koine:operation",
  address: "koine:address",
} as const satisfies Record<keyof Marks, string>;

/** Of a child: the lineage it belongs to, the mark of the object it is part of, and the device it was made for (only of volumes added later). */
export const childKeys = { lineage: "koine:child-lineage", object: "koine:child-of", device: "koine:child-device" } as const;

/** Tag values hold 256 characters; an address may be longer. */
const longestValue = 256;

/** Everything under `koine:` is the engine's and everything under `aws:` the cloud's; neither can be a tag of the user. */
export function isReservedTag(key: string): boolean {
  return key.startsWith("koine:") || key.startsWith("aws:");
}

/** The `TagSpecifications` of a creating request: the user's tags and the marks. Sorted, so that a resend is the same bytes. */
export function specifyTags(type: ResourceType, marks: Marks | undefined, tags: NativeMap): TagSpecification[] {
  const all = [...writeUserTags(tags), ...writeMarks(marks)];
  return all.length === 0 ? [] : [{ ResourceType: type, Tags: all }];
}

/** The `TagSpecifications` of what comes along with an object: the user's tags, and whose child it is. */
export function specifyChildTags(type: ResourceType, marks: Marks | undefined, tags: NativeMap, device?: string): TagSpecification[] {
  const child: Tag[] =
    marks === undefined
      ? []
      : [
          { Key: childKeys.object, Value: marks.object },
          { Key: childKeys.lineage, Value: marks.lineage },
          ...(device === undefined ? [] : [{ Key: childKeys.device, Value: device }]),
        ];
  const all = [...writeUserTags(tags), ...child];
  return all.length === 0 ? [] : [{ ResourceType: type, Tags: all }];
}

export function writeMarks(marks: Marks | undefined): Tag[] {
  if (marks === undefined) return [];
  return [
    { Key: markKeys.address, Value: fitText(marks.address, longestValue) },
    { Key: markKeys.lineage, Value: marks.lineage },
    { Key: markKeys.object, Value: marks.object },
    { Key: markKeys.operation, Value: marks.operation },
  ];
}

export function writeUserTags(tags: NativeMap): Tag[] {
  return Object.keys(tags)
    .sort()
    .map((Key) => ({ Key, Value: String(tags[Key]) }));
}

/** Takes an object's tags apart: what the user wrote, and the marks as far as they are there. */
export function readTags(tags: readonly Tag[] | undefined): { readonly user: NativeMap; readonly marks: Partial<Marks> } {
  const user: Record<string, string> = {};
  const byKey = new Map<string, string>();
  for (const { Key, Value } of tags ?? []) {
    if (Key === undefined) continue;
    byKey.set(Key, Value ?? "");
    if (!isReservedTag(Key)) user[Key] = Value ?? "";
  }
  const marks: Partial<Record<keyof Marks, string>> = {};
  for (const [name, key] of Object.entries(markKeys) as [keyof Marks, string][]) {
    const value = byKey.get(key);
    if (value !== undefined) marks[name] = value;
  }
  return { user, marks };
}

/** The device a child volume was made for, when it was added after the launch. */
export function readTag(tags: readonly Tag[] | undefined, key: string): string | undefined {
  return tags?.find((tag) => tag.Key === key)?.Value;
}
