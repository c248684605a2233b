// A NAT gateway: where the machines of its subnets leave from. The subnets name it, not the other way round.
// https://learn.microsoft.com/rest/api/virtualnetwork/nat-gateways/create-or-update

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { known, texts, whole } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { wanted } from "../../handlers/steps.ts";
import { canonicalId, namesIn, normaliseIds } from "../arm-id.ts";
import { defineHandler } from "../handler.ts";
import { type Json, mapsAt, numberAt, textAt } from "../json.ts";
import { readOne } from "../reads.ts";
import { changeResource, createResource, withProperties } from "../requests.ts";
import { createStep, deleteStep, modifySteps, pendingProps, tagSteps } from "../steps.ts";
import { guidOf, plainRequests, showResource } from "./plain-resource.ts";
import { envelopeOf, idProp, naturalIdIn, placeOf, quick, references, resourceSchema, zonesProp } from "./schema-parts.ts";
import { describeUse } from "./usage.ts";

const type = "azure.network.NatGateway";

const schema = resourceSchema(type, {
  version: 1,
  props: {
    publicIpAddresses: {
      type: "set",
      holds: true,
      required: true,
      normalise: normaliseIds,
      doc: "Ids of the addresses that its traffic leaves from.",
    },
    zones: zonesProp,
    // "A NAT gateway can't span multiple virtual networks": https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource
    virtualNetwork: {
      ...idProp,
      immutable: true,
      writeOnly: true,
      observed: "never",
      doc: "Of the subnets that name it. Recorded, never sent.",
    },
    idleTimeoutInMinutes: { type: "int", default: 4, doc: "4 to 120." },
  },
  // https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource#source-network-address-translation: an address is of one gateway at a time.
  exclusive: [["resourceGroup", "name"], ["publicIpAddresses"]],
  timeouts: quick,
});

const changeable = ["publicIpAddresses", "idleTimeoutInMinutes"] as const;

export const natGateway = defineHandler({
  schema,
  collection: "natGateways",
  repairs: "natGateways",

  steps(change) {
    if (change.action === "delete") return [deleteStep("natGateways.delete", {}, { impact: "downtime" })];
    if (change.id === undefined) {
      const timeout = wanted(schema, change, "idleTimeoutInMinutes") ?? 4;
      return [createStep("natGateways.createOrUpdate", { ...change.desired, idleTimeoutInMinutes: timeout }, "natural")];
    }
    const due = pendingProps(schema, change, changeable);
    const impact = due.publicIpAddresses === undefined ? {} : ({ impact: "downtime" } as const);
    return [...modifySteps("natGateways.createOrUpdate", due, impact), ...tagSteps(schema, change, "natGateways.updateTags")];
  },

  requests: {
    async "natGateways.createOrUpdate"(call, body, asked) {
      if (asked.creates !== true)
        return changeResource(call, "natGateways", ownId(call), (raw) => withProperties(raw, writeProperties(body)));
      return createResource(call, {
        collection: "natGateways",
        ...placeOf(call, "natGateways", body),
        body: { ...envelopeOf(call, type, body), sku: { name: "Standard" }, properties: writeProperties(body) },
        incarnation: guidOf,
      });
    },
    ...plainRequests(type, "natGateways"),
  },

  describe: (resource) =>
    showResource(type, resource, {
      incarnation: guidOf(resource),
      props: {
        publicIpAddresses: mapsAt(resource, "properties", "publicIpAddresses").map((each) => canonicalId(textAt(each, "id") ?? "")),
        idleTimeoutInMinutes: numberAt(resource, "properties", "idleTimeoutInMinutes"),
      },
    }),

  naturalId: naturalIdIn("natGateways"),

  async blockers(call, id) {
    const gateway = await readOne(call, "natGateways.get", namesIn(id));
    return describeUse(mapsAt(gateway, "properties", "subnets"));
  },
});

/** Only what the body names. */
function writeProperties(body: NativeMap): Json {
  return known({
    publicIpAddresses: body.publicIpAddresses === undefined ? undefined : references(texts(body, "publicIpAddresses")),
    idleTimeoutInMinutes: whole(body, "idleTimeoutInMinutes"),
  });
}
