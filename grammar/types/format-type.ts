// Types as the author would write them, for messages, hover and the reference.

import type { Type } from "./type.ts";

const SHOWN_VALUES = 6;

/** `list<string>`, `"a" | "b"`, `secret string`, `machine?`. */
export function formatType(type: Type): string {
  switch (type.kind) {
    case "union": {
      const shown = type.values.slice(0, SHOWN_VALUES).map((value) => JSON.stringify(value));
      return [...shown, ...(type.values.length > SHOWN_VALUES ? ["…"] : [])].join(" | ");
    }
    case "list":
      return type.element.kind === "error" ? "list" : `list<${formatType(type.element)}>`;
    case "map":
      return type.element.kind === "error" ? "map" : `map<${formatType(type.element)}>`;
    case "object": {
      const names = Object.keys(type.fields);
      const shown = names.slice(0, SHOWN_VALUES).map((name) => `${name}: ${formatType(type.fields[name] ?? { kind: "error" })}`);
      return names.length === 0 ? "{}" : `{ ${[...shown, ...(names.length > SHOWN_VALUES ? ["…"] : [])].join(", ")} }`;
    }
    case "optional":
      return type.inner.kind === "union" && type.inner.values.length > 1 ? `(${formatType(type.inner)})?` : `${formatType(type.inner)}?`;
    case "secret":
      return `secret ${formatType(type.inner)}`;
    case "resource":
      return type.of;
    case "block":
      return `${type.block} of ${type.of}`;
    case "error":
      return "unknown";
    default:
      return type.kind;
  }
}

/** Several accepted types: `firewall or list<firewall>`. */
export function formatTypes(types: readonly Type[]): string {
  return [...new Set(types.map(formatType))].join(" or ");
}
