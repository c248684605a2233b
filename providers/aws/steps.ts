// Building the steps of a change: what has to be brought about, and the steps that all taggable objects share. Pure.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import { isSameProp } from "../../engine/plan/normalise.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type { NativeChange, Replay, Step } from "../../engine/provider/provider.ts";
import { isMap } from "./body.ts";
import { isReservedTag } from "./marks.ts";

/** A step without impact unless `more` says otherwise. `operation` is EC2's name, without `ec2:`. */
export function step(
  key: string,
  operation: string,
  body: NativeMap,
  replay: Replay,
  more: Partial<Pick<Step, "impact" | "creates" | "deletes" | "sets" | "marks">> = {},
): Step {
  return { key, operation: `ec2:${operation}`, body, replay, impact: "none", ...more };
}

/** The step that brings an object into being. Its marks and token are added when it is sent. */
export function createStep(operation: string, body: NativeMap, replay: Replay): Step {
  return step("create", operation, body, replay, { creates: true, sets: Object.keys(body) });
}

export function deleteStep(operation: string, body: NativeMap = {}, more: Partial<Pick<Step, "impact">> = {}): Step {
  return step("delete", operation, body, "idempotent", { deletes: true, ...more });
}

/** The value a prop is to have: what the source asks for, else what the cloud would fill in. */
export function wanted(schema: NativeSchema, change: NativeChange, prop: string): NativeValue | undefined {
  return change.desired[prop] ?? schema.props[prop]?.default;
}

/**
 * Whether a prop still has to be set after the creating request. An interrupted create (`id` is known) is judged by what is observed,
 * a fresh one by `initial`: what the creating request itself leaves behind (undefined: the schema's default).
 */
export function isPending(schema: NativeSchema, change: NativeChange, prop: string, initial?: NativeValue): boolean {
  if (change.action === "delete") return false;
  if (change.action === "update") return change.changed.includes(prop);
  if (change.desired[prop] === undefined) return false;
  const spec = schema.props[prop];
  if (spec === undefined) return false;
  // A depth that was not read is not a value: the step is planned, and dropped when it proves to be needless.
  if (change.id !== undefined) return change.observed[prop] === undefined || !isSameProp(spec, change.desired[prop], change.observed[prop]);
  return !isSameProp(spec, change.desired[prop], initial ?? spec.default);
}

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

/** Named props of a map that are set, in that order: the body of a request. */
export function pick(props: NativeMap, names: readonly string[]): NativeMap {
  return Object.fromEntries(names.flatMap((name) => (props[name] === undefined ? [] : [[name, props[name]]])));
}
