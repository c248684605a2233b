// Functions over strings. Text is compared and cut literally: there are no patterns, so nothing can backtrack.

import { bool, int, list, string } from "../types/type.ts";
import { aList, anInt, aText, budgetSpent, describeValue, give, orAbsent, withArguments } from "./arguments.ts";
import type { FunctionContext, FunctionSchema } from "./function.ts";
import { writeText } from "./value-text.ts";

const upper: FunctionSchema = {
  name: "upper",
  family: "strings",
  doc: "The string in capitals, by Unicode's rules and no particular language's.",
  example: ['upper("straße")', '"STRASSE"'],
  parameters: [{ name: "text", type: string }],
  result: string,
  run: withArguments([aText], ([text], context) => (context.spend({ bytes: text.length }) ? give(text.toUpperCase()) : budgetSpent)),
};

const lower: FunctionSchema = {
  name: "lower",
  family: "strings",
  doc: "The string in small letters, by Unicode's rules and no particular language's.",
  example: ['lower("Web-01")', '"web-01"'],
  parameters: [{ name: "text", type: string }],
  result: string,
  run: withArguments([aText], ([text], context) => (context.spend({ bytes: text.length }) ? give(text.toLowerCase()) : budgetSpent)),
};

const trim: FunctionSchema = {
  name: "trim",
  family: "strings",
  doc: "The string without white space at its ends, or without any of the given characters there.",
  example: ['trim("--a-b--", "-")', '"a-b"'],
  parameters: [
    { name: "text", type: string },
    { name: "characters", type: string, optional: true },
  ],
  result: string,
  run: withArguments([aText, orAbsent(aText)], ([text, characters], context) => {
    if (!context.spend({ bytes: text.length })) return budgetSpent;
    if (characters === undefined) return give(text.trim());
    const unwanted = new Set(characters);
    const points = [...text];
    const start = points.findIndex((point) => !unwanted.has(point));
    const end = points.findLastIndex((point) => !unwanted.has(point));
    return give(start < 0 ? "" : points.slice(start, end + 1).join(""));
  }),
};

const split: FunctionSchema = {
  name: "split",
  family: "strings",
  doc: "The parts of the string between the separators; `join` with the same separator gives the string back. An empty separator gives the characters.",
  example: ['split(",", "a,,b")', '["a","","b"]'],
  parameters: [
    { name: "separator", type: string },
    { name: "text", type: string },
  ],
  result: list(string),
  run: withArguments([aText, aText], ([separator, text], context) => {
    // Paid for before it is built; a separator in the text begins one more part.
    if (!context.spend({ items: separator === "" ? text.length : 1, bytes: text.length })) return budgetSpent;
    if (separator !== "" && chargeParts(text, separator, context) === undefined) return budgetSpent;
    return give(separator === "" ? [...text] : text.split(separator));
  }),
};

const join: FunctionSchema = {
  name: "join",
  family: "strings",
  doc: "The elements of a list as one string, with the separator between them. Elements are written as in `${…}`.",
  example: ['join(", ", ["a", "b"])', '"a, b"'],
  parameters: [
    { name: "separator", type: string },
    {
      name: "list",
      type: list(string),
      or: [list({ kind: "number" }), list({ kind: "ip" }), list({ kind: "cidr" }), list({ kind: "bool" })],
    },
  ],
  result: string,
  run: withArguments([aText, aList], ([separator, items], context) => {
    const parts: string[] = [];
    for (const item of items) {
      const text = writeText(item);
      if (text === undefined)
        return { mistake: `cannot join ${describeValue(item)}`, hint: "join strings, numbers or addresses", argument: 1 };
      if (!context.spend({ items: 1, bytes: text.length + separator.length })) return budgetSpent;
      parts.push(text);
    }
    return give(parts.join(separator));
  }),
};

