// Laws of the function library: what all functions promise, and those over lists, maps and numbers.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { functions } from "../../grammar/functions/library.ts";
import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import { makeAddress, makeCloud, makeDeferred, makeDuration, makeResource, makeSize } from "../../grammar/graph/make-value.ts";
import type { Value } from "../../grammar/graph/value.ts";
import { any, int, list, map, number, object, optional, string } from "../../grammar/types/type.ts";
import { aJson, aText, call, cidr, makeContext, mapOf, mistake, resultType, run } from "../support/call-function.ts";

describe("every function", () => {
  test.each([...functions.values()])("$name is documented, and its rest parameter is the last", (schema) => {
    expect(schema.doc).toMatch(/^[A-Z].*[.]$/s);
    expect(schema.example[0]).toContain(`${schema.name}(`);
    expect(schema.parameters.slice(0, -1).some((parameter) => parameter.rest)).toBe(false);
    expect(functions.get(schema.name)).toBe(schema);
  });

  test("no value makes any of them throw, whatever its type", () => {
    const odd: fc.Arbitrary<Value> = fc.oneof(
      aJson,
      fc.double({ noNaN: true }),
      fc.constantFrom<Value>(
        makeSize(1024),
        makeDuration(5),
        cidr("10.0.0.0/8"),
        cidr("2001:db8::/32"),
        makeAddress("ip", "10.0.0.1"),
        makeCloud("aws"),
        makeResource("network", "network.main"),
        "10.0.0.0/8",
        -1,
        2 ** 53,
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...functions.keys()), fc.array(odd, { maxLength: 4 }), (name, values) => {
        const result = run(name, values, makeContext(100_000));
        expect("value" in result ? result.value : result.mistake).toBeDefined();
      }),
      { numRuns: 3000 },
    );
  });

  test("a spent budget stops all that can grow", () => {
    const long = "x".repeat(1000);
    const many = Array.from({ length: 1000 }, (_, index) => `k${index}`);
    const calls: readonly (readonly [string, ...Value[]])[] = [
      ["range", 1_000_000_000],
      ["replace", long, "x", long],
      ["join", long, many],
      ["split", "", long],
      ["format", "%1000s", ""],
      ["indent", 1000, "\n".repeat(100)],
      ["lines", "\n".repeat(1000)],
      ["json", many],
      ["yaml", many],
      ["base64", long],
      ["distinct", many],
      ["flatten", [many]],
      ["sort", many],
      ["zip", many, many],
      ["merge", new Map(many.map((name) => [name, 1]))],
      ["upper", long],
      ["lower", long],
      ["slug", long],
      ["sha256", long],
      ["contains", many, "k999"],
      ["fill", "${a}", mapOf({ a: long })],
    ];
    for (const [name, ...values] of calls)
      expect(run(name, values, makeContext(500)), name).toMatchObject({ mistake: "the evaluation budget is spent" });
  });

  test("a value nested without end is a mistake, and shared parts are paid for each time", () => {
    let deep: Value = [];
    for (let i = 0; i < 10_000; i++) deep = [deep];
    for (const name of ["json", "yaml", "flatten", "distinct"])
      expect(mistake(name, deep as Value).mistake).toContain("nested deeper than 100");
    let fine: Value = 1;
    for (let i = 0; i < 99; i++) fine = [fine];
    for (const name of ["json", "yaml", "flatten", "distinct"]) expect(run(name, [fine]), name).toHaveProperty("value");
    let wide: Value = ["x"];
    for (let i = 0; i < 60; i++) wide = [wide, wide];
    for (const name of ["json", "yaml", "flatten", "distinct"])
      expect(run(name, [wide], makeContext(10_000)), name).toMatchObject({ mistake: "the evaluation budget is spent" });
  });
});

