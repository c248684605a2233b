// The published model's worked examples, replayed against the embedded EC2: their ids stand for objects of a prepared world, and what they show
// in their answers must be there in ours.

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EC2 } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OPERATION_NAMES } from "../../providers/aws/simulator/operation-names.ts";
import { type ModelExample, readEc2Examples } from "../support/ec2-model.ts";
import { makeNetwork, openEc2 } from "../support/ec2-simulator.ts";

type Names = Readonly<Record<string, string>>;

let directory: string;
let names: Names;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "koine-examples-"));
  const { ec2, close } = await openEc2({ directory: join(directory, "prepared"), region: "us-east-1" });
  names = await prepare(ec2);
  await close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** One object of each kind in use, and one that nothing uses. */
async function prepare(ec2: EC2): Promise<Names> {
  const net = await makeNetwork(ec2);
  const Tags = [{ Key: "Purpose", Value: "test" }];
  await ec2.createTags({ Resources: [net.groupId, net.vpcId, net.subnetId, net.gatewayId], Tags });
  const subnet2 = (await ec2.createSubnet({ VpcId: net.vpcId, CidrBlock: "10.0.2.0/24" })).Subnet?.SubnetId ?? "";
  const freeSubnet = (await ec2.createSubnet({ VpcId: net.vpcId, CidrBlock: "10.0.3.0/24" })).Subnet?.SubnetId ?? "";
  const freeVpc = (await ec2.createVpc({ CidrBlock: "10.9.0.0/16" })).Vpc?.VpcId ?? "";
  const openVpc = (await ec2.createVpc({ CidrBlock: "10.0.0.0/16" })).Vpc?.VpcId ?? "";
  const freeGateway = (await ec2.createInternetGateway({})).InternetGateway?.InternetGatewayId ?? "";
  const table =
    (await ec2.createRouteTable({ VpcId: net.vpcId, TagSpecifications: [{ ResourceType: "route-table", Tags }] })).RouteTable
      ?.RouteTableId ?? "";
  const association = (await ec2.associateRouteTable({ RouteTableId: table, SubnetId: net.subnetId })).AssociationId ?? "";
  await ec2.createRoute({ RouteTableId: table, DestinationCidrBlock: "10.5.0.0/16", GatewayId: net.gatewayId });
  const freeTable = (await ec2.createRouteTable({ VpcId: net.vpcId })).RouteTable?.RouteTableId ?? "";
  const freeGroup = (await ec2.createSecurityGroup({ VpcId: net.vpcId, GroupName: "free", Description: "free" })).GroupId ?? "";
  const rule = (port: number, CidrIp: string) => ({ IpProtocol: "tcp", FromPort: port, ToPort: port, IpRanges: [{ CidrIp }] });
  const describedGroup =
    (await ec2.createSecurityGroup({ VpcId: net.vpcId, GroupName: "described", Description: "described" })).GroupId ?? "";
  await ec2.authorizeSecurityGroupIngress({ GroupId: describedGroup, IpPermissions: [rule(22, "203.0.113.0/16")] });
  await ec2.authorizeSecurityGroupEgress({ GroupId: describedGroup, IpPermissions: [rule(80, "203.0.113.0/24")] });
  await ec2.createKeyPair({ KeyName: "known", KeyType: "ed25519" });
  const run = async (SubnetId: string) =>
    (
      await ec2.runInstances({
        ImageId: net.imageId,
        InstanceType: "t2.micro",
        MinCount: 1,
        MaxCount: 1,
        SubnetId,
        SecurityGroupIds: [net.groupId],
        KeyName: "known",
        TagSpecifications: [{ ResourceType: "instance", Tags }],
      })
    ).Instances?.[0]?.InstanceId ?? "";
  const [instance, stopped] = [await run(net.subnetId), await run(net.subnetId)];
  await ec2.stopInstances({ InstanceIds: [stopped] });
  const profile =
    (await ec2.associateIamInstanceProfile({ InstanceId: stopped, IamInstanceProfile: { Name: "role" } })).IamInstanceProfileAssociation
      ?.AssociationId ?? "";
  const face = async () =>
    (await ec2.createNetworkInterface({ SubnetId: net.subnetId, Description: "d", Groups: [net.groupId] })).NetworkInterface
      ?.NetworkInterfaceId ?? "";
  const [freeFace, usedFace] = [await face(), await face()];
  const attachment =
    (await ec2.attachNetworkInterface({ InstanceId: stopped, NetworkInterfaceId: usedFace, DeviceIndex: 1 })).AttachmentId ?? "";
  const AvailabilityZone = (await ec2.describeSubnets({ SubnetIds: [net.subnetId] })).Subnets?.[0]?.AvailabilityZone ?? "";
  const volume = async () => (await ec2.createVolume({ AvailabilityZone, Size: 20 })).VolumeId ?? "";
  const [freeVolume, usedVolume] = [await volume(), await volume()];
  await ec2.attachVolume({ InstanceId: instance, VolumeId: usedVolume, Device: "/dev/sdg" });
  const snapshot = (await ec2.createSnapshot({ VolumeId: usedVolume })).SnapshotId ?? "";
  const address = async () => (await ec2.allocateAddress({})).AllocationId ?? "";
  const [freeAddress, usedAddress, natAddress] = [await address(), await address(), await address()];
  const AllocationId = usedAddress;
  const addressAssociation = (await ec2.associateAddress({ AllocationId, NetworkInterfaceId: usedFace })).AssociationId ?? "";
  const nat = (await ec2.createNatGateway({ SubnetId: subnet2, AllocationId: natAddress })).NatGateway?.NatGatewayId ?? "";
  const acl = (await ec2.describeNetworkAcls({ Filters: [{ Name: "vpc-id", Values: [net.vpcId] }] })).NetworkAcls?.[0]?.NetworkAclId ?? "";
  const image = (await ec2.createImage({ InstanceId: stopped, Name: "own" })).ImageId ?? "";
  const publicImage = net.imageId;
  const all = {
    ...net,
    subnet2,
    freeSubnet,
    freeVpc,
    openVpc,
    freeGateway,
    table,
    association,
    freeTable,
    freeGroup,
    describedGroup,
    instance,
    stopped,
    profile,
    freeFace,
  };
  return {
    ...all,
    key: "known",
    usedFace,
    attachment,
    freeVolume,
    usedVolume,
    snapshot,
    freeAddress,
    addressAssociation,
    nat,
    acl,
    image,
    publicImage,
  };
}

