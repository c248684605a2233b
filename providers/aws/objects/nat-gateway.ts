// A NAT gateway: minutes to make, minutes to end. A failed one stays listed for about an hour and can only be replaced.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
// https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html#nat-gateway-troubleshooting-failed

import type { NatGateway } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { known, map, needText, present, text } from "../../handlers/body.ts";
import { ownId, tokenOf } from "../../handlers/request.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { pick } from "../../handlers/steps.ts";
import { incompleteAnswer } from "../errors.ts";
import { type Described, defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import { createStep, deleteStep, tagSteps } from "../steps.ts";
import { readPages } from "../sweep.ts";
import { tagsProp, undocumentedTokenValid } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.NatGateway",
  version: 1,
  marks: "tags",
  props: {
    SubnetId: { type: "string", required: true, immutable: true },
    AllocationId: { type: "string", required: true, immutable: true, doc: "The Elastic IP that its traffic leaves from." },
    Tags: tagsProp,
  },
  attributes: { NatGatewayId: { type: "string" }, PublicIp: { type: "string" } },
  exclusive: [["AllocationId"]],
  tokenValid: undocumentedTokenValid,
  timeouts: { create: minutes(10), update: minutes(5), delete: minutes(30) },
};

export const natGateway = defineHandler<NatGateway>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DeleteNatGateway", {}, { impact: "downtime" })];
    const body = pick(change.desired, ["SubnetId", "AllocationId", "Tags"]);
    return [...(change.id === undefined ? [createStep("CreateNatGateway", body, "token")] : []), ...tagSteps(schema, change)];
  },

  requests: {
    async CreateNatGateway(call, body) {
      const input = {
        SubnetId: needText(body, "SubnetId"),
        ...present({ AllocationId: text(body, "AllocationId") }),
        ClientToken: tokenOf(call),
        TagSpecifications: specifyTags("natgateway", call.marks, map(body, "Tags")),
      };
      const id = (await call.client.send("CreateNatGateway", input, call.signal)).NatGateway?.NatGatewayId;
      if (id === undefined) throw incompleteAnswer("CreateNatGateway", "NatGatewayId");
      return { id };
    },

    async DeleteNatGateway(call) {
      await call.client.send("DeleteNatGateway", { NatGatewayId: ownId(call) }, call.signal);
      return {};
    },
  },

  idFilter: "nat-gateway-id",
  pollEvery: 2_000,
  // The parameter is `Filter`, without the plural.
  read: (call, Filter) =>
    readPages(call.client, "DescribeNatGateways", { Filter, MaxResults: 1_000 }, (page) => page.NatGateways, call.signal),
  describe(row): readonly Described[] {
    if (row.NatGatewayId === undefined) return [];
    const address = row.NatGatewayAddresses?.find((each) => each.IsPrimary) ?? row.NatGatewayAddresses?.[0];
    const failed = row.State === "failed" ? `${row.FailureCode ?? "failed"}: ${row.FailureMessage ?? "EC2 gives no reason"}` : undefined;
    return [
      {
        id: row.NatGatewayId,
        props: known({ SubnetId: row.SubnetId, AllocationId: address?.AllocationId }),
        attributes: known({ NatGatewayId: row.NatGatewayId, PublicIp: address?.PublicIp }),
        tags: row.Tags ?? [],
        status: row.State,
        broken: failed,
        dead: row.State === "deleted" ? true : row.State === "deleting" ? "going" : undefined,
      },
    ];
  },
  settled(_step, row) {
    if (row.broken !== undefined) {
      return {
        failed: `the NAT gateway failed: ${row.broken}`,
        code: "invalid",
        vendorCode: row.broken.split(":")[0] ?? "failed",
        leaves: "object",
      };
    }
    if (row.dead !== undefined) return { failed: `the NAT gateway went to ${row.status}`, code: "gone", leaves: "nothing" };
    return row.status === "available" ? "ready" : { pending: row.status ?? "pending" };
  },
});
