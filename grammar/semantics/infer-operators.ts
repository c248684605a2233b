// Types of operators. Chains lean left and are walked in a loop, so that a sum of ten thousand terms needs no stack.

import { suggest } from "../diagnostics/suggest.ts";
import type { BinaryExpression, BinaryOperator, Expression, UnaryExpression } from "../syntax/ast.ts";
import { formatType } from "../types/format-type.ts";
import { joinTypes } from "../types/join-types.ts";
import { bool, duration, errorType, int, list, number, secret as secretType, size, string, type Type } from "../types/type.ts";
import { joinParts, splitType, withoutSecrets } from "../types/type-parts.ts";
import { type Checker, type Env, failAt, failOptional } from "./checker.ts";
import { factsOf, withNonNull } from "./null-facts.ts";

export function inferBinary(checker: Checker, expression: BinaryExpression, env: Env): Type {
  const spine: BinaryExpression[] = [];
  let first: Expression = expression;
  while (first.kind === "binary") {
    spine.push(first);
    first = first.left;
  }
  let type = checker.infer(first, env);
  // What the chain of `&&` (or `||`) so far tells of null, for the operands to its right.
  let facts: readonly string[] = [];
  let chain: BinaryOperator | undefined;
  for (let node = spine.pop(); node; node = spine.pop()) {
    let rightEnv = env;
    if (node.operator === "&&" || node.operator === "||") {
      const told = factsOf(chain === node.operator && node.left.kind === "binary" ? node.left.right : node.left, node.operator === "&&");
      facts = chain === node.operator ? [...facts, ...told] : told;
      rightEnv = withNonNull(env, facts);
    }
    chain = node.operator;
    const right = checker.infer(node.right, rightEnv);
    type = combine(checker, node, type, right);
    checker.model.types.set(node, type);
  }
  return type;
}

export function inferUnary(checker: Checker, expression: UnaryExpression, env: Env): Type {
  const operand = checker.infer(expression.operand, env);
  const { core, optional, secret } = splitType(operand);
  if (core.kind === "error") return errorType;
  if (optional) return failOptional(checker, expression.operand, `\`${expression.operator}\``);
  const fits = expression.operator === "!" ? core.kind === "bool" : core.kind === "int" || core.kind === "number" || core.kind === "port";
  if (!fits) {
    return failAt(checker, expression, "K1302", {
      message: `\`${expression.operator}\` takes ${expression.operator === "!" ? "bool" : "a number"}, not ${formatType(core)}`,
      hint:
        expression.operator === "!" ? "compare first, for example `!(x == 1)`" : "sizes and durations are never negative: subtract instead",
    });
  }
  const type = joinParts(core.kind === "port" ? int : core, { secret });
  checker.model.types.set(expression, type);
  return type;
}

function combine(checker: Checker, node: BinaryExpression, left: Type, right: Type): Type {
  const a = splitType(left);
  const b = splitType(right);
  if (a.core.kind === "error" || b.core.kind === "error") return errorType;
  const taint = (type: Type): Type => (a.secret || b.secret ? secretType(type) : type);
  if (node.operator === "??") return coalesce(checker, node, left, right);
  if (node.operator === "==" || node.operator === "!=") {
    return comparable(checker, node, withoutSecrets(left), withoutSecrets(right)) ? taint(bool) : errorType;
  }
  if (a.optional || a.core.kind === "null") return failOptional(checker, node.left, `\`${node.operator}\``);
  if (b.optional || b.core.kind === "null") return failOptional(checker, node.right, `\`${node.operator}\``);
  const result = resultOf(node.operator, a.core, b.core);
  if (result) return taint(result);
  return failAt(checker, node, "K1302", {
    message: `\`${node.operator}\` does not take ${formatType(a.core)} and ${formatType(b.core)}`,
    label: `${formatType(a.core)} ${node.operator} ${formatType(b.core)}`,
    hint: operandHint(node.operator, a.core, b.core),
  });
}

