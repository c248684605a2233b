// Values of `x.name` and `x[…]`: props as written, attributes as deferred values, fields, keys and positions.

import { suggest } from "../diagnostics/suggest.ts";
import { makeAddress, makeBlock, makeDeferred, makeDuration, makeSize } from "../graph/make-value.ts";
import {
  type BlockValue,
  type CloudValue,
  isDeferred,
  isSecret,
  type Origin,
  type ResourceValue,
  tagOf,
  type Value,
} from "../graph/value.ts";
import type { AttributeSchema, ConstantValue, PropSchema } from "../kinds/kind.ts";
import type { Span } from "../source/span.ts";
import type { Attribute, IndexExpression, MemberExpression } from "../syntax/ast.ts";
import type { Type } from "../types/type.ts";
import { splitType } from "../types/type-parts.ts";
import { newCell } from "./cells.ts";
import { readCloud } from "./evaluate-clouds.ts";
import { type Evaluation, forInstance, type Instance, type Locals, stop } from "./evaluation.ts";
import { poisoned } from "./halt.ts";
import { defer, throughSecret } from "./lift.ts";
import { applyOperation } from "./operations.ts";

export function evaluateMember(evaluation: Evaluation, expression: MemberExpression, locals: Locals | undefined): Value {
  const { name, span } = expression.name;
  return throughSecret(evaluation, evaluation.evaluate(expression.object, locals), (object) => {
    if (object === null) {
      if (expression.optional) return null;
      throw poisoned;
    }
    if (isDeferred(object)) {
      const type = evaluation.model.types.get(expression);
      return type ? defer(evaluation, "#member", [object, name], type, expression.span) : poison();
    }
    switch (tagOf(object)) {
      case "resource":
        return readMember(evaluation, object as ResourceValue, name, span);
      case "block":
        return readBlockMember(evaluation, object as BlockValue, name, span);
      case "cloud":
        return readCloud(evaluation, (object as CloudValue).name, name, span);
      default:
        return element(evaluation, object, name, expression);
    }
  });
}

export function evaluateIndex(evaluation: Evaluation, expression: IndexExpression, locals: Locals | undefined): Value {
  return throughSecret(evaluation, evaluation.evaluate(expression.object, locals), (object) =>
    throughSecret(evaluation, evaluation.evaluate(expression.index, locals), (index) => {
      const key = tagOf(index) === "cloud" ? (index as CloudValue).name : index;
      if (!isDeferred(object) && !isDeferred(key)) return element(evaluation, object, key, expression);
      const type = evaluation.model.types.get(expression);
      return type ? defer(evaluation, "#index", [object, key], type, expression.span) : poison();
    }),
  );
}

/** The value of a written prop of a resource or (`disk.data.size`) of one of its blocks; undefined where it is not written. */
export function readWritten(evaluation: Evaluation, instance: Instance, path: string, attribute: Attribute | undefined): Value | undefined {
  if (!attribute) return undefined;
  const varies = evaluation.model.varying.has(attribute);
  if (varies) instance.own ??= new Map();
  const cells = varies && instance.own ? instance.own : instance.template.shared;
  let cell = cells.get(path);
  if (!cell) {
    cell = newCell<Value>();
    cells.set(path, cell);
  }
  if (cell.state === "done") return cell.value;
  return evaluation.cells.demand(
    cell,
    () => ({ label: `\`${instance.address}.${path}\``, span: attribute.name.span }),
    () =>
      forInstance(evaluation, varies ? instance : undefined, () =>
        evaluation.evaluate(attribute.value, varies ? instance.locals : undefined),
      ),
  );
}

