// A snapshot of a disk: global, and it outlives the disk. https://cloud.google.com/compute/docs/reference/rest/v1/snapshots

import { minutes } from "../../handlers/schema-parts.ts";
import { snapshots } from "../collections.ts";
import type { Snapshot } from "../operations.ts";
import { defineCopy } from "./global-copy.ts";

export const snapshot = defineCopy<Snapshot>({
  type: "gcp.compute.Snapshot",
  word: "snapshot",
  collection: snapshots,
  source: { prop: "sourceDisk", doc: "Path of the disk.", read: (row) => row.sourceDisk },
  // The first snapshot of a disk copies all of it.
  patience: minutes(120),
  unfinished: ["CREATING", "UPLOADING"],
  insert: ({ client, signal }, requestId, { source: sourceDisk, ...copy }) =>
    client.send("snapshots.insert", { requestId, snapshotResource: { ...copy, sourceDisk } }, signal),
  setLabels: ({ client, signal }, { project, name }, globalSetLabelsRequestResource) =>
    client.send("snapshots.setLabels", { project, resource: name, globalSetLabelsRequestResource }, signal),
  remove: ({ client, signal }, { project, name }, requestId) =>
    client.send("snapshots.delete", { project, snapshot: name, requestId }, signal),
});
