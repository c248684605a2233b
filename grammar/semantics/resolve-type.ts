// Types as written become types as data. Reports names that are no type.

import { suggest } from "../diagnostics/suggest.ts";
import type { TypeExpression } from "../syntax/ast.ts";
import { errorType, list, map, optional, resource, secret, type Type } from "../types/type.ts";
import type { Model } from "./model.ts";
import { makeError } from "./report.ts";

const PLAIN = ["bool", "int", "number", "string", "size", "duration", "ip", "cidr", "port", "region", "cloud"] as const;

/** `of` says whose type it is: an input cannot be a resource. */
export function resolveType(model: Model, type: TypeExpression, of: "input" | "let" | "output"): Type {
  switch (type.kind) {
    case "type-name":
      return resolveName(model, type, of);
    case "type-union":
      return { kind: "union", values: [...new Set(type.values.map(({ value }) => value))] };
    case "type-list":
      return list(resolveType(model, type.element, of));
    case "type-map":
      return map(resolveType(model, type.element, of));
    case "type-object": {
      const fields: Record<string, Type> = Object.create(null);
      for (const field of type.fields) {
        if (Object.hasOwn(fields, field.name.name)) {
          model.report.add(
            makeError("K1220", {
              message: `the field \`${field.name.name}\` stands twice`,
              span: field.name.span,
              hint: "remove one of them",
            }),
          );
        } else {
          fields[field.name.name] = resolveType(model, field.type, of);
        }
      }
      return { kind: "object", fields };
    }
    case "type-optional":
      return optional(resolveType(model, type.inner, of));
    case "type-secret":
      return secret(resolveType(model, type.inner, of));
    case "type-error":
      return errorType;
  }
}

function resolveName(model: Model, type: TypeExpression & { readonly kind: "type-name" }, of: "input" | "let" | "output"): Type {
  const plain = PLAIN.find((name) => name === type.name);
  if (plain) return { kind: plain };
  if (model.kinds.has(type.name)) {
    if (of === "let") return resource(type.name);
    model.report.add(
      makeError("K1211", {
        message: of === "input" ? `an input cannot be a \`${type.name}\`` : `an output cannot be a \`${type.name}\``,
        span: type.span,
        hint:
          of === "input"
            ? "inputs are given as text or data from outside: take what is needed to declare the resource"
            : "output an attribute of it, for example its `id`",
      }),
    );
    return errorType;
  }
  const near = suggest(type.name, of === "let" ? [...PLAIN, ...model.kinds.keys()] : PLAIN);
  model.report.add(
    makeError("K1211", {
      message: `\`${type.name}\` is not a type`,
      span: type.span,
      hint: near ? `did you mean \`${near}\`?` : `types are ${PLAIN.join(", ")}, list<T>, map<T>, { name: T }, "a" | "b", T? and secret T`,
      ...(near ? { fix: { title: `change to ${near}`, span: type.span, replacement: near } } : {}),
    }),
  );
  return errorType;
}
