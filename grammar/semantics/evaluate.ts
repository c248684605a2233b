// The value of every form of expression over known values, secrets and deferred values. Trusts the checker: whatever it did
// not mark broken has the types it should.

import { writeText } from "../functions/value-text.ts";
import { makeAddress, makeDuration, makeSecret, makeSize } from "../graph/make-value.ts";
import { isDeferred, isSecret, type Value } from "../graph/value.ts";
import type { BinaryExpression, Expression, Literal, StringTemplate } from "../syntax/ast.ts";
import { string, type Type } from "../types/type.ts";
import { evaluateCall } from "./evaluate-calls.ts";
import { evaluateListFor, evaluateMapFor } from "./evaluate-iteration.ts";
import { evaluateIndex, evaluateMember } from "./evaluate-members.ts";
import { evaluateName } from "./evaluate-names.ts";
import { charge, type Evaluation, type Locals, stop } from "./evaluation.ts";
import { poisoned } from "./halt.ts";
import { conceal, defer, inspect, reveal, stopDeferred, throughSecret } from "./lift.ts";
import { applyOperation } from "./operations.ts";

export function evaluateExpression(evaluation: Evaluation, expression: Expression, locals: Locals | undefined): Value {
  const { model, cells } = evaluation;
  if (model.broken.size > 0 && model.broken.has(expression)) throw poisoned;
  charge(evaluation, { steps: 1 }, expression.span);
  cells.depth += 1;
  try {
    return evaluateForm(evaluation, expression, locals);
  } finally {
    cells.depth -= 1;
  }
}

function evaluateForm(evaluation: Evaluation, expression: Expression, locals: Locals | undefined): Value {
  switch (expression.kind) {
    case "literal":
      return literalValue(expression);
    case "string":
      return evaluateString(evaluation, expression, locals);
    case "name":
      return evaluateName(evaluation, expression, locals);
    case "list": {
      charge(evaluation, { items: expression.items.length }, expression.span);
      return expression.items.map((item) => evaluation.evaluate(item, locals));
    }
    case "object":
      return evaluateObject(evaluation, expression, locals);
    case "list-for":
      return evaluateListFor(evaluation, expression, locals);
    case "map-for":
      return evaluateMapFor(evaluation, expression, locals);
    case "binary":
      return evaluateBinary(evaluation, expression, locals);
    case "unary":
      return operate(
        evaluation,
        expression.operator === "-" ? "#neg" : "#!",
        [evaluation.evaluate(expression.operand, locals)],
        expression,
      );
    case "conditional":
      return evaluateConditional(evaluation, expression, locals);
    case "member":
      return evaluateMember(evaluation, expression, locals);
    case "index":
      return evaluateIndex(evaluation, expression, locals);
    case "call":
      return evaluateCall(evaluation, expression, locals);
    case "error":
      throw poisoned;
  }
}

/** Runs an operation of the language, over secret and deferred operands too. */
function operate(evaluation: Evaluation, name: string, operands: readonly Value[], at: Expression): Value {
  const { secret, deferred } = inspect(operands);
  if (secret) return conceal(evaluation, () => operate(evaluation, name, operands.map(reveal), at));
  if (deferred.length > 0) return defer(evaluation, name, operands, typeOf(evaluation, at), at.span);
  const result = applyOperation(name, operands);
  if ("value" in result) {
    const { value } = result;
    if (typeof value === "string") charge(evaluation, { bytes: value.length }, at.span);
    else if (Array.isArray(value)) charge(evaluation, { items: value.length }, at.span);
    return value;
  }
  return stop(evaluation, result.code, { message: result.mistake, span: at.span, hint: result.hint });
}

function typeOf(evaluation: Evaluation, expression: Expression): Type {
  return evaluation.model.types.get(expression) ?? string;
}

function literalValue({ value }: Literal): Value {
  switch (value.type) {
    case "null":
      return null;
    case "size":
      return makeSize(value.value);
    case "duration":
      return makeDuration(value.value);
    case "ip":
    case "cidr":
      return makeAddress(value.type, value.value);
    default:
      return value.value;
  }
}

function evaluateString(evaluation: Evaluation, expression: StringTemplate, locals: Locals | undefined): Value {
  const text = concatenate(evaluation, expression, locals);
  const use = evaluation.model.typedStrings.get(expression);
  if (use === undefined) return text;
  return throughSecret(evaluation, text, (value) =>
    isDeferred(value)
      ? defer(evaluation, `#${use}`, [value], { kind: use === "ip" ? "ip" : "cidr" }, expression.span)
      : operate(evaluation, `#${use}`, [value], expression),
  );
}

function concatenate(evaluation: Evaluation, expression: StringTemplate, locals: Locals | undefined): Value {
  const [only] = expression.parts;
  if (expression.parts.length <= 1 && (only === undefined || typeof only === "string")) return only ?? "";
  const parts: Value[] = [];
  let secret = false;
  let deferred = false;
  for (const part of expression.parts) {
    let value: Value = typeof part === "string" ? part : evaluation.evaluate(part, locals);
    if (isSecret(value)) {
      secret = true;
      value = value.value as Value;
    }
    if (isDeferred(value)) deferred = true;
    parts.push(value);
  }
  const text = deferred ? deferConcatenation(evaluation, parts, expression) : joinTexts(evaluation, parts, expression);
  return secret ? makeSecret(text) : text;
}

