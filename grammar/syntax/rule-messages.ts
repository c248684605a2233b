// The words for a token that one rule of the grammar in particular did not expect; rules that need no more than "expected a,
// found b" are worded in syntax-messages.ts.

import { type Misreading, say, type Words } from "./misreading.ts";
import { BINARY, endOf, isEndOfFile, tokenFlags } from "./token-properties.ts";
import { nameFound, quoteToken, shorten } from "./token-words.ts";
import * as t from "./tokens.ts";

/** The words, or undefined where the plain ones do. */
export function describeByRule(reading: Misreading): Words | undefined {
  const describe = rules[`${reading.rule}:${reading.expected}`] ?? (reading.rule === "separator" ? describeSeparator : undefined);
  return describe?.(reading);
}

/** By rule and what it wanted. "alternative" is wanted where several tokens would do. */
const rules: Readonly<Record<string, (reading: Misreading) => Words>> = {
  "file:a declaration": ({ found }) =>
    say(
      "K1106",
      `expected a declaration, found ${nameFound(found)}`,
      "a declaration begins with a kind, such as `machine`, or with `stack`, `cloud`, `input`, `let`, `output` or `assert`",
    ),
  "statement:a line break": describeLeftover,
  "resource:Name": describeKind,
  "resource:LeftBrace": describeMissingBody,
  "cloud:LeftBrace": describeMissingBody,
  "inputDeclaration:Colon": ({ found, previous }) =>
    say(
      "K1101",
      `expected \`:\` and a type after the name of the input, found ${nameFound(found)}`,
      `write \`input ${shorten(previous?.image ?? "name")}: string\`, for example`,
    ),
  "let:Assign": describeMissingAssign,
  "output:Assign": describeMissingAssign,
  "item:Assign": ({ found, previous }) =>
    say(
      "K1101",
      `expected \`=\` or \`{\` after ${quoteToken(previous)}, found ${nameFound(found)}`,
      `a prop is written \`${shorten(previous?.image ?? "name")} = …\`, a block \`${shorten(previous?.image ?? "name")} { … }\``,
    ),
  "item:LeftBrace": ({ found, previous }) =>
    say(
      "K1101",
      `expected \`{\` after the name ${quoteToken(previous)} of the block, found ${nameFound(found)}`,
      "a block is written `disk data { … }`",
    ),
  "refinement:Name": ({ found, previous }) =>
    found.tokenType === t.Assign && previous
      ? { ...sayReserved(previous.image), start: previous.startOffset, end: endOf(previous) }
      : say("K1101", `expected the name of a provider after \`on\`, found ${nameFound(found)}`, "a refinement is written `on aws { … }`"),
  "operand:Name": ({ found, previous }) =>
    say(
      "K1101",
      `expected a name after ${quoteToken(previous)}, found ${nameFound(found)}`,
      found.tokenType === t.NumberRun
        ? `an element is read with brackets: \`[${shorten(found.image)}]\``
        : "after the dot stands the name of a prop, an attribute or a block",
    ),
  "operand:alternative": describeMissingValue,
  "interpolation:the end of the interpolation": ({ found }) =>
    say("K1101", `expected \`}\`, found ${nameFound(found)}`, "an interpolation holds one expression"),
  "namedType:list": describeMissingElement,
  "namedType:map": describeMissingElement,
  "namedType:secret": () => say("K1115", "`secret` needs the type it keeps", "write `secret string`, for example"),
  "type:alternative": ({ found }) =>
    say(
      "K1115",
      `expected a type, found ${nameFound(found)}`,
      'types are names such as `string` and `int`, `list<…>`, `map<…>`, `{ name: … }`, and strings such as `"a" | "b"`',
    ),
  "unionType:alternative": ({ found }) =>
    say("K1115", `expected a string after \`|\`, found ${nameFound(found)}`, "only strings can be listed as alternatives"),
  "allowRule:alternative": ({ found, previous }) =>
    previous?.tokenType === t.Allow
      ? say(
          "K1113",
          `expected a protocol after \`allow\`, found ${nameFound(found)}`,
          "write `allow tcp …`, `allow udp …`, `allow icmp …` or `allow any …`",
        )
      : say(
          "K1113",
          `expected \`from\` or \`to\` in the rule, found ${nameFound(found)}`,
          "a rule is written `allow tcp 80, 8000-8100 from office`",
        ),
  "peer:alternative": ({ found, previous }) =>
    found.tokenType === t.Allow
      ? say("K1113", "each rule stands on a line of its own", "put a line break in place of the `,` before `allow`")
      : say(
          "K1113",
          `expected a peer after ${quoteToken(previous)}, found ${nameFound(found)}`,
          "peers are `any`, address ranges, firewalls and machines",
        ),
};

