// The types of the language as data. `error` is the type of what was already reported; it fits everywhere.

export type Type =
  | {
      readonly kind:
        | "bool"
        | "int"
        | "number"
        | "string"
        | "size"
        | "duration"
        | "ip"
        | "cidr"
        | "port"
        | "region"
        | "cloud"
        | "null"
        | "error";
    }
  /** Anything at all; only parameters of functions such as `json` have it. */
  | { readonly kind: "any" }
  /** A string that is one of these. */
  | { readonly kind: "union"; readonly values: readonly string[] }
  | { readonly kind: "list"; readonly element: Type }
  | { readonly kind: "map"; readonly element: Type }
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, Type>> }
  | { readonly kind: "optional"; readonly inner: Type }
  | { readonly kind: "secret"; readonly inner: Type }
  /** An instance of a kind: `network`. */
  | { readonly kind: "resource"; readonly of: string }
  /** A disk block of a machine, read as `web.disk.data`. */
  | { readonly kind: "block"; readonly of: string; readonly block: string };

export const bool: Type = { kind: "bool" };
export const int: Type = { kind: "int" };
export const number: Type = { kind: "number" };
export const string: Type = { kind: "string" };
export const size: Type = { kind: "size" };
export const duration: Type = { kind: "duration" };
export const ip: Type = { kind: "ip" };
export const cidr: Type = { kind: "cidr" };
export const port: Type = { kind: "port" };
export const region: Type = { kind: "region" };
export const cloud: Type = { kind: "cloud" };
export const nullType: Type = { kind: "null" };
export const any: Type = { kind: "any" };
export const errorType: Type = { kind: "error" };

export function list(element: Type): Type {
  return { kind: "list", element };
}

export function map(element: Type): Type {
  return { kind: "map", element };
}

export function object(fields: Readonly<Record<string, Type>>): Type {
  return { kind: "object", fields };
}

/** `T?`; never nests. */
export function optional(inner: Type): Type {
  return inner.kind === "optional" || inner.kind === "null" || inner.kind === "error" ? inner : { kind: "optional", inner };
}

/** `secret T`; never nests. */
export function secret(inner: Type): Type {
  return inner.kind === "secret" || inner.kind === "error" ? inner : { kind: "secret", inner };
}

export function union(...values: readonly string[]): Type {
  return { kind: "union", values };
}

export function resource(of: string): Type {
  return { kind: "resource", of };
}
