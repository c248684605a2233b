// Makes the instances of a resource declaration: one, none, or one per element of `[each]`. Reads no prop.

import { formatStep } from "../graph/address.ts";
import { makeResource } from "../graph/make-value.ts";
import { type CloudValue, isDeferred, isSecret, tagOf, type Value } from "../graph/value.ts";
import type { Each } from "../syntax/ast.ts";
import { LONGEST_LIST } from "./budget.ts";
import { newCell } from "./cells.ts";
import { bind } from "./evaluate-iteration.ts";
import { charge, type Evaluation, type Instance, type Locals, stop, type Template } from "./evaluation.ts";
import { poisoned } from "./halt.ts";
import { requireKnown, stopDeferred } from "./lift.ts";
import type { CheckedResource } from "./model.ts";

/** The instances of a declaration, made once. */
export function expand(evaluation: Evaluation, name: string): Template {
  let cell = evaluation.templates.get(name);
  if (!cell) {
    cell = newCell<Template>();
    evaluation.templates.set(name, cell);
  }
  if (cell.state === "done" && cell.value) return cell.value;
  const checked = evaluation.model.resources.get(name);
  if (!checked || evaluation.model.brokenNames.has(name)) throw poisoned;
  const { declaration, kind } = checked;
  return evaluation.cells.demand(
    cell,
    () => ({
      label: `${kind.name} \`${name}\``,
      span: declaration.each?.source.span ?? declaration.condition?.span ?? declaration.name.span,
    }),
    () => makeTemplate(evaluation, checked, name),
  );
}

function makeTemplate(evaluation: Evaluation, checked: CheckedResource, name: string): Template {
  const { declaration } = checked;
  const template: Template = { checked, name, shared: new Map(), cloud: newCell<string>(), instances: [], value: null };
  const exists = isWanted(evaluation, checked);
  if (!declaration.each) {
    if (!exists) return template;
    const instance = makeInstance(evaluation, template, undefined, undefined);
    template.instances = [instance];
    template.value = resourceOf(instance);
    return template;
  }
  const elements = exists ? elementsOf(evaluation, declaration.each, checked) : [];
  charge(evaluation, { resources: elements.length, items: elements.length }, declaration.each.source.span);
  const instances = elements.map(({ key, locals }) => makeInstance(evaluation, template, key, locals));
  template.instances = instances;
  template.value =
    checked.multiplicity === "map"
      ? new Map(instances.map((instance) => [String(instance.key), resourceOf(instance)]))
      : instances.map(resourceOf);
  return template;
}

function isWanted(evaluation: Evaluation, { declaration }: CheckedResource): boolean {
  const { condition } = declaration;
  if (!condition) return true;
  return requireKnown(evaluation, evaluation.evaluate(condition, undefined), "whether a resource exists", condition.span) === true;
}

interface Element {
  readonly key: string | number;
  readonly locals: Locals | undefined;
}

function elementsOf(evaluation: Evaluation, each: Each, { declaration }: CheckedResource): readonly Element[] {
  const { span } = each.source;
  const what = `how many \`${declaration.name.name}\` there are`;
  const source = evaluation.evaluate(each.source, undefined);
  if (isDeferred(source)) stopDeferred(evaluation, [source], what, span);
  if (isSecret(source)) throw poisoned;
  if (typeof source === "number") return countTo(evaluation, source, each);
  if (source instanceof Map) {
    return [...source].map(([key, value]) => ({ key: checkKey(evaluation, key, each), locals: bind(each.names, key, value, undefined) }));
  }
  const items = source as readonly Value[];
  if (items.every((item) => typeof item === "number")) return numbered(evaluation, items, each);
  const seen = new Set<string>();
  return items.map((item, position) => {
    if (isDeferred(item)) stopDeferred(evaluation, [item], what, span);
    const key = checkKey(evaluation, tagOf(item) === "cloud" ? (item as CloudValue).name : String(item), each);
    if (seen.has(key)) {
      stop(evaluation, "K1415", {
        message: `the key ${JSON.stringify(key)} stands twice`,
        span,
        hint: "each instance is known by its key: remove one of them, or use `distinct(…)`",
      });
    }
    seen.add(key);
    return { key, locals: bind(each.names, position, item, undefined) };
  });
}

function countTo(evaluation: Evaluation, count: number, each: Each): readonly Element[] {
  const { span } = each.source;
  if (count < 0) stop(evaluation, "K1415", { message: `there cannot be ${count} of them`, span, hint: "count from 0 up" });
  if (count > LONGEST_LIST) {
    stop(evaluation, "K1406", {
      message: `${count.toLocaleString("en-US")} resources are too many`,
      span,
      hint: `a stack holds at most ${LONGEST_LIST.toLocaleString("en-US")}: divide it`,
    });
  }
  return Array.from({ length: count }, (_, key) => ({ key, locals: undefined }));
}

/** Instances of a range are known by position; other lists of numbers would move when one is removed. */
function numbered(evaluation: Evaluation, items: readonly number[], each: Each): readonly Element[] {
  const first = items[0] ?? 0;
  if (items.some((item, position) => item !== first + position)) {
    stop(evaluation, "K1415", {
      message: "a list of numbers that is no range gives no lasting keys",
      span: each.source.span,
      hint: 'use strings as keys: `[for n in numbers: "${n}"]`, or a range `0..n`',
    });
  }
  return items.map((item, key) => ({ key, locals: bind(each.names, key, item, undefined) }));
}

function checkKey(evaluation: Evaluation, key: string, each: Each): string {
  if (key !== "") return key;
  return stop(evaluation, "K1415", {
    message: "a key is empty",
    span: each.source.span,
    hint: "each instance is known by its key: give it one character at least",
  });
}

function makeInstance(evaluation: Evaluation, template: Template, key: string | number | undefined, locals: Locals | undefined): Instance {
  const address = formatStep(template.checked.kind.name, template.name, key);
  if (key === undefined) charge(evaluation, { resources: 1 }, template.checked.declaration.name.span);
  const instance: Instance = { template, address, ...(key === undefined ? {} : { key }), ...(locals ? { locals } : {}) };
  evaluation.instances.set(address, instance);
  return instance;
}

function resourceOf(instance: Instance): Value {
  return makeResource(instance.template.checked.kind.name, instance.address);
}
