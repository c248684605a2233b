// Carries an operation over secret and deferred operands: a secret operand makes the result secret, a deferred one defers it.

import { compareCodePoints } from "../graph/code-point-order.ts";
import { makeDeferred, makeSecret } from "../graph/make-value.ts";
import { type Deferred, isDeferred, isSecret, type Origin, type Value } from "../graph/value.ts";
import type { Span } from "../source/span.ts";
import type { Type } from "../types/type.ts";
import { splitType, withoutSecrets } from "../types/type-parts.ts";
import { charge, type Evaluation, formatOrigin, stop, undecidedInputs } from "./evaluation.ts";
import type { Halt } from "./halt.ts";

/** Deferred values nest by calls; past this, apply could not finish them without a deep stack. */
const DEEPEST_DEFERRED = 100;

const depths = new WeakMap<Deferred, number>();

/** What hides in a value, at any depth. */
export interface Contents {
  readonly secret: boolean;
  readonly deferred: readonly Deferred[];
}

const NOTHING: Contents = { secret: false, deferred: [] };

/** Looks for secrets and deferred values. Linear in the value; plain scalars cost nothing. */
export function inspect(values: readonly Value[]): Contents {
  if (values.every((value) => typeof value !== "object" || value === null)) return NOTHING;
  const deferred: Deferred[] = [];
  let secret = false;
  const visit = (value: Value): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (value instanceof Map) for (const item of value.values()) visit(item);
    else if (isDeferred(value)) deferred.push(value);
    else if (isSecret(value)) {
      secret = true;
      visit(value.value as Value);
    }
  };
  for (const value of values) visit(value);
  return secret || deferred.length > 0 ? { secret, deferred } : NOTHING;
}

/** The value with every secret opened. Only for computing a result that is secret again. */
export function reveal(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reveal);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, reveal(item)]));
  return isSecret(value) ? reveal(value.value as Value) : value;
}

/** Runs `compute` on a value without its secret, and makes the result secret again. Mistakes on the way show no value. */
export function throughSecret(evaluation: Evaluation, value: Value, compute: (value: Value) => Value): Value {
  return isSecret(value) ? conceal(evaluation, () => compute(value.value as Value)) : compute(value);
}

/** The secret that `compute` makes from opened secrets. Mistakes on the way show no value. */
export function conceal(evaluation: Evaluation, compute: () => Value): Value {
  evaluation.concealing += 1;
  try {
    return makeSecret(compute());
  } finally {
    evaluation.concealing -= 1;
  }
}

/** A call that only apply can finish. `args` may hold secrets inside only if the caller wraps the result. */
export function defer(evaluation: Evaluation, name: string, args: readonly Value[], type: Type, span: Span): Deferred {
  const { deferred } = inspect(args);
  const { core } = splitType(type);
  if (core.kind === "resource" || core.kind === "cloud" || core.kind === "block") {
    return stopDeferred(evaluation, deferred, "which one it is", span);
  }
  const depth = 1 + deferred.reduce((deepest, one) => Math.max(deepest, depths.get(one) ?? 0), 0);
  if (depth > DEEPEST_DEFERRED) {
    stop(evaluation, "K1416", {
      message: `this value is computed from values that only a cloud can give, over more than ${DEEPEST_DEFERRED} steps`,
      span,
      hint: "compute what is known first, and put in what only the cloud knows last",
    });
  }
  charge(evaluation, { items: args.length + deferred.length }, span);
  const made = makeDeferred(withoutSecrets(type), mergeOrigins(deferred), { op: "call", name, arguments: args });
  depths.set(made, depth);
  return made;
}

/** Origins of several deferred values: distinct, in code-point order. */
export function mergeOrigins(deferred: readonly Deferred[]): readonly Origin[] {
  const [only] = deferred;
  if (only && deferred.length === 1) return only.origins;
  const byText = new Map<string, Origin>();
  for (const { origins } of deferred) for (const origin of origins) byText.set(formatOrigin(origin), origin);
  return [...byText].sort(([a], [b]) => compareCodePoints(a, b)).map(([, origin]) => origin);
}

/** Ends the evaluation because a value that must be known now is deferred. `what`: "how many there are". */
export function stopDeferred(evaluation: Evaluation, deferred: readonly Deferred[], what: string, span: Span): never {
  const origins = mergeOrigins(deferred);
  const inputs = undecidedInputs(origins);
  if (inputs.length > 0) throw { halt: "undecided", inputs } satisfies Halt;
  const origin = origins[0];
  const named = origin ? `\`${formatOrigin(origin)}\`` : "it";
  return stop(evaluation, "K1407", {
    message: `${what} must be known before any cloud is asked, and ${named} is known only at apply`,
    span,
    hint: `decide it by something written in the source (a prop, a \`let\`) or by an \`input\`; or make what depends on ${named} in a second stack, after this one is applied`,
  });
}

/** The value, which must be known at every depth. */
export function requireKnown(evaluation: Evaluation, value: Value, what: string, span: Span): Value {
  const { deferred } = inspect([value]);
  return deferred.length > 0 ? stopDeferred(evaluation, deferred, what, span) : value;
}
