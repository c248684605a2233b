// Building the steps of a change on EC2, and those that all taggable objects share. Pure.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type { NativeChange, Step } from "../../engine/provider/provider.ts";
import { isMap } from "../handlers/body.ts";
import { isPending, makeStepsOf } from "../handlers/steps.ts";
import { isReservedTag } from "./marks.ts";

/** `operation` is EC2's name, without `ec2:`. */
export const { step, createStep, deleteStep } = makeStepsOf("ec2");

/**
 * Brings `Tags` about on something that exists: one request for the keys to write, one for those to remove. What is observed but not desired
 * counts as to be removed, so the engine leaves tags that were never owned in both or in neither. `ids` are written besides the object's own.
 */
export function tagSteps(schema: NativeSchema, change: NativeChange, ids: readonly string[] = []): readonly Step[] {
  const mark = change.marks === true ? [step("mark", "CreateTags", {}, "idempotent", { marks: true })] : [];
  if (change.action === "delete" || (change.action === "create" && change.id === undefined)) return mark;
  if (!isPending(schema, change, "Tags")) return mark;
  const desired = asTags(change.desired.Tags);
  const observed = asTags(change.observed.Tags);
  const written = Object.entries(desired).filter(([key, value]) => observed[key] !== value);
  const removed = Object.keys(observed).filter((key) => desired[key] === undefined && !isReservedTag(key));
  const body = ids.length === 0 ? {} : { Resources: ids };
  const both = written.length > 0 && removed.length > 0;
  return [
    ...mark,
    ...(written.length === 0
      ? []
      : [step("tag", "CreateTags", { ...body, Tags: Object.fromEntries(written) }, "idempotent", both ? {} : { sets: ["Tags"] })]),
    ...(removed.length === 0 ? [] : [step("untag", "DeleteTags", { ...body, Keys: removed.sort() }, "idempotent", { sets: ["Tags"] })]),
  ];
}

function asTags(value: NativeValue | undefined): NativeMap {
  return isMap(value) ? value : {};
}
