// A network interface with one IP configuration. It outlives no machine in Koine's lowering, but its address, its groups and its public address
// change without one noticing, so it is an object of its own.
// https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces/create-or-update

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { known, needText, text, texts } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { canonicalId, namesIn, normaliseIds } from "../arm-id.ts";
import { defineHandler } from "../handler.ts";
import { flagAt, type Json, mapAt, mapsAt, textAt } from "../json.ts";
import { readOne } from "../reads.ts";
import { changeResource, createResource, withProperties } from "../requests.ts";
import { createStep, deleteStep, modifySteps, pendingProps, tagSteps } from "../steps.ts";
import { guidOf, plainRequests, showResource } from "./plain-resource.ts";
import { envelopeOf, idProp, naturalIdIn, placeOf, quick, reference, referenceAt, references, resourceSchema } from "./schema-parts.ts";
import { describeUse } from "./usage.ts";

const type = "azure.network.NetworkInterface";

const schema = resourceSchema(type, {
  version: 1,
  props: {
    subnet: { ...idProp, required: true, immutable: true },
    privateIPAddress: { type: "string", immutable: true, whenAbsent: "keep", doc: "Fixed when given; else Azure picks one and keeps it." },
    publicIPAddress: { ...idProp, holds: true, doc: "Id of the address that the internet sees." },
    applicationSecurityGroups: { type: "set", holds: true, default: [], normalise: normaliseIds },
  },
  attributes: { id: { type: "string" }, privateIPAddress: { type: "string" } },
  exclusive: [["resourceGroup", "name"], ["subnet", "privateIPAddress"], ["publicIPAddress"]],
  timeouts: quick,
});

const changeable = ["publicIPAddress", "applicationSecurityGroups"] as const;

export const networkInterface = defineHandler({
  schema,
  collection: "networkInterfaces",
  repairs: "networkInterfaces",

  steps(change) {
    if (change.action === "delete") return [deleteStep("networkInterfaces.delete", {}, { impact: "downtime" })];
    if (change.id === undefined) return [createStep("networkInterfaces.createOrUpdate", change.desired, "natural")];
    const due = pendingProps(schema, change, changeable);
    // Whoever speaks to the machine by the old address is cut off.
    const impact =
      due.publicIPAddress !== undefined && change.observed.publicIPAddress !== undefined ? ({ impact: "downtime" } as const) : {};
    return [...modifySteps("networkInterfaces.createOrUpdate", due, impact), ...tagSteps(schema, change, "networkInterfaces.updateTags")];
  },

  requests: {
    async "networkInterfaces.createOrUpdate"(call, body, asked) {
      if (asked.creates !== true) return changeResource(call, "networkInterfaces", ownId(call), (raw) => changePrimary(raw, body));
      const address = text(body, "privateIPAddress");
      const configuration = {
        primary: true,
        subnet: { id: needText(body, "subnet") },
        ...(address === undefined
          ? { privateIPAllocationMethod: "Dynamic" }
          : { privateIPAllocationMethod: "Static", privateIPAddress: address }),
        ...writeChangeable(body),
      };
      return createResource(call, {
        collection: "networkInterfaces",
        ...placeOf(call, "networkInterfaces", body),
        body: {
          ...envelopeOf(call, type, body),
          properties: { ipConfigurations: [{ name: "primary", properties: configuration }] },
        },
        incarnation: guidOf,
      });
    },
    ...plainRequests(type, "networkInterfaces"),
  },

  describe(resource) {
    const primary = primaryOf(resource);
    const privateIPAddress = textAt(primary, "properties", "privateIPAddress");
    return showResource(type, resource, {
      incarnation: guidOf(resource),
      props: {
        subnet: referenceAt(primary, "properties", "subnet"),
        privateIPAddress,
        publicIPAddress: referenceAt(primary, "properties", "publicIPAddress"),
        applicationSecurityGroups: mapsAt(primary, "properties", "applicationSecurityGroups").map((each) =>
          canonicalId(textAt(each, "id") ?? ""),
        ),
      },
      attributes: { privateIPAddress },
    });
  },

  naturalId: naturalIdIn("networkInterfaces"),

  async blockers(call, id) {
    const card = await readOne(call, "networkInterfaces.get", namesIn(id));
    return describeUse([mapAt(card, "properties", "virtualMachine")]);
  },
});

function primaryOf(resource: Json): Json {
  const all = mapsAt(resource, "properties", "ipConfigurations");
  return all.find((each) => flagAt(each, "properties", "primary") === true) ?? all[0] ?? {};
}

/** Other configurations of the interface stay as they are. */
function changePrimary(resource: Json, body: NativeMap): Json {
  const primary = primaryOf(resource);
  const changed = withProperties(primary, writeChangeable(body));
  const ipConfigurations = mapsAt(resource, "properties", "ipConfigurations").map((each) => (each === primary ? changed : each));
  return withProperties(resource, { ipConfigurations });
}

/** Only what the body names; `null` takes it away. */
function writeChangeable(body: NativeMap): Json {
  return known({
    publicIPAddress: body.publicIPAddress === null ? null : reference(text(body, "publicIPAddress")),
    applicationSecurityGroups:
      body.applicationSecurityGroups === undefined ? undefined : references(texts(body, "applicationSecurityGroups")),
  });
}
