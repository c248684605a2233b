// The shape of a plan file as data, and the check of what was read against it. Says the first thing that is wrong, with its path. Pure.

import { boolean, data, described, list, listMistakes, map, number, object, oneOf, type Shape, string } from "../state/data-shape.ts";

const world = oneOf("real", "simulated");
const impact = oneOf("none", "restart", "downtime", "data-loss");
const span = object({ file: string, start: number, end: number });

const step = object(
  { key: string, operation: string, body: data, replay: oneOf("token", "natural", "idempotent", "marked"), impact },
  { creates: boolean, deletes: boolean, marks: boolean },
);

const operation = object(
  { id: string, phase: oneOf("create", "update", "delete", "adopt", "forget", "rename"), after: list(string), steps: list(step) },
  { objectId: string, when: oneOf("replaced", "kept"), follows: string, marks: boolean },
);

const prop = object(
  { prop: string, cause: oneOf("author", "drift", "both", "deferred", "replacement", "mark") },
  { from: data, to: data, forces: string, waitsFor: list(string), secret: boolean, span },
);

const change = object(
  {
    key: string,
    address: string,
    role: string,
    type: string,
    cloud: string,
    provider: string,
    action: oneOf("create", "update", "replace", "delete", "adopt", "forget", "rename"),
    impact,
    props: list(prop),
    operations: list(operation),
  },
  { order: oneOf("create-first", "delete-first"), possible: boolean, previousAddress: string, span, notes: list(string) },
);

const options = object({}, { destroy: boolean, refreshOnly: boolean, target: list(string), exclude: list(string), replace: list(string) });

const planFile = (format: number): Shape =>
  object(
    {
      koinePlan: oneOf(format),
      stack: string,
      world,
      lineage: string,
      serial: number,
      destroy: boolean,
      offline: boolean,
      createdAt: string,
      digest: object({ changes: string, basis: string }),
      basis: object(
        { sources: map(string), inputs: map(string), lock: string, lineage: string, serial: number, koine: string, world },
        { otherOutputs: map(string), options },
      ),
      unchanged: number,
      changes: list(change),
      outputs: list(object({ name: string, deferred: boolean, secret: boolean }, { from: data, to: data, waitsFor: list(string) })),
      strays: list(
        object({
          id: object({ type: string, account: string, region: string, id: string }, { incarnation: string }),
          marks: map(string),
          kind: oneOf("claimed", "unclaimed"),
        }),
      ),
      settled: list(
        object({ operation: string, key: string, outcome: oneOf("happened", "never", "unresolved") }, { reason: string, object: string }),
      ),
      warnings: list(string),
    },
    { blocked: list(object({ key: string, address: string, reason: string })), leftOut: number, refreshOnly: boolean },
  );

/** For docs/schemas. */
export function describePlanFileShape(format: number): Shape {
  return described(
    "What `koine plan --out` keeps: a claim that `koine apply` compares with a fresh plan. No secret stands in it.",
    planFile(format),
  );
}

/** Undefined when `value` is a plan file of this format. Unknown fields are refused: a newer or tampered file is not half understood. */
export function describePlanFileMistake(value: unknown, format: number): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it is not a JSON object";
  const version = (value as { readonly koinePlan?: unknown }).koinePlan;
  if (typeof version !== "number") return "it does not say which format it has";
  if (version !== format) return `it has format ${version}, and this Koine reads ${format}`;
  return listMistakes(value, planFile(format), 1)[0];
}
