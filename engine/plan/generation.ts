// Names of successors: an object that is made before its predecessor goes cannot bear the same name. Pure.

import type { NativeMap } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";

/** The props of an object in a generation: from the second on its name ends in `-g2`. The same map where nothing changes. */
export function withGeneration(props: NativeMap, schema: NativeSchema, generation: number): NativeMap {
  if (generation < 2 || schema.nameBound === undefined) return props;
  const name = props[schema.nameBound];
  return typeof name === "string" ? { ...props, [schema.nameBound]: `${name}-g${generation}` } : props;
}
