// A route table. Its routes and associations are objects of their own; the local route and the main table of a VPC are the cloud's.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html

import type { RouteTable } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { known, map, needText } from "../../handlers/body.ts";
import { ownId, tokenOf } from "../../handlers/request.ts";
import { pick } from "../../handlers/steps.ts";
import { blockersOfTable } from "../blockers.ts";
import { incompleteAnswer } from "../errors.ts";
import { defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import { createStep, deleteStep, tagSteps } from "../steps.ts";
import { readRouteTables } from "./read-route-tables.ts";
import { quick, tagsProp, undocumentedTokenValid } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.RouteTable",
  version: 1,
  marks: "tags",
  props: { VpcId: { type: "string", required: true, immutable: true }, Tags: tagsProp },
  attributes: { RouteTableId: { type: "string" } },
  tokenValid: undocumentedTokenValid,
  timeouts: quick,
};

export const routeTable = defineHandler<RouteTable>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DeleteRouteTable")];
    const create = change.id === undefined ? [createStep("CreateRouteTable", pick(change.desired, ["VpcId", "Tags"]), "token")] : [];
    return [...create, ...tagSteps(schema, change)];
  },

  requests: {
    async CreateRouteTable(call, body) {
      const input = {
        VpcId: needText(body, "VpcId"),
        ClientToken: tokenOf(call),
        TagSpecifications: specifyTags("route-table", call.marks, map(body, "Tags")),
      };
      const id = (await call.client.send("CreateRouteTable", input, call.signal)).RouteTable?.RouteTableId;
      if (id === undefined) throw incompleteAnswer("CreateRouteTable", "RouteTableId");
      return { id };
    },

    async DeleteRouteTable(call) {
      await call.client.send("DeleteRouteTable", { RouteTableId: ownId(call) }, call.signal);
      return {};
    },
  },

  idFilter: "route-table-id",
  read: readRouteTables,
  describe: (row) =>
    row.RouteTableId === undefined
      ? []
      : [
          {
            id: row.RouteTableId,
            props: known({ VpcId: row.VpcId }),
            attributes: { RouteTableId: row.RouteTableId },
            tags: row.Tags ?? [],
          },
        ],
  blockers: blockersOfTable,
});
