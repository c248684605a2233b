// Iteration names of comprehensions: what may be iterated, and the names that must be free.

import type { Expression, Identifier } from "../syntax/ast.ts";
import { formatType } from "../types/format-type.ts";
import { asMapElement } from "../types/join-types.ts";
import { errorType, int, string, type Type } from "../types/type.ts";
import { splitType } from "../types/type-parts.ts";
import { bindLocal, type Checker, type Env, failAt, failOptional, findLocal } from "./checker.ts";
import { makeError } from "./report.ts";
import { describeDeclaration } from "./scope.ts";

export interface BoundIteration {
  readonly env: Env;
  /** Iterating a secret makes the result secret. */
  readonly secret: boolean;
}

/** Binds `for a in xs` or `for k, v in m`; reports sources that have no elements. */
export function bindIteration(checker: Checker, names: readonly Identifier[], source: Expression, env: Env): BoundIteration {
  const type = checker.infer(source, env);
  const { core, optional, secret } = splitType(type);
  const types = elementTypes(core);
  if (core.kind !== "error" && (!types || optional)) {
    if (optional && types) failOptional(checker, source, "`for`");
    else {
      failAt(checker, source, "K1314", {
        message: `${formatType(core)} has no elements to go through`,
        hint: core.kind === "int" ? "write a range: `0..n`" : "go through a list, a map or a range",
      });
    }
  }
  return { env: bindNames(checker, names, types ?? { key: errorType, value: errorType }, env, false), secret };
}

/** One name takes the value; with two, the first takes the position or the map key. */
export function bindNames(
  checker: Checker,
  names: readonly Identifier[],
  types: { readonly key: Type; readonly value: Type },
  env: Env,
  each: boolean,
): Env {
  let bound = env;
  names.forEach((name, index) => {
    const isKey = names.length === 2 && index === 0;
    // A taken name is bound to the error type, so that its uses are silent whichever of the two was meant.
    const type = isFree(checker, name, bound) ? (isKey ? types.key : types.value) : errorType;
    bound = bindLocal(bound, name.name, type, each);
  });
  return bound;
}

function elementTypes(core: Type): { readonly key: Type; readonly value: Type } | undefined {
  if (core.kind === "list") return { key: int, value: core.element };
  const element = asMapElement(core);
  return element && { key: string, value: element };
}

function isFree({ model }: Checker, name: Identifier, env: Env): boolean {
  const taken = model.scope.values.get(name.name);
  if (!taken && !findLocal(env, name.name)) return true;
  model.report.add(
    makeError("K1205", {
      message: `the iteration name \`${name.name}\` is taken`,
      span: name.span,
      ...(taken ? { related: [{ span: taken.name.span, message: `${describeDeclaration(taken)} is declared here` }] } : {}),
      hint: "choose another name: iteration names may not shadow others",
    }),
  );
  return false;
}
