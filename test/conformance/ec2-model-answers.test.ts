// Every operation of the embedded EC2 answered once, and each answer held against the published model element by element: names, lists, kinds of
// values, members of enumerations.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OPERATION_NAMES } from "../../providers/aws/simulator/operation-names.ts";
import { SHAPES } from "../../providers/aws/simulator/protocol.generated.ts";
import { type ModelShape, nameInXml, readEc2Model, readEnumerations, resolveShape } from "../support/ec2-model.ts";
import { openEc2 } from "../support/ec2-simulator.ts";
import { callWire, type Element, findElement, textOf } from "../support/ec2-wire.ts";

const model = readEc2Model();
const enumerations = readEnumerations();
const answers = new Map<string, Element[]>();

/** Values that EC2 is documented or seen to answer, though the SDK's enumeration lacks them. */
const OUTSIDE_ENUMERATION = new Set([
  "InternetGatewayAttachment.State available", // "The state is available when attached": API_InternetGatewayAttachment
  "NetworkInterface.Status pending", // the model's own example of CreateNetworkInterface
  "NetworkInterface.InterfaceType nat_gateway", // as the filter interface-type is documented: API_DescribeNetworkInterfaces
]);

/** Elements that only the newer publication has. */
const NEWER = new Set<string>();

function checkElement(element: Element, type: string, published: ModelShape | undefined, path: string): readonly string[] {
  const shape = published === undefined ? undefined : resolveShape(model, published);
  if (type.startsWith("[")) {
    return element.children.flatMap((child) => {
      const wrong = child.name === (shape?.member?.locationName ?? "item") ? [] : [`${path}: an item called ${child.name}`];
      return [...wrong, ...checkElement(child, type.slice(1), shape?.member, `${path}[]`)];
    });
  }
  if (type.startsWith("{")) return checkMembers(element, type.slice(1), shape, path);
  return checkText(element.text, type, path);
}

function checkMembers(element: Element, name: string, shape: ModelShape | undefined, path: string): readonly string[] {
  const known = new Map(
    Object.entries(shape?.members ?? {}).map(([member, inner]) => [nameInXml(member, inner), [member, inner] as const]),
  );
  const ours = new Map(
    Object.entries(SHAPES.structs[name]?.members ?? {}).map(([member, inner]) => [inner[2] ?? member, [member, inner[0]] as const]),
  );
  const names = element.children.map((child) => child.name);
  const repeated = names.filter((one, n) => names.indexOf(one) !== n).map((one) => `${path}: ${one} twice`);
  return [
    ...repeated,
    ...element.children.flatMap((child) => {
      const found = ours.get(child.name);
      if (found === undefined) return [`${path}: no element ${child.name} in ${name}`];
      const [member, type] = found;
      if (shape !== undefined && !known.has(child.name)) NEWER.add(`${name}.${member}`);
      const values = enumerations.get(`${name}.${member}`);
      const texts = type.startsWith("[") ? child.children.map((item) => item.text) : [child.text];
      const outside = texts.filter(
        (text) => values !== undefined && !values.has(text) && !OUTSIDE_ENUMERATION.has(`${name}.${member} ${text}`),
      );
      return [
        ...outside.map((text) => `${path}.${member}: ${text} is not one of ${[...(values ?? [])].join(", ")}`),
        ...checkElement(child, type, known.get(child.name)?.[1], `${path}.${member}`),
      ];
    }),
  ];
}

const TEXTS: Readonly<Record<string, RegExp>> = {
  number: /^-?\d+(\.\d+)?$/,
  boolean: /^(true|false)$/,
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
};

function checkText(text: string, type: string, path: string): readonly string[] {
  const pattern = TEXTS[type];
  return pattern === undefined || pattern.test(text) ? [] : [`${path}: ${JSON.stringify(text)} is no ${type}`];
}

let close: () => Promise<void>;
beforeAll(async () => {
  const fixture = await openEc2();
  close = fixture.close;
  const call = async (operation: string, input: Readonly<Record<string, unknown>> = {}): Promise<Element> => {
    const answer = await callWire(fixture.endpoint, operation, input);
    if (answer.code !== "") throw new Error(`${operation}: ${answer.code} ${textOf(answer.body, "Message")}`);
    answers.set(operation, [...(answers.get(operation) ?? []), answer.body]);
    return answer.body;
  };
  await tour(call);
});
afterAll(() => close());

