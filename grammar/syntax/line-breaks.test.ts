import { describe, expect, test } from "vitest";
import { mistakesIn, parseText, printText } from "../../test/support/print-syntax.ts";

describe("a line break does not count", () => {
  test.each([
    ["inside parentheses", "let x = f(\n  a,\n  b\n)\n", ["let x = f(a b)"]],
    ["inside brackets", "let x = [\n  1\n  +\n  2\n]\n", ["let x = [(1 + 2)]"]],
    ["after an operator", "let x = 1 +\n  2 *\n  3\n", ["let x = (1 + (2 * 3))"]],
    ["after `=`", "let x =\n  3\n", ["let x = 3"]],
    ["after `:`", "input x:\n  int\n", ["input x: int"]],
    ["after `!`", "let x = !\n  a\n", ["let x = (!a)"]],
    ["after a comma", "let x = { a = 1,\n b = 2 }\n", ["let x = {a=1 b=2}"]],
    ["after an opening brace", "let x = {\n a = 1 }\n", ["let x = {a=1}"]],
    ["before a closing brace", "let x = { a = 1\n}\n", ["let x = {a=1}"]],
    ["before a binary operator", "let x = a\n  + b\n  && c\n  .. d\n  - e\n", ["let x = ((a + b) && (c .. (d - e)))"]],
    ["before `?` and `:`", "let x = a\n  ? b\n  : c\n", ["let x = (a ? b : c)"]],
    ["before `.` and `?.`", "let x = a\n  .b\n  ?.c\n", ["let x = a.b?.c"]],
    ["before `where` of an input", 'input x: int = 1\n  where x > 0, "positive"\n', ['input x: int = 1 where (x > 0) , "positive"']],
    ["before `|` of a type", 'input x: "a"\n  | "b"\n', ['input x: "a"|"b"']],
    ["after an annotation", '@protect\n@was("machine.old")\n\nmachine a {}\n', ['@protect() @was("machine.old") machine a {}']],
    ["between the lines of an annotation's object", "@x({\n  a = 1\n  b = 2\n})\nkey a {}\n", ["@x({a=1 b=2}) key a {}"]],
    ["in a comprehension in braces", "let x = {for k in m:\n  k\n  => v\n  if c\n}\n", ["let x = {for k in m: k=>v if c}"]],
    ["behind a comment", "let x = 1 + # one\n  // two\n  /* three */ 2\n", ["let x = (1 + 2)"]],
  ])("%s", (_, text, printed) => {
    expect(printText(text)).toEqual(printed);
  });
});

describe("a line break counts", () => {
  test.each([
    ["between items", "key a {\n  b = 1\n  c = 2\n}\n", ["key a {b=1; c=2}"]],
    ["between declarations", "let a = 1\nlet b = 2", ["let a = 1", "let b = 2"]],
    ["in braces inside of brackets", "let x = [{\n a = 1\n b = 2\n}]\n", ["let x = [{a=1 b=2}]"]],
    ["as the comment that holds it", "let a = 1 /* one\n two */ let b = 2\n", ["let a = 1", "let b = 2"]],
    ["once, with empty lines and comments", "\n\n# x\nlet a = 1\n\n# y\n\n  let b = 2\n\n", ["let a = 1", "let b = 2"]],
    ["as CR, LF and both", "let a = 1\rlet b = 2\r\nlet c = 3\nlet d = 4", ["let a = 1", "let b = 2", "let c = 3", "let d = 4"]],
    ["before a prop named `where`", "key a {\n  b = 1\n  where = 2\n}\n", ["key a {b=1; where=2}"]],
  ])("%s", (_, text, printed) => {
    expect(printText(text)).toEqual(printed);
  });
});

describe("words that are keywords in one place", () => {
  test.each([
    [
      "are names elsewhere",
      "let x = [stack, input, cloud, output, assert, component, rule, test, import, allow, any, from, to, where, key, zone, secret]\n",
    ],
    ["are names of resources", "machine stack {}\nmachine allow {}\ninput where: int\nlet any = 1\n"],
    ["are props", "key a {\n  stack = 1\n  input = 2\n  allow = 3\n  from = 4\n  any = 5\n  test = 6\n}\n"],
    ["are keys", "let x = { allow = 1, from = 2, stack = 3, where = 4 }\n"],
    ["are fields of types", "input x: { allow: int, from: string }\n"],
    ["are members", "let x = a.allow.from.any.stack\nfirewall f {\n allow tcp a.from from b.to, c.any\n}\n"],
  ])("%s", (_, text) => {
    expect(mistakesIn(text)).toEqual([]);
  });

  test("`allow` begins a rule unless `=` follows", () => {
    expect(printText("firewall f { allow = 1 }\nfirewall g { allow any from any }\n")).toEqual([
      "firewall f {allow=1}",
      "firewall g {allow any  from any}",
    ]);
  });

  test.each(["true", "false", "null", "for", "in", "if", "on", "let"])("`%s` is never a name", (word) => {
    expect(mistakesIn(`let ${word} = 1\n`)).toEqual([`K1112 \`${word}\` is a reserved word, not a name`]);
    expect(mistakesIn(`key a { ${word} = 1 }\n`)).toEqual([`K1112 \`${word}\` is a reserved word, not a name`]);
    expect(mistakesIn(`let x = { ${word} = 1 }\n`)).toEqual([`K1112 \`${word}\` is a reserved word, not a name`]);
    expect(mistakesIn(`let x = a.${word}\n`)).toEqual([`K1112 \`${word}\` is a reserved word, not a name`]);
    expect(printText(`let x = { "${word}" = 1 }\n`)).toEqual([`let x = {${word}=1}`]);
  });
});

