// The type of every form of expression. Local and complete: a form's type follows from its parts, never from its use.
// Literals, strings, collections and comprehensions are here; names, members, operators and calls have their own files.

import type { Expression, LiteralValue } from "../syntax/ast.ts";
import { formatType } from "../types/format-type.ts";
import { joinTypes } from "../types/join-types.ts";
import { errorType, list, map, secret as secretType, string, type Type } from "../types/type.ts";
import { depthOf, joinParts, splitType } from "../types/type-parts.ts";
import { judge, reportRepeatedFields, requireBool } from "./assign.ts";
import { type Checker, type Env, failAt, failOptional } from "./checker.ts";
import { inferCall } from "./infer-calls.ts";
import { bindIteration } from "./infer-iteration.ts";
import { inferIndex, inferMember } from "./infer-members.ts";
import { inferName } from "./infer-names.ts";
import { inferBinary, inferUnary } from "./infer-operators.ts";
import type { Model } from "./model.ts";
import { withFacts } from "./null-facts.ts";

/** Expressions nested deeper are refused: every phase after may then recurse. Chains of operators do not nest. */
const DEEPEST_NESTING = 200;
/** Lists of lists of lists: names could stack them without end, and every walk over a value recurses. */
const DEEPEST_TYPE = 40;
/** A longer string literal is just a `string`: its text is no type anyone would write. */
const LONGEST_LITERAL_TYPE = 80;

/** Text of these types may stand inside `${…}`. */
const TEXTUAL = new Set(["string", "union", "bool", "int", "number", "size", "duration", "ip", "cidr", "port", "cloud"]);

export function createChecker(model: Model): Checker {
  const checker: Checker = {
    model,
    infer: (expression, env) => infer(checker, expression, env),
    touchedEach: false,
    nesting: 0,
  };
  return checker;
}

function infer(checker: Checker, expression: Expression, env: Env): Type {
  if (checker.nesting >= DEEPEST_NESTING) {
    return failAt(checker, expression, "K1416", {
      message: `this expression is nested deeper than ${DEEPEST_NESTING} levels`,
      hint: "give its inner part a name with `let`",
    });
  }
  const { cells } = checker.model;
  checker.nesting += 1;
  cells.depth += 1;
  try {
    const type = inferForm(checker, expression, env);
    if (depthOf(type) <= DEEPEST_TYPE) return type;
    return failAt(checker, expression, "K1416", {
      message: `this value holds lists and maps nested deeper than ${DEEPEST_TYPE} levels`,
      hint: "keep data flatter: nothing that a cloud takes is nested so deep",
    });
  } finally {
    checker.nesting -= 1;
    cells.depth -= 1;
  }
}

function inferForm(checker: Checker, expression: Expression, env: Env): Type {
  switch (expression.kind) {
    case "literal":
      return literalType(expression.value);
    case "string":
      return inferString(checker, expression, env);
    case "name":
      return inferName(checker, expression, env);
    case "list":
      return inferList(checker, expression, env);
    case "object":
      return inferObject(checker, expression, env);
    case "list-for":
      return inferListFor(checker, expression, env);
    case "map-for":
      return inferMapFor(checker, expression, env);
    case "binary":
      return inferBinary(checker, expression, env);
    case "unary":
      return inferUnary(checker, expression, env);
    case "conditional":
      return inferConditional(checker, expression, env);
    case "member":
      return inferMember(checker, expression, env);
    case "index":
      return inferIndex(checker, expression, env);
    case "call":
      return inferCall(checker, expression, env);
    case "error":
      checker.model.broken.add(expression);
      return errorType;
  }
}

function literalType(value: LiteralValue): Type {
  return { kind: value.type };
}

function inferString(checker: Checker, expression: Expression & { readonly kind: "string" }, env: Env): Type {
  const [only] = expression.parts;
  if (expression.parts.length <= 1 && (only === undefined || typeof only === "string")) {
    const text = only ?? "";
    return text.length <= LONGEST_LITERAL_TYPE ? { kind: "union", values: [text] } : string;
  }
  let secret = false;
  for (const part of expression.parts) {
    if (typeof part === "string") continue;
    const type = checker.infer(part, env);
    const { core, optional, secret: isSecret } = splitType(type);
    if (isSecret) secret = true;
    if (core.kind === "error" || (TEXTUAL.has(core.kind) && !optional)) continue;
    if (TEXTUAL.has(core.kind)) failOptional(checker, part, "a string");
    else failText(checker, part, core);
  }
  return secret ? secretType(string) : string;
}

