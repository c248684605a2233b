import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CostObject, type CostSide, type Estimate, estimateCost, toDollars } from "./estimate.ts";
import { joinQuotes, type PriceList, perHour, perMonth, unpriced } from "./price-list.ts";

/** Boxes are charged by the hour and by their size, nets are free, jars cannot be priced; what is not listed is not known. */
const list: PriceList = {
  date: (region) => (region === "old-1" ? "2024-11" : "2026-08"),
  types: {
    "mem.Box": ({ size, usd }) =>
      joinQuotes([
        perHour(`box at ${usd}`, Number(usd)),
        typeof size === "number" ? perMonth(`${size} GiB`, "GiB-month", size, 0.08) : unpriced("its size is known only at apply"),
      ]),
    "mem.Net": "free",
    "mem.Jar": () => unpriced("jars are charged by what is in them"),
  },
};
const lists = new Map([["memory", list]]);

function side(props: CostSide["props"], region = "here-1"): CostSide {
  return { props, region };
}

function object(address: string, type: string, sides: Pick<CostObject, "before" | "after">, cloud = "mem"): CostObject {
  return { key: `${address}:it`, address, cloud, provider: "memory", type, ...sides };
}

describe("an estimate", () => {
  test("of a box that grows, a net, and a jar that goes", () => {
    const made = estimateCost(
      [
        object("machine.a", "mem.Box", { before: side({ usd: 0.1, size: 10 }), after: side({ usd: 0.2, size: 10 }) }),
        object("network.n", "mem.Net", { after: side({}) }),
        object("jar.j", "mem.Jar", { before: side({}) }),
      ],
      lists,
    );
    // 0.1 × 730 + 10 × 0.08 = 73.80; 0.2 × 730 + 0.80 = 146.80
    expect(made).toEqual({
      date: "2026-08",
      before: 73_800_000,
      after: 146_800_000,
      byCloud: [{ cloud: "mem", before: 73_800_000, after: 146_800_000 }],
      lines: [
        { address: "jar.j", cloud: "mem", partial: true, before: 0, after: 0, what: "" },
        { address: "machine.a", cloud: "mem", partial: false, before: 73_800_000, after: 146_800_000, what: "box at 0.1 → box at 0.2" },
      ],
      unpriced: [{ type: "mem.Jar", reason: "jars are charged by what is in them", count: 1 }],
    });
  });

  test("says what is new or goes, and how many of it", () => {
    const after = side({ usd: 0.1, size: 10 });
    const twice = [object("machine.a", "mem.Box", { after }), { ...object("machine.a", "mem.Box", { after }), key: "machine.a:other" }];
    expect(estimateCost(twice, lists).lines[0]?.what).toBe("2 × 10 GiB, 2 × box at 0.1");
    const [goes] = estimateCost([object("machine.a", "mem.Box", { before: after })], lists).lines;
    expect(goes).toMatchObject({ after: 0, what: "10 GiB, box at 0.1" });
  });

  test("has the date of the oldest prices used", () => {
    const objects = [object("a.a", "mem.Net", { after: side({}) }), object("a.b", "mem.Net", { before: side({}, "old-1") })];
    expect(estimateCost(objects, lists).date).toBe("2024-11");
    expect(estimateCost(objects.slice(0, 1), lists).date).toBe("2026-08");
    expect(estimateCost(objects, new Map()).date).toBeUndefined();
  });

  test("counts an object once, under all its reasons", () => {
    const made = estimateCost(
      [
        object("a.a", "mem.Pot", { after: side({}) }),
        object("a.b", "mem.Pot", { after: side({}) }),
        object("a.c", "toString", { after: side({}) }),
      ],
      lists,
    );
    expect(made.unpriced).toEqual([
      { type: "mem.Pot", reason: "the catalog does not have this type", count: 2 },
      { type: "toString", reason: "the catalog does not have this type", count: 1 },
    ]);
  });
});

