// Writing labels: the whole map is replaced, under the fingerprint of what was read just before, so that nobody else's label is lost.
// https://cloud.google.com/compute/docs/labeling-resources

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { map, texts } from "../../handlers/body.ts";
import { ownId, type Request } from "../../handlers/request.ts";
import { writeMarkLabels, writeUserLabels } from "../marks.ts";
import type { Gce, GceCall, Operation } from "../operations.ts";
import { type Location, needLocation } from "../paths.ts";
import { acknowledge } from "../request.ts";
import type { Collection, Named } from "../sweep.ts";

interface Labelled extends Named {
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly labelFingerprint?: string | null;
}

export interface LabelEdit {
  readonly labels: Record<string, string>;
  readonly labelFingerprint: string | null;
}

/** Reads the object, then writes its labels with the step's changes and, where asked for, the marks. */
export function writeLabels<Row extends Labelled>(
  operation: string,
  collection: Collection<Row>,
  send: (call: GceCall, at: Location, edit: LabelEdit) => Promise<Operation>,
): Request<Gce> {
  return async (call, body, step) => {
    const at = needLocation(ownId(call));
    const edit = await editLabels(collection, call, at, body, step.marks === true ? writeMarkLabels(call.marks) : {});
    return acknowledge(operation, await send(call, at, edit));
  };
}

/** The labels that an object is to have, under the fingerprint of those that it has. */
export async function editLabels<Row extends Labelled>(
  collection: Collection<Row>,
  call: GceCall,
  at: Location,
  body: NativeMap,
  marks: Readonly<Record<string, string>>,
): Promise<LabelEdit> {
  const row = await collection.get(call, at);
  const removed = new Set(texts(body, "remove"));
  const kept = Object.fromEntries(Object.entries(row.labels ?? {}).filter(([key]) => !removed.has(key)));
  return { labels: { ...kept, ...writeUserLabels(map(body, "set")), ...marks }, labelFingerprint: row.labelFingerprint ?? null };
}
