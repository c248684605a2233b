// Names of objects: one that is made before its predecessor goes cannot bear the same name, and one that exists keeps the name it has. Pure.

import type { NativeMap } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";

/** The props of a new object in a generation: from the second on its name ends in `-g2`. The same map where nothing changes. */
export function withGeneration(props: NativeMap, schema: NativeSchema, generation: number): NativeMap {
  if (generation < 2 || schema.nameBound === undefined) return props;
  const name = props[schema.nameBound];
  return typeof name === "string" ? { ...props, [schema.nameBound]: `${name}-g${generation}` } : props;
}

/**
 * The props of an object that exists: what was given to it once (its name, and what else the schema says) stays, so that a renamed or adopted
 * resource is no replacement. `has`: as last applied, or as observed where nothing was. The same map where nothing changes.
 */
export function keepGiven(props: NativeMap, schema: NativeSchema, has: NativeMap): NativeMap {
  let kept = props;
  for (const name of [...(schema.nameBound === undefined ? [] : [schema.nameBound]), ...(schema.givenOnce ?? [])]) {
    const value = has[name];
    if (value !== undefined && value !== null && props[name] !== undefined && props[name] !== value) kept = { ...kept, [name]: value };
  }
  return kept;
}
