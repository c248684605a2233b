// Evaluates a checked stack into its graph: inputs, lets, clouds, resources, outputs, asserts, in an order that does not
// depend on how the source is laid out. Everything declared is evaluated, used or not, so that every mistake is told.

import { compareCodePoints } from "../graph/code-point-order.ts";
import type { Cloud, DeferredAssert, Output, PortableResource, ResourceGraph } from "../graph/resource-graph.ts";
import { isDeferred, isSecret, type PropMap, type PropValue, type Value } from "../graph/value.ts";
import type { AssertDeclaration, OutputDeclaration } from "../syntax/ast.ts";
import { errorType } from "../types/type.ts";
import { containsSecret } from "../types/type-parts.ts";
import { type BuiltResource, buildResources } from "./build-resource.ts";
import { checkGraph, keepComplete } from "./check-graph.ts";
import { readSetting } from "./evaluate-clouds.ts";
import { evaluateNamed } from "./evaluate-names.ts";
import type { Evaluation } from "./evaluation.ts";
import { expand } from "./expand.ts";
import { orElse, poisoned } from "./halt.ts";
import { checkWhere, isUndecided, reportUnknownInputs, sealByType } from "./inputs.ts";
import { inspect, requireKnown } from "./lift.ts";
import type { CheckedCloud } from "./model.ts";
import { normalise } from "./normal-form.ts";
import { requirePorts } from "./port-range.ts";
import { makeError } from "./report.ts";

/** What the evaluation came to. `undecided` counts resources left out for want of inputs. */
export interface Evaluated {
  readonly graph: ResourceGraph;
  readonly undecided: number;
}

export function evaluateStack(evaluation: Evaluation): Evaluated {
  const { scope } = evaluation.model;
  /** Evaluates one thing from the bottom of the stack; a mistake is reported already and leaves it out. */
  const attempt = <T>(body: () => T): T | undefined =>
    orElse(
      () => evaluation.cells.settle(body),
      () => undefined,
    );

  const inputs = evaluateInputs(evaluation, attempt);
  reportUnknownInputs(evaluation);
  for (const declaration of scope.values.values()) {
    if (declaration.kind === "let") attempt(() => evaluateNamed(evaluation, declaration.name.name));
  }
  const clouds = new Map<string, Cloud>();
  for (const name of scope.clouds) {
    const checked = evaluation.model.checkedClouds.get(name);
    const settings = checked && attempt(() => readSettings(evaluation, name, checked));
    if (!checked || !settings) continue;
    clouds.set(name, { name, provider: checked.provider.name, settings, span: checked.declaration.name.span });
    judgeSettings(evaluation, checked, settings);
  }
  const tags = attempt(() => readTags(evaluation)) ?? {};

  const built: BuiltResource[] = [];
  let undecided = 0;
  for (const name of [...evaluation.model.resources.keys()].sort(compareCodePoints)) {
    const template = orElse(
      () => evaluation.cells.settle(() => expand(evaluation, name)),
      (halt) => {
        if (halt.halt === "undecided") undecided += 1;
        return undefined;
      },
    );
    if (!template) continue;
    const made = buildResources(evaluation, template);
    for (const one of made.built) built.push(one);
    undecided += made.undecided;
  }
  const outputs = new Map<string, Output>();
  for (const declaration of scope.outputs.values()) {
    const output = attempt(() => readOutput(evaluation, declaration));
    if (output) outputs.set(output.name, output);
  }
  const asserts: DeferredAssert[] = [];
  for (const declaration of scope.asserts) {
    const deferred = attempt(() => readAssert(evaluation, declaration));
    if (deferred) asserts.push(deferred);
  }

  const complete = keepComplete(built);
  const kept = new Set(complete.map(({ resource }) => resource.address));
  // What reads an attribute of a resource that is left out is left out too.
  const known = (value: Value): boolean =>
    inspect([value]).deferred.every(({ origins }) => origins.every(({ address }) => kept.has(address)));
  const byAddress = new Map(
    [...complete].sort((a, b) => compareCodePoints(a.resource.address, b.resource.address)).map((one) => [one.resource.address, one]),
  );
  const resources = new Map<string, PortableResource>();
  for (const [address, { resource }] of byAddress) resources.set(address, resource);
  for (const output of [...outputs.values()]) if (!known(output.value)) outputs.delete(output.name);
  const graph: ResourceGraph = {
    stack: { name: scope.stack?.name.name ?? "", tags, span: scope.stack?.span ?? { file: "", start: 0, end: 0 } },
    clouds,
    resources,
    outputs,
    asserts: asserts.filter(({ condition, message }) => known(condition) && known(message)),
    inputs,
  };
  checkGraph(evaluation, graph, byAddress);
  return { graph, undecided: undecided + (built.length - complete.length) };
}