function coalesce(checker: Checker, node: BinaryExpression, left: Type, right: Type): Type {
  const a = splitType(left);
  const whenPresent = joinParts(a.core, a.secret ? { secret: true } : {});
  const joined = a.core.kind === "null" ? right : joinTypes(whenPresent, right);
  if (joined) return a.secret ? secretType(joined) : joined;
  return failAt(checker, node, "K1307", {
    message: `\`??\` would give ${formatType(a.core)} or ${formatType(right)}`,
    hint: "the substitute has the type of what it stands in for",
  });
}

function comparable(checker: Checker, node: BinaryExpression, left: Type, right: Type): boolean {
  const a = splitType(left);
  const b = splitType(right);
  if (a.core.kind === "null" || b.core.kind === "null") return true;
  if (a.core.kind === "union" && b.core.kind === "union") {
    const known = new Set(a.core.values);
    if (b.core.values.some((value) => known.has(value))) return true;
    const literal = b.core.values.length === 1 ? b.core.values[0] : a.core.values.length === 1 ? a.core.values[0] : undefined;
    const others = b.core.values.length === 1 ? a.core.values : b.core.values;
    const near = literal === undefined ? undefined : suggest(literal, others);
    failAt(checker, node, "K1311", {
      message: `${formatType(a.core)} is never ${formatType(b.core)}`,
      hint:
        near === undefined
          ? `possible values are ${others.map((value) => JSON.stringify(value)).join(", ")}`
          : `did you mean \`${JSON.stringify(near)}\`?`,
    });
    return false;
  }
  if (joinTypes(a.core, b.core)) return true;
  failAt(checker, node, "K1311", {
    message: `${formatType(a.core)} and ${formatType(b.core)} are never equal`,
    hint: "compare values of one type",
  });
  return false;
}

function resultOf(operator: BinaryOperator, a: Type, b: Type): Type | undefined {
  const bothNumbers = isNumeric(a) && isNumeric(b);
  const amount = a.kind === "size" ? size : a.kind === "duration" ? duration : undefined;
  switch (operator) {
    case "&&":
    case "||":
      return a.kind === "bool" && b.kind === "bool" ? bool : undefined;
    case "..":
      return isInteger(a) && isInteger(b) ? list(int) : undefined;
    case "<":
    case "<=":
    case ">":
    case ">=":
      return bothNumbers || (isText(a) && isText(b)) || (amount && b.kind === a.kind) ? bool : undefined;
    case "+":
      if (isText(a) && isText(b)) return string;
      if (bothNumbers) return widest(a, b);
      return amount && b.kind === a.kind ? amount : undefined;
    case "-":
      if (bothNumbers) return widest(a, b);
      return amount && b.kind === a.kind ? amount : undefined;
    case "*":
      if (bothNumbers) return widest(a, b);
      if (amount && isNumeric(b)) return amount;
      return isNumeric(a) && (b.kind === "size" || b.kind === "duration") ? b : undefined;
    case "/":
      if (bothNumbers) return number;
      if (amount && isNumeric(b)) return amount;
      return amount && b.kind === a.kind ? number : undefined;
    case "%":
      return bothNumbers ? widest(a, b) : undefined;
    default:
      return undefined;
  }
}

function operandHint(operator: BinaryOperator, a: Type, b: Type): string {
  const text = isText(a) || isText(b);
  if (operator === "+" && text) return 'join text with interpolation: `"${a}${b}"`';
  if (operator === "+" && a.kind === "list" && b.kind === "list") return "join lists with `flatten([a, b])`";
  if (operator === "+" && (a.kind === "map" || a.kind === "object")) return "join maps with `merge(a, b)`";
  const amount = a.kind === "size" || b.kind === "size" ? "20GiB" : a.kind === "duration" || b.kind === "duration" ? "30s" : undefined;
  if (amount) return `give both a unit, for example \`${amount}\`; sizes and durations scale by numbers with \`*\` and \`/\``;
  if (operator === "&&" || operator === "||") return "both sides are conditions";
  if (operator === "..") return "both ends of a range are ints";
  return "both sides have one type";
}

function isNumeric(type: Type): boolean {
  return type.kind === "number" || isInteger(type);
}

function isInteger(type: Type): boolean {
  return type.kind === "int" || type.kind === "port";
}

function isText(type: Type): boolean {
  return type.kind === "string" || type.kind === "union";
}

function widest(a: Type, b: Type): Type {
  return a.kind === "number" || b.kind === "number" ? number : int;
}
