// `@existing`: an object that is used and never changed. It has to be there and be as the source says. Pure.

import type { NativeObject } from "../lower/native-graph.ts";
import type { NativeValue } from "../lower/native-value.ts";
import type { Sight } from "../observe/world.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import { diffObject } from "./diff.ts";
import type { ObjectContext } from "./object-context.ts";

/** Reports what is not as written. Only props that the author wrote count; defaults of the kind ask for nothing here. */
export function verifyExisting(object: NativeObject, sight: Sight | undefined, schema: NativeSchema, context: ObjectContext): void {
  const id = object.annotations.existing;
  const span = object.places["*"];
  const place = { address: object.address, ...(span ? { span } : {}) };
  if (sight?.kind !== "found") {
    const absent = sight?.kind === "absent";
    context.report({
      kind: absent ? "existing" : "unknown",
      message: absent
        ? `there is no \`${id}\` for \`${object.address}\` to use`
        : `whether \`${id}\` exists is not known${sight ? `: ${sight.reason}` : ""}`,
      ...place,
      hint: "check the id and the account in `@existing`",
    });
    return;
  }
  const written: Record<string, NativeValue> = {};
  for (const prop of Object.keys(object.props)) {
    const at = object.places[prop];
    if (at && !(span && at.file === span.file && at.start === span.start && at.end === span.end))
      written[prop] = object.props[prop] as NativeValue;
  }
  const subject = {
    key: object.key,
    desired: written,
    prior: undefined,
    observed: sight.observed.props,
    depth: "each" as const,
    ignored: undefined,
    places: object.places,
  };
  for (const change of diffObject(subject, context.diffOf(schema))?.props ?? []) {
    context.report({
      kind: "existing",
      message: `\`${id}\` is not as \`${object.address}\` says: \`${change.prop}\` differs`,
      address: object.address,
      ...(change.span ? { span: change.span } : {}),
      hint: "an object under `@existing` is never changed: write what it has, or leave the prop out",
    });
  }
}