type Attempt = <T>(body: () => T) => T | undefined;

function evaluateInputs(evaluation: Evaluation, attempt: Attempt): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  const { scope } = evaluation.model;
  for (const declaration of scope.values.values()) {
    if (declaration.kind !== "input") continue;
    const { name } = declaration.name;
    const value = attempt(() => evaluateNamed(evaluation, name));
    if (value !== undefined && !isUndecided(value)) values.set(name, value);
  }
  for (const declaration of scope.values.values()) {
    if (declaration.kind !== "input") continue;
    const { name } = declaration.name;
    if (!values.has(name) || attempt(() => checkWhere(evaluation, declaration)) !== false) continue;
    // A refused value is no value: what needs it stays silent.
    const cell = evaluation.values.get(name);
    if (cell) {
      cell.state = "halted";
      cell.halt = poisoned;
    }
  }
  return values;
}

function readSettings(evaluation: Evaluation, name: string, { provider, attributes, declaration }: CheckedCloud): PropMap {
  const settings: Record<string, PropValue> = {};
  for (const [setting, schema] of Object.entries(provider.config.props)) {
    const value = readSetting(evaluation, name, setting);
    const span = attributes.get(setting)?.value.span ?? declaration.name.span;
    const known = normalise(evaluation, value, schema, `\`${setting}\` of cloud \`${name}\``, span);
    if (known !== undefined) settings[setting] = known;
  }
  return settings;
}

function judgeSettings(evaluation: Evaluation, { provider, attributes, declaration }: CheckedCloud, settings: PropMap): void {
  const place = (prop: string) => attributes.get(prop)?.value.span ?? declaration.name.span;
  for (const diagnostic of provider.checkConfig(settings, place)) evaluation.model.report.add(diagnostic);
}

function readTags(evaluation: Evaluation): Readonly<Record<string, string>> {
  const { stack } = evaluation.model.scope;
  const tags: Record<string, string> = Object.create(null);
  for (const item of stack?.body?.items ?? []) {
    if (item.kind !== "attribute" || item.name.name !== "tags") continue;
    const value = requireKnown(evaluation, evaluation.evaluate(item.value, undefined), "the tags of a stack", item.value.span);
    if (value instanceof Map)
      for (const [name, text] of value as ReadonlyMap<string, Value>) if (typeof text === "string") tags[name] = text;
  }
  return tags;
}

function readOutput(evaluation: Evaluation, declaration: OutputDeclaration): Output | undefined {
  const { model } = evaluation;
  const { name, span } = declaration.name;
  const value = evaluation.evaluate(declaration.value, undefined);
  const type = model.outputTypes.get(name) ?? errorType;
  if (inspect([value]).deferred.some(isUndecided)) return undefined;
  requirePorts(evaluation, value, type, `\`${name}\``, declaration.value.span);
  return { name, type, value: sealByType(value, type), secret: containsSecret(type), span };
}

/** Decides an assertion; one on a deferred value is handed on to be decided once the value is known. */
function readAssert(evaluation: Evaluation, declaration: AssertDeclaration): DeferredAssert | undefined {
  const condition = evaluation.evaluate(declaration.condition, undefined);
  if (isSecret(condition) || isUndecided(condition)) return undefined;
  const message = (): Value => (declaration.message ? evaluation.evaluate(declaration.message, undefined) : "an assertion does not hold");
  if (isDeferred(condition)) return { condition, message: message(), span: declaration.condition.span };
  if (condition === true) return undefined;
  const told = declaration.message ? message() : undefined;
  evaluation.model.report.add(
    makeError("K1413", {
      message: typeof told === "string" ? told : "this assertion does not hold",
      span: declaration.condition.span,
      hint: "change what it is about, or the assertion",
    }),
  );
  return undefined;
}
