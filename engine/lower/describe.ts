// The native graph for people: as JSON for fixtures and `koine lower --format json`, as text for `koine lower`. Shows no secret.

import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import { type Deferred, type DeferredExpression, tagOf, type Value } from "../../grammar/graph/value.ts";
import type { NativeGraph, NativeObject } from "./native-graph.ts";
import type { NativeDeferred, NativeMap, NativeRef, NativeUnpinned, NativeValue } from "./native-value.ts";
import { visitNative } from "./walk-native.ts";

export interface DescribedObject {
  readonly type: string;
  /** Only where the stack has more than one cloud. */
  readonly cloud?: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** Keys it waits for beyond those that its props name. */
  readonly after?: readonly string[];
}

/** Objects by key in code-point order, as plain JSON. References read `${network.main:vpc.VpcId}`, deferred values as their source would. */
export function nativeToJson(objects: Iterable<NativeObject>): Readonly<Record<string, DescribedObject>> {
  const sorted = [...objects].sort((a, b) => compareCodePoints(a.key, b.key));
  const several = new Set(sorted.map((object) => object.cloud)).size > 1;
  return Object.fromEntries(sorted.map((object) => [object.key, describeObject(object, several)]));
}

/** The same as indented text, one block per resource. */
export function describeNative(objects: Iterable<NativeObject>): string {
  const lines: string[] = [];
  const byAddress = Map.groupBy(objects, (object) => object.address);
  for (const address of [...byAddress.keys()].sort(compareCodePoints)) {
    const ofResource = byAddress.get(address) ?? [];
    if (lines.length > 0) lines.push("");
    lines.push(`${address} → ${ofResource[0]?.cloud}`);
    for (const object of ofResource) {
      lines.push(`  ${object.role}  ${object.type}`);
      const { props, after } = describeObject(object, false);
      for (const [name, value] of Object.entries(props)) lines.push(...describeProp(name, value));
      if (after) lines.push(`    after ${after.join(", ")}`);
    }
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** The values of the attributes of every resource, by address, as plain JSON. */
export function describeOutputs(graph: NativeGraph): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const addresses = [...graph.outputs.keys()].sort(compareCodePoints);
  return Object.fromEntries(addresses.map((address) => [address, describeMap(graph.outputs.get(address) ?? {})]));
}

function describeProp(name: string, value: unknown): readonly string[] {
  if (typeof value !== "string") return [`    ${name}  ${JSON.stringify(value)}`];
  const [first = "", ...rest] = value.split("\n");
  if (rest.length === 0) return [`    ${name}  ${first}`];
  return [`    ${name}`, ...[first, ...rest].filter((line, at) => line !== "" || at < rest.length).map((line) => `      ${line}`)];
}

function describeObject(object: NativeObject, withCloud: boolean): DescribedObject {
  const implied = new Set<string>();
  for (const name of Object.keys(object.props))
    visitNative(object.props[name] ?? null, { reference: (ref) => void implied.add(ref.object) });
  const after = object.after.filter((key) => !implied.has(key));
  return {
    type: object.type,
    ...(withCloud ? { cloud: object.cloud } : {}),
    props: describeMap(object.props),
    ...(after.length > 0 ? { after } : {}),
  };
}

function describeMap(map: NativeMap): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(map).map((name) => [name, describeNativeValue(map[name] ?? null)]));
}

/** One native value as plain JSON. */
export function describeNativeValue(value: NativeValue): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(describeNativeValue);
  switch (tagOf(value)) {
    case "native-ref":
      return `\${${(value as NativeRef).object}.${(value as NativeRef).attribute}}`;
    case "native-deferred": {
      const { value: deferred, transform } = value as NativeDeferred;
      const text = describeDeferred(deferred);
      return transform === undefined ? `\${${text}}` : `\${${transform}(${text})}`;
    }
    case "unpinned":
      return `(${(value as NativeUnpinned).request.kind} ${(value as NativeUnpinned).request.key}, not pinned yet)`;
    case "secret":
      return "(secret)";
  }
  return describeMap(value as NativeMap);
}

/** A deferred value much as it was written: `"http://" + machine.web[0].public_ip`. */
export function describeDeferred(deferred: Deferred): string {
  return describeExpression(deferred.expression);
}

function describeExpression(expression: DeferredExpression): string {
  if (expression.op === "attribute") return `${expression.origin.address}.${expression.origin.path.join(".")}`;
  const parts = expression.arguments.map(describeValue);
  const operator = expression.name.startsWith("#") ? expression.name.slice(1) : undefined;
  if (operator === "concat") return parts.join(" + ");
  if (operator !== undefined && parts.length === 2 && /^\W+$/.test(operator)) return `${parts[0]} ${operator} ${parts[1]}`;
  if (operator === "index" && parts.length === 2) return `${parts[0]}[${parts[1]}]`;
  return `${operator ?? expression.name}(${parts.join(", ")})`;
}

function describeValue(value: Value): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(describeValue).join(", ")}]`;
  if (value instanceof Map) return `{ ${[...value].map(([name, item]) => `${name} = ${describeValue(item)}`).join(", ")} }`;
  const tagged = value as {
    readonly bytes?: number;
    readonly milliseconds?: number;
    readonly text?: string;
    readonly address?: string;
    readonly name?: string;
  };
  switch (tagOf(value)) {
    case "deferred":
      return describeDeferred(value as Deferred);
    case "secret":
      return "(secret)";
    case "size":
      return `${tagged.bytes}B`;
    case "duration":
      return `${tagged.milliseconds}ms`;
    default:
      return tagged.text ?? tagged.address ?? tagged.name ?? "…";
  }
}
