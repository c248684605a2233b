// Types of `x.name`, `x?.name` and `x[…]`: props and attributes of resources, fields, keys and positions.

import { suggest } from "../diagnostics/suggest.ts";
import type { AttributeSchema, BlockSchema, KindSchema, PropSchema } from "../kinds/kind.ts";
import type { Expression, IndexExpression, MemberExpression } from "../syntax/ast.ts";
import { formatType, formatTypes } from "../types/format-type.ts";
import { asMapElement, joinAll } from "../types/join-types.ts";
import { any, errorType, list, map, optional, string, type Type } from "../types/type.ts";
import { fieldOf, joinParts, splitType } from "../types/type-parts.ts";
import { judge } from "./assign.ts";
import { type Checker, type Env, failAt, failOptional, narrow } from "./checker.ts";

export function inferMember(checker: Checker, expression: MemberExpression, env: Env): Type {
  const object = checker.infer(expression.object, env);
  const parts = splitType(object);
  if (parts.core.kind === "error") return errorType;
  if ((parts.optional || parts.core.kind === "null") && !expression.optional) {
    return failOptional(checker, expression.object, `\`.${expression.name.name}\``);
  }
  if (parts.core.kind === "null") return record(checker, expression, parts.core);
  const member = memberOf(checker, expression, parts.core);
  if (member.kind === "error") return errorType;
  const type = joinParts(member, { secret: parts.secret, optional: parts.optional });
  return narrow(env, expression, record(checker, expression, normalise(type)));
}

export function inferIndex(checker: Checker, expression: IndexExpression, env: Env): Type {
  const object = splitType(checker.infer(expression.object, env));
  const indexType = checker.infer(expression.index, env);
  const index = splitType(indexType);
  if (object.core.kind === "error" || index.core.kind === "error") return errorType;
  if (object.optional || object.core.kind === "null") return failOptional(checker, expression.object, "`[…]`");
  const secret = object.secret || index.secret;
  const plainIndex = index.optional ? optional(index.core) : index.core;
  if (object.core.kind === "list") {
    if (judge(checker, expression.index, plainIndex, [{ kind: "int" }], { what: "a position in a list" }).kind === "error")
      return errorType;
    return record(checker, expression, normalise(joinParts(object.core.element, { secret })));
  }
  const element = indexedElement(object.core, expression.index);
  if (!element) {
    return failAt(checker, expression, "K1305", {
      message: `${formatType(object.core)} cannot be indexed`,
      hint: object.core.kind === "resource" ? "it is one resource: read it by its name alone" : "only lists, maps and objects can",
    });
  }
  const accepted: readonly Type[] = [string, { kind: "cloud" }];
  if (judge(checker, expression.index, plainIndex, accepted, { what: "a key" }).kind === "error") return errorType;
  return record(checker, expression, normalise(joinParts(element, { secret })));
}

/** What reading a prop gives: the type as normalised, `?` where it may be unset. Undefined where it may be of two types. */
function readType(kind: Pick<KindSchema, "exclusive" | "attributes">, name: string, schema: PropSchema): Type | undefined {
  const base = schema.many ? list(schema.type) : schema.or ? joinAll([schema.type, ...schema.or]) : schema.type;
  const inChoice = kind.exclusive?.some((group) => group.includes(name)) ?? false;
  const always = schema.default !== undefined || (schema.required && !inChoice) || schema.computed || Object.hasOwn(kind.attributes, name);
  return base === undefined || always || schema.many ? base : optional(base);
}

function memberOf(checker: Checker, expression: MemberExpression, core: Type): Type {
  const { name } = expression.name;
  switch (core.kind) {
    case "resource": {
      const kind = checker.model.kinds.get(core.of);
      return kind ? memberOfKind(checker, expression, kind) : errorType;
    }
    case "block": {
      const block = checker.model.kinds.get(core.of)?.blocks?.[core.block];
      return block ? memberOfBlock(checker, expression, core.of, core.block, block) : errorType;
    }
    case "cloud":
      if (name === "name" || name === "provider" || name === "region") return string;
      return failMember(checker, expression, core, ["name", "provider", "region"]);
    case "object": {
      const field = fieldOf(core.fields, name);
      return field ?? failMember(checker, expression, core, Object.keys(core.fields));
    }
    case "map":
      return core.element;
    case "any":
      return any;
    default:
      return failMember(checker, expression, core, []);
  }
}

