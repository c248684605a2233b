// What differs between two native graphs of one stack: of two revisions of its sources, with no state and no cloud asked. It shows what an edit means, and
// is no plan: nothing of it can be applied. Pure; linear in objects and their references.

import { canonical } from "../../grammar/graph/canonical.ts";
import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import { tagOf } from "../../grammar/graph/value.ts";
import type { NativeGraph, NativeObject } from "../lower/native-graph.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import { readOrigins, visitNative } from "../lower/walk-native.ts";
import type { NativeProp, NativeSchema } from "../provider/native-schema.ts";
import type { Action, Change, OutputChange, PropChange } from "./change.ts";
import { holdsSecret, openSecrets } from "./native-form.ts";
import { isSameProp } from "./normalise.ts";
import { finishOutput } from "./outputs.ts";

export type ComparedChange = Omit<Change, "operations">;

export interface ComparedGraphs {
  /** Sorted by address, then role. */
  readonly changes: readonly ComparedChange[];
  readonly unchanged: number;
  readonly outputs: readonly OutputChange[];
}

export interface CompareInput {
  /** Absent where there was no stack. */
  readonly before?: NativeGraph | undefined;
  readonly after: NativeGraph;
  readonly schema: (provider: string, type: string) => NativeSchema | undefined;
}

interface Comparison {
  readonly before: NativeGraph | undefined;
  readonly after: NativeGraph;
  readonly schema: CompareInput["schema"];
  /** Addresses and keys as they were, to what `@was` makes of them. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Keys of objects that get a successor, and addresses of their resources: what refers to them gets another value. */
  readonly replaced: Set<string>;
}

export function compareGraphs({ before, after, schema }: CompareInput): ComparedGraphs {
  const { partners, renamed } = pairObjects(before, after);
  const comparison: Comparison = { before, after, schema, renamed, replaced: new Set() };
  const taken = new Set([...partners.values()].map(({ key }) => key));
  const changes: ComparedChange[] = [];
  let unchanged = 0;
  // Dependencies stand first, so whoever refers to what is replaced is judged after it.
  for (const object of after.objects.values()) {
    if (object.annotations.existing !== undefined) continue;
    const partner = partners.get(object.key);
    const change = partner ? compareObject(object, partner, comparison) : describeNew(object);
    if (change) changes.push(change);
    else unchanged++;
  }
  for (const object of before?.objects.values() ?? []) {
    if (!taken.has(object.key) && object.annotations.existing === undefined) changes.push(describeGone(object, schema));
  }
  changes.sort((a, b) => compareCodePoints(a.address, b.address) || compareCodePoints(a.role, b.role));
  return { changes, unchanged, outputs: compareOutputs(before, after, renamed) };
}

interface Pairs {
  /** The object before, by the key of the one after. */
  readonly partners: ReadonlyMap<string, NativeObject>;
  readonly renamed: ReadonlyMap<string, string>;
}

/** By key, else by an address that `@was` names and that nothing stands at any more. Another type is another object. */
function pairObjects(before: NativeGraph | undefined, after: NativeGraph): Pairs {
  const partners = new Map<string, NativeObject>();
  const renamed = new Map<string, string>();
  for (const object of after.objects.values()) {
    const own = before?.objects.get(object.key);
    const former = own ? undefined : findFormer(object, before, after);
    const partner = own ?? former;
    if (!partner || partner.type !== object.type || partner.annotations.existing !== object.annotations.existing) continue;
    partners.set(object.key, partner);
    if (former) renamed.set(former.key, object.key).set(former.address, object.address);
  }
  return { partners, renamed };
}

function findFormer(object: NativeObject, before: NativeGraph | undefined, after: NativeGraph): NativeObject | undefined {
  for (const address of object.annotations.was ?? []) {
    const key = `${address}:${object.role}`;
    const former = before?.objects.get(key);
    if (former && !after.objects.has(key)) return former;
  }
  return undefined;
}

