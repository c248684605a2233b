// Words for what the parser did not expect. The parser library tells which rule wanted which token; this file says it in the
// words of the language, with the mend where one is likely. Habits of other languages come first.

import type { IParserErrorMessageProvider } from "chevrotain";
import { type Misreading, say, type Words } from "./misreading.ts";
import { describeByRule, sayReserved } from "./rule-messages.ts";
import { endOf, RESERVED, tokenFlags } from "./token-properties.ts";
import { nameFound, nameWanted } from "./token-words.ts";
import * as t from "./tokens.ts";

/** Makes the library hand over what it wanted instead of a text of its own. */
export const expectationProvider: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.name,
  buildNoViableAltMessage: () => "alternative",
  buildNotAllInputParsedMessage: () => "end",
  buildEarlyExitMessage: () => "one",
};

/** The words for one misreading. */
export function describeSyntaxError(reading: Misreading): Words {
  return describeHabit(reading) ?? describeReserved(reading) ?? describeByRule(reading) ?? describePlainly(reading);
}

/** Operators of other languages that are names here. */
const foreignOperators: ReadonlyMap<string, string> = new Map([
  ["and", "&&"],
  ["or", "||"],
  ["not", "!"],
  ["is", "=="],
  ["mod", "%"],
]);

function describeHabit({ found, previous, rule }: Misreading): Words | undefined {
  const touching = previous !== undefined && endOf(previous) === found.startOffset;
  if (found.tokenType === t.Assign && touching && (previous.tokenType === t.Equal || previous.tokenType === t.NotEqual)) {
    const operator = previous.image;
    const fix = { title: `write \`${operator}\``, replacement: operator, start: previous.startOffset, end: endOf(found) };
    return {
      ...say("K1101", `\`${operator}=\` is not an operator`, `write \`${operator}\`: equality never converts types`, fix),
      start: fix.start,
    };
  }
  if (found.tokenType === t.Dot && touching && previous.tokenType === t.DotDot) {
    return say("K1101", "`...` is not an operator", "a range is written `a..b` and ends before `b`");
  }
  const afterOperand = rule === "separator" || rule === "statement" || rule === "resource" || rule === "interpolation";
  const operator = found.tokenType === t.Name && afterOperand ? foreignOperators.get(found.image) : undefined;
  if (operator !== undefined) {
    const fix = { title: `write \`${operator}\``, replacement: operator, start: found.startOffset, end: endOf(found) };
    return say("K1101", `\`${found.image}\` is not an operator`, `write \`${operator}\``, fix);
  }
  if (found.tokenType === t.Bar && rule !== "unionType" && rule !== "type") {
    return say("K1101", "`|` stands only between the strings of a type", "or is written `||`");
  }
  if ((rule === "sequence" || rule === "file") && found.tokenType === t.Comma) {
    return say("K1101", "something is missing before `,`", previous?.tokenType === t.Comma ? "remove one of the two" : "remove the `,`");
  }
  if (
    rule === "operand" &&
    touching &&
    found.tokenType === previous.tokenType &&
    (found.tokenType === t.Plus || found.tokenType === t.Star)
  ) {
    const hint =
      found.tokenType === t.Plus ? "values never change, so a new one is computed with `let`" : "a power is written as a product";
    return { ...say("K1101", `\`${found.image.repeat(2)}\` is not an operator`, hint), start: previous.startOffset };
  }
  return undefined;
}

/** A reserved word where a name is wanted. */
function describeReserved({ found, expected, rule, next }: Misreading): Words | undefined {
  if (((tokenFlags()[found.tokenTypeIdx] ?? 0) & RESERVED) === 0) return undefined;
  const asName = expected === "Name" || ((rule === "sequence" || rule === "file") && next.tokenType === t.Assign);
  if (!asName) return undefined;
  const reserved = sayReserved(found.image);
  if (expected !== "a field of the object") return reserved;
  const fix = { title: "put it in quotes", replacement: `"${found.image}"`, start: found.startOffset, end: endOf(found) };
  return { ...reserved, hint: `as a key it stands in quotes: \`"${found.image}" = …\``, fix };
}

function describePlainly({ rule, expected, found }: Misreading): Words {
  const where = places[`${rule}:${expected}`] ?? "";
  return say("K1101", `expected ${nameWanted(expected)}${where}, found ${nameFound(found)}`, shapes[rule] ?? "complete it, or remove it");
}

/** What comes before the place, for the wants that have no text of their own. */
const places: Readonly<Record<string, string>> = {
  "stack:Name": " after `stack`",
  "inputDeclaration:Name": " after `input`",
  "let:Name": " after `let`",
  "output:Name": " after `output`",
  "cloud:Name": " after `cloud`",
  "annotation:Name": " after `@`",
  "field:Assign": " after the key",
  "forClause:Name": " after `for`",
  "forClause:In": " after the names of the iteration",
  "forClause:Colon": " after what is iterated",
  "each:In": " after the names of the iteration",
  "object:Arrow": " between key and value",
  "expression:Colon": " and a second value after `?`",
  "namedType:Greater": " to close the type",
  "objectType:Colon": " and a type after the name of the field",
  "body:LeftBrace": " to open the body",
};

/** How what was being read is written. */
const shapes: Readonly<Record<string, string>> = {
  stack: "a stack is written `stack shop` or `stack shop on aws`",
  inputDeclaration: 'an input is written `input env: string = "staging"`',
  let: "a value is written `let size = 3`",
  output: "an output is written `output url = …`",
  cloud: 'a cloud is written `cloud aws { region = "eu-west-1" }`',
  forClause: "a comprehension is written `[for x in xs: …]` or `{for k, v in m: k => …}`",
  each: "iteration is written `[i in 0..3]`, `[n, zone in zones]` or `[3]`",
  expression: "a choice is written `condition ? one : other`",
  annotation: 'an annotation is written `@protect` or `@was("machine.old")`',
  object: "an object is written `{ name = value }`, a map `{for k, v in m: k => v}`",
  list: "a list is written `[a, b]`, a comprehension `[for x in xs: …]`",
  field: "a field is written `name = value`",
  operand: "an element is read with `[…]`, a function called with `(…)`",
  objectType: "an object type is written `{ name: string }`",
};