const anySide: fc.Arbitrary<CostSide> = fc.record({
  props: fc.record({ usd: fc.double({ min: 0, max: 500, noNaN: true }), size: fc.option(fc.nat(70_000), { nil: null }) }),
  region: fc.constantFrom("here-1", "old-1"),
});

const anyObject: fc.Arbitrary<CostObject> = fc
  .record({
    at: fc.nat(9),
    cloud: fc.constantFrom("aws", "gcp", "mem"),
    type: fc.constantFrom("mem.Box", "mem.Box", "mem.Net", "mem.Jar", "mem.Unknown"),
    before: fc.option(anySide, { nil: undefined }),
    after: fc.option(anySide, { nil: undefined }),
  })
  .map(({ at, cloud, type, before, after }) =>
    object(`machine.m[${at}]`, type, { ...(before ? { before } : {}), ...(after ? { after } : {}) }, cloud),
  );

const anyStack = fc.array(anyObject, { maxLength: 30 });

function sum(amounts: readonly { readonly before: number; readonly after: number }[], of: "before" | "after"): number {
  return amounts.reduce((total, amount) => total + amount[of], 0);
}

describe("laws", () => {
  test("the total is the sum of the lines, and of the clouds; nothing is negative or a part of a millionth", () => {
    fc.assert(
      fc.property(anyStack, (objects) => {
        const made = estimateCost(objects, lists);
        for (const of of ["before", "after"] as const) {
          expect(sum(made.lines, of)).toBe(made[of]);
          expect(sum(made.byCloud, of)).toBe(made[of]);
        }
        for (const each of [made, ...made.lines, ...made.byCloud]) {
          for (const amount of [each.before, each.after]) expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
        }
      }),
    );
  });

  test("before and the differences of the lines make after", () => {
    fc.assert(
      fc.property(anyStack, (objects) => {
        const made = estimateCost(objects, lists);
        expect(made.lines.reduce((total, line) => total + (line.after - line.before), made.before)).toBe(made.after);
      }),
    );
  });

  test("the order of the objects does not matter", () => {
    const shuffled = anyStack.chain((objects) =>
      fc.tuple(fc.constant(objects), fc.shuffledSubarray(objects, { minLength: objects.length })),
    );
    fc.assert(
      fc.property(shuffled, ([objects, other]) => {
        expect(estimateCost(other, lists)).toEqual(estimateCost(objects, lists));
      }),
    );
  });

  test("what has no price changes no amount, and is counted", () => {
    const anyUnpriced = fc.array(
      anyObject.map((each): CostObject => ({ ...each, type: "mem.Jar", after: side({}) })),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(anyStack, anyUnpriced, (objects, jars) => {
        const without = estimateCost(objects, lists);
        const made = estimateCost([...objects, ...jars], lists);
        expect([made.before, made.after]).toEqual([without.before, without.after]);
        const count = ({ unpriced: gaps }: Estimate): number => gaps.reduce((total, gap) => total + gap.count, 0);
        expect(count(made)).toBe(count(without) + jars.length);
      }),
    );
  });

  test("undoing what is done costs the difference back", () => {
    fc.assert(
      fc.property(anyStack, (objects) => {
        const back = objects.map(
          ({ before, after, ...rest }): CostObject => ({ ...rest, ...(after && { before: after }), ...(before && { after: before }) }),
        );
        const [there, again] = [estimateCost(objects, lists), estimateCost(back, lists)];
        expect([again.before, again.after]).toEqual([there.after, there.before]);
      }),
    );
  });
});

test("cents are rounded at the end alone", () => {
  const thirds = Array.from({ length: 300 }, (_, at) => object(`a.a[${at}]`, "mem.Box", { after: side({ usd: 0.005 / 730, size: 0 }) }));
  // 300 × 0.005: rounded one by one it would be 3.00.
  expect(toDollars(estimateCost(thirds, lists).after)).toBe(1.5);
  expect(toDollars(69_094_999)).toBe(69.09);
  expect(toDollars(69_095_000)).toBe(69.1);
});
