// A VPC network. Subnetworks and rules are objects of their own; its description, which carries the marks, can never be changed.
// https://cloud.google.com/compute/docs/reference/rest/v1/networks

import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { flag, needText, text } from "../../handlers/body.ts";
import { isPending, pick, wanted } from "../../handlers/steps.ts";
import { blockersOfNetwork } from "../blockers.ts";
import { networks } from "../collections.ts";
import { defineHandler } from "../handler.ts";
import { describeMarks } from "../marks.ts";
import type { Network } from "../operations.ts";
import { acknowledge, acknowledgeNew, ownGlobal, requestIdOf } from "../request.ts";
import { createStep, deleteStep, step } from "../steps.ts";
import { describeMarked, orAbsent } from "./described.ts";
import { globallyNamed, globalPath, nameProp, quick } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "gcp.compute.Network",
  version: 1,
  ...globallyNamed,
  props: {
    name: nameProp,
    autoCreateSubnetworks: { type: "bool", default: false, immutable: true, doc: "False: subnetworks are made one by one." },
    routingMode: { type: "string", default: "REGIONAL", doc: "`REGIONAL` or `GLOBAL`." },
  },
  timeouts: quick,
};

export const network = defineHandler<Network>({
  schema,
  collection: networks,
  marksIn: ["description"],
  naturalPath: globalPath("networks"),

  steps(change) {
    if (change.action === "delete") return [deleteStep("networks.delete")];
    if (change.id === undefined) return [createStep("networks.insert", pick(change.desired, Object.keys(schema.props)), "token")];
    if (!isPending(schema, change, "routingMode")) return [];
    const body = { routingMode: wanted(schema, change, "routingMode") ?? "REGIONAL" };
    return [step("patch:routingMode", "networks.patch", body, "idempotent", { sets: ["routingMode"] })];
  },

  requests: {
    async "networks.insert"(call, body) {
      const networkResource = {
        name: needText(body, "name"),
        description: describeMarks(call.marks),
        autoCreateSubnetworks: flag(body, "autoCreateSubnetworks") ?? false,
        routingConfig: { routingMode: text(body, "routingMode") ?? "REGIONAL" },
      };
      const input = { requestId: requestIdOf(call), networkResource };
      return acknowledgeNew("networks.insert", await call.client.send("networks.insert", input, call.signal));
    },

    // Of a network, only its routing can be changed. https://cloud.google.com/compute/docs/reference/rest/v1/networks/patch
    async "networks.patch"(call, body) {
      const { name: network, ...place } = ownGlobal(call);
      const networkResource = { routingConfig: { routingMode: needText(body, "routingMode") } };
      const input = { ...place, network, networkResource };
      return acknowledge("networks.patch", await call.client.send("networks.patch", input, call.signal));
    },

    async "networks.delete"(call) {
      const { name: network, ...place } = ownGlobal(call);
      return acknowledge("networks.delete", await call.client.send("networks.delete", { ...place, network }, call.signal));
    },
  },

  describe: (row) =>
    describeMarked(row, {
      autoCreateSubnetworks: orAbsent(row.autoCreateSubnetworks),
      routingMode: orAbsent(row.routingConfig?.routingMode),
    }),
  blockers: blockersOfNetwork,
});
