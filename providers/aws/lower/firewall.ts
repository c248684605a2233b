// firewall on aws: a SecurityGroup and one SecurityGroupRule object for each protocol, port range and peer. Pure.

import type { NativeValue } from "../../../engine/lower/native-value.ts";
import { nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext, NativeObjectHandle } from "../../../engine/provider/provider.ts";
import { warning } from "../../lowering/problems.ts";
import { type GroupRule, rulesOf } from "./firewall-rules.ts";
import { checkTags, groupName, nameAndTags } from "./names-and-tags.ts";

/** Per direction, unless the account's quota was raised. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const usualRules = 60;

export const lowerFirewall: Lowering = (resource, context) => {
  const rules = rulesOf(resource, context.graph);
  const diagnostics = [...checkTags(resource, context)];
  for (const direction of ["ingress", "egress"] as const) {
    const count = rules.filter((rule) => rule.direction === direction).length;
    if (count <= usualRules) continue;
    diagnostics.push(
      warning(
        "K3017",
        resource.span,
        `\`${resource.address}\` becomes ${count} ${direction} rules, EC2 takes ${usualRules} in a security group unless the quota was raised`,
        {
          hint: "widen ranges, divide the rules over two firewalls, or raise the quota “Inbound or outbound rules per security group”",
        },
      ),
    );
  }
  const group = context.object(
    "group",
    "aws.ec2.SecurityGroup",
    {
      GroupName: groupName(context),
      Description: "Managed by Koine", // required and immutable: words that could change would replace a group in use
      VpcId: context.native(resource.props.network ?? ""),
      UnmanagedRules: [], // what others put in is drift
      Tags: nameAndTags(context),
    },
    { from: { VpcId: "network", Tags: "tags" } },
  );
  const objects = rules.map((rule) => lowerRule(rule, group, context));
  return { objects: [group, ...objects].map((handle) => handle.object), outputs: { id: group.ref("GroupId") }, diagnostics };
};

function lowerRule(rule: GroupRule, group: NativeObjectHandle, context: LoweringContext): NativeObjectHandle {
  const { peer } = rule;
  const to: Readonly<Record<string, NativeValue>> =
    peer.kind === "cidr"
      ? { CidrIpv4: peer.cidr }
      : peer.kind === "firewall"
        ? { ReferencedGroupId: nativeRef(`${peer.address}:group`, "GroupId") }
        : { CidrIpv4: context.native(peer.value) };
  const place = `allow.${rule.rule}`;
  const props = {
    GroupId: group.ref("GroupId"),
    IsEgress: rule.direction === "egress",
    IpProtocol: rule.protocol,
    FromPort: rule.from,
    ToPort: rule.to,
    ...to,
    Tags: group.object.props.Tags,
  };
  return context.object(rule.role, "aws.ec2.SecurityGroupRule", props, {
    from: { IpProtocol: place, FromPort: place, ToPort: place, CidrIpv4: place, ReferencedGroupId: place, Tags: "tags" },
  });
}
