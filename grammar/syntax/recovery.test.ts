import { describe, expect, test } from "vitest";
import { mistakesIn, parseText, printText, textUnder } from "../../test/support/print-syntax.ts";

/** One mistake: the source, the message, and the text under the carets. */
const single: readonly (readonly [source: string, mistake: string, under: string])[] = [
  ["network main", "K1101 expected `{` after the name of the network", ""],
  ["machine web on aws", "K1101 expected `{` after the name of the machine", ""],
  ["machine web if a == 1", "K1101 expected `{` to open the body of the machine", ""],
  ["machine web foo {}", "K1101 expected `{` after the name of the machine, found `foo`", "foo"],
  ['machine "web" {}', "K1101 the name of a machine stands without quotes", '"web"'],
  ["machine {}", "K1101 expected a name after `machine`, found `{`", "{"],
  ["machine", "K1101 expected a name after `machine`, found the end of the line", ""],
  ["outptu a = 1", "K1106 `outptu` begins no declaration", "outptu"],
  ["inptu a: int", "K1106 `inptu` begins no declaration", "inptu"],
  ['resource "aws_vpc" "main" {}', "K1106 `resource` begins no declaration", "resource"],
  ["cpu = 2", "K1106 `cpu = …` stands outside of any body", "cpu"],
  ["= 2", "K1106 expected a declaration, found `=`", "="],
  ["{ a = 1 }", "K1106 expected a declaration, found `{`", "{"],
  ["let = 1", "K1101 expected a name after `let`, found `=`", "="],
  ["let a", "K1101 expected `=` and a value", ""],
  ["let a: int", "K1101 expected `=` and a value", ""],
  ["let a 1", "K1101 expected `=` and a value, found `1`", "1"],
  ["let 1a = 1", "K1101 expected a name after `let`, found `1a`", "1a"],
  ["let a = 1 2", "K1108 expected the end of the value, found `2`", "2"],
  ["let a = 1, b = 2", "K1108 declarations are separated by line breaks, not by `,`", ","],
  ["let a = 1 let b = 2", "K1108 expected the end of the value, found `let`", "let"],
  ["key a {} key b {}", "K1108 expected the end of the key, found `key`", "key"],
  ["let a = 1 and 2", "K1101 `and` is not an operator", "and"],
  ["let a = [b or c]", "K1101 `or` is not an operator", "or"],
  ["let a = b === c", "K1101 `===` is not an operator", "==="],
  ["let a = b !== c", "K1101 `!==` is not an operator", "!=="],
  ["let a = b | c", "K1101 `|` stands only between the strings of a type", "|"],
  ["let a = b++", "K1101 `++` is not an operator", "++"],
  ["let a = 0...3", "K1101 `...` is not an operator", "."],
  ["let a = b & c", "K1001 unexpected character `&`", "&"],
  ["let a = $b", "K1001 unexpected character `$`", "$"],
  ["let a = b ? c", "K1101 expected `:` and a second value after `?`, found the end of the line", ""],
  ["let a = b ? : c", "K1111 expected a value after `?`, found `:`", ":"],
  ["let a = b + * c", "K1111 a value is missing after `+`", "*"],
  ["let a = b.0", "K1101 expected a name after `.`, found `0`", "0"],
  ["let a = b.", "K1101 expected a name after `.`, found the end of the line", ""],
  ["let a = b[]", "K1111 expected a value after `[`, found `]`", "]"],
  ["let a = b[1, 2]", "K1101 expected `]`, found `,`", ","],
  ["let a = f(b = 1)", "K1108 arguments have no names", "="],
  ["let a = f(b c)", "K1108 expected `,` or `)`, found `c`", "c"],
  ["let a = [1 2 3]", "K1108 expected `,` or `]`, found `2`", "2"],
  ["let a = [1,, 2]", "K1101 something is missing before `,`", ","],
  ["let a = [, 1]", "K1101 something is missing before `,`", ","],
  ["let a = { b: 1, c: 2 }", "K1117 a value is given with `=`, not `:`", ":"],
  ["let a = { b = 1 c = 2 }", "K1108 expected a line break, `,` or `}`, found `c`", "c"],
  ["let a = { 1 = 2 }", "K1101 expected a field of the object, found `1`", "1"],
  ["let a = { b }", "K1101 expected `=` after the key, found `}`", "}"],
  ['let a = { "${b}" = 1 }', "K1118 a key with an interpolation stands in brackets", '"${b}"'],
  ["let a = [for b: c]", "K1101 expected `in` after the names of the iteration, found `:`", ":"],
  ["let a = [for b in c]", "K1101 expected `:` after what is iterated, found `]`", "]"],
  ["let a = [for in c: d]", "K1112 `in` is a reserved word, not a name", "in"],
  ["let a = {for b in c: d}", "K1101 expected `=>` between key and value, found `}`", "}"],
  ["let a = if b", "K1111 a value is missing after `=`", "if"],
  ["input a", "K1101 expected `:` and a type after the name of the input, found the end of the line", ""],
  ["input a = 1", "K1101 expected `:` and a type after the name of the input, found `=`", "="],
  ["input a: = 1", "K1115 expected a type, found `=`", "="],
  ["input a: list = [1]", "K1115 `list` needs the type of its elements", "="],
  ["input a: secret", "K1115 `secret` needs the type it keeps", ""],
  ['input a: "b" | c', "K1115 expected a string after `|`, found `c`", "c"],
  ["input a: int??", "K1115 a type is optional or not, and takes one `?`", "??"],
  ["input a: int? ?", "K1115 a type is optional or not, and takes one `?`", "?"],
  ["input a: list<int>= 1", "K1110 `>=` reads as one operator here", ">="],
  ["input a: list<list<int>>= 1", "K1110 `>=` reads as one operator here", ">="],
  ["input a: { b = int }", "K1101 expected `:` and a type after the name of the field, found `=`", "="],
  ["output a", "K1101 expected `=` and a value", ""],
  ["cloud aws", "K1101 expected `{` after the name of the cloud", ""],
  ["stack a b", "K1108 expected the end of the stack, found `b`", "b"],
  ["machine a[i in] {}", "K1111 expected a value after `in`, found `]`", "]"],
  ["machine a[] {}", "K1111 expected a value after `[`, found `]`", "]"],
  ["machine a[b c] {}", "K1101 expected `]`, found `c`", "c"],
  ["machine a[b,] {}", "K1101 expected a name, found `]`", "]"],
  ["machine a[b, c 3] {}", "K1101 expected `in` after the names of the iteration, found `3`", "3"],
  ["machine a on {}\n", "K1101 expected `{` to open the body of the machine", ""],
  ["@protect", "K1114 `@protect` belongs to a resource", "@protect"],
  ["@protect\nlet a = 1", "K1114 `@protect` belongs to a resource", "@protect"],
  ["@\nkey a {}", "K1101 expected a name after `@`, found the end of the line", ""],
  ["@1 key a {}", "K1101 expected a name after `@`, found `1`", "1"],
  ["component a() {}", "K1107 `component` is not part of this version of the language", "component"],
  ["rule a for machine m {\n assert m.cpu > 1\n}", "K1107 `rule` is not part of this version of the language", "rule"],
  ['test "a" {\n b = 1 1\n}', "K1107 `test` is not part of this version of the language", "test"],
  ['import a, b from "c"', "K1107 `import` is not part of this version of the language", "import"],
  ["let größe = 1\nlet b = größe", "K1011 the name `größe` holds letters other than a to z", "größe"],
  ["let a = “b”", "K1001 unexpected character `“` (U+201C)", "“"],
  ["let a\u00a0= 1", "K1001 unexpected space character U+00A0", "\u00a0"],
  ["let a = 1;\nlet b = 2;", "K1001 unexpected character `;`", ";"],
];

