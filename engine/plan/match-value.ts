// The fast half of the diff: whether an object is exactly as the source asks, decided without building anything. A "no" here only means
// that diff.ts has to look closely.

import { tagOf } from "../../grammar/graph/value.ts";
import type { NativeMap, NativeRef, NativeValue } from "../lower/native-value.ts";
import type { DiffContext, DiffSubject } from "./diff-draft.ts";
import { isUnreadable } from "./row-props.ts";

/** True only when every owned prop is equal as it stands. */
export function matchesAsIs(subject: DiffSubject, context: DiffContext): boolean {
  const { desired, prior, observed, depth, ignored } = subject;
  const { props } = context.schema;
  for (const name in desired) {
    if (ignored?.has(name)) continue;
    const spec = props[name];
    const other = isUnreadable(context.schema, name)
      ? prior?.[name]
      : (observed[name] ?? (spec?.observed === "each" && depth !== "each" ? prior?.[name] : undefined));
    const value = desired[name] as NativeValue;
    if (spec?.type === "tags" ? !matchesTags(value, other, prior?.[name], context) : !matchesValue(value, other, context)) return false;
  }
  for (const name in prior) if (desired[name] === undefined) return false;
  return true;
}

function matchesValue(value: NativeValue, other: NativeValue | undefined, context: DiffContext): boolean {
  if (typeof value !== "object" || value === null) return value === other;
  if (Array.isArray(value)) {
    if (!Array.isArray(other) || other.length !== value.length) return false;
    for (let i = 0; i < value.length; i++) if (!matchesValue(value[i] as NativeValue, other[i] as NativeValue, context)) return false;
    return true;
  }
  const kind = tagOf(value);
  if (kind === "native-ref") {
    const ref = value as NativeRef;
    const found = context.attribute(ref.object, ref.attribute);
    return found !== undefined && matchesValue(found, other, context);
  }
  if (kind !== undefined || typeof other !== "object" || other === null || Array.isArray(other)) return false;
  let count = 0;
  for (const name in value) {
    count++;
    const member = (other as NativeMap)[name];
    if (member === undefined || !matchesValue((value as NativeMap)[name] as NativeValue, member, context)) return false;
  }
  for (const _ in other) count--;
  return count === 0;
}

/** Tags are owned key by key: foreign keys do not count, formerly owned ones do. */
function matchesTags(value: NativeValue, other: NativeValue | undefined, prior: NativeValue | undefined, context: DiffContext): boolean {
  const wanted = value as NativeMap;
  const present = (other ?? {}) as NativeMap;
  for (const name in wanted) {
    const tag = present[name];
    if (tag === undefined || !matchesValue(wanted[name] as NativeValue, tag, context)) return false;
  }
  for (const name in prior as NativeMap | undefined) if (wanted[name] === undefined && present[name] !== undefined) return false;
  return true;
}