function describe(object: NativeObject, action: Action, props: readonly PropChange[]): ComparedChange {
  const { key, address, role, type, cloud, provider, places } = object;
  const span = places["*"];
  const isThere = action !== "delete" && action !== "forget";
  return { key, address, role, type, cloud, provider, action, props, impact: "none", ...(span && isThere ? { span } : {}) };
}

function describeNew(object: NativeObject): ComparedChange {
  const props = Object.entries(object.props).map(([prop, to]) => propChange(prop, undefined, to, object, "author"));
  return describe(object, object.annotations.adopt === undefined ? "create" : "adopt", props);
}

function describeGone(object: NativeObject, schema: CompareInput["schema"]): ComparedChange {
  const isKept = object.annotations.forget === true;
  const change = describe(object, isKept ? "forget" : "delete", []);
  return !isKept && schema(object.provider, object.type)?.dataBearing ? { ...change, impact: "data-loss" } : change;
}

/** Undefined: nothing differs. */
function compareObject(object: NativeObject, former: NativeObject, comparison: Comparison): ComparedChange | undefined {
  const schema = comparison.schema(object.provider, object.type);
  const isMoved = !isSamePlace(object, former, comparison, schema);
  const ignored = new Set(object.annotations.ignore ?? []);
  const props: PropChange[] = [];
  for (const name of [...new Set([...Object.keys(former.props), ...Object.keys(object.props)])].sort(compareCodePoints)) {
    const portable = object.from[name];
    if (ignored.has(name) || (portable !== undefined && ignored.has(portable))) continue;
    const change = compareProp(name, object, former, schema, comparison);
    if (change) props.push(change);
  }
  const renamed = former.key !== object.key ? { previousAddress: former.address } : {};
  const forcing = props.filter((prop) => prop.forces !== undefined);
  if (!isMoved && forcing.length === 0) {
    if (props.length > 0) return { ...describe(object, "update", props), ...renamed };
    return former.key === object.key ? undefined : { ...describe(object, "rename", []), ...renamed };
  }
  comparison.replaced.add(object.key).add(object.address);
  const isPossible = !isMoved && forcing.every((prop) => prop.cause === "deferred");
  return {
    ...describe(object, "replace", props),
    ...renamed,
    ...(isPossible ? { possible: true } : {}),
    ...(schema?.dataBearing ? { impact: "data-loss" } : {}),
    ...(isMoved ? { notes: ["it moves to another place"] } : {}),
  };
}

function isSamePlace(object: NativeObject, former: NativeObject, { before, after }: Comparison, schema: NativeSchema | undefined): boolean {
  const placeOf = ({ cloud }: NativeObject, graph: NativeGraph | undefined): string => {
    const { region, ...rest } = graph?.clouds.get(cloud)?.settings ?? {};
    return canonical(schema?.global ? rest : { ...rest, region: region ?? null });
  };
  return object.provider === former.provider && placeOf(object, after) === placeOf(former, before);
}

function compareProp(
  name: string,
  object: NativeObject,
  former: NativeObject,
  schema: NativeSchema | undefined,
  comparison: Comparison,
): PropChange | undefined {
  const spec = schema?.props[name];
  const from = former.props[name];
  const to = object.props[name];
  if (!isSame(spec, from, to, comparison.renamed)) {
    if (to === undefined && spec?.whenAbsent === "keep") return undefined;
    const forces = forcedBy(spec, from, to, former.props);
    return { ...propChange(name, from, to, object, "author"), ...(forces === undefined ? {} : { forces }) };
  }
  const waits = to === undefined ? undefined : findReplaced(to, comparison.replaced);
  if (!waits) return undefined;
  const forces = spec?.immutable ? { forces: "immutable" } : {};
  return { ...propChange(name, from, to, object, waits.cause), ...forces, waitsFor: waits.keys };
}

function propChange(
  prop: string,
  from: NativeValue | undefined,
  to: NativeValue | undefined,
  object: NativeObject,
  cause: PropChange["cause"],
): PropChange {
  const span = object.places[prop];
  if (holdsSecret(from) || holdsSecret(to)) return { prop, cause, secret: true, ...(span ? { span } : {}) };
  return { prop, cause, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), ...(span ? { span } : {}) };
}

