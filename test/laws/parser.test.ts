// No text, however broken, makes the parser throw, hang or point outside of it; what is the matter once is said once.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderDiagnostics } from "../../grammar/diagnostics/render.ts";
import { tokenize } from "../../grammar/syntax/lexer.ts";
import { mistakesIn, parseText, printText, spansOf } from "../support/print-syntax.ts";

/** What must hold of every text. */
function expectSound(text: string): void {
  const { tree, diagnostics } = parseText(text);
  for (const { span, around } of spansOf(tree)) {
    const inside = span.start >= (around?.start ?? 0) && span.start <= span.end && span.end <= (around?.end ?? text.length);
    if (!inside) throw new Error(`a span ${span.start}–${span.end} reaches out of ${around?.start}–${around?.end}`);
  }
  let before = 0;
  for (const { span, related = [], fix, message, hint } of diagnostics) {
    const spans = [span, fix?.span ?? span, ...related.map((one) => one.span)];
    if (!spans.every((one) => one && one.start >= 0 && one.start <= one.end && one.end <= text.length)) {
      throw new Error(`the place of "${message}" is outside of the text`);
    }
    expect(span?.start).toBeGreaterThanOrEqual(before);
    before = span?.start ?? 0;
    expect(message).not.toMatch(/undefined|NaN|Expecting|-->/);
    expect(hint?.length).toBeGreaterThan(0);
  }
  expect(diagnostics.length).toBeLessThanOrEqual(101);
  if (diagnostics.length === 0) expect(tree.incomplete).toBeUndefined();
}

const valid = `stack shop on aws { tags = { team = "web" } }
input env: "staging" | "prod" = "staging" where env != "x", "no \${env}"
input shape: { a: int, b: list<secret string?> }? = null
cloud aws { region = "eu-west-1" }
let office = [for i, x in 0..3: x * 2 if x > 1 && i != 2]
let map = {for k, v in { a = 1, "b" = 2, ["c\${env}"] = 3 }: k => v}
subnet app[n, zone in ["a", "b"]] on aws if env == "prod" {
  cidr = subnet(main.cidr, 8, n)
}
firewall http {
  allow tcp 80, 8000-8100 from any, 10.0.0.0/8
  allow any to office
}
@was("machine.old")
@protect machine web[3] {
  cpu = 2, memory = 1.5GiB
  disk data { size = -x.y?.z[0] ?? 5m }
  user_data = """
    echo "\${env ? a : b}" $\${HOME}
  """
  script = r"""raw \${x}""" # comment
  on aws { a = null /* more /* nested */ */ }
}
output x: string = "a\\n\\u{e9}"
assert true, "yes"
`;

test("any characters", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), expectSound), { numRuns: 1000 });
  fc.assert(fc.property(fc.string({ unit: "binary-ascii", maxLength: 300 }), expectSound), { numRuns: 1000 });
});

const words = [
  ..."stack input let cloud output assert component rule test import machine web on if for in true false null where allow tcp any from to secret list map string".split(
    " ",
  ),
  ...[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    ":",
    "@",
    "=",
    "=>",
    "?",
    "??",
    "?.",
    ".",
    "..",
    "|",
    "||",
    "&&",
    "!",
    "==",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
  ],
  ...[
    "1",
    "4GiB",
    "10.0.0.0/8",
    "5min",
    '"text"',
    '"a ${',
    '}"',
    '"',
    '"""',
    'r"""',
    "'",
    "${",
    "/*",
    "*/",
    "#",
    "\\",
    ";",
    "é",
    "\u0007",
    "\n",
    "\n",
    "\n",
    "\r\n",
  ],
];
const soup = fc.array(fc.tuple(fc.constantFrom(...words), fc.constantFrom("", " ", " ", "\n")), { maxLength: 80 });

test("any tokens", () => {
  fc.assert(
    fc.property(soup, (tokens) => expectSound(tokens.map(([word, space]) => word + space).join(""))),
    { numRuns: 3000 },
  );
});

