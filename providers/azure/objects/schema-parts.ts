// Pieces of native schemas that several ARM types share, and what is the same in every creating body. Data and pure functions.

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { NativeProp, NativeSchema } from "../../../engine/provider/native-schema.ts";
import { map, text, texts } from "../../handlers/body.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { groupIn, nameIn, normaliseId, normaliseLocation, normaliseName, writeId } from "../arm-id.ts";
import { type Json, mapAt, textAt, textsAt } from "../json.ts";
import { readTags, writeTags } from "../marks.ts";
import { type Collection, collections } from "../operations.ts";
import type { ArmCall } from "../reads.ts";

/** Most resources are there within seconds; the time is for throttling and for what runs before on the same parent. */
export const quick: NativeSchema["timeouts"] = { create: minutes(10), update: minutes(10), delete: minutes(15) };

/** The user's tags, owned key by key. The marks never stand here. */
export const tagsProp: NativeProp = { type: "tags", doc: "Tags of the user." };

/** A reference to another resource by its id. */
export const idProp: NativeProp = { type: "string", normalise: normaliseId };

export const zonesProp: NativeProp = {
  type: "set",
  immutable: true,
  whenAbsent: "keep",
  doc: 'Zones of the region: `["1"]`. Without one Azure chooses, or spans them.',
};

/** What every resource in a group has. */
const placeProps = {
  name: { type: "string", required: true, immutable: true, normalise: normaliseName, doc: "Unique within type and group." },
  resourceGroup: { type: "string", required: true, immutable: true, normalise: normaliseName, doc: "Name of the group." },
  location: { type: "string", immutable: true, whenAbsent: "keep", normalise: normaliseLocation, doc: "`westeurope`." },
} as const satisfies Readonly<Record<string, NativeProp>>;

const named = {
  marks: "tags",
  naturalKey: ["resourceGroup", "name"],
  nameBound: "name",
  givenOnce: ["resourceGroup"],
  exclusive: [["resourceGroup", "name"]],
  attributes: { id: { type: "string" } },
} as const satisfies Partial<NativeSchema>;

/** The schema of a type whose resources stand in a group by name and carry the marks as tags. `props` are those that not every such type has. */
export function resourceSchema(type: string, own: Omit<NativeSchema, "type" | keyof typeof named> & Partial<NativeSchema>): NativeSchema {
  return { ...named, ...own, type, props: { ...placeProps, ...own.props, tags: tagsProp } };
}

/** Where a resource that is to be created will stand: what its path is filled with, and its id. */
export function placeOf(call: ArmCall, collection: Collection, body: NativeMap): { readonly at: readonly string[]; readonly id: string } {
  const at = [text(body, "resourceGroup") ?? "", text(body, "name") ?? ""];
  if (at.includes("")) throw new Error(`a resource of ${collection} is made without its group or its name`);
  return { at, id: writeId(call.client.subscription, collections[collection].type, at[0] ?? "", at.slice(1)) };
}

/** The natural key of a resource in a group is its id. */
export function naturalIdIn(collection: Collection): (call: ArmCall, props: NativeMap) => string | undefined {
  return (call, props) =>
    text(props, "name") === undefined || text(props, "resourceGroup") === undefined ? undefined : placeOf(call, collection, props).id;
}

/** What stands beside `properties` in every creating body. */
export function envelopeOf(call: ArmCall, type: string, body: NativeMap): Json {
  const zones = texts(body, "zones");
  return {
    location: text(body, "location") ?? call.client.region,
    tags: writeTags(type, call.marks, map(body, "tags")),
    ...(zones.length === 0 ? {} : { zones }),
  };
}

/** The props that every resource in a group shows, and its marks. */
export function describeEnvelope(type: string, id: string, resource: Json) {
  const { user, marks } = readTags(type, resource);
  const zones = textsAt(resource, "zones");
  const location = textAt(resource, "location");
  return {
    marks,
    props: {
      name: textAt(resource, "name") ?? nameIn(id),
      resourceGroup: groupIn(id),
      ...(location === undefined ? {} : { location }),
      tags: user,
      ...(zones.length === 0 ? {} : { zones }),
    } as NativeMap,
  };
}

export function reference(id: string | undefined): Json | undefined {
  return id === undefined ? undefined : { id };
}

export function references(ids: readonly string[]): readonly Json[] {
  return ids.map((id) => ({ id }));
}

/** The id that a sub-resource holds, in normal form. */
export function referenceAt(value: Json, ...path: readonly string[]): string | undefined {
  const id = textAt(mapAt(value, ...path), "id");
  return id === undefined ? undefined : String(normaliseId(id));
}
