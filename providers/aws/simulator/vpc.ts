// VPCs: created with a default security group, a main route table and a default network ACL, which go with it.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html

import type {
  CreateVpcRequest,
  CreateVpcResult,
  DeleteVpcRequest,
  DescribeVpcAttributeRequest,
  DescribeVpcAttributeResult,
  DescribeVpcsRequest,
  DescribeVpcsResult,
  ModifyVpcAttributeRequest,
  Vpc,
} from "@aws-sdk/client-ec2";
import { formatCidr, readCidr } from "./cidr.ts";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { VpcRow } from "./rows.ts";
import { addDefaultGroup } from "./security-group.ts";
import { readTagSpecifications, renderTags } from "./tags.ts";
import type { World } from "./world.ts";

/** Every account has one set of options per region that all its VPCs get. */
export const DHCP_OPTIONS = "dopt-0a1b2c3d4e5f60718";

const lookup: Lookup<"vpc"> = {
  kind: "vpc",
  missing: (id) => refuseMissing("vpc", id),
  idFilter: "vpc-id",
  filters: {
    cidr: (row) => [row.cidr],
    "cidr-block-association.cidr-block": (row) => [row.cidr],
    "cidr-block-association.association-id": (row) => [row.associationId],
    "cidr-block-association.state": () => ["associated"],
    "dhcp-options-id": () => [DHCP_OPTIONS],
    "is-default": () => [false],
    isDefault: () => [false],
    "owner-id": (_row, world) => [world.account],
    state: (row) => [row.state],
    "vpc-id": (row) => [row.id],
  },
};

function renderVpc(world: World, row: VpcRow): Vpc {
  return {
    OwnerId: world.account,
    InstanceTenancy: row.tenancy as NonNullable<Vpc["InstanceTenancy"]>,
    Ipv6CidrBlockAssociationSet: [],
    CidrBlockAssociationSet: [{ AssociationId: row.associationId, CidrBlock: row.cidr, CidrBlockState: { State: "associated" } }],
    IsDefault: false,
    Tags: renderTags(row.tags),
    VpcId: row.id,
    State: row.state,
    CidrBlock: row.cidr,
    DhcpOptionsId: DHCP_OPTIONS,
  };
}

/** What keeps a VPC from being deleted: everything in it but the three that came with it. */
function refuseIfUsed(world: World, vpc: VpcRow): void {
  const used =
    world.countBy("subnet", "vpc", vpc.id) > 0 ||
    world.countBy("internet-gateway", "vpc", vpc.id) > 0 ||
    world.countBy("network-interface", "vpc", vpc.id) > 0 ||
    world.by("nat-gateway", "vpc", vpc.id).some((row) => row.state !== "deleted" && row.state !== "failed") ||
    world.by("security-group", "vpc", vpc.id).some((row) => row.name !== "default") ||
    world.by("route-table", "vpc", vpc.id).some((row) => !row.associations.some((association) => association.main)) ||
    world.by("network-acl", "vpc", vpc.id).some((row) => !row.isDefault);
  if (used) refuse("DependencyViolation", `The vpc '${vpc.id}' has dependencies and cannot be deleted.`);
}

