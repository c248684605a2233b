// The rules of security groups as objects: added, taken away, changed and listed one by one.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html

import type {
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupEgressResult,
  AuthorizeSecurityGroupIngressRequest,
  AuthorizeSecurityGroupIngressResult,
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult,
  IpPermission,
  ModifySecurityGroupRulesRequest,
  ModifySecurityGroupRulesResult,
  RevokedSecurityGroupRule,
  RevokeSecurityGroupEgressRequest,
  RevokeSecurityGroupEgressResult,
  RevokeSecurityGroupIngressRequest,
  RevokeSecurityGroupIngressResult,
  SecurityGroupRuleRequest,
  UpdateSecurityGroupRuleDescriptionsEgressRequest,
  UpdateSecurityGroupRuleDescriptionsIngressRequest,
  UpdateSecurityGroupRuleDescriptionsIngressResult,
} from "@aws-sdk/client-ec2";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { RulePeer, SecurityGroupRow, SecurityGroupRuleRow } from "./rows.ts";
import { rulesOf } from "./security-group.ts";
import {
  describeRule,
  identifyRule,
  type RuleShape,
  readCidr4,
  readCidr6,
  readDescription,
  readPermissions,
  readPorts,
  readProtocol,
  renderRule,
} from "./security-group-permission.ts";
import { readTagSpecifications } from "./tags.ts";
import type { World } from "./world.ts";

const lookup: Lookup<"security-group-rule"> = {
  kind: "security-group-rule",
  missing: (id) => refuseMissing("security-group-rule", id),
  idFilter: "security-group-rule-id",
  indexed: { "group-id": "group" },
  filters: { "group-id": (row) => [row.groupId], "security-group-rule-id": (row) => [row.id] },
};

const PERMISSION_PATHS = [
  "IpPermissions.IpProtocol",
  "IpPermissions.FromPort",
  "IpPermissions.ToPort",
  "IpPermissions.IpRanges",
  "IpPermissions.Ipv6Ranges",
  "IpPermissions.UserIdGroupPairs.GroupId",
  "IpPermissions.UserIdGroupPairs.UserId",
  "IpPermissions.UserIdGroupPairs.VpcId",
  "IpPermissions.UserIdGroupPairs.Description",
] as const;

interface FlatPermission {
  readonly CidrIp?: string | undefined;
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
  readonly IpPermissions?: IpPermission[] | undefined;
}

/** The older way to write one permission, at the top of the request; not together with the newer. */
function permissionsOf(input: FlatPermission): readonly IpPermission[] | undefined {
  if (input.CidrIp === undefined && input.IpProtocol === undefined) return input.IpPermissions;
  if (input.IpPermissions !== undefined)
    refuse("InvalidParameterCombination", "The parameter ipPermissions may not be used with the parameter ipProtocol");
  return [
    {
      IpProtocol: input.IpProtocol,
      FromPort: input.FromPort,
      ToPort: input.ToPort,
      ...(input.CidrIp === undefined ? {} : { IpRanges: [{ CidrIp: input.CidrIp }] }),
    },
  ];
}

function authorize(
  world: World,
  egress: boolean,
  input: FlatPermission & Pick<AuthorizeSecurityGroupIngressRequest, "GroupId" | "TagSpecifications">,
): AuthorizeSecurityGroupIngressResult {
  const group = requireRow(world, "security-group", input.GroupId);
  const rules = readPermissions(world, group, permissionsOf(input));
  if (rules.length === 0) refuse("MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.");
  const tags = readTagSpecifications(input.TagSpecifications, "security-group-rule")["security-group-rule"] ?? {};
  const existing = rulesOf(world, group, egress);
  const known = new Set(existing.map(identifyRule));
  for (const rule of rules) {
    const identity = identifyRule(rule);
    if (known.has(identity)) refuse("InvalidPermission.Duplicate", `the specified rule "${describeRule(rule)}" already exists`);
    known.add(identity);
  }
  if (known.size > world.settings.quotas.rulesPerGroup)
    refuse("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.");
  const made = rules.map((rule) => world.add("security-group-rule", { id: world.newId("sgr"), groupId: group.id, egress, ...rule, tags }));
  return { Return: true, SecurityGroupRules: made.map((rule) => renderRule(world, rule)) };
}

