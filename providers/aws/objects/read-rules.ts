// The describe call behind security group rules, and what one rule looks like whoever made it.

import type { Filter, SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { known } from "../../handlers/body.ts";
import type { Ec2Call } from "../operations.ts";
import { readPages } from "../sweep.ts";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html */
export function readRules(call: Ec2Call, Filters: Filter[]): Promise<readonly SecurityGroupRule[]> {
  return readPages(
    call.client,
    "DescribeSecurityGroupRules",
    { Filters, MaxResults: 1_000 },
    (page) => page.SecurityGroupRules,
    call.signal,
  );
}

/** A rule's own props. -1 stands for all ports, as EC2 has it. */
export function describeRule(row: SecurityGroupRule): NativeMap {
  return known({
    GroupId: row.GroupId,
    IsEgress: row.IsEgress ?? false,
    IpProtocol: row.IpProtocol,
    FromPort: row.FromPort ?? -1,
    ToPort: row.ToPort ?? -1,
    CidrIpv4: row.CidrIpv4,
    CidrIpv6: row.CidrIpv6,
    PrefixListId: row.PrefixListId,
    ReferencedGroupId: row.ReferencedGroupInfo?.GroupId,
    Description: row.Description ?? "",
  });
}
