// An internet gateway, and its attachment to a VPC as an object of its own. CreateInternetGateway takes no client token.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInternetGateway.html

import type { InternetGateway } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { map } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { pick } from "../../handlers/steps.ts";
import { blockersOfGateway } from "../blockers.ts";
import { incompleteAnswer } from "../errors.ts";
import { defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import { createStep, deleteStep, tagSteps } from "../steps.ts";
import { readPages } from "../sweep.ts";
import { quick, tagsProp } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.InternetGateway",
  version: 1,
  marks: "tags",
  props: { Tags: tagsProp },
  attributes: { InternetGatewayId: { type: "string" } },
  timeouts: quick,
};

export const internetGateway = defineHandler<InternetGateway>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DeleteInternetGateway")];
    const create = change.id === undefined ? [createStep("CreateInternetGateway", pick(change.desired, ["Tags"]), "marked")] : [];
    return [...create, ...tagSteps(schema, change)];
  },

  requests: {
    async CreateInternetGateway(call, body) {
      const input = { TagSpecifications: specifyTags("internet-gateway", call.marks, map(body, "Tags")) };
      const id = (await call.client.send("CreateInternetGateway", input, call.signal)).InternetGateway?.InternetGatewayId;
      if (id === undefined) throw incompleteAnswer("CreateInternetGateway", "InternetGatewayId");
      return { id };
    },

    async DeleteInternetGateway(call) {
      await call.client.send("DeleteInternetGateway", { InternetGatewayId: ownId(call) }, call.signal);
      return {};
    },
  },

  idFilter: "internet-gateway-id",
  read: (call, Filters) =>
    readPages(call.client, "DescribeInternetGateways", { Filters, MaxResults: 1_000 }, (page) => page.InternetGateways, call.signal),
  describe: (row) =>
    row.InternetGatewayId === undefined
      ? []
      : [{ id: row.InternetGatewayId, props: {}, attributes: { InternetGatewayId: row.InternetGatewayId }, tags: row.Tags ?? [] }],
  blockers: blockersOfGateway,
});
