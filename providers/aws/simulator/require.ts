// Finding what a request names: malformed ids, ids that are not there, ids that an index has not learned yet; each with the vendor's code.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html#CommonErrors

import { isBehind } from "./describe.ts";
import { refuse } from "./errors.ts";
import type { Kind, RowByKind } from "./rows.ts";
import type { World } from "./world.ts";

interface IdRule {
  readonly prefix: string;
  readonly missing: string;
  readonly malformed: string;
  readonly say: (id: string) => string;
}

type Named = Exclude<Kind, "token" | "timer">;

export const ID_RULES: Readonly<Record<Named, IdRule>> = {
  vpc: {
    prefix: "vpc",
    missing: "InvalidVpcID.NotFound",
    malformed: "InvalidVpcId.Malformed",
    say: (id) => `The vpc ID '${id}' does not exist`,
  },
  subnet: {
    prefix: "subnet",
    missing: "InvalidSubnetID.NotFound",
    malformed: "InvalidSubnetId.Malformed",
    say: (id) => `The subnet ID '${id}' does not exist`,
  },
  "internet-gateway": {
    prefix: "igw",
    missing: "InvalidInternetGatewayID.NotFound",
    malformed: "InvalidInternetGatewayId.Malformed",
    say: (id) => `The internetGateway ID '${id}' does not exist`,
  },
  "route-table": {
    prefix: "rtb",
    missing: "InvalidRouteTableID.NotFound",
    malformed: "InvalidRouteTableId.Malformed",
    say: (id) => `The routeTable ID '${id}' does not exist`,
  },
  "network-acl": {
    prefix: "acl",
    missing: "InvalidNetworkAclID.NotFound",
    malformed: "InvalidNetworkAclId.Malformed",
    say: (id) => `The networkAcl ID '${id}' does not exist`,
  },
  "nat-gateway": {
    prefix: "nat",
    missing: "NatGatewayNotFound",
    malformed: "NatGatewayMalformed",
    say: (id) => `The Nat Gateway ${id} was not found`,
  },
  "security-group": {
    prefix: "sg",
    missing: "InvalidGroup.NotFound",
    malformed: "InvalidGroupId.Malformed",
    say: (id) => `The security group '${id}' does not exist`,
  },
  "security-group-rule": {
    prefix: "sgr",
    missing: "InvalidSecurityGroupRuleId.NotFound",
    malformed: "InvalidSecurityGroupRuleId.Malformed",
    say: (id) => `The security group rule ID '${id}' does not exist`,
  },
  "key-pair": {
    prefix: "key",
    missing: "InvalidKeyPair.NotFound",
    malformed: "InvalidKeyPair.Format",
    say: (id) => `The key pair '${id}' does not exist`,
  },
  "network-interface": {
    prefix: "eni",
    missing: "InvalidNetworkInterfaceID.NotFound",
    malformed: "InvalidNetworkInterfaceId.Malformed",
    say: (id) => `The networkInterface ID '${id}' does not exist`,
  },
  instance: {
    prefix: "i",
    missing: "InvalidInstanceID.NotFound",
    malformed: "InvalidInstanceID.Malformed",
    say: (id) => `The instance ID '${id}' does not exist`,
  },
  volume: {
    prefix: "vol",
    missing: "InvalidVolume.NotFound",
    malformed: "InvalidVolumeID.Malformed",
    say: (id) => `The volume '${id}' does not exist.`,
  },
  address: {
    prefix: "eipalloc",
    missing: "InvalidAllocationID.NotFound",
    malformed: "InvalidAllocationID.NotFound",
    say: (id) => `The allocation ID '${id}' does not exist`,
  },
  snapshot: {
    prefix: "snap",
    missing: "InvalidSnapshot.NotFound",
    malformed: "InvalidSnapshotID.Malformed",
    say: (id) => `The snapshot '${id}' does not exist.`,
  },
  image: {
    prefix: "ami",
    missing: "InvalidAMIID.NotFound",
    malformed: "InvalidAMIID.Malformed",
    say: (id) => `The image id '[${id}]' does not exist`,
  },
};

/** Says that an id is malformed or that nothing bears it. */
export function refuseMissing(kind: Named, id: string): never {
  const rule = ID_RULES[kind];
  if (!new RegExp(`^${rule.prefix}-[0-9a-f]{8}([0-9a-f]{9})?$`).test(id)) {
    refuse(rule.malformed, `Invalid id: "${id}" (expecting "${rule.prefix}-...")`);
  }
  refuse(rule.missing, rule.say(id));
}

/** The object that a request names. An index that trails behind does not know fresh ids. */
export function requireRow<K extends Named>(world: World, kind: K, id: string | undefined): RowByKind<K> {
  if (id === undefined || id === "") refuse("MissingParameter", `The request must contain the id of a ${kind}`);
  const row = world.get(kind, id);
  return row === undefined || isBehind(world, row, "ids") ? refuseMissing(kind, id) : row;
}
