// Which resources a value of the graph refers to: objects it names, and origins of deferred values inside it.

import { type BlockRef, INPUT_ORIGIN, isDeferred, isRef, isSecret, type PropValue, type Ref, tagOf } from "../graph/value.ts";

/** A reference to an object, with the prop that makes it: `subnet`, `disk.size`, `allow`. */
export interface Link {
  readonly address: string;
  readonly prop: string;
  /** Key into the resource's `places`. */
  readonly place: string;
}

export interface Links {
  readonly objects: Link[];
  /** Addresses whose attributes are read; one may stand several times. */
  readonly origins: string[];
}

export function newLinks(): Links {
  return { objects: [], origins: [] };
}

/** Adds what `value` refers to. */
export function collectLinks(value: PropValue | undefined, prop: string, place: string, links: Links): void {
  if (typeof value !== "object") return;
  if (Array.isArray(value)) {
    for (const item of value as readonly PropValue[]) collectLinks(item, prop, place, links);
  } else if (isRef(value) || tagOf(value) === "block-ref") {
    links.objects.push({ address: (value as Ref | BlockRef).address, prop, place });
  } else if (isDeferred(value)) {
    for (const { address } of value.origins) if (!address.startsWith(INPUT_ORIGIN)) links.origins.push(address);
  } else if (isSecret(value)) {
    collectLinks(value.value, prop, place, links);
  } else if (tagOf(value) === undefined) {
    for (const item of Object.values(value as Readonly<Record<string, PropValue>>)) collectLinks(item, prop, place, links);
  }
}
