// Tags are owned key by key: what others put on an object is neither compared nor removed, what the source once put there is. Pure.

import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import type { Cause } from "./change.ts";
import { addChange, type DiffContext, type DiffDraft, type DiffSubject, noteDeferred } from "./diff-draft.ts";
import { holdsSecret, openSecrets } from "./native-form.ts";
import { isSameData } from "./normalise.ts";

/** Judges each key of a prop of type `tags`. The draft's desired value becomes the whole map as it is to be, foreign keys included. */
export function diffTags(
  name: string,
  wanted: NativeMap,
  seen: NativeValue | undefined,
  how: { readonly forces: string | undefined },
  subject: DiffSubject,
  context: DiffContext,
  draft: DiffDraft,
): void {
  const present = (seen ?? {}) as NativeMap;
  const prior = (subject.prior?.[name] ?? {}) as NativeMap;
  const target: Record<string, NativeValue> = { ...present };

  for (const key of Object.keys(wanted)) {
    const finished = context.finish(wanted[key] as NativeValue);
    target[key] = finished.value;
    const label = `${name}.${key}`;
    const secret = holdsSecret(finished.value);
    if (finished.kind === "deferred") {
      noteDeferred(name, finished, present[key], { secret, forces: how.forces, label }, subject, context, draft);
      continue;
    }
    const value = openSecrets(finished.value);
    if (isSameData(value, present[key])) continue;
    addChange(
      name,
      present[key],
      finished.value,
      { cause: causeOf(value, prior[key], present[key]), secret, forces: how.forces, label },
      subject,
      draft,
    );
  }
  for (const key of Object.keys(prior)) {
    if (wanted[key] !== undefined || present[key] === undefined) continue;
    delete target[key];
    const cause = isSameData(prior[key], present[key]) ? "author" : "both";
    addChange(name, present[key], undefined, { cause, secret: false, forces: how.forces, label: `${name}.${key}` }, subject, draft);
  }
  draft.desired[name] = target;
}

function causeOf(wanted: NativeValue, prior: NativeValue | undefined, seen: NativeValue | undefined): Cause {
  if (prior === undefined || isSameData(prior, seen)) return "author";
  return isSameData(prior, wanted) ? "drift" : "both";
}
