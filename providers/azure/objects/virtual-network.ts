// A virtual network. It is made without subnets, which are objects of their own; a PUT that does not bring them along would take them away, so
// nothing but its tags is ever changed.
// https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/create-or-update

import { texts } from "../../handlers/body.ts";
import { canonicalId, namesIn } from "../arm-id.ts";
import { defineHandler } from "../handler.ts";
import { mapsAt, textAt, textsAt } from "../json.ts";
import { readOne } from "../reads.ts";
import { createResource } from "../requests.ts";
import { guidOf, plainRequests, plainSteps, showResource } from "./plain-resource.ts";
import { envelopeOf, naturalIdIn, placeOf, quick, resourceSchema } from "./schema-parts.ts";
import { describeUse } from "./usage.ts";

const type = "azure.network.VirtualNetwork";

const schema = resourceSchema(type, {
  version: 1,
  props: {
    addressPrefixes: { type: "list", required: true, immutable: true, doc: "Ranges of the network." },
  },
  timeouts: quick,
});

export const virtualNetwork = defineHandler({
  schema,
  collection: "virtualNetworks",
  repairs: "virtualNetworks",

  steps: plainSteps(schema, "virtualNetworks"),

  requests: {
    "virtualNetworks.createOrUpdate": (call, body) =>
      createResource(call, {
        collection: "virtualNetworks",
        ...placeOf(call, "virtualNetworks", body),
        body: { ...envelopeOf(call, type, body), properties: { addressSpace: { addressPrefixes: texts(body, "addressPrefixes") } } },
        incarnation: guidOf,
      }),
    ...plainRequests(type, "virtualNetworks"),
  },

  describe: (resource) =>
    showResource(type, resource, {
      incarnation: guidOf(resource),
      props: { addressPrefixes: [...textsAt(resource, "properties", "addressSpace", "addressPrefixes")] },
    }),

  naturalId: naturalIdIn("virtualNetworks"),

  async blockers(call, id) {
    const network = await readOne(call, "virtualNetworks.get", namesIn(id));
    return mapsAt(network, "properties", "subnets").flatMap((subnet) => [
      {
        type: "azure.network.Subnet",
        id: canonicalId(textAt(subnet, "id") ?? ""),
        description: `subnet "${textAt(subnet, "name") ?? ""}"`,
      },
      ...describeUse(mapsAt(subnet, "properties", "ipConfigurations")),
    ]);
  },
});
