// `@adopt`: an object that is there comes under management. Pure.

import type { NativeObject } from "../lower/native-graph.ts";
import type { Observed } from "../provider/provider.ts";
import type { Decision } from "./decision.ts";
import { diffObject } from "./diff.ts";
import { finishProps } from "./finish-values.ts";
import { keepGiven } from "./generation.ts";
import { acceptDiff, ignoredProps, type ObjectContext } from "./object-context.ts";
import type { PlanHandler } from "./plan-input.ts";

/** Taking over an object that is there: everything that differs is brought in line, and the mark is written. */
export function decideAdopt(
  object: NativeObject,
  seen: Observed,
  handler: PlanHandler,
  context: ObjectContext & { readonly take: boolean },
): Decision | undefined {
  const { schema } = handler;
  const span = object.places["*"];
  const lineage = seen.marks?.lineage;
  if (lineage !== undefined && lineage !== context.lineage && !context.take) {
    context.report({
      kind: "foreign",
      message: `\`${seen.id.id}\` belongs to another stack, so \`${object.address}\` cannot take it over`,
      address: object.address,
      ...(span ? { span } : {}),
      hint: "take it out of that stack with `@forget`, or pass `--take`",
    });
    return undefined;
  }
  const subject = {
    key: object.key,
    desired: keepGiven(object.props, schema, seen.props),
    prior: undefined,
    observed: seen.props,
    depth: "each" as const,
    ignored: ignoredProps(object),
    places: object.places,
  };
  const diff = diffObject(subject, context.diffOf(schema));
  if (diff && !acceptDiff(diff, object, context)) return undefined;
  if (diff?.action === "replace") {
    const names = diff.props.filter((change) => change.forces !== undefined).map((change) => `\`${change.prop}\``);
    context.report({
      kind: "existing",
      message: `\`${seen.id.id}\` cannot be taken over as \`${object.address}\`: ${names.join(", ")} would have to change, which replaces it`,
      address: object.address,
      ...(span ? { span } : {}),
      hint: "write what the object has, or leave out `@adopt` to make a new one",
    });
    return undefined;
  }
  const finished = finishProps(keepGiven(object.props, schema, seen.props), context.finishContext).props;
  const marked = schema.marks === "tags" && (lineage !== context.lineage || seen.marks?.object === undefined);
  return {
    object,
    handler,
    action: "adopt",
    possible: false,
    props: [...(diff?.props ?? []), ...(marked ? [{ prop: "(ownership marks)", cause: "mark" as const }] : [])],
    changed: diff?.changed ?? [],
    desired: diff && diff.action !== "none" ? diff.desired : finished,
    record: diff && diff.action !== "none" ? diff.record : finished,
    generation: 1,
    seen,
    ...(marked ? { marks: true } : {}),
    ...(lineage !== undefined && lineage !== context.lineage ? { takes: true } : {}),
    notes: [`takes over \`${seen.id.id}\``],
  };
}
