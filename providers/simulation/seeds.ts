// Numbers and ids from a seed: the same in every run, without a generator whose state would have to be kept.

import { createHash } from "node:crypto";

/** A 32-bit hash of three numbers (an integer finaliser over their combination). */
export function mix(a: number, b: number, c: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35) ^ Math.imul(c + 0x165667b1, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A request's id is its place in the log, scrambled by the seed: unique over all processes and the same in every run. A UUID's form. */
export function requestIdOf(seed: number, n: number): string {
  const hex = [mix(seed, n, 1), mix(seed, n, 2), mix(seed, n, 3), n].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The hash of a value whatever the order of its keys: two requests with equal parameters have equal digests. */
export function digestCanonically(value: unknown): string {
  return createHash("sha256").update(writeCanonically(value)).digest("hex");
}

function writeCanonically(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === "object" && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
