// Functions that read files of the stack's repository through the injected reader, and fill placeholders in texts.

import type { Value } from "../graph/value.ts";
import { any, map, string } from "../types/type.ts";
import { aMap, aText, budgetSpent, describeValue, give, type MapValue, withArguments } from "./arguments.ts";
import type { FunctionContext, FunctionMistake, FunctionResult, FunctionSchema } from "./function.ts";
import { writeText } from "./value-text.ts";

const file: FunctionSchema = {
  name: "file",
  family: "files",
  doc: "The text of a file, as it is. The path is relative to the file that calls; the file must be tracked by git and lie inside the repository.",
  example: ['file("motd.txt")', '"Welcome\\n"'],
  parameters: [{ name: "path", type: string }],
  result: string,
  compileTimeOnly: true,
  run: withArguments([aText], ([path], context) => {
    const found = readText(path, context);
    return typeof found === "string" ? give(found) : found;
  }),
};

const template: FunctionSchema = {
  name: "template",
  family: "files",
  doc: "The text of a file with every `${name}` replaced by the map's value of that name; `$${` is a literal `${`. Every name must be in the map, and every entry of the map be used.",
  example: ['template("hello.tpl", { name = "web", port = 80 })', '"web listens on 80\\n"'],
  parameters: [
    { name: "path", type: string },
    { name: "values", type: map(any) },
  ],
  result: string,
  compileTimeOnly: true,
  run: withArguments([aText, aMap], ([path, values], context) => {
    const text = readText(path, context);
    return typeof text === "string" ? fillPlaceholders(text, values, context, 0) : text;
  }),
  // The file is read now; what only a cloud knows is put in at apply.
  defer: ([path, values], context) => {
    if (!aText.accepts(path)) return { mistake: "the path must be known before any cloud is asked", argument: 0 };
    const text = readText(path, context);
    if (typeof text !== "string") return text;
    return { name: "fill", arguments: [text, values ?? null] };
  },
};

const fill: FunctionSchema = {
  name: "fill",
  family: "files",
  doc: "The text with every `${name}` replaced by the map's value of that name; `$${` is a literal `${`. For texts that a raw string holds; `template` does the same with a file.",
  example: ['fill(r"""port ${port}""", { port = 80 })', '"port 80"'],
  parameters: [
    { name: "text", type: string },
    { name: "values", type: map(any) },
  ],
  result: string,
  run: withArguments([aText, aMap], ([text, values], context) => fillPlaceholders(text, values, context, 0)),
};

export const fileFunctions: readonly FunctionSchema[] = [file, template, fill];

function readText(path: string, context: FunctionContext): string | FunctionMistake {
  const found = context.readFile(path);
  if (!("text" in found)) return { ...found, argument: 0 };
  return context.spend({ bytes: found.text.length }) ? found.text : budgetSpent;
}

function fillPlaceholders(text: string, values: MapValue, context: FunctionContext, textArgument: number): FunctionResult {
  const parts: string[] = [];
  const used = new Set<string>();
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("${", at);
    if (open < 0) break;
    if (text[open - 1] === "$" && open > at) {
      parts.push(text.slice(at, open - 1), "${");
      at = open + 2;
      continue;
    }
    parts.push(text.slice(at, open));
    const name = readName(text, open + 2);
    const end = open + 2 + name.length;
    if (name === "" || text[end] !== "}") {
      return {
        mistake: `line ${countLines(text, open)} has a \`\${\` that no name and \`}\` follow`,
        hint: "a placeholder is `${name}`; write `$${` for a literal `${`",
        argument: textArgument,
      };
    }
    const written = writeValue(values, name, text, open, textArgument);
    if (typeof written !== "string") return written;
    if (!context.spend({ items: 1, bytes: written.length })) return budgetSpent;
    parts.push(written);
    used.add(name);
    at = end + 1;
  }
  parts.push(text.slice(at));
  const unused = [...values.keys()].find((name) => !used.has(name));
  if (unused !== undefined) {
    return { mistake: `nothing uses \`${unused}\``, hint: `remove it, or write \`\${${unused}}\` where it belongs`, argument: 1 };
  }
  return context.spend({ bytes: text.length }) ? give(parts.join("")) : budgetSpent;
}

function writeValue(values: MapValue, name: string, text: string, open: number, textArgument: number): string | FunctionMistake {
  const value: Value | undefined = values.get(name);
  if (value === undefined) {
    return {
      mistake: `line ${countLines(text, open)} uses \`${name}\`, which is not given`,
      hint: `add \`${name} = …\` to the map, or write \`$$\{${name}}\` for the text itself`,
      argument: textArgument,
    };
  }
  const written = writeText(value);
  if (written !== undefined) return written;
  return { mistake: `\`${name}\` is ${describeValue(value)} and cannot stand in a text`, hint: "use `json` or `join` on it", argument: 1 };
}

function readName(text: string, start: number): string {
  let end = start;
  while (end < text.length && isNameUnit(text.charCodeAt(end), end > start)) end++;
  return text.slice(start, end);
}

function isNameUnit(unit: number, digitsAllowed: boolean): boolean {
  const isLetter = (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95;
  return isLetter || (digitsAllowed && unit >= 48 && unit <= 57);
}

function countLines(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
