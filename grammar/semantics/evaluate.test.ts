// Values and types of expressions, one line each: the expression, then its canonical value or the code of its mistake.

import { describe, expect, test } from "vitest";
import { valueIn } from "../../test/laws/compile-support.ts";

describe("operators", () => {
  test.each([
    ["1 + 2 * 3", "7"],
    ["10 - 3 - 2", "5"],
    ["7 / 2", "3.5"],
    ["7 % 4", "3"],
    ["-7 % 4", "-3"],
    ["1 + 0.5", "1.5"],
    ["0 * -1", "0"],
    ["1 / 0", "K1404"],
    ["1 % 0", "K1404"],
    ["9007199254740991 * 2", "K1405"],
    ["1GiB + 512MiB", '@size{"bytes":1610612736}'],
    ["1GiB - 2GiB", "K1405"],
    ["2 * 1GiB == 1GiB * 2", "true"],
    ["4GiB / 2", '@size{"bytes":2147483648}'],
    ["4GiB / 1GiB", "4"],
    ["90s < 2m", "true"],
    ["1h + 30m", '@duration{"milliseconds":5400000}'],
    ["1GiB + 1s", "K1302"],
    ["1GiB + 1", "K1302"],
    ['"a" + "b"', '"ab"'],
    ['"a" + 1', "K1302"],
    ['"a" < "b"', "true"],
    ["true && false || true", "true"],
    ["1 && true", "K1302"],
    ["!(1 == 2)", "true"],
    ["!1", "K1302"],
    ["1 == 1.0", "true"],
    ['1 == "1"', "K1311"],
    ["[1, 2] == [1, 2]", "true"],
    ["{ a = 1, b = 2 } == { b = 2, a = 1 }", "true"],
    ["2..5", "[2,3,4]"],
    ["5..2", "[]"],
    ["null ?? 1", "1"],
    ["false && 1 / 0 == 1", "false"],
    ["true || 1 / 0 == 1", "true"],
    ['true ? "a" : "b"', '"a"'],
    ["true ? 1 / 1 : 1 / 0", "1"],
    ['true ? 1 : "b"', "K1307"],
    ["1 ? 2 : 3", "K1301"],
  ])("%s", (expression, value) => {
    expect(valueIn(expression)).toBe(value);
  });
});

describe("strings and collections", () => {
  test.each([
    ['"${4GiB} ${90s} ${10.0.0.1} ${true} ${1.5} ${aws}"', '"4GiB 90s 10.0.0.1 true 1.5 aws"'],
    ['"$${x}"', '"${x}"'],
    ['"${[1]}"', "K1312"],
    ['"${null}"', "K1312"],
    ["[1, 2.5]", "[1,2.5]"],
    ['[1, "a"]', "K1307"],
    ["[1, 2][1]", "2"],
    ["[1, 2][2]", "K1402"],
    ["[1, 2][-1]", "K1402"],
    ['[1, 2]["a"]', "K1301"],
    ["[][0]", "K1402"],
    ['{ a = 1 }["a"]', "1"],
    ["{ a = 1 }.a", "1"],
    ["{ a = 1 }.b", "K1304"],
    ['{ ["x"] = 1 }["y"]', "K1403"],
    ['{ ["a"] = 1, ["a"] = 2 }', "K1417"],
    ["{ constructor = 1 }.constructor", "1"],
    ["{}.constructor", "K1304"],
    ["[for x in [1, 2, 3]: x * x if x != 2]", "[1,9]"],
    ["[for i, x in [5, 6]: i + x]", "[5,7]"],
    ["[for k, v in { b = 1, a = 2 }: k]", '["b","a"]'],
    ["[for v in { b = 1, a = 2 }: v]", "[1,2]"],
    ['{for x in ["a", "b"]: x => length(x)}', '{"a":1,"b":1}'],
    ["[for x in 3: x]", "K1314"],
    ["[for x in [1]: [for x in [2]: x]]", "K1205"],
    ["[{ a = 1 }, { a = 2, b = 3 }][0].b ?? 9", "9"],
    ["[{ a = 1 }, { a = 2, b = 3 }][0].b + 1", "K1303"],
    ['length(["a"])', "1"],
    ["lower(1)", "K1301"],
    ["lower()", "K1308"],
    ['"a".lower()', "K1308"],
    ["aws.region", '"eu-west-1"'],
    ["aws.name", '"aws"'],
    ["aws.nothing", "K1304"],
    ['near("dublin")', "K1317"],
  ])("%s", (expression, value) => {
    expect(valueIn(expression)).toBe(value);
  });
});

describe("optional values", () => {
  test.each([
    ["x", "null"],
    ["x ?? 3", "3"],
    ["x + 1", "K1303"],
    ["x != null ? x + 1 : 0", "0"],
    ["x == null ? 0 : x + 1", "0"],
    ["x != null && x > 1", "false"],
    ["x == null || x > 1", "true"],
    ["!(x == null) ? x + 1 : 0", "0"],
    ["x != null || x > 1", "K1303"],
    ["o?.a", "null"],
    ["o.a", "K1303"],
    ["o?.a ?? 4", "4"],
  ])("%s", (expression, value) => {
    expect(valueIn(expression, "input x: int?\ninput o: { a: int }?")).toBe(value);
  });
});

describe("inputs", () => {
  test.each([
    ['"staging" | "prod"', '"prod"', '"prod"'],
    ["int", "1.5", "K1301"],
    ["number", "1", "1"],
    ["cidr", '"fd00:0::/8"', '@cidr{"text":"fd00::/8"}'],
    ["ip", '"10.0.0.300"', "K1320"],
    ["list<int>", "[]", "[]"],
    ["map<string>", '{ a = "x" }', '{"a":"x"}'],
    ["map<string>", "{ a = 1 }", "K1301"],
    ["{ a: int, b: string? }", "{ a = 1 }", '{"a":1}'],
    ["{ a: int }", "{ b = 1 }", "K1309 K1209"],
    ["secret int", "3", "K1313"],
  ])("%s = %s", (type, given, value) => {
    expect(valueIn("x", `input x: ${type} = ${given}`)).toBe(value);
  });
});
