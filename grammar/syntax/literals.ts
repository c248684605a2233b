// What a run of digits, letters and dots means: int, number, size, duration, ip or cidr; or the one mistake in it and its
// mend. Pure: text in, value out; the parser reports.

import type { Code } from "../diagnostics/codes.ts";
import type { LiteralValue } from "./ast.ts";

/** The mistake in a run; `replacement` is the text that mends it, where there is only one. */
export interface LiteralProblem {
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
  readonly replacement?: string;
}

export type ClassifiedLiteral = { readonly value: LiteralValue } | { readonly problem: LiteralProblem };

/** Bytes per unit, as written. */
const sizeUnits: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["KB", 1000],
  ["MB", 1000 ** 2],
  ["GB", 1000 ** 3],
  ["TB", 1000 ** 4],
  ["PB", 1000 ** 5],
  ["KiB", 1024],
  ["MiB", 1024 ** 2],
  ["GiB", 1024 ** 3],
  ["TiB", 1024 ** 4],
  ["PiB", 1024 ** 5],
]);

/** Milliseconds per unit, as written. */
const durationUnits: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** Ways to write a unit that other tools accept, in lower case; sizes by letter case alone are found apart. */
const unitAliases: ReadonlyMap<string, string> = new Map([
  ...["msec", "msecs", "millis", "millisecond", "milliseconds"].map((word) => [word, "ms"] as const),
  ...["sec", "secs", "second", "seconds"].map((word) => [word, "s"] as const),
  ...["min", "mins", "minute", "minutes"].map((word) => [word, "m"] as const),
  ...["hr", "hrs", "hour", "hours"].map((word) => [word, "h"] as const),
  ...["day", "days"].map((word) => [word, "d"] as const),
  ...["byte", "bytes"].map((word) => [word, "B"] as const),
  ...["k", "m", "g", "t", "p"].flatMap((letter) => [
    [`${letter}i`, `${letter.toUpperCase()}iB`] as const,
    [`${letter}ib`, `${letter.toUpperCase()}iB`] as const,
    [`${letter}b`, `${letter.toUpperCase()}B`] as const,
  ]),
  ...["k", "g", "t", "p"].map((letter) => [letter, `${letter.toUpperCase()}iB`] as const),
]);

const allUnits = "sizes take B, KB, MB, GB, TB, PB, KiB, MiB, GiB, TiB or PiB; durations take ms, s, m, h or d";

/** Classifies a run as the lexer cuts it. Total: every run gives a value or exactly one problem. */
export function classifyLiteral(text: string): ClassifiedLiteral {
  if (isPlainInt(text)) return { value: { type: "int", value: Number(text) } };
  if (text.includes("/") || /^\d+\.\d*\.[\d.]*$/.test(text) || countDots(text) > 1) return classifyAddress(text);

  const parts = /^(\d+)(\.\d+)?([A-Za-z]*)$/.exec(text);
  if (!parts) return { problem: explainMalformed(text) };
  const [, whole = "", fraction = "", unit = ""] = parts;
  if (whole.length > 1 && whole.startsWith("0") && !/^0x/i.test(text)) {
    const replacement = (whole.replace(/^0+(?=\d)/, "") || "0") + fraction + unit;
    return {
      problem: {
        code: "K1007",
        message: `\`${text}\` begins with a zero`,
        hint: `numbers are decimal, so write \`${replacement}\`; a file mode or an id with leading zeros is a string`,
        replacement,
      },
    };
  }
  if (unit !== "") return classifyQuantity(text, whole, fraction, unit);
  const value = Number(text);
  if (fraction !== "") return { value: { type: "number", value } };
  if (Number.isSafeInteger(value)) return { value: { type: "int", value } };
  return {
    problem: {
      code: "K1010",
      message: `\`${shorten(text)}\` is too large for an int`,
      hint: `the largest int is ${Number.MAX_SAFE_INTEGER}; an id of digits is a string`,
    },
  };
}

