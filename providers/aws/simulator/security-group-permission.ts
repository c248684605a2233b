// Permissions as requests write them (several peers in one) against rules as EC2 keeps them (one peer each), and back.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html

import type { IpPermission, SecurityGroupRule } from "@aws-sdk/client-ec2";
import { formatCidr, parseCidr } from "./cidr.ts";
import { refuse } from "./errors.ts";
import { requireRow } from "./require.ts";
import type { RulePeer, SecurityGroupRow, SecurityGroupRuleRow } from "./rows.ts";
import { renderTags } from "./tags.ts";
import type { World } from "./world.ts";

export interface RuleShape {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly peer: RulePeer;
  readonly description?: string;
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", all: "-1" };

export function readProtocol(text: string | undefined): string {
  if (text === undefined) refuse("MissingParameter", "The request must contain the parameter ipProtocol");
  const protocol = PROTOCOL_NAMES[text.toLowerCase()] ?? text.toLowerCase();
  if (["tcp", "udp", "icmp", "icmpv6", "-1"].includes(protocol)) return protocol;
  if (/^\d+$/.test(protocol) && Number(protocol) <= 255) return protocol;
  return refuse("InvalidPermission.Malformed", `Unsupported IP protocol "${text}"  - supported: [tcp, udp, icmp, icmpv6] or a number.`);
}

/** Ports of tcp and udp, type and code of icmp; whatever is said for another protocol, it means all of it. */
export function readPorts(
  protocol: string,
  from: number | undefined,
  to: number | undefined,
): { readonly from: number; readonly to: number } {
  if (protocol === "tcp" || protocol === "udp") {
    if (from === undefined || to === undefined)
      refuse("InvalidParameterValue", `Invalid value for portRange. Must specify both from and to ports with TCP/UDP.`);
    if (from === -1 && to === -1) return { from: 0, to: 65535 };
    for (const port of [from, to]) if (port < 0 || port > 65535) refuse("InvalidParameterValue", `TCP/UDP port (${port}) out of range`);
    if (from > to) refuse("InvalidParameterValue", `Invalid TCP/UDP port range (${from}:${to})`);
    return { from, to };
  }
  if (protocol === "icmp" || protocol === "icmpv6") {
    const [type, code] = [from ?? -1, to ?? -1];
    if (type < -1 || type > 255) refuse("InvalidParameterValue", `ICMP type (${type}) out of range`);
    if (code < -1 || code > 255) refuse("InvalidParameterValue", `ICMP code (${code}) out of range`);
    if (type === -1 && code !== -1) refuse("InvalidParameterValue", `ICMP code (${code}) requires a type`);
    return { from: type, to: code };
  }
  return { from: -1, to: -1 };
}

/** "Up to 255 characters in length. Allowed characters are a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*" */
export function readDescription(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (text.length > 255)
    refuse("InvalidParameterValue", "Invalid rule description. Rule descriptions must be less than 256 characters long.");
  if (!/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/.test(text)) {
    refuse(
      "InvalidParameterValue",
      "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
    );
  }
  return text;
}

export function readCidr4(text: string): string {
  const range = parseCidr(text) ?? refuse("InvalidParameterValue", `CIDR block ${text} is malformed`);
  return formatCidr(range);
}

export function readCidr6(text: string): string {
  if (!/^[0-9a-fA-F:]+(:[0-9a-fA-F.]+)?\/\d{1,3}$/.test(text) || Number(text.split("/")[1]) > 128) {
    refuse("InvalidParameterValue", `CIDR block ${text} is malformed`);
  }
  return text.toLowerCase();
}

/** One rule for each peer of each permission. */
export function readPermissions(
  world: World,
  group: SecurityGroupRow,
  permissions: readonly IpPermission[] | undefined,
): readonly RuleShape[] {
  return (permissions ?? []).flatMap((permission) => {
    const protocol = readProtocol(permission.IpProtocol);
    const ports = readPorts(protocol, permission.FromPort, permission.ToPort);
    const rule = (peer: RulePeer, text: string | undefined): RuleShape => {
      const description = readDescription(text);
      return { protocol, ...ports, peer, ...(description === undefined ? {} : { description }) };
    };
    const rules = [
      ...(permission.IpRanges ?? []).map((range) => rule({ cidr4: readCidr4(range.CidrIp ?? "") }, range.Description)),
      ...(permission.Ipv6Ranges ?? []).map((range) => rule({ cidr6: readCidr6(range.CidrIpv6 ?? "") }, range.Description)),
      ...(permission.UserIdGroupPairs ?? []).map((pair) => {
        if (pair.GroupId === undefined) refuse("MissingParameter", "The request must contain the parameter groupId");
        if (pair.UserId !== undefined && pair.UserId !== world.account)
          refuse("InvalidGroup.NotFound", `The security group '${pair.GroupId}' does not exist`);
        const peer = requireRow(world, "security-group", pair.GroupId);
        if (peer.vpcId !== group.vpcId)
          refuse("InvalidGroup.NotFound", `You have specified two resources that belong to different networks.`);
        if (pair.VpcId !== undefined && pair.VpcId !== peer.vpcId)
          refuse("InvalidVpcID.NotFound", `The security group '${peer.id}' is not in '${pair.VpcId}'`);
        return rule({ groupId: peer.id }, pair.Description);
      }),
    ];
    if (rules.length === 0) refuse("InvalidParameterValue", "Each permission needs at least one of ipRanges, ipv6Ranges and groups");
    return rules;
  });
}

/** Two rules with the same identity are one; the description has no part in it. */
export function identifyRule(rule: Omit<RuleShape, "description">): string {
  return `${rule.protocol}/${rule.from}/${rule.to}/${rule.peer.cidr4 ?? rule.peer.cidr6 ?? rule.peer.groupId}`;
}

export function describeRule(rule: Omit<RuleShape, "description">): string {
  const protocol = rule.protocol === "-1" ? "ALL" : rule.protocol.toUpperCase();
  const ports = rule.protocol === "tcp" || rule.protocol === "udp" ? `, from port: ${rule.from}, to port: ${rule.to}` : "";
  return `peer: ${rule.peer.cidr4 ?? rule.peer.cidr6 ?? rule.peer.groupId}, ${protocol}${ports}, ALLOW`;
}

/** Rules gathered into permissions by protocol and ports, as DescribeSecurityGroups shows them. */
export function renderPermissions(world: World, rules: readonly SecurityGroupRuleRow[]): IpPermission[] {
  const gathered = new Map<string, SecurityGroupRuleRow[]>();
  for (const rule of rules) {
    const key = `${rule.protocol}/${rule.from}/${rule.to}`;
    const known = gathered.get(key);
    if (known === undefined) gathered.set(key, [rule]);
    else known.push(rule);
  }
  return [...gathered.values()].map((members) => {
    const [{ protocol, from, to } = { protocol: "-1", from: -1, to: -1 }] = members;
    const says = (rule: SecurityGroupRuleRow) => (rule.description === undefined ? {} : { Description: rule.description });
    return {
      IpProtocol: protocol,
      // "all" has no ports; in the rules' own description they are -1.
      ...(protocol === "-1" ? {} : { FromPort: from, ToPort: to }),
      UserIdGroupPairs: members.flatMap((rule) =>
        rule.peer.groupId === undefined ? [] : [{ ...says(rule), UserId: world.account, GroupId: rule.peer.groupId }],
      ),
      IpRanges: members.flatMap((rule) => (rule.peer.cidr4 === undefined ? [] : [{ ...says(rule), CidrIp: rule.peer.cidr4 }])),
      Ipv6Ranges: members.flatMap((rule) => (rule.peer.cidr6 === undefined ? [] : [{ ...says(rule), CidrIpv6: rule.peer.cidr6 }])),
      PrefixListIds: [],
    };
  });
}

export function renderRule(world: World, rule: SecurityGroupRuleRow): SecurityGroupRule {
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: rule.groupId,
    GroupOwnerId: world.account,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.from,
    ToPort: rule.to,
    ...(rule.peer.cidr4 === undefined ? {} : { CidrIpv4: rule.peer.cidr4 }),
    ...(rule.peer.cidr6 === undefined ? {} : { CidrIpv6: rule.peer.cidr6 }),
    ...(rule.peer.groupId === undefined ? {} : { ReferencedGroupInfo: { GroupId: rule.peer.groupId, UserId: world.account } }),
    ...(rule.description === undefined ? {} : { Description: rule.description }),
    Tags: renderTags(rule.tags),
    SecurityGroupRuleArn: `arn:aws:ec2:${world.region}:${world.account}:security-group-rule/${rule.id}`,
  };
}