test("valid text with a part cut out, doubled, moved or replaced", () => {
  const place = fc.nat({ max: valid.length });
  const change = fc.tuple(
    place,
    fc.nat({ max: 40 }),
    place,
    fc.constantFrom("cut", "double", "move", "replace"),
    fc.constantFrom(...words),
  );
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let text = valid;
      for (const [at, length, to, kind, word] of changes) {
        const part = text.slice(at, at + length);
        const rest = text.slice(0, at) + text.slice(at + length);
        if (kind === "cut") text = rest;
        else if (kind === "double") text = text.slice(0, at) + part + text.slice(at);
        else if (kind === "move") text = rest.slice(0, to) + part + rest.slice(to);
        else text = text.slice(0, at) + word + text.slice(at + length);
      }
      expectSound(text);
    }),
    { numRuns: 2000 },
  );
});

test("every beginning and every end of a valid text", () => {
  expect(mistakesIn(valid)).toEqual([]);
  for (let at = 0; at < valid.length; at++) {
    expectSound(valid.slice(0, at));
    expectSound(valid.slice(at));
  }
});

test("one token dropped costs few mistakes, near it", () => {
  for (const token of tokenize(valid)) {
    if (/^\s*$/.test(token.image)) continue;
    const text = valid.slice(0, token.startOffset) + " ".repeat(token.image.length) + valid.slice(token.startOffset + token.image.length);
    const { diagnostics } = parseText(text);
    if (diagnostics.length > 2)
      throw new Error(`without \`${token.image}\` at ${token.startOffset}: ${diagnostics.map((one) => one.message).join("; ")}`);
  }
});

test("the same text gives the same result, whatever was read before", () => {
  const first = JSON.stringify(parseText(valid));
  fc.assert(
    fc.property(soup, (tokens) => {
      parseText(tokens.map(([word, space]) => word + space).join(""));
      expect(JSON.stringify(parseText(valid))).toBe(first);
    }),
    { numRuns: 50 },
  );
});

test("a long file is read as its parts would be, with the mistakes in their places", () => {
  const part = (index: number, value: string) =>
    `@protect\nmachine m${index} {\n  cpu = ${value}\n  note = """\n    }\n\nnext \${cpu}\n  """\n}\n\nlet x${index} = [\n  ${index},\n]\n/*\n}\n\nlet y = 1\n*/\n\n`;
  const count = 6000;
  const broken = new Map([
    [10, "= 2"],
    [3000, "5min"],
    [5999, '"${f}" 3'],
  ]);
  const text = Array.from({ length: count }, (_, index) => part(index, broken.get(index) ?? "2")).join("");
  const { tree, diagnostics } = parseText(text);
  expect(tree.declarations).toHaveLength(2 * count);
  expect(tree.declarations.every((one) => text.startsWith(one.kind === "let" ? "let x" : "@protect\nmachine", one.span.start))).toBe(true);
  expect(diagnostics.map(({ code, span }) => `${code} ${text.slice(span?.start, (span?.start ?? 0) + 5)}`)).toEqual([
    "K1111 = 2\n ",
    "K1008 5min\n",
    "K1108 3\n  n",
  ]);
  // Every fourth declaration of the text is printed as it is alone.
  const printed = printText(text).slice(3);
  for (let index = 0; index < count; index += 500) {
    expect(printed.slice(2 * index, 2 * index + 2)).toEqual(
      printText(part(index, broken.get(index) ?? "2")).slice(broken.has(index) ? 1 : 0),
    );
  }
});

