// A reserved external address of a region. The creating request takes no labels, so its marks stand in the description, and labels follow in a request of
// their own. https://cloud.google.com/compute/docs/reference/rest/v1/addresses

import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { needText } from "../../handlers/body.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { blockersOfAddress } from "../blockers.ts";
import { addresses } from "../collections.ts";
import { defineHandler } from "../handler.ts";
import { describeMarks, readDescription, readLabels } from "../marks.ts";
import type { Address } from "../operations.ts";
import { nameOf } from "../paths.ts";
import { acknowledge, acknowledgeNew, ownRegional, requestIdOf } from "../request.ts";
import { createStep, deleteStep, labelSteps, step } from "../steps.ts";
import { describeLabelled, orAbsent } from "./described.ts";
import { writeLabels } from "./label-requests.ts";
import { identityAttributes, labelsProp, namedInRegion, nameProp, quick, regionalPath, regionProp } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "gcp.compute.Address",
  version: 1,
  ...namedInRegion,
  props: { name: nameProp, region: regionProp, labels: labelsProp },
  attributes: { ...identityAttributes, address: { type: "string", doc: "The IPv4 address." } },
  timeouts: quick,
};

export const address = defineHandler<Address>({
  schema,
  collection: addresses,
  // Labels where it was adopted: its description never changes.
  marksIn: ["description", "labels"],
  naturalPath: regionalPath("addresses"),

  steps(change) {
    if (change.action === "delete") return [deleteStep("addresses.delete")];
    if (change.id !== undefined) return labelSteps(schema, change, "addresses.setLabels");
    const create = { ...createStep("addresses.insert", pick(change.desired, ["name", "region"]), "token") };
    if (!isPending(schema, change, "labels", {})) return [create];
    return [create, step("label", "addresses.setLabels", { set: change.desired.labels ?? {} }, "idempotent", { sets: ["labels"] })];
  },

  requests: {
    async "addresses.insert"(call, body) {
      const region = needText(body, "region");
      const addressResource = {
        name: needText(body, "name"),
        description: describeMarks(call.marks),
        addressType: "EXTERNAL",
      };
      const input = { region, requestId: requestIdOf(call), addressResource };
      return acknowledgeNew("addresses.insert", await call.client.send("addresses.insert", input, call.signal));
    },

    "addresses.setLabels": writeLabels("addresses.setLabels", addresses, (call, { project, region = call.client.region, name }, edit) =>
      call.client.send(
        "addresses.setLabels",
        { project, region, resource: name, requestId: requestIdOf(call), regionSetLabelsRequestResource: edit },
        call.signal,
      ),
    ),

    async "addresses.delete"(call) {
      const { name: address, ...place } = ownRegional(call);
      return acknowledge("addresses.delete", await call.client.send("addresses.delete", { ...place, address }, call.signal));
    },
  },

  describe(row) {
    const marks = { ...readDescription(row.description), ...readLabels(row.labels).marks };
    const props = { region: row.region ? nameOf(row.region) : undefined };
    return describeLabelled(row, props, { address: orAbsent(row.address) }, { marks, status: orAbsent(row.status) });
  },
  blockers: blockersOfAddress,
});
