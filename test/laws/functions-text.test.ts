// Laws of the functions over texts, encodings, files, addresses and places, and the mistakes each reports.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { functions } from "../../grammar/functions/library.ts";
import { makeAddress, makeCloud, makeDuration, makeResource, makeSize } from "../../grammar/graph/make-value.ts";
import type { Value } from "../../grammar/graph/value.ts";
import { formatCidr, makeCidr } from "../../grammar/net/cidr.ts";
import { aJson, aText, aWildText, call, cidr, makeContext, mapOf, mistake, plain, run } from "../support/call-function.ts";

describe("strings", () => {
  test("join undoes split", () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom("", ",", "ab", ".*"), aText), fc.oneof(aText, aWildText), (separator, text) => {
        expect(call("join", separator, call("split", separator, text))).toBe(text);
      }),
    );
    expect([call("split", ",", ""), call("split", "", "a😀"), call("split", ".", "a.b")]).toEqual([[""], ["a", "😀"], ["a", "b"]]);
  });

  test("join writes scalars as strings do", () => {
    expect(
      call("join", " ", [1, true, cidr("10.0.0.0/8"), makeSize(4 * 1024 ** 3), makeSize(500e6), makeDuration(90_000), makeCloud("aws")]),
    ).toBe("1 true 10.0.0.0/8 4GiB 500MB 90s aws");
    expect(mistake("join", ",", [["a"]])).toMatchObject({ argument: 1 });
  });

  test("replace is literal", () => {
    fc.assert(
      fc.property(
        aText,
        aText.filter((part) => part !== ""),
        aText,
        (text, part, replacement) => {
          expect(call("replace", text, part, replacement)).toBe(text.split(part).join(replacement));
        },
      ),
    );
    expect(call("replace", "a.b", ".", "$&")).toBe("a$&b");
    expect(mistake("replace", "a", "", "b")).toMatchObject({ argument: 1 });
  });

  test("a slug is a name that every cloud takes, and is its own slug", () => {
    fc.assert(
      fc.property(fc.oneof(aText, aWildText), fc.option(fc.integer({ min: 1, max: 20 })), (text, length) => {
        const result = run("slug", length === null ? [text] : [text, length]);
        if (!("value" in result)) return;
        expect(result.value).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(String(result.value).length).toBeLessThanOrEqual(length ?? Number.POSITIVE_INFINITY);
        expect(call("slug", result.value)).toBe(result.value);
      }),
    );
    expect([call("slug", "Crème  Brûlée!"), call("slug", "a-b", 2), call("slug", "ＡＢ１"), call("slug", "azAZ09", 6)]).toEqual([
      "creme-brulee",
      "a",
      "ab1",
      "azaz09",
    ]);
    expect([call("slug", "ab", 1), mistake("slug", "ab", 0).argument]).toEqual(["a", 1]);
    expect(mistake("slug", "!?")).toMatchObject({ argument: 0 });
  });

  test("trim, upper, lower, starts_with, ends_with", () => {
    expect([call("trim", " \n a b\t"), call("trim", "xyaxy", "yx"), call("trim", "xx", "x"), call("trim", "a", null)]).toEqual([
      "a b",
      "a",
      "",
      "a",
    ]);
    expect([call("upper", "äß"), call("lower", "ÄI")]).toEqual(["ÄSS", "äi"]);
    expect([
      call("starts_with", "abc", "ab"),
      call("ends_with", "abc", "bc"),
      call("starts_with", "abc", "b"),
      call("ends_with", "abc", ""),
    ]).toEqual([true, true, false, true]);
  });

  test("format fills every verb", () => {
    expect(call("format", "%s|%5s|%-5s|%d|%05d|%+d|%x|%.2f|%f|%q|%j|%%", "a", "b", "c", -1, -42, 7, 255, 2.005, 1, 'x"', ["y"])).toBe(
      'a|    b|c    |-1|-0042|+7|ff|2.00|1.000000|"x\\""|["y"]|%',
    );
    expect(call("format", "%s %s", makeSize(1024), true)).toBe("1KiB true");
    expect(call("format", "%07.2f|%04x|%04s|%-4d|%+.1f", -1.5, 255, "a", 7, 0.25)).toBe("-001.50|00ff|   a|7   |+0.3");
    expect(mistake("format", "%f", 1e21).argument).toBe(1);
  });

  test.each<[string, Value[], number]>([
    ["%d", ["a"], 1],
    ["%d", [1.5], 1],
    ["%f", ["1"], 1],
    ["%q", [1], 1],
    ["%s", [["a"]], 1],
    ["%s", [], 0],
    ["a", ["b"], 1],
    ["%s", ["a", "b"], 2],
    ["%y", ["a"], 0],
    ["100%", [], 0],
    ["%9999s", ["a"], 0],
    ["%.2s", ["a"], 0],
  ])("format refuses %j with %j at argument %i", (template, values, argument) => {
    expect(mistake("format", template, ...values)).toMatchObject({ argument, hint: expect.any(String) });
  });
});