function failText(checker: Checker, part: Expression, type: Type): void {
  const hints: Partial<Record<Type["kind"], string>> = {
    list: 'join it: `join(", ", …)`, or write it as JSON: `json(…)`',
    map: "write it as JSON: `json(…)`",
    object: "write it as JSON: `json(…)`",
    resource: "read one of its attributes, for example `.id`",
    block: "read one of its attributes, for example `.id`",
    region: "`near(…)` fits only the `region` of a cloud: read the region back with `.region` of the cloud",
    null: "give a substitute with `??`",
  };
  failAt(checker, part, "K1312", {
    message: `${formatType(type)} cannot stand in a string`,
    hint: hints[type.kind] ?? "only text, numbers, bools, sizes, durations and addresses can",
  });
}

function inferList(checker: Checker, expression: Expression & { readonly kind: "list" }, env: Env): Type {
  let element: Type = errorType;
  let mixed = false;
  for (const item of expression.items) {
    const type = checker.infer(item, env);
    const joined = joinTypes(element, type);
    if (joined) {
      element = joined;
    } else if (!mixed) {
      mixed = true;
      failAt(checker, item, "K1307", {
        message: `this element is ${formatType(type)}, those before it are ${formatType(element)}`,
        hint: "elements of a list share one type: write all in one, or use an object `{ name = … }`",
      });
    }
  }
  return list(element);
}

function inferObject(checker: Checker, expression: Expression & { readonly kind: "object" }, env: Env): Type {
  const fields: Record<string, Type> = Object.create(null);
  let element: Type | undefined;
  for (const field of expression.fields) {
    const type = checker.infer(field.value, env);
    if (field.key.kind === "fixed") {
      if (!Object.hasOwn(fields, field.key.name)) fields[field.key.name] = type;
      continue;
    }
    const key = field.key.expression;
    judge(checker, key, checker.infer(key, env), [string], { what: "a key" });
    element = joinTypes(element ?? errorType, type) ?? mixedValues(checker, field.value, element ?? errorType, type);
  }
  reportRepeatedFields(checker, expression);
  if (!element) return { kind: "object", fields };
  for (const [name, type] of Object.entries(fields)) {
    const field = expression.fields.find(({ key }) => key.kind === "fixed" && key.name === name);
    element = joinTypes(element, type) ?? mixedValues(checker, field?.value ?? expression, element, type);
  }
  return map(element);
}

function mixedValues(checker: Checker, value: Expression, others: Type, type: Type): Type {
  failAt(checker, value, "K1307", {
    message: `this value is ${formatType(type)}, others of the map are ${formatType(others)}`,
    hint: "an object with computed keys is a map, and values of a map share one type",
  });
  return others;
}

function inferListFor(checker: Checker, expression: Expression & { readonly kind: "list-for" }, env: Env): Type {
  const bound = bindIteration(checker, expression.names, expression.source, env);
  const condition = expression.condition && requireBool(checker, expression.condition, bound.env);
  const inner = expression.condition ? withFacts(bound.env, expression.condition, true) : bound.env;
  const element = checker.infer(expression.body, inner);
  return joinParts(list(element), { secret: bound.secret || condition?.secret === true });
}

function inferMapFor(checker: Checker, expression: Expression & { readonly kind: "map-for" }, env: Env): Type {
  const bound = bindIteration(checker, expression.names, expression.source, env);
  const condition = expression.condition && requireBool(checker, expression.condition, bound.env);
  const inner = expression.condition ? withFacts(bound.env, expression.condition, true) : bound.env;
  const key = checker.infer(expression.key, inner);
  const keyParts = splitType(key);
  judge(checker, expression.key, keyParts.secret ? joinParts(keyParts.core, keyParts.optional ? { optional: true } : {}) : key, [string], {
    what: "a key",
  });
  const element = checker.infer(expression.value, inner);
  return joinParts(map(element), { secret: bound.secret || keyParts.secret || condition?.secret === true });
}

function inferConditional(checker: Checker, expression: Expression & { readonly kind: "conditional" }, env: Env): Type {
  const { secret } = requireBool(checker, expression.condition, env);
  const left = checker.infer(expression.whenTrue, withFacts(env, expression.condition, true));
  const right = checker.infer(expression.whenFalse, withFacts(env, expression.condition, false));
  const joined = joinTypes(left, right);
  if (!joined) {
    return failAt(checker, expression, "K1307", {
      message: `one branch is ${formatType(left)}, the other ${formatType(right)}`,
      hint: "both branches of `? :` give one type",
    });
  }
  const type = secret ? secretType(joined) : joined;
  checker.model.types.set(expression, type);
  return type;
}
