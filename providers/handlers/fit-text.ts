// Texts that are longer than a cloud allows keep their beginning, for people, and end in a hash, so that two of them never look alike. Pure.

import { createHash } from "node:crypto";

/** The text itself where it fits; else cut to `longest` characters (more than 17), `~` and 16 hex digits of its hash at the end. */
export function fitText(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 17).join("")}~${hashText(text)}`;
}

/** 16 hex digits. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
