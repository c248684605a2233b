// Addresses as text and as parts are one to one.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AddressStep, formatAddress, parseAddress } from "./address.ts";

describe("addresses", () => {
  test.each(["network.main", "machine.web[0]", 'subnet.app["a"]', "cluster.db/machine.node[0]", 'subnet.app["a/b.c[\\"0\\"]"]'])(
    "%s",
    (text) => {
      const parsed = parseAddress(text);
      expect(parsed && formatAddress(parsed)).toBe(text);
    },
  );

  test.each([
    "",
    "main",
    "network.",
    ".main",
    "network.main[",
    "network.main[01]",
    "network.main[-1]",
    "network.main['a']",
    'network.main["\\u0061"]',
    "network.main/",
    "network.main x",
  ])("%s is none", (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test("whatever is formatted is parsed to the same parts", () => {
    const word = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
    const key = fc.option(fc.oneof(fc.string({ unit: "grapheme" }), fc.nat()), { nil: undefined });
    const step = fc
      .record({ kind: word, name: word, key })
      .map(({ key: one, ...rest }): AddressStep => (one === undefined ? rest : { ...rest, key: one }));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 3 }), (steps) => {
        expect(parseAddress(formatAddress(steps))).toEqual(steps);
      }),
    );
  });
});
