// The association of a subnet with a route table. A subnet has one explicit association at most, so the subnet names it; another table is
// put in its place by ReplaceRouteTableAssociation, without a moment in which the subnet falls back to the main table.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html

import type { RouteTable } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { needText, text } from "../../handlers/body.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { defineHandler } from "../handler.ts";
import { createStep, deleteStep, step } from "../steps.ts";
import { filter } from "../sweep.ts";
import { readRouteTables } from "./read-route-tables.ts";
import { quick } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.RouteTableAssociation",
  version: 1,
  marks: "none",
  naturalKey: ["SubnetId"],
  props: {
    SubnetId: { type: "string", required: true, immutable: true },
    RouteTableId: { type: "string", required: true, holds: true },
  },
  // Replacing gives the association another id, hence the subnet's as the name.
  attributes: { AssociationId: { type: "string", changesWith: ["RouteTableId"] } },
  exclusive: [["SubnetId"]],
  timeouts: quick,
};

export const routeTableAssociation = defineHandler<RouteTable>({
  schema,

  steps(change) {
    const own = pick(change.attributes, ["AssociationId"]);
    if (change.action === "delete") return [deleteStep("DisassociateRouteTable", own, { impact: "downtime" })];
    if (change.id === undefined) return [createStep("AssociateRouteTable", pick(change.desired, ["SubnetId", "RouteTableId"]), "natural")];
    if (!isPending(schema, change, "RouteTableId")) return [];
    const body = { ...own, ...pick(change.desired, ["RouteTableId"]) };
    return [step("replace", "ReplaceRouteTableAssociation", body, "idempotent", { sets: ["RouteTableId"] })];
  },

  requests: {
    async AssociateRouteTable(call, body) {
      const SubnetId = needText(body, "SubnetId");
      await call.client.send("AssociateRouteTable", { SubnetId, RouteTableId: needText(body, "RouteTableId") }, call.signal);
      return { id: SubnetId };
    },

    async ReplaceRouteTableAssociation(call, body) {
      const input = { AssociationId: needText(body, "AssociationId"), RouteTableId: needText(body, "RouteTableId") };
      await call.client.send("ReplaceRouteTableAssociation", input, call.signal);
      return {};
    },

    async DisassociateRouteTable(call, body) {
      await call.client.send("DisassociateRouteTable", { AssociationId: needText(body, "AssociationId") }, call.signal);
      return {};
    },
  },

  idFilter: "association.subnet-id",
  read: readRouteTables,
  describe: ({ RouteTableId, Associations }) =>
    (Associations ?? []).flatMap((row) => {
      if (RouteTableId === undefined || row.SubnetId === undefined || row.RouteTableAssociationId === undefined) return [];
      const state = row.AssociationState?.State;
      return [
        {
          id: row.SubnetId,
          props: { SubnetId: row.SubnetId, RouteTableId },
          attributes: { AssociationId: row.RouteTableAssociationId },
          status: state,
          ...(state === "disassociated" ? { dead: true as const } : state === "disassociating" ? { dead: "going" as const } : {}),
        },
      ];
    }),
  settled(asked, row) {
    if (row.status === "associating") return { pending: "associating" };
    if (row.status === "failed") return { failed: "the route table could not be associated", code: "invalid", leaves: "nothing" };
    const table = asked.body.RouteTableId;
    return typeof table !== "string" || row.props.RouteTableId === table ? "ready" : { pending: "not visible yet" };
  },
  naturalFilters(props) {
    const subnet = text(props, "SubnetId");
    return subnet === undefined ? undefined : [filter("association.subnet-id", subnet)];
  },
});