function renderRevoked(rule: SecurityGroupRuleRow): RevokedSecurityGroupRule {
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: rule.groupId,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.from,
    ToPort: rule.to,
    ...(rule.peer.cidr4 === undefined ? {} : { CidrIpv4: rule.peer.cidr4 }),
    ...(rule.peer.cidr6 === undefined ? {} : { CidrIpv6: rule.peer.cidr6 }),
    ...(rule.peer.groupId === undefined ? {} : { ReferencedGroupId: rule.peer.groupId }),
    ...(rule.description === undefined ? {} : { Description: rule.description }),
  };
}

type RevokeInput = FlatPermission & Pick<RevokeSecurityGroupIngressRequest, "GroupId" | "SecurityGroupRuleIds">;

function revoke(world: World, egress: boolean, input: RevokeInput): RevokeSecurityGroupIngressResult {
  const group = requireRow(world, "security-group", input.GroupId);
  const permissions = permissionsOf(input);
  if (input.SecurityGroupRuleIds !== undefined && permissions !== undefined) {
    refuse("InvalidParameterCombination", "The parameter securityGroupRuleIds may not be used with the parameter ipPermissions");
  }
  const rules =
    input.SecurityGroupRuleIds === undefined
      ? findByPermission(world, group, egress, permissions)
      : findById(world, group, egress, input.SecurityGroupRuleIds);
  if (rules.length === 0) refuse("MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.");
  for (const rule of rules) world.remove(rule);
  return { Return: true, RevokedSecurityGroupRules: rules.map(renderRevoked) };
}

function findById(world: World, group: SecurityGroupRow, egress: boolean, ids: readonly string[]): readonly SecurityGroupRuleRow[] {
  return [...new Set(ids)].map((id) => {
    const rule = requireRow(world, "security-group-rule", id);
    return rule.groupId === group.id && rule.egress === egress ? rule : refuseMissing("security-group-rule", id);
  });
}

function findByPermission(
  world: World,
  group: SecurityGroupRow,
  egress: boolean,
  permissions: readonly IpPermission[] | undefined,
): readonly SecurityGroupRuleRow[] {
  const existing = new Map(rulesOf(world, group, egress).map((rule) => [identifyRule(rule), rule]));
  return readPermissions(world, group, permissions).map(
    (rule: RuleShape) =>
      existing.get(identifyRule(rule)) ?? refuse("InvalidPermission.NotFound", "The specified rule does not exist in this security group."),
  );
}

function readRuleRequest(world: World, group: SecurityGroupRow, rule: SecurityGroupRuleRow, asked: SecurityGroupRuleRequest): RuleShape {
  const protocol = readProtocol(asked.IpProtocol);
  const peers: RulePeer[] = [];
  if (asked.CidrIpv4 !== undefined) peers.push({ cidr4: readCidr4(asked.CidrIpv4) });
  if (asked.CidrIpv6 !== undefined) peers.push({ cidr6: readCidr6(asked.CidrIpv6) });
  if (asked.ReferencedGroupId !== undefined) {
    const peer = requireRow(world, "security-group", asked.ReferencedGroupId);
    if (peer.vpcId !== group.vpcId) refuse("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.");
    peers.push({ groupId: peer.id });
  }
  const [peer] = peers;
  if (peer === undefined || peers.length > 1)
    refuse("InvalidParameterCombination", "Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId must be specified");
  // "You cannot use this action to change the source or destination type": https://docs.aws.amazon.com/vpc/latest/userguide/working-with-security-group-rules.html
  if (Object.keys(peer).join() !== Object.keys(rule.peer).join())
    refuse("InvalidParameterValue", `The type of source or destination of ${rule.id} cannot be changed`);
  const description = readDescription(asked.Description);
  return { protocol, ...readPorts(protocol, asked.FromPort, asked.ToPort), peer, ...(description === undefined ? {} : { description }) };
}