/** The same for items of a body. */
const inBody: readonly (readonly [source: string, mistake: string, under: string])[] = [
  ["cpu: 2", "K1117 a value is given with `=`, not `:`", ":"],
  ["cpu 2", "K1101 expected `=` or `{` after `cpu`, found `2`", "2"],
  ["cpu", "K1101 expected `=` or `{` after `cpu`, found the end of the line", ""],
  ["cpu = 2 3", "K1108 expected a line break, `,` or `}`, found `3`", "3"],
  ["cpu = 2 memory = 4GiB", "K1108 expected a line break, `,` or `}`, found `memory`", "memory"],
  ["cpu = = 2", "K1111 a value is missing after `=`", "="],
  ["disk root = 3", "K1101 expected `{` after the name `root` of the block, found `=`", "="],
  ["disk root 3 {}", "K1101 expected `{` after the name `root` of the block, found `3`", "3"],
  ['"cpu" = 2', "K1101 expected a prop, a block or a rule, found a string", '"cpu"'],
  ["= 2", "K1101 expected a prop, a block or a rule, found `=`", "="],
  [", cpu = 2", "K1101 something is missing before `,`", ","],
  ["on { }", "K1101 expected the name of a provider after `on`, found `{`", "{"],
  ["on aws", "K1101 expected `{` to open the body, found the end of the line", ""],
  ["allow http from any", "K1113 `http` is not a protocol", "http"],
  ["allow tpc 80 from any", "K1113 `tpc` is not a protocol", "tpc"],
  ["allow 80 from any", "K1113 expected a protocol after `allow`, found `80`", "80"],
  ["allow", "K1113 expected a protocol after `allow`, found the end of the line", ""],
  ["allow tcp 80", "K1113 expected `from` or `to` in the rule, found the end of the line", ""],
  ["allow tcp 80 443 from any", "K1113 expected `from` or `to` in the rule, found `443`", "443"],
  ["allow tcp 80 from", "K1113 expected a peer after `from`, found the end of the line", ""],
  ["allow tcp 80 from a, allow tcp 90 from b", "K1113 each rule stands on a line of its own", "allow"],
  ["allow tcp 80, from any", "K1111 expected a value after `,`, found `from`", "from"],
];

