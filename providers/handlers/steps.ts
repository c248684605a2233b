// Building the steps of a change: what has to be brought about, in the terms of the schema. Knows no cloud. Pure.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import { isSameProp } from "../../engine/plan/normalise.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type { NativeChange, Replay, Step } from "../../engine/provider/provider.ts";

type More = Partial<Pick<Step, "impact" | "creates" | "deletes" | "sets" | "marks">>;

export interface StepMaker {
  /** A step without impact unless `more` says otherwise. `operation` is the vendor's name, without the service. */
  step(key: string, operation: string, body: NativeMap, replay: Replay, more?: More): Step;
  /** The step that brings an object into being. Its marks and token are added when it is sent. */
  createStep(operation: string, body: NativeMap, replay: Replay): Step;
  deleteStep(operation: string, body?: NativeMap, more?: Pick<More, "impact">): Step;
}

/** Makers of the steps of one service; operations are named `<service>:<operation>`. */
export function makeStepsOf(service: string): StepMaker {
  const step: StepMaker["step"] = (key, operation, body, replay, more = {}) => ({
    key,
    operation: `${service}:${operation}`,
    body,
    replay,
    impact: "none",
    ...more,
  });
  return {
    step,
    createStep: (operation, body, replay) => step("create", operation, body, replay, { creates: true, sets: Object.keys(body) }),
    deleteStep: (operation, body = {}, more = {}) => step("delete", operation, body, "idempotent", { deletes: true, ...more }),
  };
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

/** Named props of a map that are set, in that order: the body of a request. */
export function pick(props: NativeMap, names: readonly string[]): NativeMap {
  return Object.fromEntries(names.flatMap((name) => (props[name] === undefined ? [] : [[name, props[name]]])));
}
