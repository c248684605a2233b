import { describe, expect, test } from "vitest";
import { parseText, printValue } from "../../test/support/print-syntax.ts";
import { classifyLiteral } from "./literals.ts";

describe("values", () => {
  test.each([
    ["0", { type: "int", value: 0 }],
    ["42", { type: "int", value: 42 }],
    ["9007199254740991", { type: "int", value: 9007199254740991 }],
    ["0.5", { type: "number", value: 0.5 }],
    ["10.25", { type: "number", value: 10.25 }],
    ["4GiB", { type: "size", value: 4294967296, text: "4GiB" }],
    ["500MB", { type: "size", value: 500_000_000, text: "500MB" }],
    ["1.5KiB", { type: "size", value: 1536, text: "1.5KiB" }],
    ["0B", { type: "size", value: 0, text: "0B" }],
    ["2PB", { type: "size", value: 2e15, text: "2PB" }],
    ["1PiB", { type: "size", value: 2 ** 50, text: "1PiB" }],
    ["30s", { type: "duration", value: 30_000, text: "30s" }],
    ["5m", { type: "duration", value: 300_000, text: "5m" }],
    ["250ms", { type: "duration", value: 250, text: "250ms" }],
    ["1.5h", { type: "duration", value: 5_400_000, text: "1.5h" }],
    ["7d", { type: "duration", value: 604_800_000, text: "7d" }],
    ["10.0.0.1", { type: "ip", value: "10.0.0.1" }],
    ["255.255.255.255", { type: "ip", value: "255.255.255.255" }],
    ["10.0.0.0/16", { type: "cidr", value: "10.0.0.0/16" }],
    ["10.20.30.40/8", { type: "cidr", value: "10.20.30.40/8" }],
    ["0.0.0.0/0", { type: "cidr", value: "0.0.0.0/0" }],
  ])("%s", (text, value) => {
    expect(classifyLiteral(text)).toEqual({ value });
  });
});

describe("mistakes, with their mend", () => {
  test.each([
    ["10.20.0/16", "K1009", "10.20.0.0/16"],
    ["10/16/8", "K1009", undefined],
    ["300.1.1.1", "K1009", undefined],
    ["1.2.3", "K1009", undefined],
    ["1.2.3.4.5", "K1009", undefined],
    ["10.0.0.0/33", "K1009", undefined],
    ["10.0.0.01", "K1009", "10.0.0.1"],
    ["10.0.0.0/08", "K1009", "10.0.0.0/8"],
    ["10.0.0.x", "K1009", undefined],
    ["999999999999999999999.1.1.1", "K1009", undefined],
    ["5min", "K1008", "5m"],
    ["10sec", "K1008", "10s"],
    ["3hours", "K1008", "3h"],
    ["2w", "K1008", "14d"],
    ["4gb", "K1008", "4GB"],
    ["4Gib", "K1008", "4GiB"],
    ["4G", "K1008", undefined],
    ["1.5gib", "K1008", "1.5GiB"],
    ["7b", "K1008", "7B"],
    ["5parsecs", "K1008", undefined],
    ["1_000", "K1007", "1000"],
    ["0x1F", "K1007", "31"],
    ["0b101", "K1007", "5"],
    ["0o17", "K1007", "15"],
    ["1e5", "K1007", "100000"],
    ["1e", "K1007", undefined],
    ["007", "K1007", "7"],
    ["00", "K1007", "0"],
    ["00.5", "K1007", "0.5"],
    ["1.", "K1007", "1.0"],
    ["3größe", "K1007", undefined],
    ["9007199254740992", "K1010", undefined],
    ["99999999999999999999999", "K1010", undefined],
    ["1.5B", "K1010", undefined],
    ["0.1ms", "K1010", undefined],
    ["99999PiB", "K1010", undefined],
    [`0.${"1".repeat(100)}GiB`, "K1010", undefined],
  ])("%s", (text, code, replacement) => {
    const classified = classifyLiteral(text);
    expect(classified).toMatchObject({ problem: { code } });
    if (!("problem" in classified)) return;
    expect(classified.problem.replacement).toBe(replacement);
    expect(classified.problem.hint.length).toBeGreaterThan(5);
    expect(classified.problem.message.length).toBeLessThan(100);
    if (replacement !== undefined) expect(classifyLiteral(replacement)).toHaveProperty("value");
  });
});

describe("where a run ends", () => {
  test.each([
    ["0..n", "(0 .. n)"],
    ["1.5..2", "(number:1.5 .. 2)"],
    ["1..2", "(1 .. 2)"],
    ["10/2", "(10 / 2)"],
    ["1.5/2", "(number:1.5 / 2)"],
    ["10.0.0.0/16", "cidr:10.0.0.0/16"],
    ["10.0.0.0 / 16", "(ip:10.0.0.0 / 16)"],
    ["10.0.0.0/n", "(ip:10.0.0.0 / n)"],
    ["a[0].b", "a[0].b"],
    ["8000-8100", "(8000 - 8100)"],
    ["4GiB*2", "(size:4294967296 * 2)"],
    ["10.20.0/16", "K1009 <error>"],
    ["5min", "K1008 <error>"],
    ["300.1.1.1", "K1009 <error>"],
    ["1.2.3/x", "K1009 (<error> / x)"],
    ["5min + 10sec", "K1008 K1008 (<error> + <error>)"],
  ])("%s", (source, printed) => {
    expect(printValue(source)).toBe(printed);
  });
});

test("a mistaken literal is underlined as a whole and carries its edit", () => {
  const text = "let pause = 5min\n";
  const [only] = parseText(text).diagnostics;
  expect(only?.span).toEqual({ file: "main.koine", start: 12, end: 16 });
  expect(only?.fix).toEqual({ title: "write `5m`", replacement: "5m", span: { file: "main.koine", start: 12, end: 16 } });
});
