// NAT gateways: slow to come, slow to go, and visible for an hour after.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html

import type {
  CreateNatGatewayRequest,
  CreateNatGatewayResult,
  DeleteNatGatewayRequest,
  DeleteNatGatewayResult,
  DescribeNatGatewaysRequest,
  DescribeNatGatewaysResult,
  NatGateway,
} from "@aws-sdk/client-ec2";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { findByToken } from "./idempotency.ts";
import { lingering } from "./instance-state.ts";
import { addInterface } from "./network-interface.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { NatGatewayRow } from "./rows.ts";
import { readTagSpecifications, renderTags } from "./tags.ts";
import type { World } from "./world.ts";

const lookup: Lookup<"nat-gateway"> = {
  kind: "nat-gateway",
  missing: (id) => refuseMissing("nat-gateway", id),
  idFilter: "nat-gateway-id",
  indexed: { "vpc-id": "vpc", "subnet-id": "subnet" },
  filters: {
    "nat-gateway-id": (row) => [row.id],
    state: (row) => [row.state],
    "subnet-id": (row) => [row.subnetId],
    "vpc-id": (row) => [row.vpcId],
  },
};

function renderGateway(row: NatGatewayRow): NatGateway {
  return {
    CreateTime: new Date(row.createdAt),
    ...(row.deletedAt === undefined ? {} : { DeleteTime: new Date(row.deletedAt) }),
    ...(row.failure === undefined ? {} : { FailureCode: row.failure.code, FailureMessage: row.failure.message }),
    NatGatewayAddresses: [
      {
        ...(row.allocationId === undefined ? {} : { AllocationId: row.allocationId }),
        ...(row.associationId === undefined ? {} : { AssociationId: row.associationId }),
        NetworkInterfaceId: row.networkInterfaceId,
        PrivateIp: row.privateIp,
        ...(row.publicIp === undefined ? {} : { PublicIp: row.publicIp }),
        IsPrimary: true,
        Status: row.state === "available" ? "succeeded" : row.state === "failed" ? "failed" : "associating",
      },
    ],
    NatGatewayId: row.id,
    State: row.state,
    SubnetId: row.subnetId,
    Tags: renderTags(row.tags),
    VpcId: row.vpcId,
    ConnectivityType: row.connectivity,
  };
}

function countLiving(world: World, zoneId: string): number {
  let count = 0;
  for (const row of world.all("nat-gateway")) {
    if (row.state !== "deleted" && row.state !== "failed" && world.get("subnet", row.subnetId)?.zoneId === zoneId) count += 1;
  }
  return count;
}

export const natGatewayOperations = {
  CreateNatGateway: defineMutation<CreateNatGatewayRequest, CreateNatGatewayResult>(
    ["SubnetId", "AllocationId", "ClientToken", "ConnectivityType", "PrivateIpAddress", "TagSpecifications"],
    (world, input) => {
      const token = findByToken(world, "CreateNatGateway", input.ClientToken, input);
      const echo = input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken };
      const known = token.ids?.map((id) => world.get("nat-gateway", id))[0];
      if (known !== undefined) return { ...echo, NatGateway: renderGateway(known) };
      const subnet = requireRow(world, "subnet", input.SubnetId);
      const connectivity = input.ConnectivityType ?? "public";
      if (connectivity !== "public" && connectivity !== "private")
        refuse("InvalidParameterValue", `Value (${connectivity}) for parameter connectivityType is invalid.`);
      if (connectivity === "public" && input.AllocationId === undefined)
        refuse("MissingParameter", "The request must contain the parameter allocationId");
      if (connectivity === "private" && input.AllocationId !== undefined)
        refuse("InvalidParameterCombination", "An allocationId cannot be given to a private NAT gateway");
      const address = input.AllocationId === undefined ? undefined : requireRow(world, "address", input.AllocationId);
      if (address?.association !== undefined)
        refuse("Resource.AlreadyAssociated", `Elastic IP address [${address.id}] is already associated`);
      if (countLiving(world, subnet.zoneId) >= world.settings.quotas.natGatewaysPerZone)
        refuse("NatGatewayLimitExceeded", "The maximum number of NAT gateways has been reached.");
      // Without a way to the internet the gateway is made and then fails. https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
      const [internet] = world.by("internet-gateway", "vpc", subnet.vpcId);
      const tags = readTagSpecifications(input.TagSpecifications, "natgateway");
      const id = world.newId("nat");
      const one = addInterface(world, {
        subnet,
        privateIp: input.PrivateIpAddress,
        groups: [],
        description: `Interface for NAT Gateway ${id}`,
        type: "natGateway",
        status: "in-use",
        attachment: {
          id: world.newId("ela-attach"),
          ownerId: "amazon-aws",
          deviceIndex: 1,
          deleteOnTermination: false,
          attachedAt: world.now,
          status: "attached",
        },
      });
      const row = world.add("nat-gateway", {
        id,
        subnetId: subnet.id,
        vpcId: subnet.vpcId,
        state: "pending",
        connectivity,
        networkInterfaceId: one.id,
        privateIp: one.privateIp,
        ...(address === undefined ? {} : { allocationId: address.id, publicIp: address.publicIp }),
        tags: tags.natgateway ?? {},
      });
      if (address !== undefined) {
        const association = { id: world.newId("eipassoc"), networkInterfaceId: one.id, privateIp: one.privateIp, ownerId: "amazon-aws" };
        world.change(address, { association });
        world.change(row, { associationId: association.id });
      }
      token.remember([id]);
      const failure =
        world.failing?.reason ??
        (connectivity === "public" && internet === undefined ? `Network ${subnet.vpcId} has no Internet gateway attached` : undefined);
      world.after(
        "natGatewayCreate",
        "nat-gateway-available",
        id,
        failure === undefined ? {} : { failed: failure, code: internet === undefined ? "Gateway.NotAttached" : "InternalError" },
      );
      return { ...echo, NatGateway: renderGateway(row) };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNatGateway.html
  DeleteNatGateway: defineMutation<DeleteNatGatewayRequest, DeleteNatGatewayResult>(["NatGatewayId"], (world, input) => {
    const row = requireRow(world, "nat-gateway", input.NatGatewayId);
    if (row.state === "deleted") refuse("NatGatewayNotFound", `The Nat Gateway ${row.id} was not found`);
    if (row.state !== "deleting") {
      world.change(row, { state: "deleting" });
      world.after("natGatewayDelete", "nat-gateway-deleted", row.id, lingering(world));
    }
    return { NatGatewayId: row.id };
  }),

  DescribeNatGateways: defineQuery<DescribeNatGatewaysRequest, DescribeNatGatewaysResult>(
    ["NatGatewayIds", "Filter", "MaxResults", "NextToken"],
    (world, input) => {
      const { rows, nextToken } = selectRows(world, lookup, input.NatGatewayIds, input.Filter, input);
      return { NatGateways: rows.map(renderGateway), NextToken: nextToken };
    },
  ),
};
