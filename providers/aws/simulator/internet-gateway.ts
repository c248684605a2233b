// Internet gateways: one per VPC, attached and detached.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachInternetGateway.html

import type {
  AttachInternetGatewayRequest,
  CreateInternetGatewayRequest,
  CreateInternetGatewayResult,
  DeleteInternetGatewayRequest,
  DescribeInternetGatewaysRequest,
  DescribeInternetGatewaysResult,
  DetachInternetGatewayRequest,
  InternetGateway,
} from "@aws-sdk/client-ec2";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { publicAddressOf } from "./network-interface.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { InternetGatewayRow } from "./rows.ts";
import { readTagSpecifications, renderTags } from "./tags.ts";
import type { World } from "./world.ts";

const lookup: Lookup<"internet-gateway"> = {
  kind: "internet-gateway",
  missing: (id) => refuseMissing("internet-gateway", id),
  idFilter: "internet-gateway-id",
  indexed: { "attachment.vpc-id": "vpc" },
  filters: {
    "attachment.state": (row) => [row.vpcId === undefined ? undefined : "available"],
    "attachment.vpc-id": (row) => [row.vpcId],
    "internet-gateway-id": (row) => [row.id],
    "owner-id": (_row, world) => [world.account],
  },
};

function renderGateway(world: World, row: InternetGatewayRow): InternetGateway {
  return {
    // "The state is `available` when attached": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html
    Attachments: row.vpcId === undefined ? [] : [{ State: "available" as "attached", VpcId: row.vpcId }],
    InternetGatewayId: row.id,
    OwnerId: world.account,
    Tags: renderTags(row.tags),
  };
}

export const internetGatewayOperations = {
  CreateInternetGateway: defineMutation<CreateInternetGatewayRequest, CreateInternetGatewayResult>(
    ["TagSpecifications"],
    (world, input) => {
      const tags = readTagSpecifications(input.TagSpecifications, "internet-gateway");
      const row = world.add("internet-gateway", { id: world.newId("igw"), tags: tags["internet-gateway"] ?? {} });
      return { InternetGateway: renderGateway(world, row) };
    },
  ),

  AttachInternetGateway: defineMutation<AttachInternetGatewayRequest, object>(["InternetGatewayId", "VpcId"], (world, input) => {
    const row = requireRow(world, "internet-gateway", input.InternetGatewayId);
    const vpc = requireRow(world, "vpc", input.VpcId);
    if (row.vpcId !== undefined) refuse("Resource.AlreadyAssociated", `resource ${row.id} is already attached to network ${row.vpcId}`);
    if (world.countBy("internet-gateway", "vpc", vpc.id) > 0) {
      refuse("InvalidParameterValue", `Network ${vpc.id} already has an internet gateway attached`);
    }
    world.change(row, { vpcId: vpc.id });
    return {};
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html: "must not contain any running instances with Elastic IP addresses or public IPv4 addresses"
  DetachInternetGateway: defineMutation<DetachInternetGatewayRequest, object>(["InternetGatewayId", "VpcId"], (world, input) => {
    const row = requireRow(world, "internet-gateway", input.InternetGatewayId);
    const vpc = requireRow(world, "vpc", input.VpcId);
    if (row.vpcId !== vpc.id) refuse("Gateway.NotAttached", `resource ${row.id} is not attached to network ${vpc.id}`);
    if (world.by("network-interface", "vpc", vpc.id).some((one) => publicAddressOf(world, one) !== undefined)) {
      refuse(
        "DependencyViolation",
        `Network ${vpc.id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
      );
    }
    const { vpcId: _gone, ...rest } = row;
    world.change(rest, {});
    return {};
  }),

  DeleteInternetGateway: defineMutation<DeleteInternetGatewayRequest, object>(["InternetGatewayId"], (world, input) => {
    const row = requireRow(world, "internet-gateway", input.InternetGatewayId);
    if (row.vpcId !== undefined) refuse("DependencyViolation", `The internetGateway '${row.id}' has dependencies and cannot be deleted.`);
    world.remove(row);
    return {};
  }),

  DescribeInternetGateways: defineQuery<DescribeInternetGatewaysRequest, DescribeInternetGatewaysResult>(
    ["InternetGatewayIds", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      const { rows, nextToken } = selectRows(world, lookup, input.InternetGatewayIds, input.Filters, input);
      return { InternetGateways: rows.map((row) => renderGateway(world, row)), NextToken: nextToken };
    },
  ),
};
