// What an account is, and the network ACLs that come with its VPCs.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAccountAttributes.html

import type {
  DescribeAccountAttributesRequest,
  DescribeAccountAttributesResult,
  DescribeNetworkAclsRequest,
  DescribeNetworkAclsResult,
  NetworkAcl,
} from "@aws-sdk/client-ec2";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { defineQuery } from "./operation.ts";
import { refuseMissing } from "./require.ts";
import type { NetworkAclRow } from "./rows.ts";
import { renderTags } from "./tags.ts";
import type { World } from "./world.ts";

const aclLookup: Lookup<"network-acl"> = {
  kind: "network-acl",
  missing: (id) => refuseMissing("network-acl", id),
  idFilter: "network-acl-id",
  indexed: { "vpc-id": "vpc" },
  filters: {
    "association.subnet-id": (row, world) => world.by("subnet", "vpc", row.vpcId).map((subnet) => subnet.id),
    default: (row) => [row.isDefault],
    "network-acl-id": (row) => [row.id],
    "owner-id": (_row, world) => [world.account],
    "vpc-id": (row) => [row.vpcId],
  },
};

/** The default ACL lets everything through and ends in the entry that nobody can remove. */
function renderAcl(world: World, row: NetworkAclRow): NetworkAcl {
  const entry = (Egress: boolean, RuleNumber: number, RuleAction: "allow" | "deny") => ({
    CidrBlock: "0.0.0.0/0",
    Egress,
    Protocol: "-1",
    RuleAction,
    RuleNumber,
  });
  return {
    Associations: world
      .by("subnet", "vpc", row.vpcId)
      .map((subnet) => ({ NetworkAclAssociationId: subnet.networkAclAssociationId, NetworkAclId: row.id, SubnetId: subnet.id })),
    Entries: [entry(true, 100, "allow"), entry(true, 32767, "deny"), entry(false, 100, "allow"), entry(false, 32767, "deny")],
    IsDefault: row.isDefault,
    NetworkAclId: row.id,
    Tags: renderTags(row.tags),
    VpcId: row.vpcId,
    OwnerId: world.account,
  };
}

export const accountOperations = {
  DescribeAccountAttributes: defineQuery<DescribeAccountAttributesRequest, DescribeAccountAttributesResult>(
    ["AttributeNames"],
    (world, input) => {
      const { quotas } = world.settings;
      const values: Readonly<Record<string, readonly string[]>> = {
        "supported-platforms": ["VPC"],
        "default-vpc": ["none"],
        "max-instances": [String(quotas.instances)],
        "vpc-max-security-groups-per-interface": [String(quotas.groupsPerInterface)],
        "max-elastic-ips": ["5"],
        "vpc-max-elastic-ips": [String(quotas.addresses)],
      };
      const names: readonly string[] = input.AttributeNames ?? Object.keys(values);
      return {
        AccountAttributes: names.map((name) => ({
          AttributeName: name,
          AttributeValues: (values[name] ?? refuse("InvalidParameterValue", `Value (${name}) for parameter attributeName is invalid.`)).map(
            (AttributeValue) => ({ AttributeValue }),
          ),
        })),
      };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkAcls.html
  DescribeNetworkAcls: defineQuery<DescribeNetworkAclsRequest, DescribeNetworkAclsResult>(
    ["NetworkAclIds", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      const { rows, nextToken } = selectRows(world, aclLookup, input.NetworkAclIds, input.Filters, input);
      return { NetworkAcls: rows.map((row) => renderAcl(world, row)), NextToken: nextToken };
    },
  ),
};