function element(evaluation: Evaluation, container: Value, key: Value, expression: MemberExpression | IndexExpression): Value {
  const result = applyOperation("#index", [container, key]);
  if ("value" in result) return result.value;
  // A field that the type calls optional may be left out.
  const type = evaluation.model.types.get(expression);
  if (result.code === "K1403" && type && splitType(type).optional) return null;
  const span = expression.kind === "member" ? expression.name.span : expression.index.span;
  const block = type && splitType(type).core;
  if (result.code === "K1403" && block?.kind === "block") {
    const label = String(key);
    const near = suggest(label, [...(container as ReadonlyMap<string, Value>).keys()]);
    return stop(evaluation, result.code, {
      message: `the ${block.of} has no block \`${block.block} ${label}\``,
      span,
      hint: near ? `did you mean \`${near}\`?` : `write \`${block.block} ${label} { }\` in the ${block.of}: a block is read by its name`,
    });
  }
  return stop(evaluation, result.code, { message: result.mistake, span, hint: result.hint });
}

function readMember(evaluation: Evaluation, { address }: ResourceValue, name: string, span: Span): Value {
  const instance = evaluation.instances.get(address);
  if (!instance) throw poisoned;
  const { kind, body } = instance.template.checked;
  if (kind.blocks && Object.hasOwn(kind.blocks, name)) {
    const labels = [...(body.blocks.get(name)?.keys() ?? [])];
    return new Map(labels.map((label) => [label, makeBlock(kind.name, address, name, label)]));
  }
  const written = readWritten(evaluation, instance, name, body.attributes.get(name));
  return readValue(evaluation, kind, name, written, { address, path: [name] }, span);
}

function readBlockMember(evaluation: Evaluation, block: BlockValue, name: string, span: Span): Value {
  const instance = evaluation.instances.get(block.address);
  const { kind, body } = instance?.template.checked ?? poison();
  const schema = kind.blocks?.[block.block];
  if (!instance || !schema) throw poisoned;
  const attributes = body.blocks.get(block.block)?.get(block.label)?.attributes;
  const written = readWritten(evaluation, instance, `${block.block}.${block.label}.${name}`, attributes?.get(name));
  return readValue(evaluation, schema, name, written, { address: block.address, path: [block.block, block.label, name] }, span);
}

/** As written, else the default, else what the cloud will give, else null. */
function readValue(
  evaluation: Evaluation,
  schema: { readonly props: Readonly<Record<string, PropSchema>>; readonly attributes: Readonly<Record<string, AttributeSchema>> },
  name: string,
  written: Value | undefined,
  origin: Origin,
  span: Span,
): Value {
  const prop = Object.hasOwn(schema.props, name) ? schema.props[name] : undefined;
  if (prop && written !== undefined && written !== null) {
    return prop.many && !Array.isArray(written) && !isDeferred(written) && !isSecret(written) ? [written] : written;
  }
  if (prop?.default !== undefined) return constantValue(prop.default, prop.type);
  const attribute = Object.hasOwn(schema.attributes, name) ? schema.attributes[name] : undefined;
  if (attribute) {
    if (attribute.present) evaluation.attributeReads.push({ origin, span });
    return makeDeferred(attribute.type, [origin], { op: "attribute", origin });
  }
  if (prop?.computed) return makeDeferred(prop.type, [origin], { op: "attribute", origin });
  if (prop?.many) return [];
  return prop ? null : poison();
}

/** A default in the normal form of the graph, as a value of the language. */
function constantValue(constant: ConstantValue, type: Type): Value {
  const { core } = splitType(type);
  if (Array.isArray(constant)) {
    const items = constant as readonly ConstantValue[];
    return items.map((item) => constantValue(item, core.kind === "list" ? core.element : core));
  }
  if (typeof constant === "object") {
    const entries = Object.entries(constant as Readonly<Record<string, ConstantValue>>);
    const typeOf = (key: string): Type => (core.kind === "map" ? core.element : core.kind === "object" ? (core.fields[key] ?? core) : core);
    return new Map(entries.map(([key, item]) => [key, constantValue(item, typeOf(key))]));
  }
  if (core.kind === "size" && typeof constant === "number") return makeSize(constant);
  if (core.kind === "duration" && typeof constant === "number") return makeDuration(constant);
  if ((core.kind === "ip" || core.kind === "cidr") && typeof constant === "string") return makeAddress(core.kind, constant);
  return constant;
}

function poison(): never {
  throw poisoned;
}
