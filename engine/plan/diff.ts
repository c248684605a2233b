// What has to change on one object, prop by prop: desired against observed decides, prior explains and finds what was taken out of the
// source. Pure; it knows nothing of other objects but whether a value is known yet.

import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import type { NativeProp, NativeSchema } from "../provider/native-schema.ts";
import type { Cause, PropChange } from "./change.ts";
import { addChange, type DiffContext, type DiffDraft, type DiffSubject, noteDeferred } from "./diff-draft.ts";
import { diffTags } from "./diff-tags.ts";
import { matchesAsIs } from "./match-value.ts";
import { holdsSecret, openSecrets } from "./native-form.ts";
import { isSameProp, normaliseValue } from "./normalise.ts";
import { compareWithRow, isDigest, isUnreadable, type RowComparison } from "./row-props.ts";

export interface ObjectDiff {
  readonly action: "none" | "update" | "replace";
  /** The action is the most that can happen: all that calls for it waits for values. */
  readonly possible: boolean;
  readonly props: readonly PropChange[];
  /** Names of native props, each once. */
  readonly changed: readonly string[];
  /** What the update brings about: finished as far as known, foreign tags and ignored props as observed, taken-out props at their default. */
  readonly desired: NativeMap;
  /** What the row is to hold: the source's own props. */
  readonly record: NativeMap;
  /** Objects that values which force a possible replacement wait for. */
  readonly forcedBy: readonly string[];
  readonly warnings: readonly string[];
  /** Props that may not be taken out of the source. */
  readonly refused: readonly string[];
}

/** Undefined when nothing is to be done, which costs a comparison and builds nothing. */
export function diffObject(subject: DiffSubject, context: DiffContext): ObjectDiff | undefined {
  if (matchesAsIs(subject, context)) return undefined;
  const draft: DiffDraft = { props: [], changed: new Set(), desired: {}, record: {}, forcedBy: new Set(), warnings: [], refused: [] };
  for (const name of Object.keys(subject.desired)) judgeWritten(name, specOf(context.schema, name), subject, context, draft);
  for (const name of Object.keys(subject.prior ?? {})) {
    if (subject.desired[name] === undefined) judgeTakenOut(name, context.schema.props[name], subject, context, draft);
  }
  if (draft.props.length === 0 && draft.warnings.length === 0 && draft.refused.length === 0) return undefined;
  return sumUp(draft);
}

function sumUp(draft: DiffDraft): ObjectDiff {
  const forcing = draft.props.filter((change) => change.forces !== undefined);
  const deciding = forcing.length > 0 ? forcing : draft.props;
  return {
    action: draft.props.length === 0 ? "none" : forcing.length > 0 ? "replace" : "update",
    possible: deciding.length > 0 && deciding.every((change) => change.waitsFor !== undefined),
    // The order in which the source wrote the props says nothing.
    props: draft.props.sort((a, b) => compareCodePoints(a.prop, b.prop)),
    changed: [...draft.changed].sort(compareCodePoints),
    desired: draft.desired,
    record: draft.record,
    forcedBy: [...draft.forcedBy],
    warnings: draft.warnings,
    refused: draft.refused,
  };
}

export function specOf(schema: NativeSchema, name: string): NativeProp {
  const spec = schema.props[name];
  if (!spec) throw new Error(`the schema of \`${schema.type}\` has no prop \`${name}\``);
  return spec;
}

function judgeWritten(name: string, spec: NativeProp, subject: DiffSubject, context: DiffContext, draft: DiffDraft): void {
  const finished = context.finish(subject.desired[name] as NativeValue);
  draft.record[name] = finished.value;
  const seen = seenOf(name, spec, subject, context);
  if (subject.ignored?.has(name)) {
    if (seen !== undefined) draft.desired[name] = seen;
    return;
  }
  draft.desired[name] = finished.value;
  if (spec.type === "tags") {
    diffTags(name, subject.desired[name] as NativeMap, seen, { forces: spec.immutable ? "immutable" : undefined }, subject, context, draft);
    return;
  }
  const secret = spec.secret === true || holdsSecret(finished.value) || isDigest(seen);
  if (finished.kind === "deferred") {
    const forces = spec.immutable ? "immutable" : spec.replaceWhen ? "may call for a replacement" : undefined;
    noteDeferred(name, finished, secret ? undefined : seen, { secret, forces }, subject, context, draft);
    return;
  }
  const cause = isUnreadable(context.schema, name)
    ? judgeUnreadable(name, finished.value, spec, subject, context, draft)
    : judgeSeen(name, finished.value, seen, spec, subject, context);
  if (cause === undefined) return;
  noteChange(name, seen, finished.value, { cause, secret }, spec, subject, draft);
}

