// Syntax trees as short texts for assertions, and the spans of a tree for the laws about them.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { Span } from "../../grammar/source/span.ts";
import type { Body, Declaration, Each, Expression, Item, SyntaxTree, TypeExpression } from "../../grammar/syntax/ast.ts";
import { type ParseResult, parse } from "../../grammar/syntax/parse.ts";

export function parseText(text: string): ParseResult {
  return parse({ path: "main.koine", text });
}

/** `K1101 expected …` for each mistake. */
export function mistakesIn(text: string): readonly string[] {
  return parseText(text).diagnostics.map(({ code, message }) => `${code} ${message}`);
}

/** The source under a diagnostic's carets. */
export function textUnder(text: string, diagnostic: Diagnostic | undefined): string {
  return diagnostic?.span ? text.slice(diagnostic.span.start, diagnostic.span.end) : "";
}

/** The value of `let x = <source>`, printed; mistakes in front. */
export function printValue(source: string): string {
  const { tree, diagnostics } = parseText(`let x = ${source}\n`);
  const [first] = tree.declarations;
  const value = first?.kind === "let" ? printExpression(first.value) : "?";
  return [...diagnostics.map(({ code }) => code), value].join(" ");
}

/** All declarations of a text, printed; mistakes in front. */
export function printText(text: string): readonly string[] {
  const { tree, diagnostics } = parseText(text);
  return [...diagnostics.map(({ code }) => code), ...tree.declarations.map(printDeclaration)];
}

export function printExpression(node: Expression): string {
  switch (node.kind) {
    case "literal":
      return "value" in node.value ? `${node.value.type === "int" ? "" : `${node.value.type}:`}${node.value.value}` : "null";
    case "string":
      return `${node.form === "quoted" ? "" : node.form}"${node.parts.map((part) => (typeof part === "string" ? JSON.stringify(part).slice(1, -1) : `\${${printExpression(part)}}`)).join("|")}"`;
    case "name":
      return node.name;
    case "error":
      return "<error>";
    case "list":
      return `[${node.items.map(printExpression).join(" ")}]`;
    case "object":
      return `{${node.fields.map(({ key, value }) => `${key.kind === "fixed" ? key.name : `[${printExpression(key.expression)}]`}=${printExpression(value)}`).join(" ")}}`;
    case "list-for":
      return `[for ${node.names.map(({ name }) => name).join(",")} in ${printExpression(node.source)}: ${printExpression(node.body)}${printIf(node.condition)}]`;
    case "map-for":
      return `{for ${node.names.map(({ name }) => name).join(",")} in ${printExpression(node.source)}: ${printExpression(node.key)}=>${printExpression(node.value)}${printIf(node.condition)}}`;
    case "binary":
      return `(${printExpression(node.left)} ${node.operator} ${printExpression(node.right)})`;
    case "unary":
      return `(${node.operator}${printExpression(node.operand)})`;
    case "conditional":
      return `(${printExpression(node.condition)} ? ${printExpression(node.whenTrue)} : ${printExpression(node.whenFalse)})`;
    case "member":
      return `${printExpression(node.object)}${node.optional ? "?." : "."}${node.name.name}`;
    case "index":
      return `${printExpression(node.object)}[${printExpression(node.index)}]`;
    case "call":
      return `${printExpression(node.callee)}(${node.arguments.map(printExpression).join(" ")})`;
  }
}

function printIf(condition: Expression | undefined): string {
  return condition ? ` if ${printExpression(condition)}` : "";
}

export function printType(type: TypeExpression): string {
  switch (type.kind) {
    case "type-name":
      return type.name;
    case "type-union":
      return type.values.map(({ value }) => JSON.stringify(value)).join("|");
    case "type-list":
    case "type-map":
      return `${type.kind.slice(5)}<${printType(type.element)}>`;
    case "type-object":
      return `{${type.fields.map((field) => `${field.name.name}:${printType(field.type)}`).join(" ")}}`;
    case "type-optional":
      return `${printType(type.inner)}?`;
    case "type-secret":
      return `secret(${printType(type.inner)})`;
    case "type-error":
      return "<error>";
  }
}

export function printItem(item: Item): string {
  switch (item.kind) {
    case "attribute":
      return `${item.name.name}=${printExpression(item.value)}`;
    case "block":
      return `${item.name.name}${item.label ? ` ${item.label.name}` : ""} ${printBody(item.body)}`;
    case "refinement":
      return `on ${item.provider.name} ${printBody(item.body)}`;
    case "allow": {
      const ports = item.ports.map(({ from, to }) => `${printExpression(from)}${to ? `-${printExpression(to)}` : ""}`);
      const peers = item.peers.map((peer) => (peer.kind === "any" ? "any" : printExpression(peer.expression)));
      return `allow ${item.protocol} ${ports.join(",")} ${item.direction} ${peers.join(",")}`;
    }
  }
}

export function printBody(body: Body): string {
  return `{${body.items.map(printItem).join("; ")}${body.incomplete ? " …" : ""}}`;
}

function printEach(each: Each): string {
  return `[${each.names.length > 0 ? `${each.names.map(({ name }) => name).join(",")} in ` : ""}${printExpression(each.source)}]`;
}

export function printDeclaration(node: Declaration): string {
  const optional = (word: string, expression: Expression | undefined) => (expression ? ` ${word} ${printExpression(expression)}` : "");
  switch (node.kind) {
    case "stack":
      return `stack ${node.name.name}${optional("on", node.on)}${node.body ? ` ${printBody(node.body)}` : ""}`;
    case "input":
      return `input ${node.name.name}: ${printType(node.type)}${optional("=", node.default)}${optional("where", node.where)}${optional(",", node.message)}`;
    case "let":
    case "output":
      return `${node.kind} ${node.name.name}${node.type ? `: ${printType(node.type)}` : ""} = ${printExpression(node.value)}`;
    case "cloud":
      return `cloud ${node.name.name}${node.provider ? ` = ${node.provider.name}` : ""} ${printBody(node.body)}`;
    case "assert":
      return `assert ${printExpression(node.condition)}${optional(",", node.message)}`;
    case "resource": {
      const annotations = node.annotations.map((one) => `@${one.name.name}(${one.arguments.map(printExpression).join(" ")}) `).join("");
      const each = node.each ? printEach(node.each) : "";
      return `${annotations}${node.type.name} ${node.name.name}${each}${optional("on", node.on)}${optional("if", node.condition)} ${printBody(node.body)}`;
    }
  }
}

/** Every span of a tree with the span of the node around it. */
export function spansOf(tree: SyntaxTree): readonly { readonly span: Span; readonly around: Span | undefined }[] {
  const found: { span: Span; around: Span | undefined }[] = [];
  const isSpan = (value: object): value is Span => "start" in value && "end" in value && "file" in value;
  const visit = (value: unknown, around: Span | undefined) => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const one of value) visit(one, around);
      return;
    }
    const own = "span" in value && typeof value.span === "object" && value.span !== null && isSpan(value.span) ? value.span : undefined;
    if (own) found.push({ span: own, around });
    for (const [key, one] of Object.entries(value)) {
      if (key === "span") continue;
      if (typeof one === "object" && one !== null && isSpan(one)) found.push({ span: one, around: own ?? around });
      else visit(one, own ?? around);
    }
  };
  visit(tree.declarations, undefined);
  return found;
}