describe("where a line must end or go on", () => {
  test("`{` stands on the header's line", () => {
    const text = "machine a\n{\n  cpu = 2\n}\nlet b = 1\n";
    const { diagnostics } = parseText(text);
    expect(printText(text)).toEqual(["K1105", "machine a {cpu=2}", "let b = 1"]);
    expect(diagnostics[0]?.fix).toEqual({ title: "join the lines", replacement: " ", span: { file: "main.koine", start: 9, end: 10 } });
    expect(mistakesIn("machine a # x\n{\n}\nkey b {\n  c\n  {\n  }\n}\n")).toHaveLength(2);
  });

  test("a postfix stands on its operand's line, inside brackets too", () => {
    expect(mistakesIn("let x = [\n  a\n  [b]\n]\n")).toEqual(["K1108 a `,` is missing at the end of the line"]);
    expect(mistakesIn("let x = f(\n  a\n  (b)\n)\n")).toEqual(["K1108 a `,` is missing at the end of the line"]);
    expect(printText("let x = [\n  a,\n  [b]\n]\n")).toEqual(["let x = [a [b]]"]);
    expect(printText("let x = a[\n  b\n](\n  c\n)\n")).toEqual(["let x = a[b](c)"]);
  });

  test("an operator without its operand leaves the next line alone", () => {
    expect(
      printText("key a {\n  b =\n  c = 2\n}\nlet d = 1 +\nlet e = 2\nkey f {\n  g =\n  on aws {}\n  h = 1 *\n  disk i {}\n}\n"),
    ).toEqual([
      "K1111",
      "K1111",
      "K1111",
      "K1111",
      "key a {b=<error>; c=2}",
      "let d = <error>",
      "let e = 2",
      "key f {g=<error>; on aws {}; h=<error>; disk i {}}",
    ]);
  });
});

describe("brackets", () => {
  test.each([
    ["a forgotten `}`", "machine a {\n  cpu = 2\n\nmachine b {\n  cpu = 3\n}\n", ["K1102", "machine a {cpu=2}", "machine b {cpu=3}"]],
    [
      "a forgotten `}` of a block",
      "machine a {\n  disk b {\n    size = 1\n  cpu = 2\n}\nlet c = 1\n",
      ["K1102", "machine a {disk b {size=1; cpu=2}}", "let c = 1"],
    ],
    [
      "a forgotten `)`",
      "subnet a {\n  cidr = f(b, 8\n  zone = 1\n}\nlet c = 1\n",
      ["K1102", "subnet a {cidr=f(b 8); zone=1}", "let c = 1"],
    ],
    ["a forgotten `]`", "let a = [1, 2\nlet b = 1\n", ["K1102", "let a = [1 2]", "let b = 1"]],
    ["a forgotten `)` of an annotation", '@was("x"\nmachine a {}\n', ["K1102", '@was("x") machine a {}']],
    ["one inside of another", "let a = f([1, 2)\nlet b = 1\n", ["K1102", "let a = f([1 2])", "let b = 1"]],
    ["the wrong one", "let a = [1, 2)\nlet b = 1\n", ["K1103", "let a = [1 2]", "let b = 1"]],
    ["a `)` too many", "key a {\n  b = 1)\n  c = 2\n}\n", ["K1103", "key a {b=1; c=2}"]],
    ["several too many", "let a = 1 ) ] }\nlet b = 1\n", ["K1103", "let a = 1", "let b = 1"]],
    ["a `}` too many", "key a {\n  b = 1 }\n  c = 2\n  d = 3\n}\nlet e = 1\n", ["K1103", "key a {b=1}", "let e = 1"]],
    ["at the end of the file", "let a = [1,", ["K1102", "let a = [1]"]],
    [
      "swallowed by a string",
      'key a { b = "c }\nlet d = [f("x)]\nlet e = 1\n',
      ["K1002", "K1002", 'key a {b="c }"}', 'let d = [f("x)]")]', "let e = 1"],
    ],
  ])("%s", (_, text, printed) => {
    expect(printText(text)).toEqual(printed);
  });

  test.each(["()", "[]", "{}"])("%s nested deeper than 100 are one mistake", ([open = "", close = ""]) => {
    for (const text of [`let a = ${open.repeat(101)}${close.repeat(101)}\n`, `let a = ${open.repeat(5000)}\n`]) {
      expect(mistakesIn(`${text}`)).toEqual(["K1104 brackets are nested deeper than 100"]);
    }
  });

  test("100 levels are read", () => {
    expect(mistakesIn(`let a = ${"(".repeat(100)}1${")".repeat(100)}\n`)).toEqual([]);
    expect(mistakesIn(`key a ${"{ b ".repeat(100)}${"}".repeat(100)}\n`).filter((mistake) => mistake.startsWith("K1104"))).toEqual([]);
    expect(mistakesIn(`let a = ${'"${'.repeat(20)}1${'}"'.repeat(20)}\n`)).toEqual([]);
    expect(mistakesIn(`let a = ${'"${'.repeat(21)}1${'}"'.repeat(21)}\n`)).toEqual(["K1104 interpolations are nested deeper than 20"]);
  });
});
