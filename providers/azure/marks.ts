// Ownership marks as ARM tags, in the creating PUT. Objects of their own carry the four `koine-` marks and the type they were written for: a
// machine's tags are copied onto the disks that come with it, and a copy must never be taken for an object. What is added to a machine later
// carries `koine-child-…` instead.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import type { Marks } from "../../engine/provider/provider.ts";
import { fitText } from "../handlers/fit-text.ts";
import type { Json } from "./json.ts";
import { textAt } from "./json.ts";

/**
 * Five of the 50 tags that ARM allows on a resource; 45 are left for the user.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export const markKeys = {
  lineage: "koine-lineage",
  object: "koine-object",
  operation: "koine-operation",
  address: "koine-address",
} as const satisfies Record<keyof Marks, string>;

/** The native type that the marks were written for. */
export const typeKey = "koine-type";

/** Of a child: the lineage it belongs to, the mark of the machine it is part of, and its place there. */
export const childKeys = { lineage: "koine-child-lineage", object: "koine-child-of", lun: "koine-child-lun" } as const;

/** Tag values hold 256 characters; an address may be longer. */
const longestValue = 256;

/** Everything under `koine-` is the engine's and can be no tag of the user. */
export function isReservedTag(key: string): boolean {
  return key.toLowerCase().startsWith("koine-");
}

/** The tags of a creating request: the user's and the marks. In one order, so that a resend is the same bytes. */
export function writeTags(type: string, marks: Marks | undefined, tags: NativeMap): Json {
  return sortKeys({ ...writeUserTags(tags), ...writeMarks(type, marks) });
}

export function writeMarks(type: string, marks: Marks | undefined): Readonly<Record<string, string>> {
  if (marks === undefined) return {};
  return {
    [markKeys.address]: fitText(marks.address, longestValue),
    [markKeys.lineage]: marks.lineage,
    [markKeys.object]: marks.object,
    [markKeys.operation]: marks.operation,
    [typeKey]: type,
  };
}

/** The tags of what is added to a machine: the user's, and whose child it is. */
export function writeChildTags(marks: Marks | undefined, tags: NativeMap, lun: number): Json {
  const child =
    marks === undefined ? {} : { [childKeys.lineage]: marks.lineage, [childKeys.object]: marks.object, [childKeys.lun]: String(lun) };
  return sortKeys({ ...writeUserTags(tags), ...child });
}

function writeUserTags(tags: NativeMap): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
}

/** Takes a resource's tags apart: what the user wrote, and the marks as far as they are there and were written for this type. */
export function readTags(type: string, resource: Json): { readonly user: NativeMap; readonly marks: Partial<Marks> } {
  const user: Record<string, string> = {};
  for (const [key, value] of Object.entries(tagsOf(resource))) if (!isReservedTag(key)) user[key] = value;
  const written = readTag(resource, typeKey);
  if (written !== undefined && written !== type) return { user, marks: {} };
  const marks: Partial<Record<keyof Marks, string>> = {};
  for (const [name, key] of Object.entries(markKeys) as [keyof Marks, string][]) {
    const value = readTag(resource, key);
    if (value !== undefined) marks[name] = value;
  }
  return { user, marks };
}

/** Names of tags compare without case. https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources */
export function readTag(resource: Json, key: string): string | undefined {
  const tags = tagsOf(resource);
  if (tags[key] !== undefined) return tags[key];
  const wanted = key.toLowerCase();
  return Object.entries(tags).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** All tags of a resource after some were set and others removed; whatever else stands there stays. */
export function changeTags(resource: Json, set: Readonly<Record<string, string>>, remove: readonly string[]): Json {
  const touched = new Set([...Object.keys(set), ...remove].map((key) => key.toLowerCase()));
  const kept = Object.entries(tagsOf(resource)).filter(([key]) => !touched.has(key.toLowerCase()));
  return { ...Object.fromEntries(kept), ...set };
}

function tagsOf(resource: Json): Readonly<Record<string, string>> {
  const { tags } = resource;
  if (typeof tags !== "object" || tags === null || Array.isArray(tags)) return {};
  return Object.fromEntries(Object.keys(tags).map((key) => [key, textAt(tags as NativeValue, key) ?? ""]));
}

/**
 * The mark of what can carry no tags: a line in the description of a security rule, which holds 140 characters. It tells rules of Koine's from
 * those that somebody else put into a group.
 * https://learn.microsoft.com/rest/api/virtualnetwork/security-rules/create-or-update
 */
export function writeNote(marks: Marks | undefined): string | undefined {
  return marks === undefined ? undefined : `koine ${marks.lineage} ${marks.object}`;
}

export function isNote(description: string | undefined): boolean {
  return description !== undefined && /^koine \S+ \S+$/.test(description);
}

function sortKeys(tags: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));
}