/** What an example's id stands for unless said otherwise, by its prefix. */
const USUAL: Names = {
  vpc: "vpcId",
  subnet: "subnetId",
  igw: "gatewayId",
  rtb: "table",
  rtbassoc: "association",
  acl: "acl",
  sg: "groupId",
  i: "instance",
  eni: "freeFace",
  "eni-attach": "attachment",
  vol: "usedVolume",
  snap: "snapshot",
  eipalloc: "freeAddress",
  eipassoc: "addressAssociation",
  nat: "nat",
  ami: "image",
  "iip-assoc": "profile",
};

interface Case {
  /** Other objects than the usual ones, by prefix. */
  readonly with?: Names;
  /** The refusal, where the example shows what EC2 or this world no longer does. */
  readonly refused?: string;
  /** Members of the example's answer that EC2 no longer gives, or this object does not have. */
  readonly without?: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  "ec2-delete-vpc-1": { with: { vpc: "freeVpc" } },
  "ec2-attach-internet-gateway-1": { with: { igw: "freeGateway", vpc: "freeVpc" } },
  // The prepared world has public addresses mapped, which hold the gateway.
  "ec2-detach-internet-gateway-1": { refused: "DependencyViolation" },
  "ec2-delete-internet-gateway-1": { with: { igw: "freeGateway" } },
  "ec2-delete-route-table-1": { with: { rtb: "freeTable" } },
  "ec2-associate-route-table-1": { with: { rtb: "freeTable", subnet: "subnet2" } },
  // A virtual private gateway is a target that this world does not have.
  "ec2-replace-route-1": { refused: "InvalidParameterValue" },
  "ec2-delete-route-1": { refused: "InvalidRoute.NotFound" },
  "ec2-create-subnet-1": { with: { vpc: "openVpc" } },
  "ec2-delete-subnet-1": { with: { subnet: "freeSubnet" } },
  "to-delete-a-security-group-1529024952972": { with: { sg: "freeGroup" } },
  "to-update-an-inbound-security-group-rule-description-1529360820372": { with: { sg: "describedGroup" } },
  "to-update-an-outbound-security-group-rule-description-1529360481544": { with: { sg: "describedGroup" } },
  "ec2-describe-key-pairs-1": { with: { key: "key" } },
  "ec2-create-network-interface-1": { with: { subnet: "subnet2" } },
  "ec2-describe-network-interfaces-1": { with: { eni: "usedFace" } },
  "ec2-describe-network-interface-attribute-1": { with: { eni: "usedFace" } },
  "ec2-modify-network-interface-attribute-1": { with: { eni: "usedFace" } },
  "to-launch-an-instance-1529360150806": { with: { key: "key", ami: "publicImage" } },
  "to-modify-the-instance-type-1529357844378": { with: { i: "stopped" } },
  "to-enable-enhanced-networking-1529358279870": { with: { i: "stopped" } },
  "to-delete-a-volume-1472503111160": { with: { vol: "freeVolume" } },
  // There is no next page, and nothing is pending.
  "to-describe-all-volumes-1472506358883": { without: [".NextToken"] },
  "to-describe-a-snapshot-1472503807850": { without: [".NextToken"] },
  "to-describe-snapshots-using-filters-1472503929793": { without: [".NextToken", ".Snapshots"] },
  "to-attach-a-volume-to-an-instance-1472499213109": { with: { vol: "freeVolume" } },
  // The first address here is nobody's.
  "ec2-describe-addresses-1": { without: [".Addresses.InstanceId"] },
  // Kernel images went with paravirtualisation.
  "to-describe-an-ami-1529025482866": { without: [".Images.KernelId"] },
  // Mappings of a new image are not implemented, and say so.
  "to-create-an-ami-from-an-amazon-ebs-backed-instance-1529023150636": { refused: "InvalidParameterValue" },
};