type Call = (operation: string, input?: Readonly<Record<string, unknown>>) => Promise<Element>;

/** A life of each kind of object, described at its fullest. */
async function tour(call: Call): Promise<void> {
  const tags = (...types: string[]) => types.map((ResourceType) => ({ ResourceType, Tags: [{ Key: "Name", Value: "<tour> & co" }] }));
  const VpcId = textOf(await call("CreateVpc", { CidrBlock: "10.0.0.0/16", TagSpecifications: tags("vpc") }), "vpcId");
  await call("ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: true } });
  await call("DescribeVpcAttribute", { VpcId, Attribute: "enableDnsHostnames" });
  const InternetGatewayId = textOf(
    await call("CreateInternetGateway", { TagSpecifications: tags("internet-gateway") }),
    "internetGatewayId",
  );
  await call("AttachInternetGateway", { InternetGatewayId, VpcId });
  const SubnetId = textOf(await call("CreateSubnet", { VpcId, CidrBlock: "10.0.1.0/24", TagSpecifications: tags("subnet") }), "subnetId");
  await call("ModifySubnetAttribute", { SubnetId, MapPublicIpOnLaunch: { Value: true } });
  const zone = textOf(await call("DescribeSubnets"), "availabilityZone");
  const RouteTableId = textOf(await call("CreateRouteTable", { VpcId, TagSpecifications: tags("route-table") }), "routeTableId");
  const AssociationId = textOf(await call("AssociateRouteTable", { RouteTableId, SubnetId }), "associationId");
  await call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId });
  const AllocationId = textOf(await call("AllocateAddress", { TagSpecifications: tags("elastic-ip") }), "allocationId");
  const NatGatewayId = textOf(
    await call("CreateNatGateway", { SubnetId, AllocationId, TagSpecifications: tags("natgateway") }),
    "natGatewayId",
  );
  await call("ReplaceRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId });
  for (const operation of [
    "DescribeVpcs",
    "DescribeInternetGateways",
    "DescribeRouteTables",
    "DescribeNatGateways",
    "DescribeNetworkAcls",
    "DescribeAddresses",
  ])
    await call(operation);

  const GroupId = textOf(
    await call("CreateSecurityGroup", { VpcId, GroupName: "tour", Description: "tour", TagSpecifications: tags("security-group") }),
    "groupId",
  );
  const permission = (port: number) => ({
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "all" }],
    UserIdGroupPairs: [{ GroupId }],
  });
  const rules = await call("AuthorizeSecurityGroupIngress", {
    GroupId,
    IpPermissions: [permission(80)],
    TagSpecifications: tags("security-group-rule"),
  });
  const SecurityGroupRuleId = textOf(rules, "securityGroupRuleId");
  await call("AuthorizeSecurityGroupEgress", { GroupId, IpPermissions: [permission(80)] });
  const SecurityGroupRule = { IpProtocol: "tcp", FromPort: 81, ToPort: 81, CidrIpv4: "0.0.0.0/0" };
  await call("ModifySecurityGroupRules", { GroupId, SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule }] });
  await call("UpdateSecurityGroupRuleDescriptionsIngress", {
    GroupId,
    SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId, Description: "d" }],
  });
  await call("UpdateSecurityGroupRuleDescriptionsEgress", { GroupId, IpPermissions: [permission(80)] });
  await call("DescribeSecurityGroups");
  await call("DescribeSecurityGroupRules");
  await call("RevokeSecurityGroupIngress", { GroupId, SecurityGroupRuleIds: [SecurityGroupRuleId] });
  await call("RevokeSecurityGroupEgress", { GroupId, IpPermissions: [permission(80)] });

  await call("CreateKeyPair", { KeyName: "made", KeyType: "ed25519", TagSpecifications: tags("key-pair") });
  const blob = Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from("ssh-ed25519"), Buffer.from([0, 0, 0, 32]), Buffer.alloc(32, 7)]);
  await call("ImportKeyPair", { KeyName: "tour", PublicKeyMaterial: Buffer.from(`ssh-ed25519 ${blob.toString("base64")}`) });
  await call("DescribeKeyPairs", { IncludePublicKey: true });
  await call("DeleteKeyPair", { KeyName: "made" });

  await call("DescribeRegions", { AllRegions: true });
  await call("DescribeAvailabilityZones");
  await call("DescribeAccountAttributes");
  await call("DescribeInstanceTypes", { MaxResults: 100 });
  await call("DescribeInstanceTypes", { InstanceTypes: ["t3.micro", "m7g.large", "i4i.metal", "t2.micro"] });
  await call("DescribeInstanceTypeOfferings", { LocationType: "availability-zone", MaxResults: 1000 });
  const ImageId = textOf(
    await call("DescribeImages", { Owners: ["099720109477"], Filters: [{ Name: "architecture", Values: ["x86_64"] }] }),
    "imageId",
  );
  const NetworkInterfaceId = textOf(
    await call("CreateNetworkInterface", { SubnetId, Groups: [GroupId], ClientToken: "t", TagSpecifications: tags("network-interface") }),
    "networkInterfaceId",
  );
  const launch = { ImageId, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1, SubnetId, KeyName: "tour", SecurityGroupIds: [GroupId] };
  const run = await call("RunInstances", {
    ...launch,
    ClientToken: "t",
    IamInstanceProfile: { Name: "role" },
    InstanceMarketOptions: { MarketType: "spot" },
  });
  const InstanceId = textOf(await call("RunInstances", { ...launch, TagSpecifications: tags("instance", "volume") }), "instanceId");
  const InstanceIds = [InstanceId];
  const AttachmentId = textOf(await call("AttachNetworkInterface", { InstanceId, NetworkInterfaceId, DeviceIndex: 1 }), "attachmentId");
  const address = textOf(await call("AllocateAddress"), "allocationId");
  const association = textOf(await call("AssociateAddress", { AllocationId: address, NetworkInterfaceId }), "associationId");
  for (const operation of ["DescribeInstances", "DescribeNetworkInterfaces", "DescribeAddresses", "DescribeTags"]) await call(operation);
  await call("DescribeInstanceStatus", { IncludeAllInstances: true });
  await call("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId, Description: { Value: "d" } });
  for (const Attribute of ["description", "groupSet", "sourceDestCheck", "attachment"])
    await call("DescribeNetworkInterfaceAttribute", { NetworkInterfaceId, Attribute });
  await call("DisassociateAddress", { AssociationId: association });
  await call("ReleaseAddress", { AllocationId: address });
  await call("DetachNetworkInterface", { AttachmentId });
  await call("DeleteNetworkInterface", { NetworkInterfaceId });
  await call("MonitorInstances", { InstanceIds });
  await call("UnmonitorInstances", { InstanceIds });
  await call("RebootInstances", { InstanceIds });
  await call("ModifyInstanceMetadataOptions", { InstanceId, HttpTokens: "required" });
  await call("ModifyInstanceCreditSpecification", {
    InstanceCreditSpecifications: [
      { InstanceId, CpuCredits: "standard" },
      { InstanceId: "i-00000000000000000", CpuCredits: "standard" },
    ],
  });
  await call("DescribeInstanceCreditSpecifications", { InstanceIds });
  const profile = textOf(await call("AssociateIamInstanceProfile", { InstanceId, IamInstanceProfile: { Name: "role" } }), "associationId");
  const replaced = textOf(
    await call("ReplaceIamInstanceProfileAssociation", { AssociationId: profile, IamInstanceProfile: { Name: "other" } }),
    "associationId",
  );
  await call("DescribeIamInstanceProfileAssociations");
  await call("DisassociateIamInstanceProfile", { AssociationId: replaced });
  await call("StopInstances", { InstanceIds });
  await call("ModifyInstanceAttribute", { InstanceId, InstanceType: { Value: "t3.small" } });
  for (const Attribute of [
    "instanceType",
    "userData",
    "disableApiTermination",
    "disableApiStop",
    "instanceInitiatedShutdownBehavior",
    "rootDeviceName",
    "sourceDestCheck",
    "ebsOptimized",
    "enaSupport",
    "groupSet",
    "blockDeviceMapping",
  ]) {
    await call("DescribeInstanceAttribute", { InstanceId, Attribute });
  }
  await call("DescribeInstances", { InstanceIds });
  await call("StartInstances", { InstanceIds });

  const volume = await call("CreateVolume", {
    AvailabilityZone: zone,
    Size: 10,
    VolumeType: "gp3",
    Encrypted: true,
    TagSpecifications: tags("volume"),
  });
  const VolumeId = textOf(volume, "volumeId");
  await call("AttachVolume", { VolumeId, InstanceId, Device: "/dev/sdf" });
  await call("DescribeVolumes");
  await call("ModifyVolume", { VolumeId, Size: 20 });
  await call("DescribeVolumesModifications");
  const SnapshotId = textOf(await call("CreateSnapshot", { VolumeId, TagSpecifications: tags("snapshot") }), "snapshotId");
  const own = textOf(await call("CreateImage", { InstanceId, Name: "tour-image" }), "imageId");
  const Ebs = { SnapshotId, VolumeSize: 30, VolumeType: "gp3" };
  await call("RegisterImage", {
    Name: "tour-registered",
    Description: "d",
    Architecture: "arm64",
    RootDeviceName: "/dev/sda1",
    BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs }],
    VirtualizationType: "hvm",
    EnaSupport: true,
    BootMode: "uefi",
    TagSpecifications: tags("image"),
  });
  await call("DescribeSnapshots");
  const registered = await call("DescribeImages", { Owners: ["self"], Filters: [{ Name: "name", Values: ["tour-registered"] }] });
  await call("DeregisterImage", { ImageId: textOf(registered, "imageId") });
  await call("DescribeImages", { Owners: ["self"], IncludeDisabled: true });
  await call("DeregisterImage", { ImageId: own });
  await call("DeleteSnapshot", { SnapshotId });
  await call("DetachVolume", { VolumeId });
  await call("DeleteVolume", { VolumeId });

  await call("CreateTags", { Resources: [VpcId], Tags: [{ Key: "a", Value: "b" }] });
  await call("DeleteTags", { Resources: [VpcId] });
  await call("TerminateInstances", { InstanceIds: [InstanceId, textOf(findElement(run, "instancesSet") ?? run, "instanceId")] });
  await call("DescribeInstances");
  await call("DeleteRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0" });
  const next = textOf(await call("ReplaceRouteTableAssociation", { AssociationId, RouteTableId }), "newAssociationId");
  await call("DisassociateRouteTable", { AssociationId: next });
  await call("DeleteRouteTable", { RouteTableId });
  await call("DeleteNatGateway", { NatGatewayId });
  await call("DescribeNatGateways");
  await call("ReleaseAddress", { AllocationId });
  await call("DeleteSecurityGroup", { GroupId });
  await call("DeleteSubnet", { SubnetId });
  await call("DetachInternetGateway", { InternetGatewayId, VpcId });
  await call("DeleteInternetGateway", { InternetGatewayId });
  await call("DeleteVpc", { VpcId });
}

