// A second object of a type that can live beside the first: under another name, and with its own of whatever only one may hold. Pure.

import type { NativeGraph, NativeObject } from "../../../engine/lower/native-graph.ts";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { addTwin, listReferred, moveRefs, objectOf } from "./edges.ts";

export interface TwinRules {
  readonly schemaOf: (type: string) => NativeSchema;
  readonly differs: Readonly<Record<string, NativeMap>>;
}

/** Adds the twin, and twins of what it may not share; gives the key of the twin. */
export function makeTwin(graph: NativeGraph, key: string, rules: TwinRules): { readonly graph: NativeGraph; readonly key: string } {
  const object = objectOf(graph, key);
  const schema = rules.schemaOf(object.type);
  let props: NativeMap = { ...object.props, ...rules.differs[object.type] };
  if (schema.nameBound !== undefined) props = { ...props, [schema.nameBound]: `${String(object.props[schema.nameBound])}-twin` };
  let whole = graph;
  for (const name of sharedProps(schema, object)) {
    for (const referred of listReferred(object.props[name])) {
      const made = makeTwin(whole, referred, rules);
      whole = made.graph;
      props = { ...props, [name]: moveRefs(props[name] ?? null, referred, made.key) };
    }
  }
  return addTwin(whole, key, props);
}

/** Props of claims that consist of references alone: what they name is of one object only. */
function sharedProps(schema: NativeSchema, object: NativeObject): readonly string[] {
  const groups = (schema.exclusive ?? []).map((group) => group.map((path) => path.split(".")[0] ?? ""));
  return [...new Set(groups.filter((group) => group.every((name) => listReferred(object.props[name]).length > 0)).flat())];
}