describe("collections", () => {
  test("what only looks at shapes takes elements that are not known yet, and says so", () => {
    const origin = { address: "machine.web", path: ["public_ip"] };
    const later = makeDeferred(string, [origin], { op: "attribute", origin });
    expect([call("length", [later]), call("keys", mapOf({ a: later })), call("values", mapOf({ a: later }))]).toEqual([1, ["a"], [later]]);
    expect(call("merge", mapOf({ a: 1 }), mapOf({ a: later }))).toEqual(new Map([["a", later]]));
    expect([...functions.values()].filter((schema) => schema.passesElements).map((schema) => schema.name)).toEqual([
      "length",
      "keys",
      "values",
      "merge",
    ]);
  });

  test("length counts elements, entries and code points", () => {
    expect([call("length", [1, 2]), call("length", mapOf({ a: 1 })), call("length", "a😀é"), call("length", "")]).toEqual([2, 1, 3, 0]);
    expect(mistake("length", 5)).toEqual({ mistake: "takes a list, a map or a string here, not an int", argument: 0 });
  });

  test("zip of keys and values is the map again", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(aText, fc.integer())), (entries) => {
        const given = new Map(entries);
        expect(call("zip", call("keys", given), call("values", given))).toEqual(given);
        expect([...(call("zip", call("keys", given), call("values", given)) as Map<string, Value>).keys()]).toEqual([...given.keys()]);
      }),
    );
    expect(mistake("zip", ["a", "a"], [1, 2])).toMatchObject({ mistake: "the key `a` comes twice", argument: 0 });
    expect(mistake("zip", ["a"], [1, 2])).toMatchObject({ mistake: "there are 1 keys and 2 values", argument: 1 });
  });

  test("merge: the later value in the earlier place; the empty map changes nothing", () => {
    const merged = call("merge", mapOf({ a: 1, b: 2 }), mapOf({ c: 3, a: 4 })) as Map<string, Value>;
    expect([...merged]).toEqual([
      ["a", 4],
      ["b", 2],
      ["c", 3],
    ]);
    expect(call("merge", mapOf({ a: mapOf({ x: 1 }) }), mapOf({ a: mapOf({ y: 2 }) }))).toEqual(new Map([["a", new Map([["y", 2]])]]));
    expect(call("merge")).toEqual(new Map());
  });

  test("distinct is idempotent, keeps first occurrences, and judges by value", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), aJson)), (items) => {
        const once = call("distinct", items as Value);
        expect(call("distinct", once)).toEqual(once);
        for (const item of items) expect(call("contains", once, item)).toBe(true);
      }),
    );
    expect(call("distinct", [mapOf({ a: 1, b: 2 }), mapOf({ b: 2, a: 1 })])).toHaveLength(1);
    expect(call("distinct", [1, "1", true, "true", makeSize(1), makeDuration(1), "10.0.0.0/8", cidr("10.0.0.0/8")])).toHaveLength(8);
  });

  test("contains: elements, keys, parts", () => {
    expect([call("contains", [["a"]], ["a"]), call("contains", mapOf({ a: 1 }), "a"), call("contains", "abc", "bc")]).toEqual([
      true,
      true,
      true,
    ]);
    expect([call("contains", ["ab"], "a"), call("contains", mapOf({ a: 1 }), "b"), call("contains", [1], "1")]).toEqual([
      false,
      false,
      false,
    ]);
    expect(mistake("contains", "abc", 1)).toMatchObject({ argument: 1 });
  });

  test("flatten leaves no list and loses nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer(), fc.array(fc.oneof(fc.integer(), fc.array(fc.integer()))))), (items) => {
        expect(call("flatten", items as Value)).toEqual((items as unknown[]).flat(Number.POSITIVE_INFINITY));
      }),
    );
  });

  test("range excludes its end and never starts when the end lies the other way", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: -7, max: 7 }),
        (start, end, step) => {
          fc.pre(step !== 0);
          const expected: number[] = [];
          for (let i = start; step > 0 ? i < end : i > end; i += step) expected.push(i);
          expect(call("range", start, end, step)).toEqual(expected);
        },
      ),
    );
    expect([call("range", 3), call("range", 2, 4), call("range", 4, 2), call("range", 4, 2, -1), call("range", 3, null)]).toEqual([
      [0, 1, 2],
      [2, 3],
      [],
      [4, 3],
      [0, 1, 2],
    ]);
    expect(mistake("range", 0, 5, 0)).toMatchObject({ argument: 2 });
  });

  test("sort is idempotent, orders by code point and by amount, and refuses a mixture", () => {
    fc.assert(
      fc.property(fc.array(aText), (items) => {
        const sorted = call("sort", items) as readonly string[];
        expect(call("sort", sorted)).toEqual(sorted);
        expect(sorted.every((item, index) => index === 0 || compareCodePoints(sorted[index - 1] ?? "", item) <= 0)).toBe(true);
        expect(sorted).toHaveLength(items.length);
      }),
    );
    expect(call("sort", ["b", "😀", "\uffff", "a", "B"])).toEqual(["B", "a", "b", "\uffff", "😀"]);
    expect(call("sort", [10, 9, 1.5])).toEqual([1.5, 9, 10]);
    expect(call("sort", [makeSize(2048), makeSize(1024)])).toEqual([makeSize(1024), makeSize(2048)]);
    expect(mistake("sort", [1, makeSize(1)])).toMatchObject({ mistake: "cannot compare a number with a size", argument: 0 });
    expect(mistake("sort", ["a", 1])).toMatchObject({ argument: 0 });
  });

  test("coalesce skips null and nothing else", () => {
    expect([call("coalesce", null, "", "a"), call("coalesce", null, 0, 1), call("coalesce", false, true)]).toEqual(["", 0, false]);
    expect(mistake("coalesce", null, null).mistake).toBe("every argument is null");
  });
});

