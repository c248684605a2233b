// A managed image, made of a snapshot of a root disk. Azure takes only what is called generalized: a machine made of it is set up anew.
// https://learn.microsoft.com/rest/api/compute/images/create-or-update

import { needText, text } from "../../handlers/body.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { defineHandler } from "../handler.ts";
import { textAt } from "../json.ts";
import { createResource } from "../requests.ts";
import { plainRequests, plainSteps, showResource } from "./plain-resource.ts";
import { envelopeOf, idProp, naturalIdIn, placeOf, referenceAt, resourceSchema } from "./schema-parts.ts";

const type = "azure.compute.Image";

const schema = resourceSchema(type, {
  version: 1,
  dataBearing: true,
  props: {
    sourceSnapshot: { ...idProp, required: true, immutable: true, doc: "Snapshot of a root disk." },
    hyperVGeneration: { type: "string", immutable: true, default: "V1", doc: "`V1` or `V2`: as the disk starts up." },
  },
  timeouts: { create: minutes(60), update: minutes(10), delete: minutes(15) },
});

export const image = defineHandler({
  schema,
  collection: "images",
  repairs: "images",

  steps: plainSteps(schema, "images", { impact: "data-loss" }),

  requests: {
    "images.createOrUpdate": (call, body) => {
      const snapshot = { id: needText(body, "sourceSnapshot") };
      return createResource(call, {
        collection: "images",
        ...placeOf(call, "images", body),
        body: {
          ...envelopeOf(call, type, body),
          properties: {
            hyperVGeneration: text(body, "hyperVGeneration") ?? "V1",
            storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", snapshot } },
          },
        },
      });
    },
    ...plainRequests(type, "images"),
  },

  pollEvery: 2_000,
  describe: (resource) =>
    showResource(type, resource, {
      props: {
        sourceSnapshot: referenceAt(resource, "properties", "storageProfile", "osDisk", "snapshot"),
        hyperVGeneration: textAt(resource, "properties", "hyperVGeneration"),
      },
    }),

  naturalId: naturalIdIn("images"),
});
