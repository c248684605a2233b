// IPv4 ranges as EC2 reads them, in whole numbers. No rule of any object lives here but the one on host bits.

import { refuse } from "./errors.ts";

export interface Range {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

export function parseIp(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const bytes = match.slice(1).map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

export function formatIp(ip: number): string {
  return [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join(".");
}

/** Host bits are cut off, as EC2 does for a VPC and a route: `100.68.0.18/18` is `100.68.0.0/18`. */
export function parseCidr(text: string): Range | undefined {
  const [address = "", prefixText = "", rest] = text.split("/");
  const ip = parseIp(address);
  if (rest !== undefined || ip === undefined || !/^\d{1,2}$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  if (prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(ip / size) * size;
  return { first, last: first + size - 1, prefix };
}

export function formatCidr(range: Range): string {
  return `${formatIp(range.first)}/${range.prefix}`;
}

/** A CIDR parameter, or `InvalidParameterValue`. */
export function readCidr(parameter: string, text: string): Range {
  return (
    parseCidr(text) ??
    refuse("InvalidParameterValue", `Value (${text}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`)
  );
}

export function overlaps(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** A row's stored range, which was checked when it was made. */
export function rangeOf(cidr: string): Range {
  const range = parseCidr(cidr);
  if (range === undefined) throw new Error(`a stored range is not one: ${cidr}`);
  return range;
}
