// Types of names: iteration names first, then the stack's values, inferred on demand. Suggests the nearest name otherwise.

import { suggest } from "../diagnostics/suggest.ts";
import type { NameExpression, ResourceDeclaration } from "../syntax/ast.ts";
import { joinTypes } from "../types/join-types.ts";
import { cloud, errorType, int, list, map, optional, resource, secret, string, type Type } from "../types/type.ts";
import { splitType } from "../types/type-parts.ts";
import { assign } from "./assign.ts";
import { newCell } from "./cells.ts";
import { type Checker, type Env, failAt, findLocal, narrow, topLevel } from "./checker.ts";
import { orElse } from "./halt.ts";
import type { Multiplicity } from "./model.ts";
import { resolveType } from "./resolve-type.ts";
import { describeDeclaration, type ValueDeclaration } from "./scope.ts";

export function inferName(checker: Checker, expression: NameExpression, env: Env): Type {
  const local = findLocal(env, expression.name);
  if (local) {
    if (local.each) checker.touchedEach = true;
    return narrow(env, expression, local.type);
  }
  const declaration = checker.model.scope.values.get(expression.name);
  if (declaration) return narrow(env, expression, typeOfDeclaration(checker, declaration));
  return failUnknown(checker, expression, env);
}

/** The type of a declared value; memoised. Cycles among inferred types are reported once and give the error type. */
export function typeOfDeclaration(checker: Checker, declaration: ValueDeclaration): Type {
  if (declaration.kind === "cloud") return cloud;
  const { model } = checker;
  const name = declaration.name.name;
  let cell = model.valueTypes.get(name);
  if (!cell) {
    cell = newCell<Type>();
    model.valueTypes.set(name, cell);
  }
  if (cell.state === "done") return cell.value ?? errorType;
  const wanted = cell;
  return orElse(
    () =>
      model.cells.demand(
        wanted,
        () => ({ label: describeDeclaration(declaration), span: declaration.name.span }),
        () => atTopOfExpression(checker, () => computeType(checker, declaration)),
      ),
    () => {
      model.brokenNames.add(name);
      return errorType;
    },
  );
}

/** How many resources a declaration makes, and what its iteration names are. */
export interface EachTypes {
  readonly multiplicity: Multiplicity;
  readonly key: Type;
  readonly value: Type;
}

/** Judges the source of `[each]` by its type. Reports what cannot be counted or keyed. */
export function inferEach(checker: Checker, declaration: ResourceDeclaration): EachTypes | undefined {
  const { each } = declaration;
  if (!each) return { multiplicity: declaration.condition ? "optional" : "one", key: errorType, value: errorType };
  const type = checker.infer(each.source, topLevel);
  const { core, secret: isSecret, optional: mayBeNull } = splitType(type);
  if (core.kind === "error") return undefined;
  if (isSecret) {
    failAt(checker, each.source, "K1313", {
      message: `a secret cannot decide how many \`${declaration.name.name}\` there are`,
      hint: "addresses and counts are shown in every plan: count by something that is no secret",
    });
    return undefined;
  }
  if (!mayBeNull) {
    const types = eachTypes(core, each.names.length);
    if (types) return types;
  }
  const counted = core.kind === "int" && !mayBeNull;
  failAt(checker, each.source, "K1314", {
    message: counted ? "a number has no elements to name" : "resources cannot be made from this value",
    hint: counted
      ? `write \`[${each.names.at(-1)?.name ?? "i"} in 0..n]\` to number them, or \`[n]\` without a name`
      : "use a number, a range `0..n`, a list of strings or clouds, or a map",
  });
  return undefined;
}

function eachTypes(core: Type, names: number): EachTypes | undefined {
  if (core.kind === "int" && names === 0) return { multiplicity: "list", key: int, value: int };
  if (core.kind === "list") {
    const element = splitType(core.element);
    if (element.secret || element.optional) return undefined;
    if (element.core.kind === "error") return { multiplicity: "list", key: int, value: errorType };
    if (element.core.kind === "int") return { multiplicity: "list", key: int, value: int };
    const keyed = element.core.kind === "string" || element.core.kind === "union" || element.core.kind === "cloud";
    return keyed ? { multiplicity: "map", key: int, value: element.core } : undefined;
  }
  if (core.kind === "map") return { multiplicity: "map", key: string, value: core.element };
  if (core.kind !== "object") return undefined;
  let value: Type = errorType;
  for (const field of Object.values(core.fields)) {
    const joined = joinTypes(value, field);
    if (!joined) return undefined;
    value = joined;
  }
  return { multiplicity: "map", key: string, value };
}

function computeType(checker: Checker, declaration: Exclude<ValueDeclaration, { kind: "cloud" }>): Type {
  switch (declaration.kind) {
    case "input": {
      const type = resolveType(checker.model, declaration.type, "input");
      return checker.model.secretInputs.has(declaration.name.name) && !splitType(type).secret && type.kind !== "error"
        ? secret(type)
        : type;
    }
    case "let": {
      if (!declaration.type) return checker.infer(declaration.value, topLevel);
      const type = resolveType(checker.model, declaration.type, "let");
      return type;
    }
    case "resource": {
      if (!checker.model.kinds.has(declaration.type.name)) return errorType;
      const one = resource(declaration.type.name);
      const each = inferEach(checker, declaration);
      if (!each) return errorType;
      if (each.multiplicity === "list") return list(one);
      if (each.multiplicity === "map") return map(one);
      return each.multiplicity === "optional" ? optional(one) : one;
    }
  }
}

/** Nesting is counted per expression: another declaration starts anew, and its iteration names are not ours. */
function atTopOfExpression<T>(checker: Checker, body: () => T): T {
  const { nesting, touchedEach } = checker;
  checker.nesting = 0;
  try {
    return body();
  } finally {
    checker.nesting = nesting;
    checker.touchedEach = touchedEach;
  }
}

/** Judges a let against its declared type; without one, infers it. */
export function checkLet(checker: Checker, declaration: ValueDeclaration & { readonly kind: "let" }): void {
  const type = typeOfDeclaration(checker, declaration);
  if (declaration.type && type.kind !== "error") {
    assign(checker, declaration.value, topLevel, [type], { what: `\`${declaration.name.name}\`` });
  }
}

function failUnknown(checker: Checker, expression: NameExpression, env: Env): Type {
  const { model } = checker;
  const { name } = expression;
  const locals: string[] = [];
  for (let local = env.locals; local; local = local.next) locals.push(local.name);
  const near = suggest(name, [...locals, ...model.scope.values.keys()]);
  const explained = env.hidden?.includes(name)
    ? "`if` is decided once for all instances: filter what they are made from instead, `[for x in xs: x if …]`"
    : explainUnknown(checker, name);
  const hint = explained ?? (near ? `did you mean \`${near}\`?` : "declare it with `let`, `input`, `cloud` or as a resource");
  return failAt(checker, expression, "K1201", {
    message: `\`${name}\` is not declared`,
    hint,
    ...(near && !explained ? { fix: { title: `change to ${near}`, span: expression.span, replacement: near } } : {}),
  });
}

function explainUnknown({ model }: Checker, name: string): string | undefined {
  if (model.providers.has(name)) return `declare the cloud first: \`cloud ${name} { … }\``;
  if (model.functions.has(name)) return `\`${name}\` is a function: call it with its arguments, \`${name}(…)\``;
  if (model.kinds.has(name)) return `\`${name}\` is a kind: read a resource by its own name`;
  if (model.scope.outputs.has(name))
    return `\`${name}\` is an output, which nothing in its own stack reads: give the value a name with \`let\``;
  return undefined;
}
