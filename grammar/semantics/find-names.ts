// Finds names inside expressions without evaluating them. Walks with a stack of its own: chains may be of any length.

import type { Expression, NameExpression } from "../syntax/ast.ts";
import type { Scope } from "./scope.ts";

/** The first resource that an expression reads, directly or through lets and inputs' defaults. */
export function findResourceUse(scope: Scope, expression: Expression): NameExpression | undefined {
  const seen = new Set<string>();
  // The name in `expression` itself through which a resource is reached: that is what the author must change.
  const queue: { readonly expression: Expression; readonly through?: NameExpression }[] = [{ expression }];
  for (let next = queue.pop(); next; next = queue.pop()) {
    for (const name of namesIn(next.expression)) {
      const declaration = scope.values.get(name.name);
      if (!declaration) continue;
      const through = next.through ?? name;
      if (declaration.kind === "resource") return through;
      if (seen.has(name.name)) continue;
      seen.add(name.name);
      if (declaration.kind === "let") queue.push({ expression: declaration.value, through });
      if (declaration.kind === "input" && declaration.default) queue.push({ expression: declaration.default, through });
    }
  }
  return undefined;
}

/** Every name that an expression reads, iteration names included. */
function namesIn(expression: Expression): readonly NameExpression[] {
  const names: NameExpression[] = [];
  const queue: Expression[] = [expression];
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (node.kind === "name") names.push(node);
    else for (const part of partsOf(node)) queue.push(part);
  }
  return names;
}

function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "string":
      return node.parts.filter((part) => typeof part !== "string");
    case "list":
      return node.items;
    case "object":
      return node.fields.flatMap((field) => [...(field.key.kind === "computed" ? [field.key.expression] : []), field.value]);
    case "list-for":
      return [node.source, node.body, ...(node.condition ? [node.condition] : [])];
    case "map-for":
      return [node.source, node.key, node.value, ...(node.condition ? [node.condition] : [])];
    case "binary":
      return [node.left, node.right];
    case "unary":
      return [node.operand];
    case "conditional":
      return [node.condition, node.whenTrue, node.whenFalse];
    case "member":
      return [node.object];
    case "index":
      return [node.object, node.index];
    case "call":
      // The callee is a function's name, in a namespace of its own.
      return node.arguments;
    default:
      return [];
  }
}
