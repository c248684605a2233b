// Types of calls: the function by its schema, arguments by its parameters, the result tainted by secrets.

import { suggest } from "../diagnostics/suggest.ts";
import type { FunctionSchema, Parameter } from "../functions/function.ts";
import type { CallExpression } from "../syntax/ast.ts";
import { errorType, optional, secret as secretType, type Type } from "../types/type.ts";
import { containsSecret, splitType, withoutSecrets } from "../types/type-parts.ts";
import { assign } from "./assign.ts";
import { type Checker, type Env, failAt, findLocal } from "./checker.ts";

export function inferCall(checker: Checker, expression: CallExpression, env: Env): Type {
  const { callee } = expression;
  const schema = callee.kind === "name" ? checker.model.functions.get(callee.name) : undefined;
  if (!schema) {
    for (const argument of expression.arguments) checker.infer(argument, env);
    return failCallee(checker, expression, env);
  }
  if (!checkCount(checker, expression, schema)) return errorType;
  const types = expression.arguments.map((argument, index) => {
    const parameter = parameterAt(schema, index);
    if (!parameter) return errorType;
    const accepted = [parameter.type, ...(parameter.or ?? [])].map((type) => (parameter.optional ? optional(type) : type));
    return assign(checker, argument, env, accepted, {
      what: `\`${parameter.name}\` of \`${schema.name}\``,
      acceptsSecret: true,
    });
  });
  if (types.some((type) => type.kind === "error")) return errorType;
  const tainted = types.some((type) => (schema.passesElements ? splitType(type).secret : containsSecret(type)));
  const plain = schema.passesElements ? types.map(withoutOuterSecret) : types.map(withoutSecrets);
  const result = typeof schema.result === "function" ? schema.result(plain) : schema.result;
  const type = tainted ? secretType(withoutSecrets(result)) : result;
  checker.model.types.set(expression, type);
  return type;
}

function parameterAt(schema: FunctionSchema, index: number): Parameter | undefined {
  const last = schema.parameters.at(-1);
  return schema.parameters[index] ?? (last?.rest ? last : undefined);
}

/** `subnet(cidr, newbits, number)`, optional ones in brackets. */
function formatSignature(schema: FunctionSchema): string {
  const parameters = schema.parameters.map(({ name, optional: may, rest }) => (rest ? `${name}…` : may ? `[${name}]` : name));
  return `${schema.name}(${parameters.join(", ")})`;
}

function withoutOuterSecret(type: Type): Type {
  const parts = splitType(type);
  return parts.optional ? optional(parts.core) : parts.core;
}

function checkCount(checker: Checker, expression: CallExpression, schema: FunctionSchema): boolean {
  const given = expression.arguments.length;
  const needed = schema.parameters.filter((parameter) => !parameter.optional && !parameter.rest).length;
  const most = schema.parameters.at(-1)?.rest ? Number.POSITIVE_INFINITY : schema.parameters.length;
  if (given >= needed && given <= most) return true;
  const missing = schema.parameters[given]?.name;
  failAt(checker, expression, "K1308", {
    message:
      given < needed
        ? `\`${schema.name}\` lacks the argument \`${missing ?? ""}\``
        : `\`${schema.name}\` takes ${most === 1 ? "one argument" : `${most} arguments`}, not ${given}`,
    hint: `it is called as \`${formatSignature(schema)}\``,
  });
  return false;
}

function failCallee(checker: Checker, expression: CallExpression, env: Env): Type {
  const { callee } = expression;
  if (callee.kind === "error") return errorType;
  if (callee.kind !== "name") {
    const method = callee.kind === "member" && checker.model.functions.has(callee.name.name) ? callee.name.name : undefined;
    return failAt(checker, expression, "K1308", {
      span: callee.span,
      message: "only functions can be called",
      hint: method ? `write it as a function: \`${method}(…)\`` : "call a function by its name: `lower(x)`",
    });
  }
  const isValue = checker.model.scope.values.has(callee.name) || findLocal(env, callee.name) !== undefined;
  const near = suggest(callee.name, [...checker.model.functions.keys()]);
  return failAt(checker, expression, "K1204", {
    span: callee.span,
    message: isValue ? `\`${callee.name}\` is a value, not a function` : `there is no function \`${callee.name}\``,
    hint: near
      ? `did you mean \`${near}\`?`
      : isValue
        ? "leave the parentheses out"
        : "see `koine explain K1204` for the functions there are",
    ...(near && !isValue ? { fix: { title: `change to ${near}`, span: callee.span, replacement: near } } : {}),
  });
}
