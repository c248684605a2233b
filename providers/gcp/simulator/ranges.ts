// IPv4 ranges and addresses as numbers.

import { refuseValue } from "./errors.ts";

export interface Range {
  readonly base: number;
  readonly prefix: number;
}

/** An address as a number, or undefined. */
export function parseAddress(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

export function writeAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

export function sizeOf({ prefix }: Range): number {
  return 2 ** (32 - prefix);
}

/** A CIDR range without host bits, or undefined. */
export function parseRange(text: string): Range | undefined {
  const [, address = "", length = ""] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const base = parseAddress(address);
  const prefix = Number(length);
  if (base === undefined || length === "" || prefix > 32 || base % 2 ** (32 - prefix) !== 0) return undefined;
  return { base, prefix };
}

/** Throws `invalid`. */
export function readRange(field: string, text: string): Range {
  return parseRange(text) ?? refuseValue(field, text, "Must be a CIDR address range without host bits.");
}

export function overlaps(a: Range, b: Range): boolean {
  return a.base < b.base + sizeOf(b) && b.base < a.base + sizeOf(a);
}

export function contains(range: Range, address: number): boolean {
  return address >= range.base && address < range.base + sizeOf(range);
}

/** The first two and the last two addresses of a primary range are the cloud's. https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet */
export function isReserved(range: Range, address: number): boolean {
  const offset = address - range.base;
  return offset < 2 || offset >= sizeOf(range) - 2;
}
