// Which native objects refer to which, read off a lowered graph; and small edits of such a graph: a part of it with all that the part needs, a second
// object of the same sort, references pointed at another. Pure; knows no cloud.

import type { NativeGraph, NativeObject } from "../../../engine/lower/native-graph.ts";
import { isNativeRef, type NativeMap, type NativeValue, nativeRef } from "../../../engine/lower/native-value.ts";
import { tagOf } from "../../../grammar/graph/value.ts";

/** One object is made after another. */
export interface Edge {
  readonly referrer: NativeObject;
  readonly referred: NativeObject;
  /** The prop that holds the reference; absent where the lowering alone says that one comes after the other. */
  readonly prop?: string;
}

/** `aws.ec2.Subnet.VpcId -> aws.ec2.Vpc`: what a case is named by. Without a prop there is nothing that the cloud could refuse. */
export function pairOf({ referrer, prop, referred }: Edge): string {
  return `${referrer.type}${prop === undefined ? "" : `.${prop}`} -> ${referred.type}`;
}

export function listEdges(graph: NativeGraph): readonly Edge[] {
  return [...graph.objects.values()].flatMap((referrer) =>
    referrer.after.flatMap((key): readonly Edge[] => {
      const referred = graph.objects.get(key);
      if (!referred) return [];
      const props = Object.keys(referrer.props).filter((name) => listReferred(referrer.props[name]).includes(key));
      return props.length === 0 ? [{ referrer, referred }] : props.map((prop) => ({ referrer, referred, prop }));
    }),
  );
}

/** Keys of the objects that a value refers to. */
export function listReferred(value: NativeValue | undefined): readonly string[] {
  if (isNativeRef(value)) return [value.object];
  if (value === undefined || value === null || typeof value !== "object" || tagOf(value) !== undefined) return [];
  return [...new Set(Object.values(value).flatMap((item) => listReferred(item as NativeValue)))];
}

/** The objects of these keys and all that they are made after. */
export function partOf(graph: NativeGraph, keys: readonly string[]): NativeGraph {
  const wanted = new Set<string>();
  const add = (key: string): void => {
    const object = graph.objects.get(key);
    if (!object || wanted.has(key)) return;
    wanted.add(key);
    for (const needed of object.after) add(needed);
  };
  for (const key of keys) add(key);
  return keep(graph, (object) => wanted.has(object.key));
}

export function without(graph: NativeGraph, key: string): NativeGraph {
  return keep(graph, (object) => object.key !== key);
}

function keep(graph: NativeGraph, test: (object: NativeObject) => boolean): NativeGraph {
  return { ...graph, objects: new Map([...graph.objects].filter(([, object]) => test(object))), stackOutputs: new Map(), asserts: [] };
}

/** Of all edges of a pair, the one whose referrer needs the fewest others. */
export function smallestOf(graph: NativeGraph, edges: readonly Edge[]): Edge | undefined {
  const cost = ({ referrer }: Edge): number => partOf(graph, [referrer.key]).objects.size;
  return edges.toSorted((left, right) => cost(left) - cost(right))[0];
}

/** Adds another object beside one, of the same sort and in the same place. */
export function addTwin(graph: NativeGraph, key: string, props: NativeMap): { readonly graph: NativeGraph; readonly key: string } {
  const object = objectOf(graph, key);
  const address = `${object.address}_twin`;
  const before = new Set(Object.values(object.props).flatMap(listReferred));
  const after = new Set([...object.after.filter((name) => !before.has(name)), ...Object.values(props).flatMap(listReferred)]);
  const twin = { ...object, key: `${address}:${object.role}`, address, props, after: [...after].sort() };
  return { graph: { ...graph, objects: sortByNeed(new Map(graph.objects).set(twin.key, twin)) }, key: twin.key };
}

export function objectOf(graph: NativeGraph, key: string): NativeObject {
  const object = graph.objects.get(key);
  if (!object) throw new Error(`there is no object ${key}`);
  return object;
}

/** Whatever refers to `from` refers to `to`, but for `to` itself. */
export function repoint(graph: NativeGraph, from: string, to: string): NativeGraph {
  const objects = [...graph.objects.values()].map((object) =>
    object.key === to || !object.after.includes(from)
      ? object
      : {
          ...object,
          props: moveRefs(object.props, from, to) as NativeMap,
          after: [...new Set(object.after.map((key) => (key === from ? to : key)))].sort(),
        },
  );
  return { ...graph, objects: sortByNeed(new Map(objects.map((object) => [object.key, object]))) };
}

/** The same value, with references to one object pointed at another. */
export function moveRefs(value: NativeValue, from: string, to: string): NativeValue {
  if (isNativeRef(value)) return value.object === from ? nativeRef(to, value.attribute) : value;
  if (value === null || typeof value !== "object" || tagOf(value) !== undefined) return value;
  if (Array.isArray(value)) return value.map((item: NativeValue) => moveRefs(item, from, to));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, moveRefs(item as NativeValue, from, to)]));
}

/** Dependencies first. */
function sortByNeed(objects: ReadonlyMap<string, NativeObject>): ReadonlyMap<string, NativeObject> {
  const sorted = new Map<string, NativeObject>();
  const add = (object: NativeObject): void => {
    if (sorted.has(object.key)) return;
    for (const key of object.after) {
      const needed = objects.get(key);
      if (needed) add(needed);
    }
    sorted.set(object.key, object);
  };
  for (const object of objects.values()) add(object);
  return sorted;
}
