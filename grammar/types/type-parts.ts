// Takes types apart into what every rule asks: is it secret, may it be null, what is left. Pure.

import { optional, secret, type Type } from "./type.ts";

export interface TypeParts {
  readonly secret: boolean;
  readonly optional: boolean;
  /** Neither optional nor secret. */
  readonly core: Type;
}

/** Splits off `secret` and `?` in whatever order they were written. */
export function splitType(type: Type): TypeParts {
  if (type.kind !== "secret" && type.kind !== "optional") return { secret: false, optional: false, core: type };
  const inner = splitType(type.inner);
  return type.kind === "secret" ? { ...inner, secret: true } : { ...inner, optional: true };
}

/** Puts parts together again, `secret` outermost. */
export function joinParts(core: Type, parts: { readonly secret?: boolean; readonly optional?: boolean }): Type {
  const inner = parts.optional ? optional(core) : core;
  return parts.secret ? secret(inner) : inner;
}

/** Whether a value of the type can hold a secret at any depth. */
export function containsSecret(type: Type): boolean {
  switch (type.kind) {
    case "secret":
      return true;
    case "optional":
      return containsSecret(type.inner);
    case "list":
    case "map":
      return containsSecret(type.element);
    case "object":
      return Object.values(type.fields).some(containsSecret);
    default:
      return false;
  }
}

/** The type with every `secret` taken off, at any depth. */
export function withoutSecrets(type: Type): Type {
  if (!containsSecret(type)) return type;
  switch (type.kind) {
    case "secret":
      return withoutSecrets(type.inner);
    case "optional":
      return optional(withoutSecrets(type.inner));
    case "list":
    case "map":
      return { kind: type.kind, element: withoutSecrets(type.element) };
    case "object":
      return { kind: "object", fields: mapFields(type.fields, withoutSecrets) };
    default:
      return type;
  }
}

/** Applies `change` to each field. Names are the user's: the result has no prototype. */
function mapFields(fields: Readonly<Record<string, Type>>, change: (type: Type) => Type): Readonly<Record<string, Type>> {
  const changed: Record<string, Type> = Object.create(null);
  for (const name of Object.keys(fields)) {
    const type = fields[name];
    if (type) changed[name] = change(type);
  }
  return changed;
}

/** A field's type, or undefined; safe for names such as `constructor`. */
export function fieldOf(fields: Readonly<Record<string, Type>>, name: string): Type | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

const depths = new WeakMap<Type, number>();

/** Levels of lists, maps and objects inside each other. Memoised, so that building a type level by level stays linear. */
export function depthOf(type: Type): number {
  const known = depths.get(type);
  if (known !== undefined) return known;
  const depth = computeDepth(type);
  depths.set(type, depth);
  return depth;
}

function computeDepth(type: Type): number {
  switch (type.kind) {
    case "optional":
    case "secret":
      return depthOf(type.inner);
    case "list":
    case "map":
      return 1 + depthOf(type.element);
    case "object":
      return 1 + Object.values(type.fields).reduce((deepest, field) => Math.max(deepest, depthOf(field)), 0);
    default:
      return 0;
  }
}