describe("one mistake, one message, at its place, with what to do", () => {
  const check = (text: string, mistake: string, under: string) => {
    const { diagnostics } = parseText(text);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([mistake]);
    expect(textUnder(text, diagnostics[0])).toBe(under);
    expect(diagnostics[0]?.hint?.length).toBeGreaterThan(5);
    expect(diagnostics[0]?.message).not.toMatch(/\.$|undefined|NaN/);
  };

  test.each(single)("%s", (source, mistake, under) => check(`let before = 1\n${source}\n\nlet after = 2\n`, mistake, under));
  test.each(inBody)("in a body: %s", (source, mistake, under) =>
    check(`key a {\n  before = 1\n  ${source}\n  after = 2\n}\n`, mistake, under),
  );
});

describe("what stands around a mistake is read", () => {
  test.each(single)("%s", (source) => {
    const names = parseText(`let before = 1\n${source}\n\nlet after = 2\n`).tree.declarations.map((one) =>
      "name" in one ? one.name.name : "",
    );
    expect(names).toContain("before");
    expect(names).toContain("after");
  });

  test.each(inBody)("in a body: %s", (source) => {
    const [only = ""] = printText(`key a {\n  before = 1\n  ${source}\n  after = 2\n}\n`).filter((line) => line.startsWith("key"));
    expect(only).toMatch(/^key a \{before=1; .*after=2( …)?\}$/);
  });

  test("a declaration keeps its name and what of it could be read", () => {
    expect(
      printText("input a: 5 = 3 where b\nmachine c[i in 0..] on d if e {\n  cpu = 2\n}\ncloud e 5 { f = 1 }\noutput g: = 1\n"),
    ).toEqual(
      [
        ...["K1115", "K1111", "K1101", "K1115"],
        "input a: <error> = 3 where b",
        "machine c[i in <error>] on d if e {cpu=2}",
        "cloud e {f=1}",
        "output g: <error> = 1",
      ].filter((line) => line !== ""),
    );
  });
});

test("brackets that a mistake leaves open are skipped whole", () => {
  expect(
    printText(
      "let a = [for x: [\n  y,\n],\n  z\n]\nlet b = {for k in m: {\n  c = 1\n}\n}\nkey d {\n  e = f[g + * [\n    h\n  ]\n  ]\n  i = 1\n}\n",
    ),
  ).toEqual([...["K1101", "K1101", "K1111"], "let a = <error>", "let b = <error>", "key d {e=<error>; i=1}"]);
});

test("independent mistakes are all reported, in the order of the file", () => {
  const text = 'let a = \nkey b {\n  c = 5min\n  d = [1 2]\n  e =\n}\nlet f = (\nlet g = "h\noutput i = 1 +\n';
  expect(parseText(text).diagnostics.map(({ code }) => code)).toEqual(["K1111", "K1008", "K1108", "K1111", "K1102", "K1002", "K1111"]);
});

test("after a hundred mistakes reading stops and says so", () => {
  const mistakes = mistakesIn("let = 1\n".repeat(5000));
  expect(mistakes).toHaveLength(101);
  expect(mistakes.at(-1)).toBe("K1120 too many mistakes in this file: only the first 100 are shown");
});

describe("files that are no text of the language", () => {
  test.each([
    ["a NUL character", "let a = 1\n\0", "K1014 the file is not text: it holds a NUL character"],
    ["half of a character", 'let a = 1\nlet b = "\ud800"\n', "K1014 the file is not valid Unicode: line 2 holds half of a character"],
    ["a change of direction", "let a = 1 # \u202e\n", "K1015 the character U+202E changes the direction of the text after it"],
    ["too large", "#".repeat(16 * 1024 * 1024 + 1), "K1013 the file is larger than 16 MiB"],
  ])("%s", (_, text, mistake) => {
    expect(mistakesIn(text)).toEqual([mistake]);
    expect(parseText(text).tree.incomplete).toBe(true);
  });

  test("a byte order mark is skipped, with all places as in the file", () => {
    const text = "\ufefflet a = 5min\n";
    expect(textUnder(text, parseText(text).diagnostics[0])).toBe("5min");
    expect(mistakesIn("\ufefflet a = 1\n")).toEqual([]);
    expect(mistakesIn("let a = 1\ufeff\n")).toEqual(["K1001 unexpected invisible character U+FEFF"]);
  });

  test.each(["", "\n", " \t\r\n", "# only a comment", "/* and another */"])("empty: %j", (text) => {
    expect(parseText(text)).toEqual({ tree: { file: "main.koine", declarations: [] }, diagnostics: [] });
  });
});
