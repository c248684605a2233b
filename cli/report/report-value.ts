// Native values as a report holds them: plain JSON without secrets, what is known only later in words. Also how renderings read them. Pure.

import { describeNativeValue } from "../../engine/lower/describe.ts";
import type { NativeValue } from "../../engine/lower/native-value.ts";
import { sealedField, secretField } from "../../engine/state/secret-keeper.ts";
import { cut, describeLater, formatString } from "../render/format-value.ts";

/** `{ "$later": "known after network.main" }`, `{ "$later": "secret" }`. A key of the author that begins with `$` has a second one. */
const laterField = "$later";

/** Nobody reads more of one value in a review; what is longer says so at its end. */
const longest = 4_096;

/** A prop's value for a report, to be read with `formatReported`. */
export function reportValue(value: unknown): unknown {
  if (typeof value === "string") return shorten(value);
  if (typeof value !== "object" || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map(reportValue);
  const later = describeLater(value as NativeValue);
  if (later !== undefined) return { [laterField]: later };
  return mapValues(value, (name) => (name.startsWith("$") ? `$${name}` : name), reportValue);
}

/** A prop as `koine lower` shows it: `${network.main:vpc.VpcId}`, `(secret)`. */
export function reportLowered(value: NativeValue): unknown {
  return hideSealed(describeNativeValue(value));
}

function hideSealed(value: unknown): unknown {
  if (typeof value === "string") return shorten(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(hideSealed);
  if (secretField in value || sealedField in value) return "(secret)";
  return mapValues(value, (name) => name, hideSealed);
}

/** Keys of users may be anything, `__proto__` too. */
function mapValues(
  value: object,
  rename: (name: string) => string,
  change: (member: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), change(member)]));
}

function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`;
}

/** The value as plain JSON to be shown whole: what is known later in words, keys as the author wrote them. */
export function plainReported(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plainReported);
  const later = (value as { readonly [laterField]?: unknown })[laterField];
  if (typeof later === "string") return `(${later})`;
  return mapValues(value, (name) => name.replace(/^\$\$/, "$"), plainReported);
}

/** One line for a value of a report, at most 60 characters; long ones are cut in the middle. */
export function formatReported(value: unknown): string {
  return value === undefined || value === null ? "(not set)" : cut(formatWhole(value));
}

function formatWhole(value: unknown): string {
  if (typeof value === "string") return formatString(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(formatWhole).join(", ")}]`;
  const later = (value as { readonly [laterField]?: unknown })[laterField];
  if (typeof later === "string") return `(${later})`;
  const members = Object.entries(value).map(([name, member]) => `${name.replace(/^\$\$/, "$")}: ${formatWhole(member)}`);
  return `{${members.join(", ")}}`;
}