describe("hostile texts are refused at once, with one mistake for the one cause", () => {
  const n = 20_000;
  const deep = /^K1104 /;
  const long = /^K1116 /;
  test.each<readonly [string, string, RegExp]>([
    ["open brackets", `let a = ${"[".repeat(n)}`, deep],
    ["open parentheses", `let a = ${"(".repeat(n)}`, deep],
    ["open braces", `let a = ${"{".repeat(n)}`, deep],
    ["all kinds of open brackets", `let a = ${"[({".repeat(n)}`, deep],
    ["closed brackets", `let a = ${"[".repeat(n)}${"]".repeat(n)}\n`, deep],
    ["closed parentheses", `let a = ${"(".repeat(n)}1${")".repeat(n)}\n`, deep],
    ["blocks in blocks", `key a ${"{ b ".repeat(n)}${"}".repeat(n)}\n`, deep],
    ["lists in types", `input a: ${"list<".repeat(n)}int${">".repeat(n)}\n`, deep],
    ["secrets of secrets", `input a: ${"secret ".repeat(n)}int\n`, deep],
    ["strings in strings", `let a = ${'"${'.repeat(n)}1${'}"'.repeat(n)}\n`, deep],
    ["choices in choices", `let a = ${"b ? ".repeat(n)}1${" : 1".repeat(n)}\n`, deep],
    ["closing brackets alone", `let a = 1 ${"]".repeat(n)}\n`, /^K1103 /],
    ["a chain of operators", `let a = 1${" + 1".repeat(n)}\n`, long],
    ["a chain of members", `let a = b${".c".repeat(n)}\n`, long],
    ["a chain of choices", `let a = 1${" ? 1 : 1".repeat(n)}\n`, long],
    ["a chain of signs", `let a = ${"-".repeat(n)}1\n`, long],
    ["a string without its end", `let a = "${"b ".repeat(n)}\n`, /^K1002 /],
    ["a text without its end", `let a = """\n${"b }\n".repeat(n)}`, /^K1003 /],
    ["a raw text without its end", `let a = [r"""\n${"b ]\n".repeat(n)}`, /^K1003 /],
    ["a comment without its end", `let a = [1, /* ${"/* ".repeat(n)}`, /^K1004 /],
    ["interpolations without their end", `let a = "${"${".repeat(n)}"\n`, /^K1005 /],
    ["strings and interpolations without their end", `let a = ${'"${'.repeat(n)}\n`, /^K1005 /],
    ["a list without its end", `let a = [${"1, ".repeat(n)}\n`, /^K1102 /],
    ["a body without its end", `key a {\n${"  b = 1\n".repeat(n)}`, /^K1102 /],
    ["one megabyte of one wrong character", "\u0001".repeat(1_000_000), /^K1001 /],
    ["one megabyte of semicolons", ";".repeat(1_000_000), /^K1001 /],
    ["one megabyte of commas", `let a = [${",".repeat(1_000_000)}]\n`, /^K1101 /],
    ["one megabyte of digits", `let a = ${"9".repeat(1_000_000)}\n`, /^K1010 /],
    ["one megabyte of dots and digits", `let a = ${"1.".repeat(500_000)}\n`, /^K1009 /],
    ["one megabyte of backslashes", `let a = "${"\\".repeat(1_000_001)}"\n`, /^K1002 /],
    ["one megabyte of wrong escapes", `let a = "${"\\q".repeat(500_000)}"\n`, /^K1006 /],
    ["one megabyte of reserved words", `${"let ".repeat(250_000)}\n`, /^K1112 /],
    ["a name of one megabyte", `${"a".repeat(1_000_000)} {}\n`, /^K1101 /],
    ["blanks before a wrong word", `let a = """\n${" ".repeat(1_000_000)}x\n${"\t".repeat(100_000)}"""\n= 1\n`, /^K1106 /],
  ])("%s", (_, text, mistake) => {
    const started = performance.now();
    const mistakes = mistakesIn(text);
    expect(mistakes).toEqual([expect.stringMatching(mistake)]);
    expect(mistakes.join("").length).toBeLessThan(300);
    // Linear reading takes well under a second; anything quadratic would take minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test("one megabyte of garbage", () => {
    const garbage = Array.from({ length: 1_000_000 }, (_, at) => String.fromCharCode(33 + ((at * 7919 + ((at * at) % 8081)) % 94))).join(
      "",
    );
    for (const text of [garbage, garbage.replaceAll("Q", "\n"), garbage.replaceAll("{", "\n").replaceAll('"', " ")]) {
      const started = performance.now();
      expectSound(text);
      expect(performance.now() - started).toBeLessThan(20_000);
    }
  });
});

test("whatever is wrong can be drawn", () => {
  fc.assert(
    fc.property(soup, fc.integer({ min: 20, max: 120 }), (tokens, width) => {
      const text = tokens.map(([word, space]) => word + space).join("");
      const file = { path: "main.koine", text };
      const drawn = renderDiagnostics(parseText(text).diagnostics, new Map([[file.path, file]]), { color: false, width });
      // Nothing but line breaks may steer a terminal.
      expect(drawn).not.toMatch(/(?!\n)\p{Cc}/u);
    }),
    { numRuns: 500 },
  );
});