export const vpcOperations = {
  CreateVpc: defineMutation<CreateVpcRequest, CreateVpcResult>(["CidrBlock", "InstanceTenancy", "TagSpecifications"], (world, input) => {
    if (input.CidrBlock === undefined) refuse("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.");
    const range = readCidr("cidrBlock", input.CidrBlock);
    // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html: between /28 and /16.
    if (range.prefix < 16 || range.prefix > 28) refuse("InvalidVpc.Range", `The CIDR '${input.CidrBlock}' is invalid.`);
    const tenancy = input.InstanceTenancy ?? "default";
    if (!["default", "dedicated"].includes(tenancy))
      refuse("InvalidParameterValue", `Value (${tenancy}) for parameter instanceTenancy is invalid.`);
    if (world.count("vpc") >= world.settings.quotas.vpcs) refuse("VpcLimitExceeded", "The maximum number of VPCs has been reached.");
    const tags = readTagSpecifications(input.TagSpecifications, "vpc");
    const vpc = world.add("vpc", {
      id: world.newId("vpc"),
      cidr: formatCidr(range),
      associationId: world.newId("vpc-cidr-assoc"),
      tenancy,
      state: "pending",
      // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html: support on, hostnames off but for default VPCs.
      dnsSupport: true,
      dnsHostnames: false,
      networkAddressUsageMetrics: false,
      tags: tags.vpc ?? {},
    });
    world.add("route-table", {
      id: world.newId("rtb"),
      vpcId: vpc.id,
      routes: [{ destination: vpc.cidr, target: "gateway", targetId: "local", origin: "CreateRouteTable" }],
      associations: [{ id: world.newId("rtbassoc"), main: true }],
    });
    world.add("network-acl", { id: world.newId("acl"), vpcId: vpc.id, isDefault: true });
    addDefaultGroup(world, vpc.id);
    world.after("vpc", "vpc-available", vpc.id);
    return { Vpc: renderVpc(world, vpc) };
  }),

  DeleteVpc: defineMutation<DeleteVpcRequest, object>(["VpcId"], (world, input) => {
    const vpc = requireRow(world, "vpc", input.VpcId);
    refuseIfUsed(world, vpc);
    for (const group of world.by("security-group", "vpc", vpc.id)) {
      for (const rule of world.by("security-group-rule", "group", group.id)) world.remove(rule);
      world.remove(group);
    }
    for (const table of world.by("route-table", "vpc", vpc.id)) world.remove(table);
    for (const acl of world.by("network-acl", "vpc", vpc.id)) world.remove(acl);
    world.remove(vpc);
    return {};
  }),

  DescribeVpcs: defineQuery<DescribeVpcsRequest, DescribeVpcsResult>(["VpcIds", "Filters", "MaxResults", "NextToken"], (world, input) => {
    const { rows, nextToken } = selectRows(world, lookup, input.VpcIds, input.Filters, input);
    return { NextToken: nextToken, Vpcs: rows.map((row) => renderVpc(world, row)) };
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
  ModifyVpcAttribute: defineMutation<ModifyVpcAttributeRequest, object>(
    ["VpcId", "EnableDnsSupport", "EnableDnsHostnames", "EnableNetworkAddressUsageMetrics"],
    (world, input) => {
      const vpc = requireRow(world, "vpc", input.VpcId);
      const given = [input.EnableDnsSupport, input.EnableDnsHostnames, input.EnableNetworkAddressUsageMetrics].filter(
        (value) => value?.Value !== undefined,
      );
      if (given.length === 0) refuse("MissingParameter", "The request must contain an attribute to modify");
      // "You cannot modify the DNS resolution and DNS hostnames attributes in the same request."
      if (given.length > 1) refuse("InvalidParameterCombination", "Fields for multiple attribute types specified");
      if (input.EnableDnsHostnames?.Value === true && !vpc.dnsSupport) {
        refuse("InvalidParameterValue", "The enableDnsHostnames attribute can be true only if enableDnsSupport is true");
      }
      world.change(vpc, {
        dnsSupport: input.EnableDnsSupport?.Value ?? vpc.dnsSupport,
        // Without support there are no names either.
        dnsHostnames: input.EnableDnsSupport?.Value === false ? false : (input.EnableDnsHostnames?.Value ?? vpc.dnsHostnames),
        networkAddressUsageMetrics: input.EnableNetworkAddressUsageMetrics?.Value ?? vpc.networkAddressUsageMetrics,
      });
      return {};
    },
  ),

  DescribeVpcAttribute: defineQuery<DescribeVpcAttributeRequest, DescribeVpcAttributeResult>(["VpcId", "Attribute"], (world, input) => {
    const vpc = requireRow(world, "vpc", input.VpcId);
    switch (input.Attribute) {
      case "enableDnsSupport":
        return { VpcId: vpc.id, EnableDnsSupport: { Value: vpc.dnsSupport } };
      case "enableDnsHostnames":
        return { VpcId: vpc.id, EnableDnsHostnames: { Value: vpc.dnsHostnames } };
      case "enableNetworkAddressUsageMetrics":
        return { VpcId: vpc.id, EnableNetworkAddressUsageMetrics: { Value: vpc.networkAddressUsageMetrics } };
      default:
        return refuse("InvalidParameterValue", `Value (${String(input.Attribute)}) for parameter attribute is invalid.`);
    }
  }),
};
