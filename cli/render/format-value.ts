// Values as a person reads them in a plan: short, on one line, never a secret, control characters escaped.

import { isNativeDeferred, isNativeRef, isUnpinned, type NativeValue } from "../../engine/lower/native-value.ts";
import { sealedField, secretField } from "../../engine/state/secret-keeper.ts";
import type { Origin } from "../../grammar/graph/value.ts";
import { type PropValue, tagOf } from "../../grammar/graph/value.ts";

const longest = 60;

/** One line for a native value; long ones are cut in the middle. */
export function formatNative(value: unknown): string {
  if (value === undefined || value === null) return "(not set)";
  return cut(formatWhole(value as NativeValue));
}

function formatWhole(value: NativeValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return formatString(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${(value as readonly NativeValue[]).map(formatWhole).join(", ")}]`;
  const later = describeLater(value);
  if (later !== undefined) return `(${later})`;
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}: ${formatWhole(member as NativeValue)}`)
    .join(", ")}}`;
}

/** Without quotes where nothing in it could be mistaken. */
export function formatString(text: string): string {
  return /^[\w.:/@-]+$/.test(text) ? text : JSON.stringify(text);
}

/** What stands for a value that is not shown or not known: `known after network.main`, `secret`. Undefined for plain data. */
export function describeLater(value: NativeValue): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  if (isNativeRef(value)) return `known after ${value.object.replace(/:[^:]*$/, "")}`;
  if (isNativeDeferred(value)) return `known after ${value.value.origins.map(formatOrigin).join(", ")}`;
  if (isUnpinned(value)) return `to be pinned: ${value.request.kind} ${value.request.key}`;
  const tagged = tagOf(value);
  if (tagged === "secret" || secretField in value || sealedField in value) return "secret";
  return tagged === "deferred" ? "known at apply" : undefined;
}

/** `machine.web[0].public_ip` */
export function formatOrigin(origin: Origin): string {
  return [origin.address, ...origin.path].join(".");
}

const units = [
  ["PiB", 2 ** 50],
  ["TiB", 2 ** 40],
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
  ["KiB", 2 ** 10],
] as const;

/** `107374182400` as `100 GiB`: the largest binary unit that leaves a short number. */
export function formatBytes(bytes: number): string {
  for (const [unit, factor] of units) if (bytes >= factor && bytes % (factor / 4) === 0) return `${bytes / factor} ${unit}`;
  return `${bytes} B`;
}

/** One line for a portable prop of a schema type. */
export function formatProp(value: PropValue, type: string): string {
  if (type === "size" && typeof value === "number") return formatBytes(value);
  if (typeof value === "string") return cut(JSON.stringify(value).slice(1, -1));
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return cut(value.map((member: PropValue) => formatProp(member, "")).join(", "));
  const tagged = tagOf(value);
  if (tagged === "ref") return shortAddress((value as { address: string }).address);
  if (tagged === "secret") return "(secret)";
  if (tagged !== undefined) return "(known at apply)";
  return cut(
    Object.entries(value)
      .map(([name, member]) => `${name}=${formatProp(member as PropValue, "")}`)
      .join(", "),
  );
}

/** `subnet.app["a"]` as the author writes it: `app["a"]`. */
export function shortAddress(address: string): string {
  const slash = address.lastIndexOf("/");
  const last = address.slice(slash + 1);
  return last.slice(last.indexOf(".") + 1);
}

/** At most 60 characters, the middle left out. */
export function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, 38)}…${text.slice(-20)}`;
}
