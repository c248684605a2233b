// Six hexadecimal digits that tell two texts apart where a name has no room for them. Pure.

import { sha256 } from "@noble/hashes/sha2.js";

export function shortHash(text: string): string {
  return [...sha256(new TextEncoder().encode(text)).subarray(0, 3)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
