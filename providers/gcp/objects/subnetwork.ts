// A subnetwork of one region. Its range never changes here: it could only grow, and the portable subnet names it once.
// https://cloud.google.com/compute/docs/reference/rest/v1/subnetworks

import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { flag, needText } from "../../handlers/body.ts";
import { isPending, pick, wanted } from "../../handlers/steps.ts";
import { blockersOfSubnetwork } from "../blockers.ts";
import { subnetworks } from "../collections.ts";
import { defineHandler } from "../handler.ts";
import { describeMarks } from "../marks.ts";
import type { Subnetwork } from "../operations.ts";
import { linkOf } from "../paths.ts";
import { acknowledge, acknowledgeNew, ownRegional, requestIdOf } from "../request.ts";
import { createStep, deleteStep, step } from "../steps.ts";
import { describeMarked, describePlace, orAbsent } from "./described.ts";
import { namedInRegion, nameProp, pathProp, quick, regionalPath, regionProp } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "gcp.compute.Subnetwork",
  version: 1,
  ...namedInRegion,
  props: {
    name: nameProp,
    network: pathProp("Path of its network.", { required: true }),
    region: regionProp,
    ipCidrRange: { type: "string", required: true, immutable: true, doc: "IPv4 range; no other of the network may overlap with it." },
    privateIpGoogleAccess: { type: "bool", default: false, doc: "Whether machines without a public address reach Google's APIs." },
  },
  exclusive: [["network", "ipCidrRange"]],
  timeouts: quick,
};

const access = "subnetworks.setPrivateIpGoogleAccess";

export const subnetwork = defineHandler<Subnetwork>({
  schema,
  collection: subnetworks,
  marksIn: ["description"],
  naturalPath: regionalPath("subnetworks"),

  steps(change) {
    if (change.action === "delete") return [deleteStep("subnetworks.delete")];
    if (change.id === undefined) return [createStep("subnetworks.insert", pick(change.desired, Object.keys(schema.props)), "token")];
    if (!isPending(schema, change, "privateIpGoogleAccess")) return [];
    const body = { privateIpGoogleAccess: wanted(schema, change, "privateIpGoogleAccess") ?? false };
    return [step("set:privateIpGoogleAccess", access, body, "idempotent", { sets: ["privateIpGoogleAccess"] })];
  },

  requests: {
    async "subnetworks.insert"(call, body) {
      const region = needText(body, "region");
      const subnetworkResource = {
        name: needText(body, "name"),
        description: describeMarks(call.marks),
        network: linkOf(needText(body, "network")),
        ipCidrRange: needText(body, "ipCidrRange"),
        privateIpGoogleAccess: flag(body, "privateIpGoogleAccess") ?? false,
      };
      const input = { region, requestId: requestIdOf(call), subnetworkResource };
      return acknowledgeNew("subnetworks.insert", await call.client.send("subnetworks.insert", input, call.signal));
    },

    async [access](call, body) {
      const { name: subnetwork, ...place } = ownRegional(call);
      const subnetworksSetPrivateIpGoogleAccessRequestResource = { privateIpGoogleAccess: flag(body, "privateIpGoogleAccess") ?? false };
      const input = { ...place, subnetwork, subnetworksSetPrivateIpGoogleAccessRequestResource };
      return acknowledge(access, await call.client.send(access, input, call.signal));
    },

    async "subnetworks.delete"(call) {
      const { name: subnetwork, ...place } = ownRegional(call);
      return acknowledge("subnetworks.delete", await call.client.send("subnetworks.delete", { ...place, subnetwork }, call.signal));
    },
  },

  describe: (row) =>
    describeMarked(row, {
      ...describePlace(row),
      ipCidrRange: orAbsent(row.ipCidrRange),
      privateIpGoogleAccess: row.privateIpGoogleAccess ?? false,
    }),
  blockers: blockersOfSubnetwork,
});
