// One route of a route table. The destination names it; its target changes in place by ReplaceRoute.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html

import type { RouteTable } from "@aws-sdk/client-ec2";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { known, needText, present, text } from "../../handlers/body.ts";
import { joinId, splitId } from "../../handlers/joined-id.ts";
import { ownId } from "../../handlers/request.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { defineHandler } from "../handler.ts";
import { createStep, deleteStep, step } from "../steps.ts";
import { filter } from "../sweep.ts";
import { readRouteTables } from "./read-route-tables.ts";
import { quick } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.Route",
  version: 1,
  marks: "none",
  naturalKey: ["RouteTableId", "DestinationCidrBlock"],
  props: {
    RouteTableId: { type: "string", required: true, immutable: true },
    DestinationCidrBlock: { type: "string", required: true, immutable: true },
    GatewayId: { type: "string", doc: "Target: an internet gateway." },
    NatGatewayId: { type: "string", doc: "Target: a NAT gateway." },
  },
  attributes: {
    State: { type: "string", doc: "`active`, or `blackhole` where the target is gone.", changesWith: ["GatewayId", "NatGatewayId"] },
  },
  exclusive: [["RouteTableId", "DestinationCidrBlock"]],
  deletedWith: ["RouteTableId"],
  timeouts: quick,
};

const targets = ["GatewayId", "NatGatewayId"] as const;

export const route = defineHandler<RouteTable>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DeleteRoute", {}, { impact: "downtime" })];
    if (change.id === undefined) return [createStep("CreateRoute", pick(change.desired, Object.keys(schema.props)), "natural")];
    if (!targets.some((target) => isPending(schema, change, target))) return [];
    return [step("replace", "ReplaceRoute", pick(change.desired, targets), "idempotent", { sets: targets })];
  },

  requests: {
    async CreateRoute(call, body) {
      const RouteTableId = needText(body, "RouteTableId");
      const DestinationCidrBlock = needText(body, "DestinationCidrBlock");
      await call.client.send("CreateRoute", { RouteTableId, DestinationCidrBlock, ...target(body) }, call.signal);
      return { id: joinId(RouteTableId, DestinationCidrBlock) };
    },

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRoute.html
    async ReplaceRoute(call, body) {
      const [RouteTableId, DestinationCidrBlock] = splitId(ownId(call));
      await call.client.send("ReplaceRoute", { RouteTableId, DestinationCidrBlock, ...target(body) }, call.signal);
      return {};
    },

    async DeleteRoute(call) {
      const [RouteTableId, DestinationCidrBlock] = splitId(ownId(call));
      await call.client.send("DeleteRoute", { RouteTableId, DestinationCidrBlock }, call.signal);
      return {};
    },
  },

  idFilter: "route-table-id",
  parentOf: (id) => splitId(id)[0],
  read: readRouteTables,
  describe: ({ RouteTableId, Routes }) =>
    (Routes ?? []).flatMap((row) => {
      const destination = row.DestinationCidrBlock;
      // The local route comes with the VPC's range and goes with it.
      if (RouteTableId === undefined || destination === undefined || row.GatewayId === "local") return [];
      return [
        {
          id: joinId(RouteTableId, destination),
          props: known({ RouteTableId, DestinationCidrBlock: destination, GatewayId: row.GatewayId, NatGatewayId: row.NatGatewayId }),
          attributes: known({ State: row.State }),
          status: row.State,
        },
      ];
    }),
  naturalFilters(props) {
    const table = text(props, "RouteTableId");
    return table === undefined ? undefined : [filter("route-table-id", table)];
  },
});

function target(body: NativeMap): { GatewayId?: string; NatGatewayId?: string } {
  return present({ GatewayId: text(body, "GatewayId"), NatGatewayId: text(body, "NatGatewayId") });
}
