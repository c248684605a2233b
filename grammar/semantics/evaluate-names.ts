// Values of names: iteration names, then inputs, lets, clouds and resources, each computed at first demand and kept.

import { makeCloud } from "../graph/make-value.ts";
import type { Value } from "../graph/value.ts";
import type { NameExpression } from "../syntax/ast.ts";
import { newCell } from "./cells.ts";
import type { Evaluation, Locals } from "./evaluation.ts";
import { expand } from "./expand.ts";
import { poisoned } from "./halt.ts";
import { readInput, sealByType } from "./inputs.ts";
import { requirePorts } from "./port-range.ts";
import { describeDeclaration } from "./scope.ts";

export function evaluateName(evaluation: Evaluation, expression: NameExpression, locals: Locals | undefined): Value {
  for (let local = locals; local; local = local.next) if (local.name === expression.name) return local.value;
  return evaluateNamed(evaluation, expression.name);
}

/** The value of a declared name. */
export function evaluateNamed(evaluation: Evaluation, name: string): Value {
  const declaration = evaluation.model.scope.values.get(name);
  if (!declaration) throw poisoned;
  if (declaration.kind === "cloud") return makeCloud(name);
  if (declaration.kind === "resource") return expand(evaluation, name).value;
  let cell = evaluation.values.get(name);
  if (!cell) {
    cell = newCell<Value>();
    evaluation.values.set(name, cell);
  }
  if (cell.state === "done") return cell.value ?? null;
  return evaluation.cells.demand(
    cell,
    () => ({ label: describeDeclaration(declaration), span: declaration.name.span }),
    () => {
      if (evaluation.model.brokenNames.has(name)) throw poisoned;
      if (declaration.kind === "input") return readInput(evaluation, declaration);
      const value = evaluation.evaluate(declaration.value, undefined);
      const type = declaration.type && evaluation.model.valueTypes.get(name)?.value;
      return type ? sealByType(requirePorts(evaluation, value, type, `\`${name}\``, declaration.value.span), type) : value;
    },
  );
}
