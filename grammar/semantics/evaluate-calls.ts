// Values of calls: the library's functions over known arguments, deferred or tainted where an argument is.

import type { FunctionContext, FunctionMistake, FunctionSchema } from "../functions/function.ts";
import { type Deferred, isDeferred, isSecret, type Value } from "../graph/value.ts";
import type { CallExpression } from "../syntax/ast.ts";
import { string } from "../types/type.ts";
import { readCloud } from "./evaluate-clouds.ts";
import { type Evaluation, type Locals, stop, stopSpent } from "./evaluation.ts";
import { poisoned } from "./halt.ts";
import { conceal, defer, inspect, reveal, stopDeferred } from "./lift.ts";

export function evaluateCall(evaluation: Evaluation, expression: CallExpression, locals: Locals | undefined): Value {
  const schema = expression.callee.kind === "name" ? evaluation.model.functions.get(expression.callee.name) : undefined;
  if (!schema) throw poisoned;
  const args = expression.arguments.map((argument) => evaluation.evaluate(argument, locals));
  return call(evaluation, schema, args, expression);
}

function call(evaluation: Evaluation, schema: FunctionSchema, args: readonly Value[], expression: CallExpression): Value {
  const contents = schema.passesElements ? inspectOutside(args) : inspect(args);
  if (contents.secret) {
    const open = schema.passesElements ? revealOutside : reveal;
    return conceal(evaluation, () => call(evaluation, schema, args.map(open), expression));
  }
  const context = makeContext(evaluation, expression);
  if (contents.deferred.length > 0) return deferCall(evaluation, schema, args, contents.deferred, expression, context);
  const result = schema.run(args, context);
  return "value" in result ? result.value : stopCall(evaluation, schema, result, expression);
}

function deferCall(
  evaluation: Evaluation,
  schema: FunctionSchema,
  args: readonly Value[],
  deferred: readonly Deferred[],
  expression: CallExpression,
  context: FunctionContext,
): Value {
  const type = evaluation.model.types.get(expression) ?? string;
  if (!schema.compileTimeOnly) return defer(evaluation, schema.name, args, type, expression.span);
  const left = schema.defer?.(args, context);
  if (!left) return stopDeferred(evaluation, deferred, `what \`${schema.name}\` is given`, expression.span);
  if ("mistake" in left) {
    const at = left.argument === undefined ? undefined : args[left.argument];
    if (at !== undefined && isDeferred(at)) stopDeferred(evaluation, [at], `what \`${schema.name}\` is given`, expression.span);
    return stopCall(evaluation, schema, left, expression);
  }
  return defer(evaluation, left.name, left.arguments, type, expression.span);
}

function makeContext(evaluation: Evaluation, expression: CallExpression): FunctionContext {
  return {
    readFile: (path) => evaluation.readFile(expression.span.file, path),
    spend: (cost) => evaluation.budget.spend(cost),
    zones: (name) => {
      const provider = evaluation.model.checkedClouds.get(name)?.provider;
      const region = provider && readCloud(evaluation, name, "region", expression.span);
      return provider && typeof region === "string" ? provider.zones(region) : undefined;
    },
  };
}

function stopCall(evaluation: Evaluation, schema: FunctionSchema, mistake: FunctionMistake, expression: CallExpression): never {
  const span = mistake.argument === undefined ? expression.span : (expression.arguments[mistake.argument]?.span ?? expression.span);
  if (evaluation.budget.spentOn() !== undefined) return stopSpent(evaluation, span);
  return stop(evaluation, "K1414", {
    message: `\`${schema.name}\` cannot be computed: ${mistake.mistake}`,
    span,
    hint: mistake.hint ?? schema.doc,
  });
}

/** For functions that pass elements through: only the arguments themselves count. */
function inspectOutside(args: readonly Value[]): ReturnType<typeof inspect> {
  const secret = args.some(isSecret);
  return { secret, deferred: args.filter(isDeferred) };
}

function revealOutside(value: Value): Value {
  return isSecret(value) ? (value.value as Value) : value;
}
