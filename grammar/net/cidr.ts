// IPv4 ranges: parsing, containment, division, and overlap by sorting. Knows no kind and no cloud.

import { addressCount, formatIpv4, parseDecimal, parseIpv4 } from "./ipv4.ts";

/** An IPv4 range. `address` is the one written; it differs from `start` when host bits are set. */
export interface Cidr {
  readonly address: number;
  readonly prefix: number;
  /** First address. */
  readonly start: number;
  /** Last address, included. */
  readonly end: number;
}

/** The range written as `a.b.c.d/n`, or undefined when it is none. Host bits are allowed here: ask `hasHostBits`. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const address = parseIpv4(text.slice(0, slash));
  const prefix = parseDecimal(text.slice(slash + 1), 32);
  return address === undefined || prefix === undefined ? undefined : makeCidr(address, prefix);
}

/** The range of `2^(32 - prefix)` addresses that `address` lies in. */
export function makeCidr(address: number, prefix: number): Cidr {
  const size = countAddresses(prefix);
  const start = Math.floor(address / size) * size;
  return { address, prefix, start, end: start + size - 1 };
}

/** How many addresses a prefix leaves. */
export function countAddresses(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** Canonical text: the first address and the prefix. */
export function formatCidr(cidr: Cidr): string {
  return `${formatIpv4(cidr.start)}/${cidr.prefix}`;
}

/** `10.0.0.0 – 10.0.0.255`, for messages. */
export function formatRange(cidr: Cidr): string {
  return `${formatIpv4(cidr.start)} – ${formatIpv4(cidr.end)}`;
}

/** Whether bits are set beyond the prefix: `10.0.0.1/16`. */
export function hasHostBits(cidr: Cidr): boolean {
  return cidr.address !== cidr.start;
}

export function containsAddress(cidr: Cidr, address: number): boolean {
  return cidr.start <= address && address <= cidr.end;
}

export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** `255.255.0.0` for a /16. */
export function netmaskOf(cidr: Cidr): string {
  return formatIpv4(addressCount - countAddresses(cidr.prefix));
}

/**
 * Part number `index` of `cidr` cut into `2^newBits` equal parts, or undefined when the prefix would pass 32 or the index
 * is outside.
 */
export function subnetOf(cidr: Cidr, newBits: number, index: number): Cidr | undefined {
  const prefix = cidr.prefix + newBits;
  if (newBits < 0 || prefix > 32 || index < 0 || index >= 2 ** newBits) return undefined;
  return makeCidr(cidr.start + index * countAddresses(prefix), prefix);
}

/** Address number `index` of `cidr`, counted from its end when negative (-1 is the last), or undefined outside of it. */
export function hostOf(cidr: Cidr, index: number): number | undefined {
  const address = index < 0 ? cidr.end + 1 + index : cidr.start + index;
  return containsAddress(cidr, address) ? address : undefined;
}

/** Something with a range: a subnet of a network. */
export interface Placed<T> {
  readonly cidr: Cidr;
  readonly item: T;
}

/**
 * Overlaps among ranges, by one sort and one sweep: each range appears at most once as `second`, paired with one earlier
 * range that it overlaps. Ranges nest or are disjoint, so the last range that reaches farthest is the only one to compare.
 */
export function findOverlaps<T>(placed: readonly Placed<T>[]): readonly { readonly first: Placed<T>; readonly second: Placed<T> }[] {
  const sorted = [...placed].sort(comparePlaced);
  const found: { first: Placed<T>; second: Placed<T> }[] = [];
  let farthest: Placed<T> | undefined;
  for (const current of sorted) {
    if (farthest && current.cidr.start <= farthest.cidr.end) found.push({ first: farthest, second: current });
    if (!farthest || current.cidr.end > farthest.cidr.end) farthest = current;
  }
  return found;
}

/** The lowest range of this prefix inside `parent` that overlaps none of `taken`, or undefined when there is none. */
export function findFreeRange(parent: Cidr, taken: readonly Cidr[], prefix: number): Cidr | undefined {
  if (prefix < parent.prefix) return undefined;
  const size = countAddresses(prefix);
  const sorted = [...taken].sort((a, b) => a.start - b.start || b.end - a.end);
  let candidate = parent.start;
  for (const range of sorted) {
    if (range.end < candidate) continue;
    if (range.start > candidate + size - 1) break;
    candidate = Math.ceil((range.end + 1) / size) * size;
  }
  return candidate + size - 1 <= parent.end ? makeCidr(candidate, prefix) : undefined;
}

function comparePlaced<T>(a: Placed<T>, b: Placed<T>): number {
  return a.cidr.start - b.cidr.start || b.cidr.end - a.cidr.end;
}
