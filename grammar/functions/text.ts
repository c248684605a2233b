// Functions over texts of several lines.

import { int, list, string } from "../types/type.ts";
import { anInt, aText, budgetSpent, give, withArguments } from "./arguments.ts";
import type { FunctionSchema } from "./function.ts";
import { chargeParts } from "./strings.ts";

const maxIndent = 1000;

const lines: FunctionSchema = {
  name: "lines",
  family: "text",
  doc: "The lines of a text, ended by a line feed with or without a carriage return. A line break at the very end begins no further line.",
  example: ['lines("a\\nb\\n")', '["a","b"]'],
  parameters: [{ name: "text", type: string }],
  result: list(string),
  run: withArguments([aText], ([text], context) => {
    if (!context.spend({ items: 1, bytes: text.length }) || chargeParts(text, "\n", context) === undefined) return budgetSpent;
    const parts = text.split(/\r?\n/);
    if (parts.at(-1) === "") parts.pop();
    return give(parts);
  }),
};

const indent: FunctionSchema = {
  name: "indent",
  family: "text",
  doc: "The text with this many spaces before every line but the first, so that it can stand in an indented place. Empty lines stay empty.",
  example: ['indent(2, "a\\nb")', '"a\\n  b"'],
  parameters: [
    { name: "spaces", type: int },
    { name: "text", type: string },
  ],
  result: string,
  run: withArguments([anInt, aText], ([spaces, text], context) => {
    if (spaces < 0 || spaces > maxIndent) {
      return { mistake: `cannot indent by ${spaces}`, hint: `use 0 to ${maxIndent} spaces`, argument: 0 };
    }
    const breaks = chargeParts(text, "\n", context);
    if (breaks === undefined || !context.spend({ bytes: text.length + breaks * spaces })) return budgetSpent;
    const margin = " ".repeat(spaces);
    const parts = text.split("\n");
    return give(parts.map((line, index) => (index === 0 || line === "" || line === "\r" ? line : margin + line)).join("\n"));
  }),
};

export const textFunctions: readonly FunctionSchema[] = [lines, indent];
