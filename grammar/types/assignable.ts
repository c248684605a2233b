// Decides whether a value of one type may stand where another is expected. Pure; says yes or no, never why.

import type { Type } from "./type.ts";
import { fieldOf, splitType } from "./type-parts.ts";

/**
 * Whether `from` fits `to`. An `error` type fits everywhere, so that one mistake is reported once. A secret fits only a
 * secret; an optional only an optional. Objects are closed: a field that the target lacks does not fit.
 */
export function isAssignable(from: Type, to: Type): boolean {
  if (from === to || from.kind === "error" || to.kind === "error") return true;
  const source = splitType(from);
  const target = splitType(to);
  if (target.core.kind === "any") return !source.secret || target.secret;
  if (source.secret && !target.secret) return false;
  if (source.core.kind === "null") return target.optional || target.core.kind === "null";
  if (source.optional && !target.optional) return false;
  return fitsCore(source.core, target.core);
}

function fitsCore(from: Type, to: Type): boolean {
  if (from.kind === "error" || to.kind === "error" || to.kind === "any") return true;
  switch (to.kind) {
    case "number":
      return from.kind === "number" || from.kind === "int" || from.kind === "port";
    case "int":
    case "port":
      return from.kind === "int" || from.kind === "port";
    case "string":
      return from.kind === "string" || from.kind === "union";
    case "region":
      return from.kind === "region" || from.kind === "string" || from.kind === "union";
    case "union":
      return from.kind === "union" && from.values.every((value) => to.values.includes(value));
    case "list":
      return from.kind === "list" && isAssignable(from.element, to.element);
    case "map":
      if (from.kind === "object") return Object.values(from.fields).every((field) => isAssignable(field, to.element));
      return from.kind === "map" && isAssignable(from.element, to.element);
    case "object":
      return from.kind === "object" && fitsFields(from.fields, to.fields);
    case "resource":
      return from.kind === "resource" && from.of === to.of;
    case "block":
      return from.kind === "block" && from.of === to.of && from.block === to.block;
    case "optional":
    case "secret":
      return isAssignable(from, to);
    default:
      return from.kind === to.kind;
  }
}

function fitsFields(from: Readonly<Record<string, Type>>, to: Readonly<Record<string, Type>>): boolean {
  for (const name of Object.keys(from)) if (!Object.hasOwn(to, name)) return false;
  for (const name of Object.keys(to)) {
    const wanted = fieldOf(to, name);
    if (!wanted) continue;
    const given = fieldOf(from, name);
    if (given ? !isAssignable(given, wanted) : !splitType(wanted).optional) return false;
  }
  return true;
}
