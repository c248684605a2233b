// The shape of a plan file as data, and the check of what was read against it. Says the first thing that is wrong, with its path. Pure.

type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "data" }
  | { readonly kind: "one-of"; readonly values: readonly string[] }
  | { readonly kind: "list"; readonly element: Shape }
  | { readonly kind: "map"; readonly element: Shape }
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, Shape>>; readonly optional?: Readonly<Record<string, Shape>> };

const string: Shape = { kind: "string" };
const number: Shape = { kind: "number" };
const boolean: Shape = { kind: "boolean" };
const data: Shape = { kind: "data" };
const oneOf = (...values: readonly string[]): Shape => ({ kind: "one-of", values });
const list = (element: Shape): Shape => ({ kind: "list", element });
const map = (element: Shape): Shape => ({ kind: "map", element });
const object = (fields: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape => ({
  kind: "object",
  fields,
  optional,
});

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

const options = object({}, { destroy: boolean, target: list(string), exclude: list(string), replace: list(string) });

const planFile = object(
  {
    koinePlan: number,
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
    outputs: list(object({ name: string, deferred: boolean, secret: boolean }, { from: data, to: data })),
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
  { blocked: list(object({ key: string, address: string, reason: string })), leftOut: number },
);

/** Undefined when `value` is a plan file of this format. Unknown fields are refused: a newer or tampered file is not half understood. */
export function describePlanFileMistake(value: unknown, format: number): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it is not a JSON object";
  const version = (value as { readonly koinePlan?: unknown }).koinePlan;
  if (typeof version !== "number") return "it does not say which format it has";
  if (version !== format) return `it has format ${version}, and this Koine reads ${format}`;
  return describeMistake(value, planFile, "");
}

function describeMistake(value: unknown, shape: Shape, path: string): string | undefined {
  const at = path === "" ? "the file" : `\`${path.slice(1)}\``;
  switch (shape.kind) {
    case "data":
      return undefined;
    case "one-of":
      return typeof value === "string" && shape.values.includes(value) ? undefined : `${at} is none of ${shape.values.join(", ")}`;
    case "list":
      if (!Array.isArray(value)) return `${at} is not a list`;
      return firstMistake(value.entries(), (item, index) => describeMistake(item, shape.element, `${path}[${index}]`));
    case "map":
      if (!isRecord(value)) return `${at} is not a map`;
      return firstMistake(Object.entries(value), (item, name) => describeMistake(item, shape.element, `${path}.${name}`));
    case "object": {
      if (!isRecord(value)) return `${at} is not an object`;
      const missing = Object.keys(shape.fields).find((name) => !Object.hasOwn(value, name));
      if (missing !== undefined) return `${at} has no \`${missing}\``;
      return firstMistake(Object.entries(value), (item, name) => {
        const field = fieldOf(shape.fields, name) ?? fieldOf(shape.optional ?? {}, name);
        return field ? describeMistake(item, field, `${path}.${name}`) : `${at} has an unknown field \`${name}\``;
      });
    }
    default:
      return typeof value === shape.kind ? undefined : `${at} is not a ${shape.kind}`;
  }
}

function fieldOf(fields: Readonly<Record<string, Shape>>, name: string): Shape | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function firstMistake<Name>(
  entries: Iterable<readonly [Name, unknown]>,
  check: (item: unknown, name: Name) => string | undefined,
): string | undefined {
  for (const [name, item] of entries) {
    const mistake = check(item, name);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}
