// `format`: printf with few verbs, each strict about what it takes. Scans once from left to right.

import type { Value } from "../graph/value.ts";
import { any, string } from "../types/type.ts";
import { aText, budgetSpent, describeValue, give } from "./arguments.ts";
import type { FunctionContext, FunctionMistake, FunctionSchema } from "./function.ts";
import { isMistake, toPlain, writeJson, writeText } from "./value-text.ts";

const maxWidth = 1000;
const maxPrecision = 20;

export const format: FunctionSchema = {
  name: "format",
  family: "strings",
  doc: "The template with its verbs filled in: `%s` any scalar, `%d` an int, `%x` an int in hexadecimal, `%f` a number (`%.2f` to two decimals), `%q` a string in JSON quotes, `%j` anything as JSON, `%%` a percent sign. `%05d` pads with zeros, `%8s` with spaces, `%-8s` on the right, `%+d` shows the sign. Every argument must be used.",
  example: ['format("%s-%03d", "web", 7)', '"web-007"'],
  parameters: [
    { name: "template", type: string },
    { name: "values", type: any, rest: true },
  ],
  result: string,
  run: ([template, ...values], context) => {
    if (!aText.accepts(template)) return { mistake: `takes a string here, not ${describeValue(template)}`, argument: 0 };
    return fillVerbs(template, values, context);
  },
};

interface Verb {
  readonly letter: string;
  readonly left: boolean;
  readonly plus: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly precision?: number;
  /** Offset after the verb. */
  readonly end: number;
}

function fillVerbs(template: string, values: readonly Value[], context: FunctionContext) {
  let out = "";
  let used = 0;
  let at = 0;
  while (at < template.length) {
    const percent = template.indexOf("%", at);
    if (percent < 0) break;
    out += template.slice(at, percent);
    const verb = readVerb(template, percent);
    if (isMistake(verb)) return verb;
    at = verb.end;
    if (verb.letter === "%") {
      out += "%";
      continue;
    }
    if (used >= values.length) {
      return {
        mistake: `there is no value for \`${template.slice(percent, at)}\``,
        hint: `give ${used + 1} values, or write %% for a percent sign`,
        argument: 0,
      };
    }
    const written = writeVerb(verb, values[used] ?? null, context);
    if (typeof written !== "string") return { ...written, argument: used + 1 };
    const padded = pad(written, verb);
    if (!context.spend({ items: 1, bytes: padded.length })) return budgetSpent;
    out += padded;
    used++;
  }
  if (used < values.length) {
    return {
      mistake: `the template uses ${used} of ${values.length} values`,
      hint: "remove the value, or add a verb such as %s for it",
      argument: used + 1,
    };
  }
  out += template.slice(at);
  return context.spend({ bytes: out.length }) ? give(out) : budgetSpent;
}

function readVerb(template: string, percent: number): Verb | FunctionMistake {
  let at = percent + 1;
  const flags = new Set<string>();
  for (; "-+0".includes(template[at] ?? "?"); at++) flags.add(template[at] ?? "");
  const width = readDigits(template, at);
  at = width.end;
  let precision: number | undefined;
  if (template[at] === ".") {
    const digits = readDigits(template, at + 1);
    precision = digits.value;
    at = digits.end;
  }
  const letter = template[at] ?? "";
  if (letter === "" || !"sdxfqj%".includes(letter)) {
    const shown = template.slice(percent, at + 1);
    return { mistake: `\`${shown}\` is no verb`, hint: "use %s, %d, %x, %f, %q or %j, and %% for a percent sign", argument: 0 };
  }
  if (width.value > maxWidth || (precision ?? 0) > maxPrecision) {
    return {
      mistake: `\`${template.slice(percent, at + 1)}\` is too wide`,
      hint: `use a width up to ${maxWidth} and up to ${maxPrecision} decimals`,
      argument: 0,
    };
  }
  if (precision !== undefined && letter !== "f") {
    return { mistake: `only %f takes decimals, not %${letter}`, hint: "remove the dot and the digits after it", argument: 0 };
  }
  return {
    letter,
    left: flags.has("-"),
    plus: flags.has("+"),
    zero: flags.has("0"),
    width: width.value,
    ...(precision === undefined ? {} : { precision }),
    end: at + 1,
  };
}

function readDigits(text: string, start: number): { readonly value: number; readonly end: number } {
  let end = start;
  while (end < text.length && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return { value: Number(text.slice(start, end) || "0"), end };
}

function writeVerb(verb: Verb, value: Value, context: FunctionContext): string | FunctionMistake {
  switch (verb.letter) {
    case "d":
    case "x": {
      if (typeof value !== "number" || !Number.isSafeInteger(value)) return refuse(verb, "an int", value);
      const digits = Math.abs(value).toString(verb.letter === "x" ? 16 : 10);
      return signOf(value, verb) + digits;
    }
    case "f": {
      if (typeof value !== "number") return refuse(verb, "a number", value);
      // toFixed turns to exponents from 1e21 on.
      if (Math.abs(value) >= 1e21) return { mistake: "the number is too large for %f", hint: "use %s" };
      return signOf(value, verb) + Math.abs(value).toFixed(verb.precision ?? 6);
    }
    case "q":
      return typeof value === "string" ? JSON.stringify(value) : refuse(verb, "a string", value);
    case "j": {
      const found = toPlain(value, context);
      return isMistake(found) ? found : writeJson(found.plain);
    }
    default:
      return writeText(value) ?? refuse(verb, "a string, a number or another scalar", value);
  }
}

function refuse(verb: Verb, expected: string, value: Value): FunctionMistake {
  return { mistake: `%${verb.letter} takes ${expected}, not ${describeValue(value)}`, hint: "use %j to write any value as JSON" };
}

function signOf(value: number, verb: Verb): string {
  return value < 0 ? "-" : verb.plus ? "+" : "";
}

function pad(text: string, verb: Verb): string {
  if (verb.left) return text.padEnd(verb.width);
  const isNumeric = verb.letter === "d" || verb.letter === "x" || verb.letter === "f";
  if (!verb.zero || !isNumeric) return text.padStart(verb.width);
  const sign = text.startsWith("-") || text.startsWith("+") ? text.slice(0, 1) : "";
  return sign + text.slice(sign.length).padStart(verb.width - sign.length, "0");
}
