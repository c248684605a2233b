// What a lowering may know and do: one context per resource, over what the run has gathered so far. Pure; holds no clock and no client.

import type { PortableResource, ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import {
  type BlockRef,
  type Deferred,
  type PropMap,
  type PropValue,
  type Ref,
  type Secret,
  tag,
  tagOf,
} from "../../grammar/graph/value.ts";
import { string } from "../../grammar/types/type.ts";
import type { LoweringContext, NativeObjectHandle, ObjectOptions } from "../provider/provider.ts";
import type { NativeObject, PinChoice } from "./native-graph.ts";
import { type NativeDeferred, type NativeMap, type NativeValue, nativeRef, type PinRequest } from "./native-value.ts";
import { nameObject } from "./object-name.ts";
import type { ReferenceIndex } from "./portable-references.ts";
import { visitNative } from "./walk-native.ts";

/** What the lock holds: the answer for one key, or undefined when it is not pinned. */
export interface LockReader {
  pinned(provider: string, kind: PinRequest["kind"], key: string): string | undefined;
}

/** What one run of the lowering gathers. Grows while resources are lowered, in order. */
export interface LoweringRun {
  readonly graph: ResourceGraph;
  readonly lock: LockReader;
  readonly index: ReferenceIndex;
  readonly objects: Map<string, NativeObject>;
  readonly outputs: Map<string, Readonly<Record<string, NativeValue>>>;
  readonly pinRequests: Map<string, PinRequest>;
  readonly choices: Map<string, PinChoice>;
  /** Keys of objects in whose props a deferred value stands. */
  readonly withDeferred: Set<string>;
}

const noProps: PropMap = Object.freeze(Object.create(null) as PropMap);
const noOptions: ObjectOptions = {};

/** `surroundings`: by role, the objects that those of this resource stand in. */
export function makeContext(
  run: LoweringRun,
  resource: PortableResource,
  surroundings: ReadonlyMap<string, NativeObject>,
): LoweringContext {
  const { graph, lock, index } = run;
  const place = (prop: string) => resource.places[prop] ?? resource.span;
  const native = (value: PropValue, transform?: string): NativeValue => toNative(run, value, transform);
  const pinKey = (kind: string, key: string): string => `${resource.provider}\n${kind}\n${key}`;
  let tags: NativeMap | undefined;

  return {
    stack: graph.stack,
    graph,
    settings: graph.clouds.get(resource.cloud)?.settings ?? noProps,
    get tags() {
      tags ??= mergeTags(graph.stack.tags, resource.props.tags, native);
      return tags;
    },
    object: (role, type, props, options = noOptions) => makeObject(run, resource, role, type, props, options),
    native,
    output: (address, attribute) => readOutput(run, address, attribute),
    objectOf: (address, role) => {
      const object = run.objects.get(`${address}:${role}`);
      return object && handle(object);
    },
    surroundings: (role) => {
      const object = surroundings.get(role);
      if (!object) throw new Error(`\`${resource.provider}\` makes no \`${role}\` around \`${resource.address}\``);
      return handle(object);
    },
    referrers: (address, prop) => index.referrers(address, prop),
    name: (limit) => nameObject(graph.stack.name, resource, limit),
    pin: (request) => {
      const known = lock.pinned(resource.provider, request.kind, request.key);
      if (known !== undefined) return known;
      const key = pinKey(request.kind, request.key);
      const asked = run.pinRequests.get(key) ?? { ...request, cloud: resource.cloud, provider: resource.provider };
      run.pinRequests.set(key, asked);
      return { [tag]: "unpinned", request: asked };
    },
    pinned: (kind, key) => lock.pinned(resource.provider, kind, key),
    chose: (kind, key, answer, because) => {
      const id = pinKey(kind, key);
      if (run.choices.has(id)) return;
      run.choices.set(id, { cloud: resource.cloud, provider: resource.provider, kind, key, answer, because });
    },
    place,
  };
}

/** A prop as a native value; exported for the settings of clouds. */
export function toNative(run: Pick<LoweringRun, "graph" | "outputs">, value: PropValue, transform?: string): NativeValue {
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: PropValue) => toNative(run, item, transform));
  switch (tagOf(value)) {
    case "ref":
      return readOutput(run, (value as Ref).address, "id");
    case "block-ref": {
      const { address, block, label } = value as BlockRef;
      return readOutput(run, address, `${block}.${label}.id`);
    }
    case "deferred":
      return defer(value as Deferred, transform);
    case "secret":
      return { [tag]: "secret", value: toNative(run, (value as Secret).value, transform) };
    case "near":
      throw new Error("`near` must be resolved before the lowering");
  }
  const map: Record<string, NativeValue> = {};
  for (const name of Object.keys(value)) map[name] = toNative(run, (value as PropMap)[name] as PropValue, transform);
  return map;
}

/** The output of a lowered resource. Of one that is not lowered yet: a deferred read, put in its place when all are. */
function readOutput(run: Pick<LoweringRun, "graph" | "outputs">, address: string, attribute: string): NativeValue {
  const outputs = run.outputs.get(address);
  if (!outputs) {
    const origin = { address, path: attribute.split(".") };
    return defer({ [tag]: "deferred", type: string, origins: [origin], expression: { op: "attribute", origin } });
  }
  const value = outputs[attribute];
  if (value === undefined) throw new Error(`\`${address}\` has no output \`${attribute}\``);
  return value;
}

function defer(value: Deferred, transform?: string): NativeDeferred {
  return transform === undefined ? { [tag]: "native-deferred", value } : { [tag]: "native-deferred", value, transform };
}

function mergeTags(ofStack: NativeMap, own: PropValue | undefined, native: (value: PropValue) => NativeValue): NativeMap {
  if (own === undefined || (typeof own === "object" && Object.keys(own).length === 0)) return ofStack;
  return { ...ofStack, ...(native(own) as NativeMap) };
}

function makeObject(
  run: LoweringRun,
  resource: PortableResource,
  role: string,
  type: string,
  props: Readonly<Record<string, NativeValue | undefined>>,
  options: ObjectOptions,
): NativeObjectHandle {
  const key = `${resource.address}:${role}`;
  const kept: Record<string, NativeValue> = {};
  const after = new Set<string>(options.after);
  let deferred = false;
  const visitor = {
    reference: (ref: { readonly object: string }) => void after.add(ref.object),
    deferred: () => {
      deferred = true;
    },
  };
  for (const name of Object.keys(props)) {
    const value = props[name];
    if (value === undefined) continue;
    kept[name] = value;
    visitNative(value, visitor);
  }
  if (deferred) run.withDeferred.add(key);

  const from = options.from ?? {};
  const places: Record<string, PortableResource["span"]> = { "*": resource.span };
  for (const name of Object.keys(from)) {
    if (kept[name] !== undefined) places[name] = resource.places[from[name] as string] ?? resource.span;
  }
  const { address, cloud, provider, annotations } = resource;
  return handle({ key, address, role, type, cloud, provider, props: kept, after: [...after].sort(), from, places, annotations });
}

function handle(object: NativeObject): NativeObjectHandle {
  return { key: object.key, object, ref: (attribute) => nativeRef(object.key, attribute) };
}