/** A word that begins a line of the file, with something else than a name behind it. */
function describeKind({ found, previous, next }: Misreading): Words {
  const word = shorten(previous?.image ?? "");
  const place = previous ? { start: previous.startOffset, end: endOf(previous) } : {};
  const foreign = foreignDeclarations.get(word);
  if (foreign !== undefined) return { ...say("K1106", `\`${word}\` begins no declaration`, foreign), ...place };
  if (found.tokenType === t.Assign) {
    const hint = `a value is named with \`let ${word} = …\`; a prop stands in the body of a resource`;
    return { ...say("K1106", `\`${word} = …\` stands outside of any body`, hint), ...place };
  }
  if (found.tokenType === t.PlainString || found.tokenType === t.SingleQuoted) {
    const name = found.image.slice(1, -1);
    const plain = /^[A-Za-z_]\w{0,39}$/.test(name);
    const mends = plain && next.tokenType === t.LeftBrace;
    const fix = mends ? { title: `write \`${name}\``, replacement: name, start: found.startOffset, end: endOf(found) } : undefined;
    return say("K1101", `the name of a ${word} stands without quotes`, `write \`${word} ${plain ? name : "name"} { … }\``, fix);
  }
  return say("K1101", `expected a name after \`${word}\`, found ${nameFound(found)}`, `a resource is written \`${word} name { … }\``);
}

/** Where a file-level word of other tools stands, what to write here. */
const foreignDeclarations: ReadonlyMap<string, string> = new Map([
  ["resource", "a resource begins with its kind: `machine web { … }`"],
  ["variable", "a value from outside is an `input`: `input env: string`"],
  ["param", "a value from outside is an `input`: `input env: string`"],
  ["var", "a value is named with `let`: `let size = 3`"],
  ["const", "a value is named with `let`: `let size = 3`"],
  ["locals", "each value is named with its own `let`: `let size = 3`"],
  ["provider", 'a provider is set up with `cloud`: `cloud aws { region = "eu-west-1" }`'],
  ["data", 'an existing object is used with `@existing("…")` before a resource'],
  ["module", "all `*.koine` files of a folder are one stack"],
]);

function describeMissingBody({ found, previous, subject }: Misreading): Words {
  const where = previous?.tokenType === t.Name ? `after the name of ${subject}` : `to open the body of ${subject}`;
  const behind = found.tokenType === t.End ? "" : `, found ${nameFound(found)}`;
  const hint =
    found.tokenType === t.Assign
      ? "a resource has no value of its own: its props stand in its body"
      : "the body stands between `{` and `}`; it may be empty: `{}`";
  return say("K1101", `expected \`{\` ${where}${behind}`, hint);
}

function describeMissingAssign({ rule, found }: Misreading): Words {
  const behind = found.tokenType === t.End ? "" : `, found ${nameFound(found)}`;
  return say("K1101", `expected \`=\` and a value${behind}`, `write \`${rule} name = …\``);
}

function describeMissingElement({ expected }: Misreading): Words {
  return say("K1115", `\`${expected}\` needs the type of its elements`, `write \`${expected}<string>\`, for example`);
}

function describeMissingValue({ found, previous }: Misreading): Words {
  if (previous === undefined) {
    return isEndOfFile(found)
      ? say("K1111", "the interpolation is empty", "put an expression between `${` and `}`; a literal `${` is written `$${`")
      : say("K1111", `expected a value, found ${nameFound(found)}`, anyValue);
  }
  const before = quoteToken(previous);
  if (previous.tokenType === t.Assign) return say("K1111", "a value is missing after `=`", "write the value, or leave the whole line out");
  if ((tokenFlags()[previous.tokenTypeIdx] ?? 0) & BINARY) {
    return say("K1111", `a value is missing after ${before}`, `complete the expression, or remove the ${before}`);
  }
  return say("K1111", `expected a value after ${before}, found ${nameFound(found)}`, anyValue);
}

const anyValue = "a value is a literal, a name, a call, a list, an object or an expression of these";

/** Something behind a complete declaration. */
function describeLeftover({ found, subject }: Misreading): Words {
  if (found.tokenType === t.Comma) {
    return say("K1108", "declarations are separated by line breaks, not by `,`", "put the next one on a line of its own");
  }
  return say("K1108", `expected the end of ${subject}, found ${nameFound(found)}`, "the next declaration begins on a line of its own");
}

/** Something behind an item, and no separator between the two. */
function describeSeparator({ found, expected, previous }: Misreading): Words {
  if (found.tokenType === t.Assign && expected.includes("`)`")) {
    return say("K1108", "arguments have no names", "give the values in their order, without `name =`");
  }
  if (found.tokenType === t.End) {
    return say("K1108", "a `,` is missing at the end of the line", "a `[` or `(` on the next line begins an item of its own, behind a `,`");
  }
  if (found.tokenType === t.Assign && previous?.tokenType === t.Name) {
    return say("K1108", `expected ${expected} before ${quoteToken(previous)}`, `begin a new line before \`${shorten(previous.image)} =\``);
  }
  const place = previous ? endOf(previous) : found.startOffset;
  const comma = expected.startsWith("`,`");
  const fix = comma && previous ? { title: "add a `,`", replacement: ",", start: place, end: place } : undefined;
  const hint = comma ? "put a `,` between the two" : "put it on a line of its own, or remove it";
  return say("K1108", `expected ${expected}, found ${nameFound(found)}`, hint, fix);
}

/** A reserved word where a name is wanted. */
export function sayReserved(word: string): Words {
  return say("K1112", `\`${word}\` is a reserved word, not a name`, `choose another name; reserved are ${reservedList}`);
}

const reservedList = [...t.reservedWords.keys()].map((word) => `\`${word}\``).join(", ");
