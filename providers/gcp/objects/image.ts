// An image of our own, made from a snapshot: global. https://cloud.google.com/compute/docs/reference/rest/v1/images

import { minutes } from "../../handlers/schema-parts.ts";
import { images } from "../collections.ts";
import type { Image } from "../operations.ts";
import { defineCopy } from "./global-copy.ts";

export const image = defineCopy<Image>({
  type: "gcp.compute.Image",
  word: "image",
  collection: images,
  source: { prop: "sourceSnapshot", doc: "Path of the snapshot.", read: (row) => row.sourceSnapshot },
  patience: minutes(60),
  unfinished: ["PENDING"],
  insert: ({ client, signal }, requestId, { source: sourceSnapshot, ...copy }) =>
    client.send("images.insert", { requestId, imageResource: { ...copy, sourceSnapshot } }, signal),
  setLabels: ({ client, signal }, { project, name }, globalSetLabelsRequestResource) =>
    client.send("images.setLabels", { project, resource: name, globalSetLabelsRequestResource }, signal),
  remove: ({ client, signal }, { project, name }, requestId) => client.send("images.delete", { project, image: name, requestId }, signal),
});
