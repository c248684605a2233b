// A snapshot of a disk: a full copy, because an image can be made of one.
// https://learn.microsoft.com/azure/virtual-machines/snapshot-copy-managed-disk

import { needText } from "../../handlers/body.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { defineHandler } from "../handler.ts";
import { createResource } from "../requests.ts";
import { sourceOf } from "./disk-shape.ts";
import { plainRequests, plainSteps, showResource, uniqueIdOf } from "./plain-resource.ts";
import { envelopeOf, idProp, naturalIdIn, placeOf, resourceSchema } from "./schema-parts.ts";

const type = "azure.compute.Snapshot";

const schema = resourceSchema(type, {
  version: 1,
  dataBearing: true,
  props: {
    sourceResourceId: { ...idProp, required: true, immutable: true, doc: "Disk that it is taken of." },
  },
  timeouts: { create: minutes(60), update: minutes(10), delete: minutes(15) },
});

export const snapshot = defineHandler({
  schema,
  collection: "snapshots",
  repairs: "snapshots",

  steps: plainSteps(schema, "snapshots", { impact: "data-loss" }),

  requests: {
    "snapshots.createOrUpdate": (call, body) =>
      createResource(call, {
        collection: "snapshots",
        ...placeOf(call, "snapshots", body),
        body: {
          ...envelopeOf(call, type, body),
          properties: { creationData: { createOption: "Copy", sourceResourceId: needText(body, "sourceResourceId") }, incremental: false },
        },
        incarnation: uniqueIdOf,
      }),
    ...plainRequests(type, "snapshots"),
  },

  pollEvery: 2_000,
  describe: (resource) =>
    showResource(type, resource, { incarnation: uniqueIdOf(resource), props: { sourceResourceId: sourceOf(resource) } }),

  naturalId: naturalIdIn("snapshots"),
});