function joinTexts(evaluation: Evaluation, parts: readonly Value[], expression: StringTemplate): string {
  let text = "";
  for (const part of parts) text += writeText(part) ?? "";
  charge(evaluation, { bytes: text.length }, expression.span);
  return text;
}

/** Strings of strings become one flat concatenation, so that a chain of them does not nest. */
function deferConcatenation(evaluation: Evaluation, parts: readonly Value[], expression: StringTemplate): Value {
  const flat: Value[] = [];
  for (const part of parts) {
    const inner =
      isDeferred(part) && part.expression.op === "call" && part.expression.name === "#concat" ? part.expression.arguments : [part];
    for (const piece of inner) {
      const last = flat.at(-1);
      const text = isDeferred(piece) ? undefined : writeText(piece);
      if (text !== undefined && typeof last === "string") flat[flat.length - 1] = last + text;
      else flat.push(text ?? piece);
    }
  }
  charge(evaluation, { items: flat.length }, expression.span);
  return defer(evaluation, "#concat", flat, string, expression.span);
}

function evaluateObject(evaluation: Evaluation, expression: Expression & { readonly kind: "object" }, locals: Locals | undefined): Value {
  charge(evaluation, { items: expression.fields.length }, expression.span);
  const entries = new Map<string, Value>();
  let secret = false;
  for (const { key, value } of expression.fields) {
    let name: Value = key.kind === "fixed" ? key.name : evaluation.evaluate(key.expression, locals);
    if (isSecret(name)) {
      secret = true;
      name = name.value as Value;
    }
    const span = key.kind === "fixed" ? key.span : key.expression.span;
    const { deferred } = inspect([name]);
    if (deferred.length > 0) stopDeferred(evaluation, deferred, "a key", span);
    if (entries.has(name as string)) {
      stop(evaluation, "K1417", { message: `the key ${JSON.stringify(name)} stands twice`, span, hint: "keys of a map are distinct" });
    }
    entries.set(name as string, evaluation.evaluate(value, locals));
  }
  return secret ? makeSecret(entries) : entries;
}

function evaluateConditional(
  evaluation: Evaluation,
  expression: Expression & { readonly kind: "conditional" },
  locals: Locals | undefined,
): Value {
  const condition = evaluation.evaluate(expression.condition, locals);
  return throughSecret(evaluation, condition, (known) => {
    if (!isDeferred(known)) return evaluation.evaluate(known === true ? expression.whenTrue : expression.whenFalse, locals);
    const branches = [evaluation.evaluate(expression.whenTrue, locals), evaluation.evaluate(expression.whenFalse, locals)];
    return operate(evaluation, "#if", [known, ...branches], expression);
  });
}

function evaluateBinary(evaluation: Evaluation, expression: BinaryExpression, locals: Locals | undefined): Value {
  // Chains lean left: walked in a loop, as the checker does.
  const spine: BinaryExpression[] = [];
  let first: Expression = expression;
  while (first.kind === "binary") {
    if (evaluation.model.broken.size > 0 && evaluation.model.broken.has(first)) throw poisoned;
    spine.push(first);
    first = first.left;
  }
  let value = evaluation.evaluate(first, locals);
  for (let node = spine.pop(); node; node = spine.pop()) {
    charge(evaluation, { steps: 1 }, node.span);
    value = combine(evaluation, node, value, locals);
  }
  return value;
}

function combine(evaluation: Evaluation, node: BinaryExpression, left: Value, locals: Locals | undefined): Value {
  switch (node.operator) {
    case "&&":
    case "||":
      return throughSecret(evaluation, left, (known) => {
        const decides = node.operator === "||";
        if (known === decides) return decides;
        const right = evaluation.evaluate(node.right, locals);
        return known === !decides
          ? right
          : throughSecret(evaluation, right, (other) => decideTogether(evaluation, node, known, other, decides));
      });
    case "??":
      return throughSecret(evaluation, left, (known) => {
        if (known === null) return evaluation.evaluate(node.right, locals);
        if (!isDeferred(known) || known.type.kind !== "optional") return known;
        return operate(evaluation, "#??", [known, evaluation.evaluate(node.right, locals)], node);
      });
    default: {
      const right = evaluation.evaluate(node.right, locals);
      if (typeof left === "number" && typeof right === "number") {
        // The common case, without looking for secrets and deferred values.
        const quick = quickArithmetic(node.operator, left, right);
        if (quick !== undefined) return quick;
      }
      return operate(evaluation, `#${node.operator}`, [left, right], node);
    }
  }
}

/** `left` is deferred; a known right side may still decide. */
function decideTogether(evaluation: Evaluation, node: BinaryExpression, left: Value, right: Value, decides: boolean): Value {
  if (right === decides) return decides;
  if (right === !decides) return left;
  return operate(evaluation, `#${node.operator}`, [left, right], node);
}

function quickArithmetic(operator: string, left: number, right: number): Value | undefined {
  switch (operator) {
    case "+": {
      const sum = left + right;
      return Number.isSafeInteger(sum) ? sum : undefined;
    }
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    default:
      return undefined;
  }
}