const replace: FunctionSchema = {
  name: "replace",
  family: "strings",
  doc: "The string with every occurrence of a part replaced, from left to right. The part is literal text, never a pattern.",
  example: ['replace("a.b.c", ".", "-")', '"a-b-c"'],
  parameters: [
    { name: "text", type: string },
    { name: "part", type: string },
    { name: "replacement", type: string },
  ],
  result: string,
  run: withArguments([aText, aText, aText], ([text, part, replacement], context) => {
    if (part === "") return { mistake: "the part to replace is empty", hint: "name the text that should be replaced", argument: 1 };
    // Counted before it is built: a short text can grow by the product of two lengths.
    if (!context.spend({ bytes: text.length })) return budgetSpent;
    const count = chargeParts(text, part, context);
    if (count === undefined || !context.spend({ bytes: count * replacement.length })) return budgetSpent;
    // Split and join: several times faster than replaceAll, and no `$` in the replacement is special.
    return give(count === 0 ? text : text.split(part).join(replacement));
  }),
};

const startsWith: FunctionSchema = {
  name: "starts_with",
  family: "strings",
  doc: "Whether the string begins with this prefix. Every string begins with the empty one.",
  example: ['starts_with("web-1", "web")', "true"],
  parameters: [
    { name: "text", type: string },
    { name: "prefix", type: string },
  ],
  result: bool,
  run: withArguments([aText, aText], ([text, prefix]) => give(text.startsWith(prefix))),
};

const endsWith: FunctionSchema = {
  name: "ends_with",
  family: "strings",
  doc: "Whether the string ends with this suffix. Every string ends with the empty one.",
  example: ['ends_with("web-1", "-2")', "false"],
  parameters: [
    { name: "text", type: string },
    { name: "suffix", type: string },
  ],
  result: bool,
  run: withArguments([aText, aText], ([text, suffix]) => give(text.endsWith(suffix))),
};

const slug: FunctionSchema = {
  name: "slug",
  family: "strings",
  doc: "A name that every cloud takes: small letters a–z, digits and single hyphens. Accents are dropped, everything else becomes a hyphen, hyphens at the ends go; cut to `length` characters if given.",
  example: ['slug("Café au lait, 2!")', '"cafe-au-lait-2"'],
  parameters: [
    { name: "text", type: string },
    { name: "length", type: int, optional: true },
  ],
  result: string,
  run: withArguments([aText, orAbsent(anInt)], ([text, length], context) => {
    if (length !== undefined && length < 1)
      return { mistake: "a slug has at least one character", hint: "use a length of 1 or more", argument: 1 };
    if (!context.spend({ bytes: text.length })) return budgetSpent;
    const whole = makeSlug(text);
    if (whole === "") return { mistake: "nothing of the string is left", hint: "begin with a letter a–z or a digit", argument: 0 };
    return give(trimHyphens(length === undefined ? whole : whole.slice(0, length)));
  }),
};

export const stringFunctions: readonly FunctionSchema[] = [upper, lower, trim, split, join, replace, startsWith, endsWith, slug];

/**
 * How often a text that is not empty stands in another, one after the other; each costs an item. Undefined when the budget
 * is spent, which is asked on the way: counting alone would take seconds in the longest texts.
 */
export function chargeParts(text: string, part: string, context: FunctionContext): number | undefined {
  const step = 1024;
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) {
    count++;
    if (count % step === 0 && !context.spend({ items: step })) return undefined;
  }
  return context.spend({ items: count % step }) ? count : undefined;
}

function makeSlug(text: string): string {
  let made = "";
  for (const point of text.normalize("NFKD").toLowerCase()) {
    if ((point >= "a" && point <= "z") || (point >= "0" && point <= "9")) made += point;
    else if (!isCombiningMark(point) && !made.endsWith("-")) made += "-";
  }
  return trimHyphens(made);
}

function trimHyphens(text: string): string {
  const start = text.startsWith("-") ? 1 : 0;
  return text.slice(start, text.endsWith("-") ? -1 : undefined);
}

function isCombiningMark(point: string): boolean {
  return /^\p{M}$/u.test(point);
}