/** By the schema's normal form where both are known; else as they are written, with what was renamed under its present name. */
function isSame(
  spec: NativeProp | undefined,
  from: NativeValue | undefined,
  to: NativeValue | undefined,
  renamed: ReadonlyMap<string, string>,
): boolean {
  const [left, right] = [from, to].map((value) => (value === undefined ? undefined : openSecrets(value)));
  if (spec && isPlain(left) && isPlain(right)) return isSameProp(spec, left, right);
  if (left === undefined || right === undefined) return left === right;
  const before = canonical(left);
  const now = canonical(right);
  if (before === now || renamed.size === 0) return before === now;
  return (
    before.replace(/"(?:[^"\\]|\\.)*"/g, (text) => {
      const name = renamed.get(text.slice(1, -1));
      return name === undefined ? text : `"${name}"`;
    }) === now
  );
}

function isPlain(value: NativeValue | undefined): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  return tagOf(value) === undefined && Object.values(value as NativeMap).every(isPlain);
}

function forcedBy(
  spec: NativeProp | undefined,
  from: NativeValue | undefined,
  to: NativeValue | undefined,
  former: NativeMap,
): string | undefined {
  if (spec?.immutable) return "immutable";
  if (to === undefined && spec?.whenAbsent === "replace") return "it cannot be taken out";
  if (!spec?.replaceWhen || !isPlain(from) || !isPlain(to)) return undefined;
  // A schema's own judgement reads finished values only.
  const known = Object.fromEntries(Object.entries(former).filter(([, value]) => isPlain(value)));
  return spec.replaceWhen(from ?? null, to ?? null, known);
}

/** What of a value changes because what it names gets a successor: certainly where it is that object's id, perhaps where it is computed from it. */
function findReplaced(
  value: NativeValue,
  replaced: ReadonlySet<string>,
): { readonly cause: "replacement" | "deferred"; readonly keys: readonly string[] } | undefined {
  const named = new Set<string>();
  const computed = new Set<string>();
  visitNative(value, {
    reference: ({ object }) => void (replaced.has(object) && named.add(object)),
    deferred: (deferred) => {
      for (const [address] of readOrigins(deferred.value)) if (replaced.has(address)) computed.add(address);
    },
  });
  if (named.size > 0) return { cause: "replacement", keys: [...named] };
  return computed.size > 0 ? { cause: "deferred", keys: [...computed] } : undefined;
}

function compareOutputs(
  before: NativeGraph | undefined,
  after: NativeGraph,
  renamed: ReadonlyMap<string, string>,
): readonly OutputChange[] {
  const changes: OutputChange[] = [];
  for (const output of after.stackOutputs.values()) {
    const former = before?.stackOutputs.get(output.name);
    if (former?.secret === output.secret && isSame(undefined, former.value as NativeValue, output.value as NativeValue, renamed)) continue;
    const finished = finishOutput(output, { attribute: () => undefined, outputs: after.outputs, transforms: {} });
    const secret = output.secret || former?.secret === true;
    const from = former && before && !secret ? dataOf(former, before) : {};
    if (finished.kind === "deferred") changes.push({ name: output.name, ...from, deferred: true, secret, waitsFor: finished.waitsFor });
    else changes.push({ name: output.name, ...from, ...(secret ? {} : { to: finished.data }), deferred: false, secret });
  }
  for (const former of before?.stackOutputs.values() ?? []) {
    if (after.stackOutputs.has(former.name) || !before) continue;
    changes.push({ name: former.name, ...(former.secret ? {} : dataOf(former, before)), deferred: false, secret: former.secret });
  }
  return changes;
}

function dataOf(output: Parameters<typeof finishOutput>[0], graph: NativeGraph): { readonly from?: unknown } {
  const finished = finishOutput(output, { attribute: () => undefined, outputs: graph.outputs, transforms: {} });
  return finished.kind === "known" ? { from: finished.data } : {};
}
