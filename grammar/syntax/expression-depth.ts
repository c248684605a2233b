// How deep the tree of an expression is. Walks with a stack of its own, since its whole point is trees that recursion could
// not survive.

import type { Expression } from "./ast.ts";

/** The number of nodes on the longest way down. Interpolations not yet read count as one. */
export function measureDepth(root: Expression): number {
  let deepest = 0;
  const waiting: { readonly node: Expression; readonly depth: number }[] = [{ node: root, depth: 1 }];
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    if (entry.depth > deepest) deepest = entry.depth;
    for (const node of childrenOf(entry.node)) waiting.push({ node, depth: entry.depth + 1 });
  }
  return deepest;
}

/** The expressions directly inside one, in the order of the source. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "literal":
    case "name":
    case "error":
      return [];
    case "string":
      return node.parts.filter((part) => typeof part !== "string");
    case "list":
      return node.items;
    case "object":
      return node.fields.flatMap((field) => (field.key.kind === "computed" ? [field.key.expression, field.value] : [field.value]));
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
      return [node.callee, ...node.arguments];
  }
}
