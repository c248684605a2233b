import { describe, expect, test } from "vitest";
import { mistakesIn, parseText, printValue, textUnder } from "../../test/support/print-syntax.ts";

describe("quoted strings", () => {
  test.each([
    ['""', '""'],
    ['"web"', '"web"'],
    ['"a\\n\\t\\r\\"\\\\b"', '"a\\n\\t\\r\\"\\\\b"'],
    ['"caf\\u{e9} \\u{1F600}"', '"café 😀"'],
    ['"a ${b} c"', '"a |${b}| c"'],
    ['"${a}${b}"', '"${a}|${b}"'],
    ['"$${a}"', '"${a}"'],
    ['"$$${a}"', '"$${a}"'],
    ['"$a $5 $"', '"$a $5 $"'],
    ['"${a["b"]}"', '"${a["b"]}"'],
    ['"${"${"${x}"}"}"', '"${"${"${x}"}"}"'],
    ['"${f({a = 1})}"', '"${f({a=1})}"'],
    ['"http://${m.public_ip}:${80 + 1}/"', '"http://|${m.public_ip}|:|${(80 + 1)}|/"'],
    ['"a\tb"', '"a\\tb"'],
  ])("%s", (source, printed) => {
    expect(printValue(source)).toBe(printed);
  });
});

describe("texts of several lines", () => {
  test.each([
    ['"""\n    a\n      b\n    """', 'heredoc"a\\n  b\\n"'],
    ['"""\n  a\n\n  b\n  """', 'heredoc"a\\n\\nb\\n"'],
    ['"""\n  a\n"""', 'heredoc"a\\n"'],
    ['"""\n  a"""', 'heredoc"a"'],
    ['"""a\n  b\n  """', 'heredoc"a\\nb\\n"'],
    ['"""a"""', 'heredoc"a"'],
    ['""""""', 'heredoc""'],
    ['"""\n"""', 'heredoc""'],
    ['"""\n\ta\n\t\tb\n\t"""', 'heredoc"a\\n\\tb\\n"'],
    ['"""\n \ta\n  b\n"""', 'heredoc"\\ta\\n b\\n"'],
    ['"""\r\n  a\r\n  b\r\n  """', 'heredoc"a\\nb\\n"'],
    ['"""\r  a\r  b\r"""', 'heredoc"a\\nb\\n"'],
    ['"""\n  a\\n\\${b}\n  """', 'heredoc"a\\\\n\\\\|${b}|\\n"'],
    ['"""\n  $${a}\n  """', 'heredoc"${a}\\n"'],
    ['"""\n  ${a}\n    ${b} c\n  """', 'heredoc"${a}|\\n  |${b}| c\\n"'],
    ['"""\n  a ${b}\n${c}\n  """', 'heredoc"  a |${b}|\\n|${c}|\\n"'],
    ['"""\n  say "hi" ""\n  """', 'heredoc"say \\"hi\\" \\"\\"\\n"'],
    ['r"""\n  ${a} $${b} \\n\n  """', 'raw"${a} $${b} \\\\n\\n"'],
    ['"""\n  a\n   \n  b\n  """', 'heredoc"a\\n \\nb\\n"'],
  ])("%j", (source, printed) => {
    expect(printValue(source)).toBe(printed);
  });

  test("the same text comes from any line ends", () => {
    const source = '"""\n  a\n    b\n  """';
    for (const lineEnd of ["\r\n", "\r"]) expect(printValue(source.replaceAll("\n", lineEnd))).toBe(printValue(source));
  });
});

describe("mistakes", () => {
  test.each([
    ['"a\\q"', ["K1006 `\\q` is not an escape"]],
    ['"C:\\data\\web"', ["K1006 `\\d` is not an escape"]],
    ['"\\u{110000}"', ["K1006 `\\u{110000}` is not a character"]],
    ['"\\u{d800}"', ["K1006 `\\u{d800}` is not a character"]],
    ['"\\u{}"', ["K1006 `\\u{}` is not a character"]],
    ['"\\u00e9"', ["K1006 `\\u` is not an escape"]],
    ['"\\${a}"', ["K1006 `\\$` is not an escape"]],
    ['"a\u0007"', ["K1001 the control character U+0007 stands in a string"]],
    ['"abc', ['K1002 the string has no closing `"` on its line']],
    ['"abc\\', ['K1002 the string has no closing `"` on its line']],
    ['"a ${b"', ["K1005 `${` has no `}` on its line"]],
    ['"a ${b" + "c"', ["K1005 `${` has no `}` on its line"]],
    ['"a ${f("x") b"', ["K1005 `${` has no `}` on its line"]],
    ['"""\n  ${a\n  ${b}\n  """', ["K1005 `${` has no `}` on its line"]],
    ['"""\n  ${a\n  ${b\n  """', ["K1005 `${` has no `}` on its line", "K1005 `${` has no `}` on its line"]],
    ['"""\n  ${a', ['K1003 the text that begins here has no closing `"""`']],
    ['r"""\n  a', ['K1003 the text that begins here has no closing `"""`']],
    ['"${}"', ["K1111 the interpolation is empty"]],
    ['"${ }"', ["K1111 the interpolation is empty"]],
    ['"${a b}"', ["K1101 expected `}`, found `b`"]],
    ['"${a # b}"', ["K1016 a comment cannot stand in an interpolation"]],
    ['"${a /* b */}"', ["K1016 a comment cannot stand in an interpolation"]],
    ['"${a // b}"', ["K1016 a comment cannot stand in an interpolation"]],
    ['"${(a}"', ["K1102 `(` is never closed"]],
    ['"${a]}"', ["K1103 `]` closes nothing"]],
    ['"${5min}"', ["K1008 `min` is not a unit"]],
    ["'web'", ["K1012 strings are written with double quotes"]],
    ["'web", ["K1012 strings are written with double quotes"]],
  ])("%j", (source, mistakes) => {
    expect(mistakesIn(`let before = 1\nlet x = ${source}\n`)).toEqual(mistakes);
  });

  test("point into the string, also in nested ones", () => {
    const text = 'let a = "one ${"two ${1 + } three"} four"\n';
    const [only] = parseText(text).diagnostics;
    expect(only?.span?.start).toBe(text.indexOf(" } three"));
    const nested = 'let a = "one ${"t\\wo"}"\n';
    expect(textUnder(nested, parseText(nested).diagnostics[0])).toBe("\\w");
  });

  test("leave the rest of the file alone", () => {
    const { tree, diagnostics } = parseText('machine a { image = "x }\nlet b = "${c" + [\nlet d = 3\n');
    expect(diagnostics.map(({ code }) => code)).toEqual(["K1002", "K1005"]);
    expect(tree.declarations.map((one) => one.kind)).toEqual(["resource", "let", "let"]);
  });

  test("repeated, are one mistake", () => {
    const { diagnostics } = parseText("let a = 'x'\nlet b = 'y'\nlet c = \"\\a\\b\\c\"\n");
    expect(diagnostics.map(({ code, label }) => `${code} ${label}`)).toEqual([
      "K1012 and 1 more in this file",
      "K1006 and 2 more in this string",
    ]);
  });
});
