// Laws of IPv4 arithmetic: what the ranges promise to subnets, checks and providers.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Cidr,
  containsCidr,
  findFreeRange,
  findOverlaps,
  formatCidr,
  hasHostBits,
  hostOf,
  makeCidr,
  netmaskOf,
  overlaps,
  parseCidr,
  subnetOf,
} from "../../grammar/net/cidr.ts";
import { formatIpv4, parseIpv4 } from "../../grammar/net/ipv4.ts";

const anAddress = fc.nat({ max: 2 ** 32 - 1 });
const aCidr = fc.tuple(anAddress, fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => makeCidr(address, prefix));
/** Ranges that often meet: all inside 10.0.0.0/20. */
const aCloseCidr = fc
  .tuple(fc.nat({ max: 2 ** 12 - 1 }), fc.integer({ min: 21, max: 30 }))
  .map(([host, prefix]) => makeCidr(0x0a000000 + host, prefix));

describe("addresses", () => {
  test("parse is the inverse of format", () => {
    fc.assert(fc.property(anAddress, (address) => parseIpv4(formatIpv4(address)) === address));
  });

  test.each(["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.-4", "1.2.3.4 ", "1.2.3.0x4", "1e0.2.3.4"])(
    "%j is no address",
    (text) => {
      expect(parseIpv4(text)).toBeUndefined();
    },
  );

  test("a text that parses is the canonical one", () => {
    const nearly = fc
      .array(fc.oneof(fc.nat({ max: 300 }).map(String), fc.constantFrom(".", "/", "-", "0", " ")), { maxLength: 9 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly, fc.ipV4(), fc.ipV4Extended()), (text) => {
        const address = parseIpv4(text);
        if (address !== undefined) expect(formatIpv4(address)).toBe(text);
        const range = parseCidr(text);
        if (range) expect(`${formatIpv4(range.address)}/${range.prefix}`).toBe(text);
      }),
    );
  });
});

