// A public address of the Standard sort: static, and closed until a security group lets something in.
// https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku

import { namesIn } from "../arm-id.ts";
import { defineHandler } from "../handler.ts";
import { mapAt, textAt } from "../json.ts";
import { readOne } from "../reads.ts";
import { createResource } from "../requests.ts";
import { guidOf, plainRequests, plainSteps, showResource } from "./plain-resource.ts";
import { envelopeOf, naturalIdIn, placeOf, quick, resourceSchema, zonesProp } from "./schema-parts.ts";
import { describeUse } from "./usage.ts";

const type = "azure.network.PublicIPAddress";

const schema = resourceSchema(type, {
  version: 1,
  props: { zones: zonesProp },
  attributes: { id: { type: "string" }, ipAddress: { type: "string" } },
  timeouts: quick,
});

export const publicIPAddress = defineHandler({
  schema,
  collection: "publicIPAddresses",
  repairs: "publicIPAddresses",

  steps: plainSteps(schema, "publicIPAddresses"),

  requests: {
    "publicIPAddresses.createOrUpdate": (call, body) =>
      createResource(call, {
        collection: "publicIPAddresses",
        ...placeOf(call, "publicIPAddresses", body),
        body: {
          ...envelopeOf(call, type, body),
          sku: { name: "Standard", tier: "Regional" },
          properties: { publicIPAllocationMethod: "Static", publicIPAddressVersion: "IPv4" },
        },
        incarnation: guidOf,
      }),
    ...plainRequests(type, "publicIPAddresses"),
  },

  describe: (resource) =>
    showResource(type, resource, { incarnation: guidOf(resource), attributes: { ipAddress: textAt(resource, "properties", "ipAddress") } }),

  naturalId: naturalIdIn("publicIPAddresses"),

  async blockers(call, id) {
    const address = await readOne(call, "publicIPAddresses.get", namesIn(id));
    return describeUse([mapAt(address, "properties", "ipConfiguration"), mapAt(address, "properties", "natGateway")]);
  },
});