describe("encoding", () => {
  test("json parses back to the value", () => {
    fc.assert(
      fc.property(aJson, (value) => {
        expect(JSON.parse(call("json", value) as string)).toEqual(plain(value));
      }),
    );
    const entries: readonly (readonly [string, Value])[] = [
      ["b", 1],
      ["10", makeSize(1024)],
      ["a", makeDuration(1000)],
      ["9", cidr("10.0.0.0/8")],
    ];
    expect(call("json", new Map(entries))).toBe('{"b":1,"10":1024,"a":1000,"9":"10.0.0.0/8"}');
    expect(mistake("json", [makeResource("network", "network.main")])).toMatchObject({
      mistake: "cannot write a resource as data",
      argument: 0,
    });
  });

  test("yaml parses back to the value under YAML 1.1 and 1.2", () => {
    fc.assert(
      fc.property(
        fc.oneof(aJson, fc.constantFrom<Value>("yes", "on", "0o14", "014", "1:30", "~", "- a", "a: b", "#", "1e3", "0x1f", "=", "<<")),
        (value) => {
          const text = call("yaml", value) as string;
          for (const version of ["1.1", "1.2"] as const) expect(parseYaml(text, { version, mapAsMap: true, merge: false })).toEqual(value);
          expect(text.endsWith("\n")).toBe(true);
        },
      ),
    );
  });

  test("base64 and sha256 are Node's", () => {
    fc.assert(
      fc.property(fc.oneof(aText, aWildText), (text) => {
        expect(call("base64", text)).toBe(Buffer.from(text).toString("base64"));
        expect(call("sha256", text)).toBe(createHash("sha256").update(text).digest("hex"));
      }),
    );
  });
});

describe("files", () => {
  const context = makeContext(1000, { "a.txt": "one\ntwo", "b.tpl": "#!/bin/sh\necho ${name} $${HOME} $HOME ${name}\n" });

  test("file and template read through the context", () => {
    expect(run("file", ["a.txt"], context)).toEqual({ value: "one\ntwo" });
    expect(run("template", ["b.tpl", mapOf({ name: "web" })], context)).toEqual({ value: "#!/bin/sh\necho web ${HOME} $HOME web\n" });
    expect(run("file", ["none"], context)).toEqual({ mistake: "there is no file `none`", argument: 0 });
  });

  test("a template with deferred values reads now and fills later", () => {
    const later = mapOf({ name: "web" });
    const deferred = functions.get("template")?.defer?.(["b.tpl", later], context);
    if (!deferred || "mistake" in deferred) throw new Error("not deferred");
    expect(deferred).toEqual({ name: "fill", arguments: ["#!/bin/sh\necho ${name} $${HOME} $HOME ${name}\n", later] });
    expect(run(deferred.name, deferred.arguments)).toEqual(run("template", ["b.tpl", later], context));
  });

  test.each<[string, Value, string, number]>([
    ["a\nb ${x}", mapOf({}), "line 2 uses `x`, which is not given", 0],
    ["a", mapOf({ x: 1 }), "nothing uses `x`", 1],
    ["a ${x", mapOf({ x: 1 }), "line 1 has a `${` that no name and `}` follow", 0],
    ["${x + 1}", mapOf({ x: 1 }), "line 1 has a `${` that no name and `}` follow", 0],
    ["${}", mapOf({}), "line 1 has a `${` that no name and `}` follow", 0],
    ["${x}", mapOf({ x: [1] }), "`x` is a list and cannot stand in a text", 1],
  ])("fill(%j) is strict", (text, values, message, argument) => {
    expect(mistake("fill", text, values)).toMatchObject({ mistake: message, argument, hint: expect.any(String) });
  });

  test("filling with what a placeholder says changes nothing", () => {
    fc.assert(
      fc.property(
        aText.filter((text) => !text.includes("${")),
        (text) => call("fill", text, mapOf({})) === text,
      ),
    );
    expect(call("fill", "${a}${a}", mapOf({ a: "${b}" }))).toBe("${b}${b}");
    expect(call("fill", "${azAZ_09}", mapOf({ azAZ_09: 1 }))).toBe("1");
    expect(mistake("fill", "${9a}", mapOf({ "9a": 1 })).argument).toBe(0);
  });
});

