import { describe, expect, test } from "vitest";
import { compileText, errorCodes } from "../../test/laws/compile-support.ts";

const start = 'stack demo\ncloud aws { region = "eu-west-1" }\n';
const given = (type: string, text: string) => compileText(`${start}input p: ${type}\n`, { inputs: new Map([["p", { text }]]) });

describe("a port is judged where it is named, used or not", () => {
  test.each([
    ["a default", "input p: port = 70000\n"],
    ["a default of zero", "input p: port = 0\n"],
    ["a let", "let p: port = 70000\n"],
    ["a let by arithmetic", "let base = 65000\nlet p: port = base + 1000\n"],
    ["an output", "output p: port = 70000\n"],
    ["inside a list", "input p: list<port> = [80, 70000]\n"],
    ["inside a map", "input p: map<port> = { web = 70000 }\n"],
    ["inside an object", 'input p: { web: port, name: string } = { web = 70000, name = "x" }\n'],
    ["a secret, which is not shown", "input p: secret port = 70000\n"],
  ])("%s", (_, text) => {
    const result = compileText(start + text);
    expect(errorCodes(result)).toEqual(["K1319"]);
    expect(result.diagnostics[0]?.hint).toBe("a port is between 1 and 65535");
    if (text.includes("secret")) expect(JSON.stringify(result.diagnostics)).not.toContain("70000");
  });

  test.each([
    ["port", "70000"],
    ["port", "0"],
    ["port", "1.5"],
    ["list<port>", "[80, 70000]"],
  ])("a value of the type %s given as %s", (type, text) => {
    const result = given(type, text);
    expect(errorCodes(result)).toEqual(["K1411"]);
    expect(result.diagnostics[0]?.hint).toBe("a port is a whole number between 1 and 65535");
  });

  test.each([
    ["port", "1"],
    ["port", "65535"],
    ["list<port>", "[1, 65535]"],
  ])("and %s %s is one", (type, text) => expect(errorCodes(given(type, text))).toEqual([]));

  test("ints are left alone", () => {
    expect(errorCodes(compileText(`${start}input n: int = 70000\ninput m: map<int> = { a = 70000 }\n`))).toEqual([]);
  });
});