/** Digits without a leading zero, few enough to be exact: most literals, found without a pattern. */
function isPlainInt(text: string): boolean {
  if (text.length > 15 || (text.length > 1 && text.charCodeAt(0) === 48)) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function classifyQuantity(text: string, whole: string, fraction: string, unit: string): ClassifiedLiteral {
  const bytes = sizeUnits.get(unit);
  const milliseconds = durationUnits.get(unit);
  const factor = bytes ?? milliseconds;
  if (factor === undefined) return { problem: explainUnit(text, whole + fraction, unit) };
  const value = multiplyExactly(whole, fraction, factor);
  const smallest = bytes === undefined ? "milliseconds" : "bytes";
  if (value === undefined) {
    return {
      problem: {
        code: "K1010",
        message: `\`${shorten(text)}\` is not a whole number of ${smallest}`,
        hint: "write it in a smaller unit, without a fraction",
      },
    };
  }
  if (!Number.isSafeInteger(value)) {
    return {
      problem: {
        code: "K1010",
        message: `\`${shorten(text)}\` is too large`,
        hint: `the largest ${bytes === undefined ? "duration" : "size"} is ${Number.MAX_SAFE_INTEGER} ${smallest}`,
      },
    };
  }
  return { value: { type: bytes === undefined ? "duration" : "size", value, text } };
}

/** `1.5` times a factor in exact arithmetic; undefined when it is not whole. */
function multiplyExactly(whole: string, fraction: string, factor: number): number | undefined {
  if (fraction === "") return whole.length > 20 ? Number.POSITIVE_INFINITY : Number(whole) * factor;
  if (whole.length + fraction.length > 40) return undefined;
  const scaled = BigInt(whole + fraction.slice(1)) * BigInt(factor);
  const scale = 10n ** BigInt(fraction.length - 1);
  return scaled % scale === 0n ? Number(scaled / scale) : undefined;
}

function explainUnit(text: string, amount: string, unit: string): LiteralProblem {
  if (/^[eE]$/.test(unit) || /^0[xX]/.test(text)) return explainMalformed(text);
  const known = unitAliases.get(unit.toLowerCase()) ?? (unit.toLowerCase() === "b" ? "B" : undefined);
  const lower = unit.toLowerCase();
  const weeks = lower === "w" || lower === "week" || lower === "weeks";
  if (weeks && /^\d{1,12}$/.test(amount)) {
    const replacement = `${Number(amount) * 7}d`;
    return { code: "K1008", message: `\`${unit}\` is not a unit`, hint: `write \`${replacement}\``, replacement };
  }
  if (known === undefined) {
    return { code: "K1008", message: `\`${shorten(unit)}\` is not a unit`, hint: allUnits };
  }
  const replacement = amount + known;
  const other = /^[KMGTP]i?B$/.test(known) ? known.replace(/i?B$/, (end) => (end === "B" ? "iB" : "B")) : undefined;
  const ambiguous = other !== undefined && !lower.includes("i");
  return {
    code: "K1008",
    message: `\`${unit}\` is not a unit`,
    hint: ambiguous
      ? `write \`${amount}${known.includes("i") ? known : other}\` (powers of 1024) or \`${amount}${known.includes("i") ? other : known}\` (powers of 1000)`
      : `write \`${replacement}\``,
    ...(ambiguous && lower.length === 1 ? {} : { replacement }),
  };
}

function explainMalformed(text: string): LiteralProblem {
  const message = `\`${shorten(text)}\` is not a number`;
  if (/^0x[0-9a-f]+$/i.test(text) || /^0b[01]+$/i.test(text) || /^0o[0-7]+$/i.test(text)) {
    const value = Number(text.toLowerCase());
    if (Number.isSafeInteger(value)) {
      return { code: "K1007", message, hint: `numbers are decimal: write \`${value}\``, replacement: String(value) };
    }
  }
  if (/^\d[\d_]*(\.\d[\d_]*)?$/.test(text)) {
    const replacement = text.replaceAll("_", "");
    return { code: "K1007", message, hint: `digits are not grouped: write \`${shorten(replacement)}\``, replacement };
  }
  if (/^\d+\.$/.test(text)) {
    return {
      code: "K1007",
      message,
      hint: `write \`${text}0\` for a number, or \`${text.slice(0, -1)}\` for an int`,
      replacement: `${text}0`,
    };
  }
  const exponent = /^(\d+(?:\.\d+)?)[eE](\d{1,2})$/.exec(text);
  if (exponent) {
    const value = Number(text);
    if (Number.isSafeInteger(value)) {
      return { code: "K1007", message, hint: `exponents are not read: write \`${value}\``, replacement: String(value) };
    }
  }
  return {
    code: "K1007",
    message,
    hint: "a name cannot begin with a digit; a number is written like `42` or `0.5`, and text stands in quotes",
  };
}

function classifyAddress(text: string): ClassifiedLiteral {
  const [address = "", prefix, extra] = text.split("/");
  const isCidr = prefix !== undefined;
  const what = isCidr ? "an address range" : "an IP address";
  const problem = (hint: string, replacement?: string): ClassifiedLiteral => ({
    problem: {
      code: "K1009",
      message: `\`${shorten(text)}\` is not ${what}`,
      hint: replacement === undefined ? hint : `${hint}: write \`${replacement}\``,
      ...(replacement === undefined ? {} : { replacement }),
    },
  });
  const octets = address.split(".");
  if (extra !== undefined || octets.some((octet) => !/^\d+$/.test(octet)) || (isCidr && !/^\d+$/.test(prefix))) {
    return problem(
      `${isCidr ? "a range is written like `10.20.0.0/16`" : "an address is written like `10.20.0.5`"}; a version or a name stands in quotes`,
    );
  }
  if (octets.length < 4) {
    const filled = [...octets, "0", "0", "0"].slice(0, 4).join(".");
    if (isCidr) return problem("an IPv4 address has four parts", octets.every(isOctet) ? `${filled}/${prefix}` : undefined);
    return problem("an IPv4 address has four parts; a version such as `1.2.3` is a string, in quotes");
  }
  if (octets.length > 4) return problem("an IPv4 address has four parts");
  const tooLarge = octets.find((octet) => Number(octet) > 255);
  if (tooLarge !== undefined) return problem(`each part of an IPv4 address is 0 to 255, and ${shorten(tooLarge)} is more`);
  const plain = octets.map(Number).join(".");
  if (isCidr && Number(prefix) > 32) return problem(`the prefix of an IPv4 range is 0 to 32, and ${shorten(prefix)} is more`);
  const mended = isCidr ? `${plain}/${Number(prefix)}` : plain;
  if (mended !== text) return problem("parts are written without leading zeros", mended);
  return { value: { type: isCidr ? "cidr" : "ip", value: text } };
}

function isOctet(text: string): boolean {
  return text.length <= 3 && Number(text) <= 255;
}

function countDots(text: string): number {
  let count = 0;
  for (let at = text.indexOf("."); at !== -1 && count < 2; at = text.indexOf(".", at + 1)) count++;
  return count;
}

/** Long runs are cut in messages. */
function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 37)}…`;
}
