// Finishes deferred values at plan and apply, once attributes are known, by the same operations and functions as the
// compiler. Reads no file and knows no cloud.

import type { FunctionContext } from "../functions/function.ts";
import { functions } from "../functions/library.ts";
import { makeSecret } from "../graph/make-value.ts";
import { type Deferred, isDeferred, isSecret, type Origin, type Value } from "../graph/value.ts";
import { formatOrigin } from "./evaluation.ts";
import { inspect, reveal } from "./lift.ts";
import { applyOperation } from "./operations.ts";

export { toPropValue } from "./normal-form.ts";

export type Finished = { readonly value: Value } | { readonly missing: readonly Origin[] } | { readonly mistake: string };

/**
 * The value, once `lookup` knows every origin. Otherwise the origins that are missing, each once, in the order they are met;
 * or the mistake that the known values make (a division by zero, a key that is not there).
 */
export function finishDeferred(value: Deferred, lookup: (origin: Origin) => Value | undefined): Finished {
  return finishValue(value, lookup);
}

/** The same for any value that may hold deferred ones at some depth. */
export function finishValue(value: Value, lookup: (origin: Origin) => Value | undefined): Finished {
  const missing = new Map<string, Origin>();
  const finished = finish(value, { lookup, missing });
  return missing.size > 0 ? { missing: [...missing.values()] } : finished;
}

interface Finishing {
  readonly lookup: (origin: Origin) => Value | undefined;
  readonly missing: Map<string, Origin>;
}

type Step = { readonly value: Value } | { readonly mistake: string };

function finish(value: Value, finishing: Finishing): Step {
  if (typeof value !== "object" || value === null) return { value };
  if (Array.isArray(value)) return finishAll(value as readonly Value[], finishing, (items) => ({ value: items }));
  if (value instanceof Map) {
    const entries = value as ReadonlyMap<string, Value>;
    const keys = [...entries.keys()];
    return finishAll([...entries.values()], finishing, (items) => ({ value: new Map(keys.map((key, i) => [key, items[i] ?? null])) }));
  }
  if (isSecret(value)) return seal(finish(value.value as Value, finishing));
  return isDeferred(value) ? finishExpression(value, finishing) : { value };
}

function finishExpression({ expression }: Deferred, finishing: Finishing): Step {
  if (expression.op === "attribute") {
    const { origin } = expression;
    const value = finishing.lookup(origin);
    if (value !== undefined) return isDeferred(value) ? finish(value, finishing) : { value };
    finishing.missing.set(formatOrigin(origin), origin);
    return { value: null };
  }
  const { name, arguments: args } = expression;
  return (
    finishLazily(name, args, finishing) ??
    finishAll(args, finishing, (known) => (finishing.missing.size > 0 ? { value: null } : run(name, known)))
  );
}

/** Operations that may need only some of their operands; undefined for all others. */
function finishLazily(name: string, args: readonly Value[], finishing: Finishing): Step | undefined {
  if (name !== "#if" && name !== "#&&" && name !== "#||" && name !== "#??") return undefined;
  const [first = null, second = null, third = null] = args;
  const before = finishing.missing.size;
  const decided = finish(first, finishing);
  if ("mistake" in decided) return decided;
  if (finishing.missing.size > before) {
    // Undecided: what it might need is missing too, as far as can be told.
    for (const other of [second, third]) finish(other, finishing);
    return { value: null };
  }
  const known = isSecret(decided.value) ? (decided.value.value as Value) : decided.value;
  const chosen =
    name === "#if"
      ? finish(known === true ? second : third, finishing)
      : decides(name, known)
        ? { value: known }
        : finish(second, finishing);
  return isSecret(decided.value) ? seal(chosen) : chosen;
}

function decides(name: string, known: Value): boolean {
  return name === "#??" ? known !== null : known === (name === "#||");
}

function finishAll(values: readonly Value[], finishing: Finishing, then: (known: readonly Value[]) => Step): Step {
  const known: Value[] = [];
  for (const value of values) {
    const step = finish(value, finishing);
    if ("mistake" in step) return step;
    known.push(step.value);
  }
  return then(known);
}

function run(name: string, args: readonly Value[]): Step {
  const schema = functions.get(name);
  const isOperation = name.startsWith("#");
  const outside = schema?.passesElements ? args.some(isSecret) : inspect(args).secret;
  const plain = outside
    ? args.map((arg) => (schema?.passesElements && isSecret(arg) ? (arg.value as Value) : schema?.passesElements ? arg : reveal(arg)))
    : args;
  const result = isOperation ? applyOperation(name, plain) : schema?.run(plain, atApply);
  if (!result) return { mistake: `there is no function \`${name}\`` };
  if (!("value" in result)) return { mistake: result.mistake };
  return outside ? seal({ value: result.value }) : { value: result.value };
}

/** At apply no file is read, and the budget was judged when the call was deferred. */
const atApply: FunctionContext = {
  readFile: () => ({ mistake: "files are read when a stack is compiled" }),
  spend: () => true,
};

function seal(step: Step): Step {
  return "value" in step ? { value: makeSecret(step.value) } : step;
}
