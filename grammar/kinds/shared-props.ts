// Props and attributes that several kinds have in the same words.

import { map, string } from "../types/type.ts";
import type { AttributeSchema, PropSchema } from "./kind.ts";

export const tags: PropSchema = {
  type: map(string),
  default: {},
  deferrable: "values",
  doc: "Labels for people and bills, added to the stack's tags; where both name a tag, this value counts.",
};

/** `id`: the physical id, for use outside of Koine. */
export function idAttribute(what: string): AttributeSchema {
  return { type: string, doc: `The cloud's own id of the ${what}.` };
}

export const ssdOrHdd = ["ssd", "hdd"] as const;
