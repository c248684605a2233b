// Native values as plain data, for digests, plan files and rows: references and deferred values get a form of their own, secrets only ever
// stand as keyed digests. Pure; what it writes is never read back as a value to send.

import { canonical } from "../../grammar/graph/canonical.ts";
import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import { tagOf } from "../../grammar/graph/value.ts";
import type { NativeDeferred, NativeMap, NativeRef, NativeSecret, NativeUnpinned, NativeValue } from "../lower/native-value.ts";

/** JSON data with keys in code-point order. */
export type Data = null | boolean | number | string | readonly Data[] | { readonly [name: string]: Data };

/** What stands for a secret: its keyed digest, or `(secret)` where there is no key. */
export type HideSecret = (value: NativeValue) => string;

export const hiddenSecret = "(secret)";

/** A key of the author that begins with `$` gets a second one, so that no map can pass for a tagged value. */
export function toData(value: NativeValue, hide: HideSecret): Data {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: NativeValue) => toData(item, hide));
  switch (tagOf(value)) {
    case undefined:
      return mapToData(value as NativeMap, hide);
    case "native-ref":
      return { $ref: `${(value as NativeRef).object}.${(value as NativeRef).attribute}` };
    case "native-deferred": {
      const { value: portable, transform } = value as NativeDeferred;
      return transform === undefined ? { $deferred: canonical(portable) } : { $deferred: canonical(portable), $transform: transform };
    }
    case "secret":
      return { $secret: hide((value as NativeSecret).value) };
    default:
      return { $unpinned: (value as NativeUnpinned).request.key };
  }
}

function mapToData(map: NativeMap, hide: HideSecret): Data {
  const data: Record<string, Data> = {};
  for (const name of Object.keys(map).sort(compareCodePoints)) {
    const value = toData(map[name] as NativeValue, hide);
    if (name === "__proto__") Object.defineProperty(data, name, { value, enumerable: true, configurable: true, writable: true });
    else data[name.startsWith("$") ? `$${name}` : name] = value;
  }
  return data;
}

/** Data from elsewhere with its keys in the order that `toData` gives them. */
export function sortData(data: Data): Data {
  if (typeof data !== "object" || data === null) return data;
  if (Array.isArray(data)) return (data as readonly Data[]).map(sortData);
  const map = data as { readonly [name: string]: Data };
  const sorted: Record<string, Data> = {};
  for (const name of Object.keys(map).sort(compareCodePoints)) {
    Object.defineProperty(sorted, name, { value: sortData(map[name] as Data), enumerable: true, configurable: true, writable: true });
  }
  return sorted;
}

/** Whether a secret stands anywhere inside. */
export function holdsSecret(value: NativeValue | undefined): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some((item: NativeValue) => holdsSecret(item));
  const kind = tagOf(value);
  if (kind === "secret") return true;
  return kind === undefined && Object.values(value).some((item: NativeValue) => holdsSecret(item));
}

/** The value with its secrets opened. For comparing in memory and for the wire; never to be shown or stored. */
export function openSecrets(value: NativeValue): NativeValue {
  if (!holdsSecret(value)) return value;
  if (Array.isArray(value)) return value.map((item: NativeValue) => openSecrets(item));
  if (tagOf(value) === "secret") return openSecrets((value as NativeSecret).value);
  return Object.fromEntries(Object.entries(value as NativeMap).map(([name, item]) => [name, openSecrets(item)]));
}