describe("network", () => {
  test("subnets lie inside their range and siblings are disjoint", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2 ** 32 - 1 }),
        fc.integer({ min: 0, max: 24 }),
        fc.integer({ min: 1, max: 8 }),
        fc.nat(),
        fc.nat(),
        (address, prefix, bits, i, j) => {
          const range = cidr(formatCidr(makeCidr(address, prefix)));
          const [a, b] = [i % 2 ** bits, j % 2 ** bits];
          const [one, two] = [call("subnet", range, bits, a), call("subnet", range, bits, b)];
          expect(call("cidr_contains", range, one)).toBe(true);
          expect(call("cidr_contains", one, range)).toBe(false);
          expect(call("cidr_overlaps", one, two)).toBe(a === b);
          expect(call("cidr_overlaps", range, one)).toBe(true);
          expect(call("cidr_contains", one, call("host", one, 0))).toBe(true);
          expect(call("cidr_contains", one, call("host", one, -1))).toBe(true);
        },
      ),
    );
  });

  test("known values", () => {
    const range = cidr("10.20.0.0/16");
    expect([call("subnet", range, 8, 2), call("host", range, 10), call("host", range, -2), call("netmask", range)]).toEqual([
      cidr("10.20.2.0/24"),
      makeAddress("ip", "10.20.0.10"),
      makeAddress("ip", "10.20.255.254"),
      "255.255.0.0",
    ]);
    expect(call("cidr_contains", cidr("2001:db8::/32"), makeAddress("ip", "2001:db8:1::1"))).toBe(true);
    expect(call("cidr_contains", cidr("2001:db8::/32"), makeAddress("ip", "10.0.0.1"))).toBe(false);
    expect(call("cidr_contains", cidr("2001:db8::/32"), makeAddress("ip", "2001:db9::1"))).toBe(false);
    expect(call("cidr_contains", cidr("2001:db8::/32"), cidr("2001:db8::/31"))).toBe(false);
    expect(call("cidr_contains", cidr("10.0.0.0/24"), makeAddress("ip", "10.0.0.255"))).toBe(true);
    expect(call("cidr_contains", cidr("10.0.0.0/24"), makeAddress("ip", "10.0.1.0"))).toBe(false);
    expect(call("cidr_contains", range, makeAddress("ip", "::1"))).toBe(false);
    expect(call("cidr_overlaps", cidr("2001:db8::/32"), cidr("2001:db8:1::/48"))).toBe(true);
    expect(call("cidr_overlaps", cidr("2001:db8:1::/48"), cidr("2001:db8::/32"))).toBe(true);
    expect(call("cidr_overlaps", range, cidr("::/0"))).toBe(false);
  });

  test.each<[string, Value[], number]>([
    ["subnet", [cidr("10.20.0.0/16"), 17, 0], 1],
    ["subnet", [cidr("10.20.0.0/16"), -1, 0], 1],
    ["subnet", [cidr("10.20.0.0/16"), 2, 4], 2],
    ["subnet", [cidr("10.20.0.0/16"), 2, -1], 2],
    ["subnet", [cidr("10.20.0.1/16"), 2, 0], 0],
    ["subnet", [cidr("2001:db8::/32"), 2, 0], 0],
    ["host", [cidr("10.20.0.0/30"), 4], 1],
    ["host", [cidr("10.20.0.0/30"), -5], 1],
    ["netmask", ["nonsense"], 0],
    ["cidr_contains", ["nonsense", "10.0.0.1"], 0],
    ["cidr_contains", ["10.0.0.0/8", "nonsense"], 1],
    ["cidr_overlaps", ["10.0.0.0/8", "nonsense"], 1],
  ])("%s(%j) is a mistake at argument %i", (name, values, argument) => {
    expect(mistake(name, ...values)).toMatchObject({ argument, hint: expect.any(String) });
  });
});

describe("place and text", () => {
  test("near names a city, zones asks the context", () => {
    expect(call("near", " Dublin ")).toMatchObject({ city: "dublin" });
    expect(call("zones", makeCloud("aws"))).toEqual(["a", "b"]);
    expect(mistake("zones", makeCloud("lab"))).toMatchObject({ argument: 0 });
    expect(mistake("near", " ")).toMatchObject({ argument: 0 });
  });

  test("lines end at either line break, and the last one begins no line", () => {
    expect([call("lines", "a\r\nb\n\nc\n"), call("lines", ""), call("lines", "a")]).toEqual([["a", "b", "", "c"], [], ["a"]]);
  });

  test("indent leaves the first line and empty lines, and keeps the lines", () => {
    expect(call("indent", 2, "a\nb\n\nc\n")).toBe("a\n  b\n\n  c\n");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), aText, (spaces, text) => {
        expect((call("indent", spaces, text) as string).split("\n")).toHaveLength(text.split("\n").length);
      }),
    );
    expect(mistake("indent", -1, "a")).toMatchObject({ argument: 0 });
  });
});
