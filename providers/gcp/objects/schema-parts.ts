// Pieces of native schemas that several types of Compute Engine share, and where their objects stand by name. Data and pure functions.

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeAttribute, NativeProp, NativeSchema } from "../../../engine/provider/native-schema.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import type { GceCall } from "../operations.ts";
import { nameOf, pathOf } from "../paths.ts";

/** Most objects are there within a minute; the time is for throttling and for what they wait for. */
export const quick: NativeSchema["timeouts"] = { create: minutes(10), update: minutes(10), delete: minutes(15) };

/**
 * Request ids are documented without a time. An hour is well inside what is observed; after it the name and the marks decide.
 * https://cloud.google.com/compute/docs/reference/rest/v1/instances/insert (requestId)
 */
export const requestIdValid = minutes(60);

/** The user's labels, owned key by key. The marks and `goog-` labels never stand here. */
export const labelsProp: NativeProp = { type: "tags", default: {}, doc: "Labels of the user." };

export const nameProp: NativeProp = { type: "string", required: true, immutable: true, doc: "Up to 63 small letters, digits and hyphens." };

export const zoneProp: NativeProp = {
  type: "string",
  required: true,
  immutable: true,
  normalise: toName,
  doc: "Zone by name: `europe-west1-b`.",
};

export const regionProp: NativeProp = { type: "string", required: true, immutable: true, normalise: toName, doc: "Region by name." };

/** A prop that names another object by its path. */
export function pathProp(doc: string, more: Partial<NativeProp> = {}): NativeProp {
  return { type: "string", immutable: true, normalise: toPath, doc, ...more };
}

/** What every object tells of itself. */
export const identityAttributes: Readonly<Record<string, NativeAttribute>> = {
  selfLink: { type: "string", doc: "Its path, without host and version." },
  id: { type: "string", doc: "The number that tells it from another of the same name." },
};

const named = { marks: "tags", nameBound: "name", attributes: identityAttributes, tokenValid: requestIdValid } as const;

/** Of a type whose objects carry the marks and have one name in the whole project. */
export const globallyNamed = { ...named, global: true, naturalKey: ["name"] } as const satisfies Partial<NativeSchema>;

/** Of a type whose objects carry the marks and have one name in a region. */
export const namedInRegion = { ...named, naturalKey: ["name", "region"] } as const satisfies Partial<NativeSchema>;

/** The natural path of a global object. */
export function globalPath(collection: string): (props: NativeMap, call: GceCall) => string | undefined {
  return ({ name }, { client }) => (typeof name === "string" ? `projects/${client.project}/global/${collection}/${name}` : undefined);
}

/** The natural path of an object in a region: our own where the props name none. */
export function regionalPath(collection: string): (props: NativeMap, call: GceCall) => string | undefined {
  return ({ name, region }, { client }) =>
    typeof name === "string" ? `projects/${client.project}/regions/${String(region ?? client.region)}/${collection}/${name}` : undefined;
}

export function toPath(value: NativeValue): NativeValue {
  return typeof value === "string" ? pathOf(value) : value;
}

/** The last part: `e2-medium` of a link to a machine type. */
export function toName(value: NativeValue): NativeValue {
  return typeof value === "string" ? nameOf(value) : value;
}
