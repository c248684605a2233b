// What a condition tells about null: after `x != null ?` the value of x may be read. Sees tests of names and paths only.

import type { Expression } from "../syntax/ast.ts";
import { type Env, pathKey } from "./checker.ts";

/** Tests nested deeper are not looked into; the author is then asked for `??`. */
const DEEPEST_TEST = 20;

/** The environment where `condition` came out as `outcome`. */
export function withFacts(env: Env, condition: Expression, outcome: boolean): Env {
  const found: string[] = [];
  collect(condition, outcome, found, 0);
  return withNonNull(env, found);
}

export function withNonNull(env: Env, paths: readonly string[]): Env {
  return paths.length === 0 ? env : { ...env, nonNull: new Set([...(env.nonNull ?? []), ...paths]) };
}

/** Paths that are not null when `condition` is `outcome`. */
export function factsOf(condition: Expression, outcome: boolean): readonly string[] {
  const found: string[] = [];
  collect(condition, outcome, found, 0);
  return found;
}

function collect(condition: Expression, outcome: boolean, found: string[], depth: number): void {
  if (depth > DEEPEST_TEST) return;
  let node = condition;
  // `a && b && c` leans left: walk the spine instead of descending it.
  for (;;) {
    if (node.kind === "unary" && node.operator === "!") {
      collect(node.operand, !outcome, found, depth + 1);
      return;
    }
    if (node.kind !== "binary") return;
    if (node.operator === (outcome ? "!=" : "==")) {
      const tested = isNull(node.right) ? node.left : isNull(node.left) ? node.right : undefined;
      const key = tested && pathKey(tested);
      if (key !== undefined) found.push(key);
      return;
    }
    if (node.operator !== (outcome ? "&&" : "||")) return;
    collect(node.right, outcome, found, depth + 1);
    node = node.left;
  }
}

function isNull(expression: Expression): boolean {
  return expression.kind === "literal" && expression.value.type === "null";
}
