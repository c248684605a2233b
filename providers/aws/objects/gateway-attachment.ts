// The attachment of an internet gateway to a VPC. It has no id and no tags: both ends together name it, and each takes part in one at most.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachInternetGateway.html

import type { InternetGateway } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { needText, text } from "../../handlers/body.ts";
import { joinId, splitId } from "../../handlers/joined-id.ts";
import { ownId } from "../../handlers/request.ts";
import { pick } from "../../handlers/steps.ts";
import { blockersOfAttachment } from "../blockers.ts";
import { defineHandler } from "../handler.ts";
import { createStep, deleteStep } from "../steps.ts";
import { filter, readPages } from "../sweep.ts";
import { quick } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.GatewayAttachment",
  version: 1,
  marks: "none",
  naturalKey: ["InternetGatewayId", "VpcId"],
  props: {
    InternetGatewayId: { type: "string", required: true, immutable: true },
    VpcId: { type: "string", required: true, immutable: true },
  },
  attributes: { InternetGatewayId: { type: "string" }, VpcId: { type: "string" } },
  exclusive: [["InternetGatewayId"], ["VpcId"]],
  timeouts: quick,
};

export const gatewayAttachment = defineHandler<InternetGateway>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DetachInternetGateway", {}, { impact: "downtime" })];
    return change.id === undefined
      ? [createStep("AttachInternetGateway", pick(change.desired, ["InternetGatewayId", "VpcId"]), "natural")]
      : [];
  },

  requests: {
    async AttachInternetGateway(call, body) {
      const ends = { InternetGatewayId: needText(body, "InternetGatewayId"), VpcId: needText(body, "VpcId") };
      await call.client.send("AttachInternetGateway", ends, call.signal);
      return { id: joinId(ends.InternetGatewayId, ends.VpcId) };
    },

    // Refused with DependencyViolation while public addresses are mapped in the VPC.
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html
    async DetachInternetGateway(call) {
      const [InternetGatewayId, VpcId] = splitId(ownId(call));
      await call.client.send("DetachInternetGateway", { InternetGatewayId, VpcId }, call.signal);
      return {};
    },
  },

  idFilter: "internet-gateway-id",
  parentOf: (id) => splitId(id)[0],
  read: (call, Filters) =>
    readPages(call.client, "DescribeInternetGateways", { Filters, MaxResults: 1_000 }, (page) => page.InternetGateways, call.signal),
  describe: ({ InternetGatewayId, Attachments }) =>
    (Attachments ?? []).flatMap(({ VpcId, State }) => {
      if (InternetGatewayId === undefined || VpcId === undefined || State === "detached") return [];
      const ends = { InternetGatewayId, VpcId };
      return [{ id: joinId(InternetGatewayId, VpcId), props: ends, attributes: ends, status: State }];
    }),
  // For internet gateways the state is `available` where other attachments say `attached`.
  settled: (_step, row) => (row.status === "attaching" ? { pending: "attaching" } : "ready"),
  naturalFilters(props) {
    const gateway = text(props, "InternetGatewayId");
    return gateway === undefined ? undefined : [filter("internet-gateway-id", gateway)];
  },
  blockers: blockersOfAttachment,
});