/** What the cloud reports of a prop, as far as it was asked. */
function seenOf(name: string, spec: NativeProp, subject: DiffSubject, context: DiffContext): NativeValue | undefined {
  if (isUnreadable(context.schema, name)) return subject.prior?.[name];
  // A list may tell all the same: what it shows counts.
  if (spec.observed === "each" && subject.depth !== "each") return subject.observed[name] ?? subject.prior?.[name] ?? spec.default;
  return subject.observed[name];
}

/** A prop that the cloud shows. Undefined: as it should be. */
function judgeSeen(
  name: string,
  value: NativeValue,
  seen: NativeValue | undefined,
  spec: NativeProp,
  subject: DiffSubject,
  context: DiffContext,
): Cause | undefined {
  const wanted = openSecrets(value);
  const compare = (other: NativeValue | undefined): boolean =>
    isSameProp(spec, wanted, other) ||
    (other !== undefined && holdsSecret(value) && compareRow(name, value, other, subject, context) === "equal");
  if (compare(seen)) return undefined;
  const prior = subject.prior?.[name];
  if (prior === undefined) return "author";
  if (holdsSecret(value)) {
    const asWanted = compareRow(name, value, prior, subject, context) === "equal";
    const asSeen = seen !== undefined && compareRow(name, seen, prior, subject, context) === "equal";
    return asSeen ? "author" : asWanted ? "drift" : "both";
  }
  if (isSameProp(spec, prior, seen)) return "author";
  return isSameProp(spec, prior, wanted) ? "drift" : "both";
}

/** A prop that can never be read: what was written last decides. */
function judgeUnreadable(
  name: string,
  value: NativeValue,
  spec: NativeProp,
  subject: DiffSubject,
  context: DiffContext,
  draft: DiffDraft,
): Cause | undefined {
  const prior = subject.prior?.[name];
  if (prior === undefined)
    return subject.prior === undefined
      ? noteIncomparable(name, subject, draft)
      : isSameProp(spec, openSecrets(value), undefined)
        ? undefined
        : "author";
  if (!holdsSecret(value) && isSameProp(spec, value, prior)) return undefined;
  switch (compareRow(name, spec.normalise && !holdsSecret(value) ? normaliseValue(spec, value) : value, prior, subject, context)) {
    case "equal":
      return undefined;
    case "differs":
      return "author";
    case "unknown":
      return noteIncomparable(name, subject, draft);
  }
}

function noteIncomparable(name: string, subject: DiffSubject, draft: DiffDraft): undefined {
  draft.warnings.push(
    `\`${name}\` of \`${subject.key}\` cannot be read back and there is no digest to compare it with; it is taken as unchanged`,
  );
}

function compareRow(name: string, value: NativeValue, recorded: NativeValue, subject: DiffSubject, context: DiffContext): RowComparison {
  const { key, formerKey } = subject;
  const place = { lineage: context.lineage, key, prop: name, ...(formerKey === undefined ? {} : { formerKey }) };
  return compareWithRow(value, recorded, place, context.secrets);
}

/** Owned before, and no longer in the source. */
function judgeTakenOut(name: string, spec: NativeProp | undefined, subject: DiffSubject, context: DiffContext, draft: DiffDraft): void {
  // A prop that the schema has dropped since: there is nothing left to do about it.
  if (!spec || subject.ignored?.has(name)) return;
  if (spec.type === "tags") {
    diffTags(name, {}, seenOf(name, spec, subject, context), { forces: spec.immutable ? "immutable" : undefined }, subject, context, draft);
    return;
  }
  const seen = seenOf(name, spec, subject, context);
  switch (spec.whenAbsent ?? "reset") {
    case "keep":
      return;
    case "refuse":
      draft.refused.push(name);
      return;
    case "replace":
      if (isSameProp(spec, seen, undefined)) return;
      addChange(
        name,
        seen,
        spec.default,
        { cause: "author", secret: spec.secret === true || isDigest(seen), forces: "taken out of the source" },
        subject,
        draft,
      );
      return;
    case "reset": {
      if (isSameProp(spec, seen, undefined)) return;
      if (spec.default !== undefined) draft.desired[name] = spec.default;
      const drifted = !isUnreadable(context.schema, name) && !isSameProp(spec, subject.prior?.[name], seen);
      noteChange(
        name,
        seen,
        spec.default,
        { cause: drifted ? "both" : "author", secret: spec.secret === true || isDigest(seen) },
        spec,
        subject,
        draft,
      );
    }
  }
}

/** A certain change: whether the prop takes it in place is the schema's to say. */
function noteChange(
  name: string,
  from: NativeValue | undefined,
  to: NativeValue | undefined,
  how: { readonly cause: Cause; readonly secret: boolean },
  spec: NativeProp,
  subject: DiffSubject,
  draft: DiffDraft,
): void {
  const forces = spec.immutable
    ? "immutable"
    : spec.replaceWhen?.(from ?? null, to === undefined ? null : openSecrets(to), subject.observed);
  addChange(name, from, to, { ...how, forces }, subject, draft);
}