describe("ranges", () => {
  test("parse is the inverse of format, without host bits", () => {
    fc.assert(
      fc.property(aCidr, (cidr) => {
        const parsed = parseCidr(formatCidr(cidr));
        expect(parsed).toEqual({ ...cidr, address: cidr.start });
        expect(parsed && hasHostBits(parsed)).toBe(false);
      }),
    );
  });

  test.each(["10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0/8", "/8", "10.0.0.0/8/8"])("%j is no range", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  test("host bits show", () => {
    expect(parseCidr("10.0.0.1/31")).toMatchObject({ start: 0x0a000000, end: 0x0a000001 });
    expect(hasHostBits(makeCidr(0x0a000001, 31))).toBe(true);
    expect(hasHostBits(makeCidr(0x0a000001, 32))).toBe(false);
  });

  test("netmasks", () => {
    expect([0, 1, 16, 22, 32].map((prefix) => netmaskOf(makeCidr(0, prefix)))).toEqual([
      "0.0.0.0",
      "128.0.0.0",
      "255.255.0.0",
      "255.255.252.0",
      "255.255.255.255",
    ]);
  });

  test("a part lies inside its range, siblings are disjoint, and together they fill it", () => {
    fc.assert(
      fc.property(aCidr, fc.integer({ min: 0, max: 5 }), (cidr, bits) => {
        fc.pre(cidr.prefix + bits <= 32);
        const parts = Array.from({ length: 2 ** bits }, (_, index) => subnetOf(cidr, bits, index)).filter((part) => part !== undefined);
        expect(parts).toHaveLength(2 ** bits);
        expect(parts.every((part) => containsCidr(cidr, part))).toBe(true);
        expect(parts[0]?.start).toBe(cidr.start);
        expect(parts.at(-1)?.end).toBe(cidr.end);
        expect(parts.slice(1).every((part, index) => part.start === (parts[index]?.end ?? 0) + 1)).toBe(true);
        expect(subnetOf(cidr, bits, 2 ** bits)).toBeUndefined();
        expect(subnetOf(cidr, 33 - cidr.prefix, 0)).toBeUndefined();
      }),
    );
  });

  test("hosts count from both ends", () => {
    fc.assert(
      fc.property(aCidr, (cidr) => {
        const count = cidr.end - cidr.start + 1;
        expect([hostOf(cidr, 0), hostOf(cidr, -1), hostOf(cidr, count - 1), hostOf(cidr, -count)]).toEqual([
          cidr.start,
          cidr.end,
          cidr.end,
          cidr.start,
        ]);
        expect([hostOf(cidr, count), hostOf(cidr, -count - 1)]).toEqual([undefined, undefined]);
      }),
    );
  });
});

describe("sweeps", () => {
  test("ranges overlap exactly when one contains the other", () => {
    const one = (address: number, prefix: number) => makeCidr(address, prefix);
    expect(overlaps(one(0x0a0000ff, 32), one(0x0a000000, 24))).toBe(true);
    expect(overlaps(one(0x0a000000, 24), one(0x0a0000ff, 32))).toBe(true);
    expect(overlaps(one(0x0a000000, 24), one(0x0a000100, 24))).toBe(false);
    expect(findOverlaps([one(0x0a000000, 24), one(0x0a0000ff, 32)].map((cidr, item) => ({ cidr, item })))).toHaveLength(1);
    fc.assert(fc.property(aCloseCidr, aCloseCidr, (a, b) => overlaps(a, b) === (containsCidr(a, b) || containsCidr(b, a))));
  });

  test("an overlap is found exactly when two ranges overlap, and each pair found does", () => {
    fc.assert(
      fc.property(fc.array(aCloseCidr, { maxLength: 12 }), (cidrs) => {
        const found = findOverlaps(cidrs.map((cidr, item) => ({ cidr, item })));
        expect(found.every(({ first, second }) => overlaps(first.cidr, second.cidr) && first.item !== second.item)).toBe(true);
        expect(new Set(found.map(({ second }) => second.item)).size).toBe(found.length);
        expect(found.length > 0).toBe(cidrs.some((a, i) => cidrs.some((b, j) => i < j && overlaps(a, b))));
        // Nobody is passed over: what overlaps anything earlier in the order of ranges is reported.
        const sorted = [...cidrs.keys()].sort((i, j) => compare(cidrs[i], cidrs[j]));
        const late = sorted.filter((i, position) => sorted.slice(0, position).some((j) => overlapping(cidrs[i], cidrs[j])));
        expect(new Set(found.map(({ second }) => second.item))).toEqual(new Set(late));
      }),
    );
  });

  test("a free range is inside, free, and the lowest there is", () => {
    const parent = makeCidr(0x0a000000, 20);
    fc.assert(
      fc.property(fc.array(aCloseCidr, { maxLength: 10 }), fc.integer({ min: 20, max: 30 }), (taken, prefix) => {
        const candidates = Array.from({ length: 2 ** (prefix - 20) }, (_, index) => subnetOf(parent, prefix - 20, index));
        const expected = candidates.find((candidate) => candidate && !taken.some((range) => overlaps(range, candidate)));
        expect(findFreeRange(parent, taken, prefix)).toEqual(expected);
      }),
    );
    expect(findFreeRange(parent, [], 19)).toBeUndefined();
  });

  test("20,000 ranges are swept in well under a second", () => {
    const placed = Array.from({ length: 20_000 }, (_, item) => ({ cidr: makeCidr(item * 256, 24), item }));
    const start = performance.now();
    expect(findOverlaps(placed)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

function overlapping(a: Cidr | undefined, b: Cidr | undefined): boolean {
  return a !== undefined && b !== undefined && overlaps(a, b);
}

function compare(a: Cidr | undefined, b: Cidr | undefined): number {
  return a && b ? a.start - b.start || b.end - a.end : 0;
}
