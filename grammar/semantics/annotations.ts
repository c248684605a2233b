// Reads the annotations of one instance. Their arguments are known values; what they name is judged here.

import { suggest } from "../diagnostics/suggest.ts";
import { parseAddress } from "../graph/address.ts";
import type { Annotations } from "../graph/resource-graph.ts";
import { type ResourceValue, tagOf, type Value } from "../graph/value.ts";
import type { Annotation, Expression } from "../syntax/ast.ts";
import { annotationShapes, isIgnorable } from "./check-annotations.ts";
import { type Evaluation, type Instance, type Locals, stop } from "./evaluation.ts";
import { requireKnown } from "./lift.ts";

type Mutable = { -readonly [Name in keyof Annotations]: Annotations[Name] };

export function readAnnotations(evaluation: Evaluation, instance: Instance): Annotations {
  const read: Mutable = {};
  const { declaration, kind } = instance.template.checked;
  for (const annotation of declaration.annotations) {
    const shape = annotationShapes.get(annotation.name.name);
    if (!shape || annotation.arguments.length < shape.least || annotation.arguments.length > shape.most) continue;
    const values = annotation.arguments.map((argument) => ({
      argument,
      value: evaluateArgument(evaluation, annotation, argument, instance.locals),
    }));
    const texts = values.map(({ value }) => String(value));
    switch (annotation.name.name) {
      case "protect":
        read.protect = true;
        break;
      case "forget":
        read.forget = true;
        break;
      case "was":
        for (const { argument, value } of values) checkAddress(evaluation, String(value), argument, instance);
        read.was = [...(read.was ?? []), ...texts];
        break;
      case "adopt":
        read.adopt = nonEmpty(evaluation, texts[0] ?? "", annotation);
        break;
      case "existing":
        read.existing = nonEmpty(evaluation, texts[0] ?? "", annotation);
        break;
      case "ignore":
        for (const [index, name] of texts.entries()) {
          if (isIgnorable(kind, name)) continue;
          const near = suggest(name, Object.keys(kind.props));
          stop(evaluation, "K1315", {
            message: `${kind.name} has no prop \`${name}\` to ignore`,
            span: annotation.arguments[index]?.span ?? annotation.span,
            hint: near !== undefined ? `did you mean \`${near}\`?` : "name props of this kind",
          });
        }
        read.ignore = [...(read.ignore ?? []), ...texts];
        break;
      case "replace":
        read.replace = texts[0] === "before" ? "before" : "after";
        break;
      case "after":
        read.after = [...(read.after ?? []), ...values.flatMap(({ value }) => addressesOf(value))];
        break;
      case "description":
        read.description = texts[0] ?? "";
    }
  }
  return read;
}

function evaluateArgument(evaluation: Evaluation, annotation: Annotation, argument: Expression, locals: Locals | undefined): Value {
  return requireKnown(evaluation, evaluation.evaluate(argument, locals), `\`@${annotation.name.name}\``, argument.span);
}

function checkAddress(evaluation: Evaluation, text: string, argument: Expression, instance: Instance): void {
  const steps = parseAddress(text);
  const kind = instance.template.checked.kind.name;
  if (!steps) {
    stop(evaluation, "K1315", {
      message: `${JSON.stringify(text)} is not an address`,
      span: argument.span,
      hint: `write the former address, for example \`@was("${kind}.old")\` or \`@was("${kind}.old[\${i}]")\``,
    });
  }
  const former = steps?.at(-1)?.kind;
  if (former !== kind) {
    stop(evaluation, "K1315", {
      message: `a \`${former ?? ""}\` cannot have become a \`${kind}\``,
      span: argument.span,
      hint: "`@was` tells of another name for the same object, and an object never changes its kind",
    });
  }
}

function nonEmpty(evaluation: Evaluation, id: string, annotation: Annotation): string {
  if (id.trim() === id && id !== "") return id;
  return stop(evaluation, "K1315", {
    message: `\`@${annotation.name.name}\` needs the id of an object`,
    span: annotation.span,
    hint: `write the cloud's own id, for example \`@${annotation.name.name}("i-0abc")\``,
  });
}

function addressesOf(value: Value): readonly string[] {
  if (value === null) return [];
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap(addressesOf);
  if (value instanceof Map) return [...(value as ReadonlyMap<string, Value>).values()].flatMap(addressesOf);
  return tagOf(value) === "resource" ? [(value as ResourceValue).address] : [];
}
