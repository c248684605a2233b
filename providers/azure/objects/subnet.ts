// A subnet, part of its network: read with it, written under it, one write at a time. It carries no tags.
// https://learn.microsoft.com/rest/api/virtualnetwork/subnets/create-or-update

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { flag, known, needText, text } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { canonicalId, namesIn, normaliseName, parentId } from "../arm-id.ts";
import { defineHandler, stateOf } from "../handler.ts";
import { flagAt, type Json, mapsAt, textAt, textsAt } from "../json.ts";
import { readOne } from "../reads.ts";
import { changeResource, createResource, deleteResource, withProperties } from "../requests.ts";
import { createStep, deleteStep, modifySteps, pendingProps } from "../steps.ts";
import { idProp, quick, reference, referenceAt } from "./schema-parts.ts";
import { describeUse } from "./usage.ts";

const schema: NativeSchema = {
  type: "azure.network.Subnet",
  version: 1,
  marks: "none",
  naturalKey: ["virtualNetwork", "name"],
  nameBound: "name",
  props: {
    virtualNetwork: { ...idProp, required: true, immutable: true },
    name: { type: "string", required: true, immutable: true, normalise: normaliseName },
    addressPrefix: { type: "string", required: true, immutable: true },
    networkSecurityGroup: { ...idProp, holds: true, doc: "The group whose rules hold for all that is in it." },
    natGateway: { ...idProp, holds: true, doc: "Where its machines without a public address leave from." },
    defaultOutboundAccess: { type: "bool", default: false, doc: "Whether Azure lends an address to machines that have none." },
  },
  attributes: { id: { type: "string" } },
  exclusive: [
    ["virtualNetwork", "name"],
    ["virtualNetwork", "addressPrefix"],
  ],
  // A rule that is being written keeps its group busy, and a subnet that names the group is refused until it is not (ReferencedResourceNotProvisioned).
  lockedBy: ["virtualNetwork", "networkSecurityGroup"],
  timeouts: quick,
};

const changeable = ["networkSecurityGroup", "natGateway", "defaultOutboundAccess"] as const;

export const subnet = defineHandler({
  schema,
  collection: "virtualNetworks",
  repairs: "subnets",
  parentOf: parentId,

  steps(change) {
    if (change.action === "delete") return [deleteStep("subnets.delete")];
    if (change.id === undefined) {
      const body = { defaultOutboundAccess: false, ...change.desired };
      return [createStep("subnets.createOrUpdate", body, "natural")];
    }
    return modifySteps("subnets.createOrUpdate", pendingProps(schema, change, changeable));
  },

  requests: {
    async "subnets.createOrUpdate"(call, body, asked) {
      if (asked.creates !== true) return changeResource(call, "subnets", ownId(call), (raw) => withProperties(raw, writeProperties(body)));
      const network = needText(body, "virtualNetwork");
      const name = needText(body, "name");
      const properties = { addressPrefix: needText(body, "addressPrefix"), ...writeProperties(body) };
      return createResource(call, {
        collection: "subnets",
        at: [...namesIn(network), name],
        id: canonicalId(`${network}/subnets/${name}`),
        body: withProperties({}, properties),
        isOurs: () => false,
      });
    },
    "subnets.delete": (call) => deleteResource(call, "subnets.delete", ownId(call)),
  },

  describe: (network) => {
    const virtualNetwork = canonicalId(textAt(network, "id") ?? "");
    return mapsAt(network, "properties", "subnets").map((each) => describeSubnet(virtualNetwork, each));
  },

  naturalId: (_call, props) => {
    const network = text(props, "virtualNetwork");
    return network === undefined ? undefined : canonicalId(network);
  },

  async blockers(call, id) {
    const seen = await readOne(call, "subnets.get", namesIn(id));
    return describeUse(mapsAt(seen, "properties", "ipConfigurations"));
  },
});

/** Only what the body names; `null` takes it away. */
function writeProperties(body: NativeMap): Json {
  return known({
    networkSecurityGroup: sub(body, "networkSecurityGroup"),
    natGateway: sub(body, "natGateway"),
    defaultOutboundAccess: flag(body, "defaultOutboundAccess"),
  });
}

function sub(body: NativeMap, name: string) {
  return body[name] === null ? null : reference(text(body, name));
}

function describeSubnet(virtualNetwork: string, resource: Json) {
  const name = textAt(resource, "name") ?? "";
  const id = canonicalId(textAt(resource, "id") ?? `${virtualNetwork}/subnets/${name}`);
  return {
    id,
    props: known({
      virtualNetwork,
      name,
      addressPrefix: textAt(resource, "properties", "addressPrefix") ?? textsAt(resource, "properties", "addressPrefixes")[0],
      networkSecurityGroup: referenceAt(resource, "properties", "networkSecurityGroup"),
      natGateway: referenceAt(resource, "properties", "natGateway"),
      // Unset is the old default: https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
      defaultOutboundAccess: flagAt(resource, "properties", "defaultOutboundAccess") ?? true,
    }),
    attributes: { id },
    ...stateOf(resource),
  };
}
