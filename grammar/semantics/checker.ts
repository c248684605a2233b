// What the files of the type checker share: the model, the names in scope, and how a mistake is noted. Holds no rule.

import type { Code } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Expression } from "../syntax/ast.ts";
import { errorType, type Type } from "../types/type.ts";
import { splitType } from "../types/type-parts.ts";
import type { Model } from "./model.ts";
import { makeError } from "./report.ts";

export interface Checker {
  readonly model: Model;
  /** Infers the type of an expression; the files of the checker call each other through this one, so that none is in a cycle. */
  readonly infer: (expression: Expression, env: Env) => Type;
  /** Set when an iteration name of the resource was read since it was last cleared. */
  touchedEach: boolean;
  /** Nesting inside the expression being checked. */
  nesting: number;
}

/** Names in scope besides the stack's values, and what is known of null at this place. */
export interface Env {
  readonly locals?: LocalType;
  /** Paths (`db`, `web.disk`) that were tested against null. */
  readonly nonNull?: ReadonlySet<string>;
  /** Iteration names that exist but are out of reach here. */
  readonly hidden?: readonly string[];
}

export interface LocalType {
  readonly name: string;
  readonly type: Type;
  /** An iteration name of `[each]`: what reads it differs between instances. */
  readonly each: boolean;
  readonly next?: LocalType;
}

export const topLevel: Env = {};

export function bindLocal(env: Env, name: string, type: Type, each = false): Env {
  const local: LocalType = { name, type, each, ...(env.locals ? { next: env.locals } : {}) };
  return { ...env, locals: local };
}

export function findLocal(env: Env, name: string): LocalType | undefined {
  for (let local = env.locals; local; local = local.next) if (local.name === name) return local;
  return undefined;
}

/** Reports a mistake in an expression, marks it so that it is never evaluated, and gives the type that is silent from here on. */
export function failAt(checker: Checker, expression: Expression, code: Code, details: Omit<Diagnostic, "code" | "severity">): Type {
  checker.model.report.add(makeError(code, { span: expression.span, ...details }));
  checker.model.broken.add(expression);
  return errorType;
}

/** Reports that a value may be null where it must not be. */
export function failOptional(checker: Checker, expression: Expression, use: string): Type {
  return failAt(checker, expression, "K1303", {
    message: `this may be null, and ${use} needs a value`,
    hint: "give a substitute with `??`, read on with `?.`, or test it first: `x != null ? … : …`",
  });
}

/** `db`, `web.disk`: the text under which a null test of this expression is remembered. */
export function pathKey(expression: Expression): string | undefined {
  const names: string[] = [];
  let node = expression;
  while (node.kind === "member" && names.length < 8) {
    names.push(node.name.name);
    node = node.object;
  }
  return node.kind === "name" ? [node.name, ...names.reverse()].join(".") : undefined;
}

/** The type at a path, without `?` where a null test stands before it. */
export function narrow(env: Env, expression: Expression, type: Type): Type {
  if (!env.nonNull || type.kind === "error") return type;
  const parts = splitType(type);
  if (!parts.optional) return type;
  const key = pathKey(expression);
  if (key === undefined || !env.nonNull.has(key)) return type;
  return parts.secret ? { kind: "secret", inner: parts.core } : parts.core;
}