/** `vpc-a01106c2` becomes the prepared object's id (some are misprinted); zones and accounts those of the prepared world. */
function substitute(value: unknown, chosen: Names): unknown {
  if (Array.isArray(value)) return value.map((item) => substitute(item, chosen));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, chosen)]));
  if (typeof value !== "string") return value;
  if (value === "012345678910") return "111122223333";
  if (value === "my-key-pair" && chosen.key !== undefined) return names[chosen.key] ?? value;
  const prefix = /^([a-z-]+)-[0-9a-f]{7,17} ?$/.exec(value)?.[1];
  const name = prefix === undefined ? undefined : (chosen[prefix] ?? USUAL[prefix]);
  return name === undefined ? value : (names[name] ?? value);
}

/** Members that the example shows and the answer lacks, by path. */
function findMissing(shown: unknown, given: unknown, path = ""): readonly string[] {
  if (Array.isArray(shown))
    return shown.length === 0 ? [] : Array.isArray(given) && given.length > 0 ? findMissing(shown[0], given[0], path) : [path];
  if (typeof shown !== "object" || shown === null) return given === undefined ? [path] : [];
  return Object.entries(shown).flatMap(([key, value]) => {
    const inner = (given as Readonly<Record<string, unknown>> | undefined)?.[key];
    return inner === undefined ? [`${path}.${key}`] : findMissing(value, inner, `${path}.${key}`);
  });
}

const examples = readEc2Examples();
const replayed = OPERATION_NAMES.flatMap((operation) =>
  (examples[operation] ?? []).map((example): [string, string, ModelExample] => [operation, example.id, example]),
);

describe("worked examples", () => {
  test("there are as many as the model has for our operations", () => {
    expect(replayed.length).toBeGreaterThanOrEqual(99);
    expect(Object.keys(CASES).filter((id) => !replayed.some(([, other]) => other === id))).toEqual([]);
  });

  test.each(replayed)("%s %s", async (operation, id, example) => {
    const folder = join(directory, id);
    cpSync(join(directory, "prepared"), folder, { recursive: true });
    const { ec2, close } = await openEc2({ directory: folder, region: "us-east-1" });
    const { with: chosen = {}, refused, without = [] } = CASES[id] ?? {};
    const method = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}` as "describeVpcs";
    const call = ec2[method](substitute(example.input ?? {}, chosen) as object);
    try {
      if (refused !== undefined) {
        await expect(call).rejects.toMatchObject({ name: refused });
      } else {
        expect(findMissing(example.output ?? {}, await call)).toEqual(without);
      }
    } finally {
      await close();
    }
  });
});
