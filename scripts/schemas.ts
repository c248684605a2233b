// The JSON Schemas of what Koine prints and takes, as text, made from the shapes that the program itself checks. Written by generate-docs.ts,
// compared by a test.

import { snapshotVersion } from "../engine/state/snapshot.ts";
import { describeSnapshotSchema } from "../engine/state/snapshot-schema.ts";

/** File name below docs/schemas to its text. */
export function makeSchemas(): ReadonlyMap<string, string> {
  return new Map([["state.schema.json", `${JSON.stringify(describeSnapshotSchema(snapshotVersion), undefined, 2)}\n`]]);
}
