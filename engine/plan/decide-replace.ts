// A replacement: whether it is certain, in which order old and new live, and what would be done instead if it turns out not to be needed. Pure.

import type { Observed } from "../provider/provider.ts";
import type { ObjectRow } from "../state/store.ts";
import type { PropChange } from "./change.ts";
import type { Decision } from "./decision.ts";
import type { ObjectDiff } from "./diff.ts";
import { finishProps } from "./finish-values.ts";
import { withGeneration } from "./generation.ts";
import { type ObjectContext, reportProtected } from "./object-context.ts";
import { findLeader, type OrderInput, orderReplacement } from "./replacement.ts";

export type Base = Pick<Decision, "object" | "handler" | "generation" | "previousAddress"> & {
  readonly row: ObjectRow;
  readonly seen: Observed;
};

/** Undefined when it may not be: that is reported. */
export function decideReplace(
  base: Base,
  props: readonly PropChange[],
  diff: ObjectDiff | undefined,
  forced: boolean,
  context: ObjectContext,
): Decision | undefined {
  const { object, handler, row, seen } = base;
  const finished = finishProps(object.props, context.finishContext).props;
  const isCertain = forced || context.bounds.certain.has(object.key);
  const leader = diff?.possible && !isCertain ? findLeader(diff.forcedBy, context.decisionOf) : undefined;
  const possible = !isCertain && (diff?.possible ?? false) && !leader?.certain;
  if (object.annotations.protect) {
    context.report(reportProtected(object.address, object.places["*"], props, possible));
    return undefined;
  }
  const input: OrderInput = {
    key: object.key,
    schema: handler.schema,
    row,
    present: { ...row.props, ...seen.props },
    desired: finished,
    after: object.after,
    written: object.annotations.replace,
    decisionOf: context.decisionOf,
    deleteFirst: context.bounds.deleteFirst,
  };
  const { order, because, impossible } = orderReplacement(input);
  if (impossible !== undefined) {
    context.report({
      kind: "claims",
      message: `\`${object.address}\` cannot be made before its predecessor goes: ${impossible}`,
      address: object.address,
      ...(object.places["*"] ? { span: object.places["*"] } : {}),
      hint: 'write `@replace("after")`, or leave the annotation out',
    });
    return undefined;
  }
  const generation = order === "create-first" ? row.generation + 1 : row.generation;
  const desired = withGeneration(finished, handler.schema, generation);
  return {
    ...base,
    action: "replace",
    possible,
    props,
    changed: diff?.changed ?? [],
    desired,
    record: desired,
    generation,
    ...(possible && diff ? { kept: { desired: diff.desired, record: diff.record } } : {}),
    order,
    ...(leader && !leader.certain ? { follows: leader.key } : {}),
    notes: because === undefined ? [] : [`the old one goes first: ${because}`],
  };
}
