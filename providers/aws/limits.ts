// EC2's documented token buckets: one per operation, because EC2 evaluates each API by itself, and resource buckets for those that count instances.
// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html#throttling-limits-rate-based

import type { RateLimit } from "../../engine/provider/provider.ts";
import type { OperationName } from "./operations.ts";

type Size = readonly [capacity: number, refillPerSecond: number];

/** "Non-mutating actions". The smaller bucket for unfiltered, unpaginated calls is never met: all reads have a filter or a page size. */
const reading: Size = [100, 20];
/** "Mutating actions"; the "resource-intensive" ones (AuthorizeSecurityGroupIngress, RevokeSecurityGroupIngress) have the same size. */
const mutating: Size = [50, 5];

/** Numbers stand where the page lists the operation by itself ("uncategorized actions"). */
const requestBuckets: Readonly<Record<OperationName, Size>> = {
  AllocateAddress: mutating,
  AssociateAddress: mutating,
  AssociateIamInstanceProfile: [100, 5],
  AssociateRouteTable: mutating,
  AttachInternetGateway: mutating,
  AttachVolume: mutating,
  AuthorizeSecurityGroupEgress: mutating,
  AuthorizeSecurityGroupIngress: mutating,
  CreateInternetGateway: mutating,
  CreateNatGateway: [10, 1],
  CreateNetworkInterface: [100, 5],
  CreateRoute: mutating,
  CreateRouteTable: mutating,
  CreateSecurityGroup: mutating,
  CreateSnapshot: [100, 5],
  CreateSubnet: mutating,
  CreateTags: [100, 10],
  CreateVolume: [100, 5],
  CreateVpc: mutating,
  DeleteInternetGateway: mutating,
  DeleteKeyPair: mutating,
  DeleteNatGateway: [10, 1],
  DeleteNetworkInterface: [100, 5],
  DeleteRoute: mutating,
  DeleteRouteTable: mutating,
  DeleteSecurityGroup: mutating,
  DeleteSnapshot: [100, 5],
  DeleteSubnet: mutating,
  DeleteTags: [100, 10],
  DeleteVolume: [100, 5],
  DeleteVpc: mutating,
  DeregisterImage: mutating,
  DescribeAddresses: reading,
  DescribeAvailabilityZones: reading,
  DescribeIamInstanceProfileAssociations: reading,
  DescribeImages: reading,
  DescribeInstanceAttribute: reading,
  DescribeInstanceTypeOfferings: reading,
  DescribeInstanceTypes: reading,
  DescribeInstances: reading,
  DescribeInternetGateways: reading,
  DescribeKeyPairs: reading,
  DescribeNatGateways: reading,
  DescribeNetworkInterfaceAttribute: reading,
  DescribeNetworkInterfaces: reading,
  DescribeRegions: reading,
  DescribeRouteTables: reading,
  DescribeSecurityGroupRules: reading,
  DescribeSecurityGroups: reading,
  DescribeSnapshots: reading,
  DescribeSubnets: reading,
  DescribeVolumes: reading,
  DescribeVolumesModifications: reading,
  DescribeVpcAttribute: reading,
  DescribeVpcs: reading,
  DetachInternetGateway: mutating,
  DetachVolume: mutating,
  DisassociateAddress: mutating,
  DisassociateIamInstanceProfile: [100, 5],
  DisassociateRouteTable: mutating,
  ImportKeyPair: mutating,
  ModifyInstanceAttribute: mutating,
  ModifyInstanceMetadataOptions: [100, 5],
  ModifyNetworkInterfaceAttribute: [100, 5],
  ModifySubnetAttribute: mutating,
  ModifyVolume: mutating,
  ModifyVpcAttribute: mutating,
  MonitorInstances: mutating,
  RegisterImage: mutating,
  ReleaseAddress: mutating,
  ReplaceIamInstanceProfileAssociation: mutating,
  ReplaceRoute: mutating,
  ReplaceRouteTableAssociation: mutating,
  RevokeSecurityGroupEgress: mutating,
  RevokeSecurityGroupIngress: mutating,
  RunInstances: [5, 2],
  StartInstances: [5, 2],
  StopInstances: mutating,
  TerminateInstances: [100, 5],
  UnmonitorInstances: mutating,
  UpdateSecurityGroupRuleDescriptionsEgress: mutating,
  UpdateSecurityGroupRuleDescriptionsIngress: mutating,
};

/** Spent by the number of instances a request names, and Koine's requests name one each. */
const resourceBuckets: Partial<Record<OperationName, Size>> = {
  RunInstances: [1_000, 2],
  StartInstances: [1_000, 2],
  StopInstances: [1_000, 20],
  TerminateInstances: [1_000, 20],
};

/** Requests per second that the account's default quota allows; shared by all who use the account. */
export const ec2Limits: readonly RateLimit[] = [
  ...Object.entries(requestBuckets).map(([operation, [capacity, refillPerSecond]]) => ({
    bucket: `requests ec2:${operation}`,
    operations: [`ec2:${operation}`],
    capacity,
    refillPerSecond,
  })),
  ...Object.entries(resourceBuckets).map(([operation, [capacity, refillPerSecond]]) => ({
    bucket: `resources ec2:${operation}`,
    operations: [`ec2:${operation}`],
    capacity,
    refillPerSecond,
    cost: () => 1,
  })),
];