describe.each(OPERATION_NAMES)("%s", (name) => {
  test("was answered as the model says", () => {
    const given = answers.get(name) ?? [];
    expect(given.length).toBeGreaterThan(0);
    const [, output = ""] = SHAPES.operations[name] ?? [];
    for (const answer of given) {
      expect(answer.name).toBe(`${name}Response`);
      const [id, ...members] = answer.children;
      expect(id?.name).toBe("requestId");
      const body = { ...answer, children: members };
      if (output === "") expect(members).toEqual([]);
      else expect([...new Set(checkElement(body, output, model.operations[name]?.output, name))]).toEqual([]);
    }
  });
});

test("what only the newer publication has is known", () => {
  expect(enumerations.size).toBeGreaterThan(300);
  expect([...NEWER].sort()).toEqual([
    "CreateSecurityGroupResult.SecurityGroupArn",
    "InstanceMaintenanceOptions.RebootMigration",
    "InstanceStatus.AvailabilityZoneId",
    "NetworkInterface.AvailabilityZoneId",
    "Placement.AvailabilityZoneId",
    "RevokeSecurityGroupEgressResult.RevokedSecurityGroupRules",
    "RevokeSecurityGroupIngressResult.RevokedSecurityGroupRules",
    "SecurityGroup.SecurityGroupArn",
    "SecurityGroupRule.SecurityGroupRuleArn",
    "Volume.AvailabilityZoneId",
  ]);
});