function updateDescriptions(
  world: World,
  egress: boolean,
  input: UpdateSecurityGroupRuleDescriptionsIngressRequest,
): UpdateSecurityGroupRuleDescriptionsIngressResult {
  const group = requireRow(world, "security-group", input.GroupId);
  const changes = new Map<SecurityGroupRuleRow, string | undefined>();
  for (const asked of input.SecurityGroupRuleDescriptions ?? []) {
    for (const rule of findById(world, group, egress, [asked.SecurityGroupRuleId ?? ""]))
      changes.set(rule, readDescription(asked.Description));
  }
  for (const asked of readPermissions(world, group, input.IpPermissions)) {
    const rule = rulesOf(world, group, egress).find((row) => identifyRule(row) === identifyRule(asked));
    if (rule === undefined) refuse("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
    changes.set(rule, asked.description);
  }
  if (changes.size === 0) refuse("MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleDescriptions' should be provided.");
  for (const [{ description: _old, ...rule }, description] of changes) world.change(rule, description === undefined ? {} : { description });
  return { Return: true };
}

const FLAT = ["CidrIp", "IpProtocol", "FromPort", "ToPort"] as const;

export const securityGroupRuleOperations = {
  AuthorizeSecurityGroupIngress: defineMutation<AuthorizeSecurityGroupIngressRequest, AuthorizeSecurityGroupIngressResult>(
    ["GroupId", ...PERMISSION_PATHS, ...FLAT, "TagSpecifications"],
    (world, input) => authorize(world, false, input),
  ),
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupEgress.html
  AuthorizeSecurityGroupEgress: defineMutation<AuthorizeSecurityGroupEgressRequest, AuthorizeSecurityGroupEgressResult>(
    ["GroupId", ...PERMISSION_PATHS, "TagSpecifications"],
    (world, input) =>
      authorize(world, true, { GroupId: input.GroupId, IpPermissions: input.IpPermissions, TagSpecifications: input.TagSpecifications }),
  ),
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html
  RevokeSecurityGroupIngress: defineMutation<RevokeSecurityGroupIngressRequest, RevokeSecurityGroupIngressResult>(
    ["GroupId", ...PERMISSION_PATHS, ...FLAT, "SecurityGroupRuleIds"],
    (world, input) => revoke(world, false, input),
  ),
  RevokeSecurityGroupEgress: defineMutation<RevokeSecurityGroupEgressRequest, RevokeSecurityGroupEgressResult>(
    ["GroupId", ...PERMISSION_PATHS, "SecurityGroupRuleIds"],
    (world, input) => revoke(world, true, input),
  ),

  DescribeSecurityGroupRules: defineQuery<DescribeSecurityGroupRulesRequest, DescribeSecurityGroupRulesResult>(
    ["SecurityGroupRuleIds", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      const { rows, nextToken } = selectRows(world, lookup, input.SecurityGroupRuleIds, input.Filters, input);
      return { NextToken: nextToken, SecurityGroupRules: rows.map((row) => renderRule(world, row)) };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
  ModifySecurityGroupRules: defineMutation<ModifySecurityGroupRulesRequest, ModifySecurityGroupRulesResult>(
    [
      "GroupId",
      "SecurityGroupRules.SecurityGroupRuleId",
      "SecurityGroupRules.SecurityGroupRule.IpProtocol",
      "SecurityGroupRules.SecurityGroupRule.FromPort",
      "SecurityGroupRules.SecurityGroupRule.ToPort",
      "SecurityGroupRules.SecurityGroupRule.CidrIpv4",
      "SecurityGroupRules.SecurityGroupRule.CidrIpv6",
      "SecurityGroupRules.SecurityGroupRule.ReferencedGroupId",
      "SecurityGroupRules.SecurityGroupRule.Description",
    ],
    (world, input) => {
      const group = requireRow(world, "security-group", input.GroupId);
      for (const { SecurityGroupRuleId: id, SecurityGroupRule: asked } of input.SecurityGroupRules ?? []) {
        const found = requireRow(world, "security-group-rule", id);
        if (found.groupId !== group.id) refuseMissing("security-group-rule", found.id);
        if (asked === undefined) continue;
        const shape = readRuleRequest(world, group, found, asked);
        const twin = rulesOf(world, group, found.egress).some((row) => row.id !== found.id && identifyRule(row) === identifyRule(shape));
        if (twin) refuse("InvalidPermission.Duplicate", `the specified rule "${describeRule(shape)}" already exists`);
        const { description: _old, ...rule } = found;
        world.change(rule, shape);
      }
      return { Return: true };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsIngress.html
  UpdateSecurityGroupRuleDescriptionsIngress: defineMutation<
    UpdateSecurityGroupRuleDescriptionsIngressRequest,
    UpdateSecurityGroupRuleDescriptionsIngressResult
  >(["GroupId", ...PERMISSION_PATHS, "SecurityGroupRuleDescriptions"], (world, input) => updateDescriptions(world, false, input)),
  UpdateSecurityGroupRuleDescriptionsEgress: defineMutation<
    UpdateSecurityGroupRuleDescriptionsEgressRequest,
    UpdateSecurityGroupRuleDescriptionsIngressResult
  >(["GroupId", ...PERMISSION_PATHS, "SecurityGroupRuleDescriptions"], (world, input) => updateDescriptions(world, true, input)),
};
