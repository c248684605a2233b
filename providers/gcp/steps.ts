// Building the steps of a change on Compute Engine, and those that all labelled objects share. Pure.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type { NativeChange, Step } from "../../engine/provider/provider.ts";
import { isMap } from "../handlers/body.ts";
import { isPending, makeStepsOf } from "../handlers/steps.ts";
import { isReservedLabel } from "./marks.ts";

/** `operation` is `<service>.<method>`, without `gcp:`. */
export const { step, createStep, deleteStep } = makeStepsOf("gcp");

/**
 * Brings `labels` about on something that exists, in one request: what to write and what to take away. What is observed but not desired counts as to be
 * taken away, so the engine leaves labels that were never owned in both or in neither. The marks are a request of their own.
 */
export function labelSteps(schema: NativeSchema, change: NativeChange, operation: string): readonly Step[] {
  const mark = change.marks === true ? [step("mark", operation, {}, "idempotent", { marks: true })] : [];
  const edit = labelEdit(schema, change);
  return edit === undefined ? mark : [...mark, step("label", operation, edit, "idempotent", { sets: ["labels"] })];
}

/** `{ set, remove }` for what has to change among the labels; undefined where nothing has. */
export function labelEdit(schema: NativeSchema, change: NativeChange): NativeMap | undefined {
  if (change.id === undefined || !isPending(schema, change, "labels")) return undefined;
  return editMap(asMap(change.desired.labels), asMap(change.observed.labels), isReservedLabel);
}

/** What to set and what to remove to bring a map from `observed` to `desired`; undefined where they agree. */
export function editMap(
  desired: NativeMap,
  observed: NativeMap,
  isReserved: (key: string) => boolean = () => false,
): NativeMap | undefined {
  const set = Object.fromEntries(Object.entries(desired).filter(([key, value]) => observed[key] !== value));
  const remove = Object.keys(observed).filter((key) => desired[key] === undefined && !isReserved(key));
  if (Object.keys(set).length === 0 && remove.length === 0) return undefined;
  return { set, ...(remove.length === 0 ? {} : { remove: remove.sort() }) };
}

export function asMap(value: NativeValue | undefined): NativeMap {
  return isMap(value) ? value : {};
}