describe("numbers", () => {
  test("min, max and sum agree with arithmetic", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1 }), (items) => {
        expect(call("min", ...items)).toBe(Math.min(...items));
        expect(call("max", items)).toBe(Math.max(...items));
        expect(call("sum", items)).toBe(items.reduce((total, item) => total + item, 0));
      }),
    );
    expect(call("sum", [])).toBe(0);
    expect(call("sum", [makeSize(1), makeSize(2)])).toEqual(makeSize(3));
    expect(call("max", makeDuration(1), makeDuration(2))).toEqual(makeDuration(2));
    expect(mistake("sum", [2 ** 53 - 1, 1]).mistake).toBe("the sum is too large to be exact");
    expect(mistake("min", []).mistake).toBe("there is nothing to choose from");
    expect(mistake("min").mistake).toBe("there is nothing to choose from");
  });

  test("floor and ceil give ints, without a negative zero", () => {
    expect([call("floor", -1.5), call("floor", 1.5), call("ceil", -1.5), call("ceil", 1.2), call("ceil", -0.5)]).toEqual([-2, 1, -1, 2, 0]);
    expect(Object.is(call("ceil", -0.5), 0)).toBe(true);
    expect(mistake("floor", 1e300).argument).toBe(0);
    expect(call("abs", -3)).toBe(3);
  });
});

describe("result types", () => {
  test("follow the arguments", () => {
    expect(resultType("values", map(int))).toEqual(list(int));
    expect(resultType("values", object({ a: int, b: number }))).toEqual(list(number));
    expect(resultType("merge", object({ a: int }), object({ b: string }))).toEqual(object({ a: int, b: string }));
    expect(resultType("merge", map(string), object({ b: string }))).toEqual(map(string));
    expect(resultType("merge", map(string), object({ b: int }))).toEqual(map(any));
    expect(resultType("flatten", list(list(list(string))))).toEqual(list(string));
    expect(resultType("zip", list(string), list(int))).toEqual(map(int));
    expect(resultType("min", int, number)).toEqual(number);
    expect(resultType("max", list(int))).toEqual(int);
    expect(resultType("sum", list({ kind: "size" }))).toEqual({ kind: "size" });
    expect(resultType("coalesce", optional(string), string)).toEqual(string);
    expect(resultType("sort", list(int))).toEqual(list(int));
    expect(resultType("abs", int)).toEqual(int);
  });
});
