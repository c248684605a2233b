// The steps that all taggable ARM types share. Pure.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type { NativeChange, Step } from "../../engine/provider/provider.ts";
import { isMap } from "../handlers/body.ts";
import { isPending, makeStepsOf, wanted } from "../handlers/steps.ts";
import { isReservedTag } from "./marks.ts";

export const { step, createStep, deleteStep } = makeStepsOf("azure");

/** The one step that writes all props that are `due`; none where nothing is. */
export function modifySteps(operation: string, due: NativeMap, more: Partial<Pick<Step, "impact">> = {}): readonly Step[] {
  const sets = Object.keys(due);
  return sets.length === 0 ? [] : [step("modify", operation, due, "idempotent", { sets, ...more })];
}

/** Brings `tags` about on something that exists: one request writes and removes. `operation` patches the type; `more` does the same elsewhere first. */
export function tagSteps(
  schema: NativeSchema,
  change: NativeChange,
  operation: string,
  more: (body: NativeMap) => readonly Step[] = () => [],
): readonly Step[] {
  const mark = change.marks === true ? [step("mark", operation, {}, "idempotent", { marks: true })] : [];
  if (change.action === "delete" || (change.action === "create" && change.id === undefined)) return mark;
  if (!isPending(schema, change, "tags")) return mark;
  const desired = asTags(change.desired.tags);
  const observed = asTags(change.observed.tags);
  const written = Object.entries(desired).filter(([key, value]) => observed[key] !== value);
  const removed = Object.keys(observed).filter((key) => desired[key] === undefined && !isReservedTag(key));
  if (written.length === 0 && removed.length === 0) return mark;
  const body = {
    ...(written.length === 0 ? {} : { set: Object.fromEntries(written) }),
    ...(removed.length === 0 ? {} : { remove: removed.sort() }),
  };
  return [...mark, ...more(body), step("tag", operation, body, "idempotent", { sets: ["tags"] })];
}

/** The wanted values of those of the given props that are still to be set; `null` for what is to be taken away. */
export function pendingProps(schema: NativeSchema, change: NativeChange, names: readonly string[]): Readonly<Record<string, NativeValue>> {
  const due = names.filter((name) => isPending(schema, change, name));
  return Object.fromEntries(due.map((name) => [name, wanted(schema, change, name) ?? null]));
}

function asTags(value: NativeValue | undefined): NativeMap {
  return isMap(value) ? value : {};
}