function memberOfKind(checker: Checker, expression: MemberExpression, kind: KindSchema): Type {
  const { name } = expression.name;
  const known = readable(checker, expression, kind, name);
  if (known) return known;
  const names = [...new Set([...Object.keys(kind.attributes), ...Object.keys(kind.blocks ?? {}), ...Object.keys(kind.props)])];
  return failMember(checker, expression, { kind: "resource", of: kind.name }, names);
}

function readable(checker: Checker, expression: MemberExpression, kind: KindSchema, name: string): Type | undefined {
  if (kind.blocks && Object.hasOwn(kind.blocks, name)) return map({ kind: "block", of: kind.name, block: name });
  if (Object.hasOwn(kind.props, name)) {
    const schema = kind.props[name];
    return schema && (readType(kind, name, schema) ?? failEither(checker, expression, schema));
  }
  const attribute: AttributeSchema | undefined = Object.hasOwn(kind.attributes, name) ? kind.attributes[name] : undefined;
  return attribute?.type;
}

function memberOfBlock(checker: Checker, expression: MemberExpression, of: string, word: string, block: BlockSchema): Type {
  const { name } = expression.name;
  const schema = Object.hasOwn(block.props, name) ? block.props[name] : undefined;
  if (schema) return readType({ attributes: block.attributes }, name, schema) ?? failEither(checker, expression, schema);
  const attribute = Object.hasOwn(block.attributes, name) ? block.attributes[name] : undefined;
  if (attribute) return attribute.type;
  return failMember(checker, expression, { kind: "block", of, block: word }, [
    ...Object.keys(block.props),
    ...Object.keys(block.attributes),
  ]);
}

function failEither(checker: Checker, expression: MemberExpression, schema: PropSchema): Type {
  const { name, span } = expression.name;
  return failAt(checker, expression, "K1304", {
    span,
    message: `\`${name}\` cannot be read: it is ${formatTypes([schema.type, ...(schema.or ?? [])])}`,
    hint: "give the value a name with `let`, set the prop from it, and read the name",
  });
}

function failMember(checker: Checker, expression: MemberExpression, type: Type, names: readonly string[]): Type {
  const { name, span } = expression.name;
  const near = suggest(name, names);
  const element = type.kind === "list" || type.kind === "map" ? type.element : undefined;
  const owner = writtenName(expression.object);
  const hint =
    element?.kind === "resource"
      ? `\`${owner}\` is a list: read one, \`${owner}[0].${name}\`, or all, \`[for x in ${owner}: x.${name}]\``
      : near
        ? `did you mean \`${near}\`?`
        : names.length > 0
          ? `it has ${names.map((known) => `\`${known}\``).join(", ")}`
          : "only resources, clouds, objects and maps have members";
  return failAt(checker, expression, "K1304", {
    span,
    message: `${formatType(type)} has no \`${name}\``,
    hint,
    ...(near && element?.kind !== "resource" ? { fix: { title: `change to ${near}`, span, replacement: near } } : {}),
  });
}

function writtenName(expression: Expression): string {
  return expression.kind === "name" ? expression.name : "x";
}

function indexedElement(core: Type, index: Expression): Type | undefined {
  if (core.kind === "object" && index.kind === "string") {
    const [key] = index.parts;
    const field = index.parts.length === 1 && typeof key === "string" ? fieldOf(core.fields, key) : undefined;
    if (field) return field;
  }
  return core.kind === "any" ? any : asMapElement(core);
}

function normalise(type: Type): Type {
  const parts = splitType(type);
  return joinParts(parts.core, parts);
}

function record(checker: Checker, expression: Expression, type: Type): Type {
  checker.model.types.set(expression, type);
  return type;
}
