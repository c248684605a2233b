// Security groups. Their rules are objects of their own, in security-group-rule.ts.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html

import type {
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  SecurityGroup,
} from "@aws-sdk/client-ec2";
import { type FilterValues, type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { SecurityGroupRow, SecurityGroupRuleRow } from "./rows.ts";
import { renderPermissions } from "./security-group-permission.ts";
import { readTagSpecifications, renderTags } from "./tags.ts";
import type { World } from "./world.ts";

const NAME = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

type Row = SecurityGroupRow;

function permissionFilters(prefix: string, egress: boolean): Readonly<Record<string, FilterValues<Row>>> {
  const of =
    (value: (rule: SecurityGroupRuleRow, world: World) => string | number | undefined): FilterValues<Row> =>
    (row, world) =>
      rulesOf(world, row, egress).map((rule) => value(rule, world));
  return {
    [`${prefix}.cidr`]: of((rule) => rule.peer.cidr4),
    [`${prefix}.ipv6-cidr`]: of((rule) => rule.peer.cidr6),
    [`${prefix}.from-port`]: of((rule) => rule.from),
    [`${prefix}.to-port`]: of((rule) => rule.to),
    [`${prefix}.protocol`]: of((rule) => rule.protocol),
    [`${prefix}.group-id`]: of((rule) => rule.peer.groupId),
    [`${prefix}.group-name`]: of((rule, world) =>
      rule.peer.groupId === undefined ? undefined : world.get("security-group", rule.peer.groupId)?.name,
    ),
    [`${prefix}.user-id`]: of((rule, world) => (rule.peer.groupId === undefined ? undefined : world.account)),
  };
}

const lookup: Lookup<"security-group"> = {
  kind: "security-group",
  missing: (id) => refuseMissing("security-group", id),
  idFilter: "group-id",
  indexed: { "vpc-id": "vpc", "group-name": "name" },
  filters: {
    description: (row) => [row.description],
    "group-id": (row) => [row.id],
    "group-name": (row) => [row.name],
    "owner-id": (_row, world) => [world.account],
    "vpc-id": (row) => [row.vpcId],
    ...permissionFilters("ip-permission", false),
    ...permissionFilters("egress.ip-permission", true),
  },
};

export function rulesOf(world: World, group: Row, egress: boolean): readonly SecurityGroupRuleRow[] {
  return world
    .by("security-group-rule", "group", group.id)
    .filter((rule) => rule.egress === egress)
    .sort((a, b) => a.n - b.n);
}

function arnOf(world: World, id: string): string {
  return `arn:aws:ec2:${world.region}:${world.account}:security-group/${id}`;
}

function renderGroup(world: World, row: Row): SecurityGroup {
  return {
    GroupId: row.id,
    IpPermissionsEgress: renderPermissions(world, rulesOf(world, row, true)),
    Tags: renderTags(row.tags),
    VpcId: row.vpcId,
    SecurityGroupArn: arnOf(world, row.id),
    OwnerId: world.account,
    GroupName: row.name,
    Description: row.description,
    IpPermissions: renderPermissions(world, rulesOf(world, row, false)),
  };
}

/** A new group lets everything out. https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html */
function addOpenEgress(world: World, groupId: string): void {
  world.add("security-group-rule", {
    id: world.newId("sgr"),
    groupId,
    egress: true,
    protocol: "-1",
    from: -1,
    to: -1,
    peer: { cidr4: "0.0.0.0/0" },
  });
}

/** The group that comes with a VPC: its members may reach each other. */
export function addDefaultGroup(world: World, vpcId: string): void {
  const group = world.add("security-group", { id: world.newId("sg"), vpcId, name: "default", description: "default VPC security group" });
  world.add("security-group-rule", {
    id: world.newId("sgr"),
    groupId: group.id,
    egress: false,
    protocol: "-1",
    from: -1,
    to: -1,
    peer: { groupId: group.id },
  });
  addOpenEgress(world, group.id);
}

/** The groups of a new interface: those named, all of its VPC and five at most; else the VPC's default one. */
export function readGroups(world: World, vpcId: string, ids: readonly string[] | undefined): readonly string[] {
  if (ids === undefined || ids.length === 0) {
    return world
      .by("security-group", "vpc", vpcId)
      .filter((group) => group.name === "default")
      .map((group) => group.id);
  }
  const groups = [...new Set(ids)].map((id) => requireRow(world, "security-group", id));
  if (groups.length > world.settings.quotas.groupsPerInterface) {
    refuse("SecurityGroupsPerInterfaceLimitExceeded", `The maximum number of security groups per interface has been reached.`);
  }
  for (const group of groups) {
    if (group.vpcId !== vpcId) refuse("InvalidGroup.NotFound", `You have specified two resources that belong to different networks.`);
  }
  return groups.map((group) => group.id);
}

export const securityGroupOperations = {
  CreateSecurityGroup: defineMutation<CreateSecurityGroupRequest, CreateSecurityGroupResult>(
    ["GroupName", "Description", "VpcId", "TagSpecifications"],
    (world, input) => {
      const { GroupName: name = "", Description: description = "" } = input;
      if (!NAME.test(name) || name.startsWith("sg-"))
        refuse(
          "InvalidParameterValue",
          `Value (${name}) for parameter GroupName is invalid. Character sets beyond ASCII are not supported.`,
        );
      if (!NAME.test(description))
        refuse(
          "InvalidParameterValue",
          `Value (${description}) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.`,
        );
      if (name === "default") refuse("InvalidParameterValue", `Cannot use reserved security group name: default`);
      if (input.VpcId === undefined) refuse("VPCIdNotSpecified", "No default VPC for this user");
      const vpc = requireRow(world, "vpc", input.VpcId);
      const tags = readTagSpecifications(input.TagSpecifications, "security-group");
      if (world.by("security-group", "name", name).some((group) => group.vpcId === vpc.id)) {
        refuse("InvalidGroup.Duplicate", `The security group '${name}' already exists for VPC '${vpc.id}'`);
      }
      const group = world.add("security-group", {
        id: world.newId("sg"),
        vpcId: vpc.id,
        name,
        description,
        tags: tags["security-group"] ?? {},
      });
      addOpenEgress(world, group.id);
      return { GroupId: group.id, Tags: renderTags(group.tags), SecurityGroupArn: arnOf(world, group.id) };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
  DeleteSecurityGroup: defineMutation<DeleteSecurityGroupRequest, DeleteSecurityGroupResult>(["GroupId"], (world, input) => {
    const group = requireRow(world, "security-group", input.GroupId);
    if (group.name === "default") refuse("CannotDelete", `the specified group: "${group.id}" name: "default" cannot be deleted by a user`);
    const referenced = world.by("security-group-rule", "peer", group.id).some((rule) => rule.groupId !== group.id);
    if (referenced || world.countBy("network-interface", "group", group.id) > 0)
      refuse("DependencyViolation", `resource ${group.id} has a dependent object`);
    for (const rule of world.by("security-group-rule", "group", group.id)) world.remove(rule);
    world.remove(group);
    return { Return: true, GroupId: group.id };
  }),

  DescribeSecurityGroups: defineQuery<DescribeSecurityGroupsRequest, DescribeSecurityGroupsResult>(
    ["GroupIds", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      const { rows, nextToken } = selectRows(world, lookup, input.GroupIds, input.Filters, input);
      return { NextToken: nextToken, SecurityGroups: rows.map((row) => renderGroup(world, row)) };
    },
  ),
};
