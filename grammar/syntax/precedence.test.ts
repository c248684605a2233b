import { describe, expect, test } from "vitest";
import { mistakesIn, parseText, printValue, textUnder } from "../../test/support/print-syntax.ts";

describe("operators", () => {
  test.each([
    ["a + b * c", "(a + (b * c))"],
    ["a * b + c", "((a * b) + c)"],
    ["a - b - c", "((a - b) - c)"],
    ["a / b % c * d", "(((a / b) % c) * d)"],
    ["a ?? b ?? c", "(a ?? (b ?? c))"],
    ["a || b && c", "(a || (b && c))"],
    ["a && b || c", "((a && b) || c)"],
    ["a == b && c != d", "((a == b) && (c != d))"],
    ["a < b == c >= d", "((a < b) == (c >= d))"],
    ["a + 1 .. b - 1", "((a + 1) .. (b - 1))"],
    ["a .. b == c", "((a .. b) == c)"],
    ["a ?? b || c", "(a ?? (b || c))"],
    ["!a && b", "((!a) && b)"],
    ["-a.b[0] * c", "((-a.b[0]) * c)"],
    ["!-!a", "(!(-(!a)))"],
    ["a - -b", "(a - (-b))"],
    ["a ? b : c", "(a ? b : c)"],
    ["a ? b : c ? d : e", "(a ? b : (c ? d : e))"],
    ["a ? b ? c : d : e", "(a ? (b ? c : d) : e)"],
    ["a ?? b ? c : d", "((a ?? b) ? c : d)"],
    ["a == b ? c + 1 : d", "((a == b) ? (c + 1) : d)"],
    ["(a + b) * c", "((a + b) * c)"],
    ["a.b?.c[d].e(f, g)[0]", "a.b?.c[d].e(f g)[0]"],
    ["f()", "f()"],
    ["f(a,)", "f(a)"],
    ["a < b && b < c", "((a < b) && (b < c))"],
  ])("%s", (source, printed) => {
    expect(printValue(source)).toBe(printed);
  });
});

describe("comparisons and ranges do not chain", () => {
  test.each(["a < b < c", "a == b == c", "a != b == c", "a <= b > c", "a..b..c", "a < b < c < d < e"])("%s", (source) => {
    expect(mistakesIn(`let x = ${source}\n`)).toEqual([expect.stringMatching(/^K1109 .* cannot be chained$/)]);
  });
});

test("spans cover operands and parentheses", () => {
  const text = "let x = (a + b) * -c.d\n";
  const [first] = parseText(text).tree.declarations;
  const value = first?.kind === "let" ? first.value : undefined;
  expect(value?.kind).toBe("binary");
  if (value?.kind !== "binary") return;
  const under = (span: { start: number; end: number }) => text.slice(span.start, span.end);
  expect([value.span, value.left.span, value.operatorSpan, value.right.span].map(under)).toEqual([
    "(a + b) * -c.d",
    "(a + b)",
    "*",
    "-c.d",
  ]);
});

describe("length costs no depth beyond the limit", () => {
  test.each([
    ["operators", `1${" + 1".repeat(450)}`],
    ["members", `a${".b".repeat(450)}`],
    ["choices", `1${" ? 1 : 1".repeat(450)}`],
    ["signs", `${"-".repeat(450)}1`],
    ["a long list of short ones", `[${"a + b * c, ".repeat(5000)}]`],
  ])("%s", (_, source) => {
    expect(mistakesIn(`let x = ${source}\n`)).toEqual([]);
  });

  test.each([
    ["operators", `1${" + 1".repeat(20_000)}`],
    ["right-grouped operators", `1${" ?? 1".repeat(20_000)}`],
    ["members", `a${".b".repeat(20_000)}`],
    ["calls", `a${"()".repeat(20_000)}`],
    ["choices", `1${" ? 1 : 1".repeat(20_000)}`],
    ["signs", `${"-".repeat(20_000)}1`],
    ["operators within parentheses, together", `${"(".repeat(90)}1${`${" + 1".repeat(10)})`.repeat(90)}`],
    ["operators around and in an interpolation", `"\${1${" + 1".repeat(300)} + "\${1${" + 1".repeat(300)}}"}"`],
  ])("%s", (_, source) => {
    const text = `let x = ${source}\nlet y = 1\n`;
    const { tree, diagnostics } = parseText(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(["K1116"]);
    expect(textUnder(text, diagnostics[0])).not.toBe("");
    expect(tree.declarations).toHaveLength(2);
  });

  test("choices within choices", () => {
    expect(mistakesIn(`let x = ${"a ? ".repeat(20_000)}1${" : 1".repeat(20_000)}\n`)).toEqual([
      "K1104 expressions are nested deeper than 200",
    ]);
  });
});
