// Values of comprehensions. What they go through must be known; what they give may be deferred.

import { makeSecret } from "../graph/make-value.ts";
import { isDeferred, isSecret, type Value } from "../graph/value.ts";
import type { Expression, Identifier, ListComprehension, MapComprehension } from "../syntax/ast.ts";
import { charge, type Evaluation, type Locals, stop } from "./evaluation.ts";
import { inspect, stopDeferred, throughSecret } from "./lift.ts";

export function evaluateListFor(evaluation: Evaluation, expression: ListComprehension, locals: Locals | undefined): Value {
  return throughSecret(evaluation, evaluation.evaluate(expression.source, locals), (source) => {
    const items: Value[] = [];
    let secret = false;
    for (const inner of iterate(evaluation, expression.names, source, expression.source, locals)) {
      const keeps = holds(evaluation, expression.condition, inner);
      if (keeps.secret) secret = true;
      if (!keeps.value) continue;
      charge(evaluation, { items: 1 }, expression.span);
      items.push(evaluation.evaluate(expression.body, inner));
    }
    return secret ? makeSecret(items) : items;
  });
}

export function evaluateMapFor(evaluation: Evaluation, expression: MapComprehension, locals: Locals | undefined): Value {
  return throughSecret(evaluation, evaluation.evaluate(expression.source, locals), (source) => {
    const entries = new Map<string, Value>();
    let secret = false;
    for (const inner of iterate(evaluation, expression.names, source, expression.source, locals)) {
      const keeps = holds(evaluation, expression.condition, inner);
      if (keeps.secret) secret = true;
      if (!keeps.value) continue;
      charge(evaluation, { items: 1 }, expression.span);
      let key = evaluation.evaluate(expression.key, inner);
      if (isSecret(key)) {
        secret = true;
        key = key.value as Value;
      }
      if (isDeferred(key)) stopDeferred(evaluation, [key], "a key", expression.key.span);
      if (entries.has(key as string)) {
        stop(evaluation, "K1417", {
          message: secret ? "a key stands twice" : `the key ${JSON.stringify(key)} stands twice`,
          span: expression.key.span,
          hint: "keys of a map are distinct: make the key from what tells its entries apart",
        });
      }
      entries.set(key as string, evaluation.evaluate(expression.value, inner));
    }
    return secret ? makeSecret(entries) : entries;
  });
}

/** The iteration names bound to each element in turn. One name takes the value; of two, the first takes position or key. */
export function* iterate(
  evaluation: Evaluation,
  names: readonly Identifier[],
  source: Value,
  at: Expression,
  locals: Locals | undefined,
): Generator<Locals | undefined> {
  if (isDeferred(source)) stopDeferred(evaluation, [source], "what `for` goes through", at.span);
  const pairs: Iterable<readonly [Value, Value]> = source instanceof Map ? source.entries() : (source as readonly Value[]).entries();
  for (const [key, value] of pairs) yield bind(names, key, value, locals);
}

/** Binds iteration names to one key and value. */
export function bind(names: readonly Identifier[], key: Value, value: Value, locals: Locals | undefined): Locals | undefined {
  const [first, second] = names;
  if (!first) return locals;
  const outer: Locals = { name: first.name, value: second ? key : value, ...(locals ? { next: locals } : {}) };
  return second ? { name: second.name, value, next: outer } : outer;
}

function holds(
  evaluation: Evaluation,
  condition: Expression | undefined,
  locals: Locals | undefined,
): { readonly value: boolean; readonly secret: boolean } {
  if (!condition) return { value: true, secret: false };
  const value = evaluation.evaluate(condition, locals);
  const { deferred, secret } = inspect([value]);
  if (deferred.length > 0) stopDeferred(evaluation, deferred, "`if` of a comprehension", condition.span);
  return { value: (isSecret(value) ? value.value : value) === true, secret };
}
