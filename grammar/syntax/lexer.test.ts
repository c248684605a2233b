import { describe, expect, test } from "vitest";
import { lexChunk } from "./chunks.ts";
import { makeLexer, tokenize } from "./lexer.ts";

function lex(text: string): string {
  return tokenize(text)
    .map((token) => `${token.tokenType.name}:${token.image}`)
    .join(" ");
}

test("the definition of the lexer is sound", () => {
  expect(makeLexer(true).lexerDefinitionErrors).toEqual([]);
});

test("every character has a token, or is space", () => {
  // The lexer throws where it has no token; one text holds them all, each on a line of its own.
  const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(
    (character) => !"\"'/".includes(character),
  );
  expect(tokenize(characters.join("\nx\n")).filter((token) => token.image === "x")).toHaveLength(characters.length);
});

describe("comments", () => {
  test.each([
    ["a # b\n", "Name:a End:\n"],
    ["a // b\r\n", "Name:a End:\r\n"],
    ["a /* b */ c", "Name:a BlockComment:/* b */ Name:c"],
    ["/* a /* b */ c */ d", "BlockComment:/* a /* b */ c */ Name:d"],
    ["/* a /* b */ c", "BlockComment:/* a /* b */ c"],
    ["/*/ a */ b", "BlockComment:/*/ a */ Name:b"],
    ["a#b", "Name:a"],
  ])("%j", (text, tokens) => {
    expect(lex(text)).toBe(tokens);
  });
});

describe("strings are one token", () => {
  test.each([
    ['"a" b', 'PlainString:"a" Name:b'],
    ['"a\\"b" c', 'QuotedString:"a\\"b" Name:c'],
    ['"a ${b["c"]} d" e', 'QuotedString:"a ${b["c"]} d" Name:e'],
    ['"${ {a = "}"} }" e', 'QuotedString:"${ {a = "}"} }" Name:e'],
    ['"$${a" b', 'QuotedString:"$${a" Name:b'],
    ['"cost $5" b', 'QuotedString:"cost $5" Name:b'],
    ['"a\nb', 'QuotedString:"a End:\n Name:b'],
    ['"a\\\nb', 'QuotedString:"a\\ End:\n Name:b'],
    ['"""a"b"""c', 'Heredoc:"""a"b""" Name:c'],
    ['"""\na\n""" b', 'Heredoc:"""\na\n""" Name:b'],
    ['"""${"""}"""}""" b', 'Heredoc:"""${"""}"""}""" Name:b'],
    ['r"""${a""" b', 'RawHeredoc:r"""${a""" Name:b'],
    ['r "a"', 'Name:r PlainString:"a"'],
    ['""', 'PlainString:""'],
    ["'a' b", "SingleQuoted:'a' Name:b"],
  ])("%j", (text, tokens) => {
    expect(lex(text)).toBe(tokens);
  });
});

test("operators take the longest form", () => {
  expect(lex("?.??? ==== => <= >= != ! || | && .. .")).toBe(
    "OptionalDot:?. Coalesce:?? Question:? Equal:== Equal:== Arrow:=> LessEqual:<= GreaterEqual:>= NotEqual:!= Not:! Or:|| Bar:| And:&& DotDot:.. Dot:.",
  );
});

test("what begins nothing is one token per run", () => {
  expect(lex("a\u0001\u0002b ;; é & “")).toBe("Name:a Unexpected:\u0001\u0002 Name:b Unexpected:;; Name:é Unexpected:& Unexpected:“");
});

describe("cutting a long text", () => {
  const cut = (text: string): readonly string[] => {
    const parts: string[] = [];
    for (let at = 0; at < text.length; ) {
      const { start, end } = lexChunk(text, at, 1);
      parts.push(text.slice(start, end));
      at = end;
    }
    return parts;
  };

  test("between declarations", () => {
    expect(cut("key a {\n}\n\nkey b { c = 1 }\n@x\nkey d {\n}")).toEqual(["key a {\n}\n\n", "key b { c = 1 }\n", "@x\nkey d {\n}"]);
  });

  test("never inside a body, a text, a comment or before `where`", () => {
    const texts = [
      "key a {\nb {\n}\nc = 1\n}\n",
      'let a = """\n}\nb\n"""\n',
      "/*\n}\nb\n*/\n",
      "input a: { b: int }\nwhere a.b > 1\n",
      "let a = (\n}\nb\n",
    ];
    for (const text of texts) expect(cut(text)).toEqual([text]);
  });
});
