// One text per value, and none for two.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, isSameValue } from "./canonical.ts";
import { compareCodePoints } from "./code-point-order.ts";
import { makeAddress, makeCloud, makeRef, makeSecret, makeSize } from "./make-value.ts";

describe("canonical", () => {
  test("sorts keys by code point, and tells a map from no object with the same entries", () => {
    expect(canonical({ b: 1, a: 2 })).toBe('{"a":2,"b":1}');
    expect(
      canonical(
        new Map([
          ["b", 1],
          ["a", 2],
        ]),
      ),
    ).toBe('{"a":2,"b":1}');
    expect(canonical({ "\u{1f600}": 1, "\uffff": 2 })).toBe('{"\uffff":2,"\u{1f600}":1}');
  });

  test("no plain value looks like a tagged one", () => {
    expect(canonical(makeSize(1))).not.toBe(canonical({ bytes: 1 }));
    expect(canonical(makeAddress("ip", "10.0.0.1"))).not.toBe(canonical(makeAddress("cidr", "10.0.0.1")));
    expect(canonical(makeSecret("a"))).not.toBe(canonical("a"));
    expect(canonical(makeRef("network", "network.a"))).not.toBe(canonical({ kind: "network", address: "network.a" }));
    expect(canonical("@cloud")).not.toBe(canonical(makeCloud("x")));
  });

  test("absent and undefined are one, as are 0 and -0", () => {
    expect(canonical({ a: undefined, b: 1 })).toBe(canonical({ b: 1 }));
    expect(canonical(-0)).toBe("0");
    expect(canonical([undefined])).toBe("[null]");
  });

  test("plain JSON is told apart as JSON tells it apart, whatever the order of keys", () => {
    const sorted = (value: unknown): unknown => {
      if (Array.isArray(value)) return ["list", ...value.map(sorted)];
      if (typeof value !== "object" || value === null) return value === 0 ? 0 : value;
      const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)]);
      return ["map", ...entries.sort(([a], [b]) => compareCodePoints(String(a), String(b)))];
    };
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(isSameValue(a, b)).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
        expect(isSameValue(a, JSON.parse(JSON.stringify(a)))).toBe(true);
      }),
    );
  });
});
