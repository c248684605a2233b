// Instances: launch, power, attributes, termination; through the vendor's SDK.

import type { EC2, RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ec2Fixture, makeNetwork, type Network, openEc2, refusal } from "../../../test/support/ec2-simulator.ts";

let fixture: Ec2Fixture;
let network: Network;
beforeAll(async () => {
  fixture = await openEc2();
  network = await makeNetwork(fixture.ec2);
});
afterAll(() => fixture.close());

const one = (more: Partial<RunInstancesCommandInput> = {}): RunInstancesCommandInput => ({
  ImageId: network.imageId,
  InstanceType: "t3.micro",
  MinCount: 1,
  MaxCount: 1,
  SubnetId: network.subnetId,
  ...more,
});

async function launch(ec2: EC2, more: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  return (await ec2.runInstances(one(more))).Instances?.[0]?.InstanceId ?? "";
}

async function see(ec2: EC2, id: string) {
  const instance = (await ec2.describeInstances({ InstanceIds: [id] })).Reservations?.[0]?.Instances?.[0];
  if (instance === undefined) throw new Error(`${id} is not described`);
  return instance;
}

describe("launch", () => {
  test("fills in what the cloud fills in, and tags each of what it makes", async () => {
    const { ec2 } = fixture;
    const Tags = [{ Key: "Name", Value: "web" }];
    const id = await launch(ec2, {
      SecurityGroupIds: [network.groupId],
      TagSpecifications: (["instance", "volume", "network-interface"] as const).map((ResourceType) => ({ ResourceType, Tags })),
    });
    const seen = await see(ec2, id);
    expect(seen).toMatchObject({
      State: { Code: 16, Name: "running" },
      Architecture: "x86_64",
      RootDeviceName: "/dev/xvda",
      SubnetId: network.subnetId,
      VpcId: network.vpcId,
      SecurityGroups: [{ GroupId: network.groupId, GroupName: "web" }],
      MetadataOptions: { State: "applied", HttpTokens: "optional", HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { DeleteOnTermination: true, Status: "attached" } }],
      NetworkInterfaces: [{ Attachment: { DeviceIndex: 0, DeleteOnTermination: true, Status: "attached" }, Status: "in-use" }],
    });
    expect(seen.PublicIpAddress).toBeUndefined();
    const tags = await ec2.describeTags({
      Filters: [
        { Name: "key", Values: ["Name"] },
        { Name: "value", Values: ["web"] },
      ],
    });
    expect(tags.Tags?.map((tag) => tag.ResourceType).sort()).toEqual(["instance", "network-interface", "volume"]);
  });

  test("an image that asks for tokens makes them required", async () => {
    const { ec2 } = fixture;
    const images = await ec2.describeImages({
      Owners: ["amazon"],
      Filters: [
        { Name: "name", Values: ["al2023-ami-2023.*-kernel-6.1-arm64"] },
        { Name: "architecture", Values: ["arm64"] },
      ],
    });
    const newest = (images.Images ?? []).sort((a, b) => ((a.CreationDate ?? "") < (b.CreationDate ?? "") ? 1 : -1))[0];
    expect(newest).toMatchObject({ ImdsSupport: "v2.0", RootDeviceName: "/dev/xvda", OwnerId: "137112412989" });
    const id = await launch(ec2, { ImageId: newest?.ImageId, InstanceType: "t4g.small" });
    expect((await see(ec2, id)).MetadataOptions).toMatchObject({ HttpTokens: "required", HttpPutResponseHopLimit: 2 });
  });

  test("volumes: the root's size and type, more disks, encryption", async () => {
    const { ec2 } = fixture;
    const id = await launch(ec2, {
      BlockDeviceMappings: [
        { DeviceName: "/dev/xvda", Ebs: { VolumeSize: 20, VolumeType: "gp3", Encrypted: true } },
        { DeviceName: "/dev/sdf", Ebs: { VolumeSize: 100, VolumeType: "gp3", Iops: 4000, Throughput: 250, DeleteOnTermination: false } },
      ],
    });
    const volumes = (await ec2.describeVolumes({ Filters: [{ Name: "attachment.instance-id", Values: [id] }] })).Volumes ?? [];
    expect(volumes).toMatchObject([
      {
        Size: 20,
        VolumeType: "gp3",
        Iops: 3000,
        Throughput: 125,
        Encrypted: true,
        State: "in-use",
        KmsKeyId: expect.stringContaining("arn:aws:kms:eu-west-1:"),
      },
      { Size: 100, Iops: 4000, Throughput: 250, Encrypted: false, Attachments: [{ Device: "/dev/sdf", DeleteOnTermination: false }] },
    ]);
    await ec2.terminateInstances({ InstanceIds: [id] });
    const left = (await ec2.describeVolumes({ VolumeIds: [volumes[1]?.VolumeId ?? ""] })).Volumes?.[0];
    expect(left).toMatchObject({ State: "available", Attachments: [] });
    expect(await refusal(ec2.describeVolumes({ VolumeIds: [volumes[0]?.VolumeId ?? ""] }))).toBe("InvalidVolume.NotFound");
  });

  test("a token makes one instance, forgives no other parameter, and outlives its instance", async () => {
    const { ec2 } = fixture;
    const request = { ClientToken: "launch-1" };
    const id = await launch(ec2, request);
    expect(await launch(ec2, request)).toBe(id);
    expect(await refusal(ec2.runInstances(one({ ...request, InstanceType: "t3.small" })))).toBe("IdempotentParameterMismatch");
    await ec2.terminateInstances({ InstanceIds: [id] });
    expect(await refusal(ec2.runInstances(one(request)))).toBe("IdempotentInstanceTerminated");
    expect((await ec2.describeInstances({ Filters: [{ Name: "client-token", Values: ["launch-1"] }] })).Reservations).toHaveLength(1);
  });

  test("several at once share a reservation; a spot instance says so", async () => {
    const { ec2 } = fixture;
    const made = await ec2.runInstances(one({ MinCount: 3, MaxCount: 3, InstanceMarketOptions: { MarketType: "spot" } }));
    expect(made.Instances?.map((instance) => [instance.AmiLaunchIndex, instance.InstanceLifecycle])).toEqual([
      [0, "spot"],
      [1, "spot"],
      [2, "spot"],
    ]);
    const found = await ec2.describeInstances({ Filters: [{ Name: "reservation-id", Values: [made.ReservationId ?? ""] }] });
    expect(found.Reservations?.[0]?.Instances).toHaveLength(3);
    expect(await refusal(ec2.stopInstances({ InstanceIds: [made.Instances?.[0]?.InstanceId ?? ""] }))).toBe("UnsupportedOperation");
  });

  test("profile and monitoring", async () => {
    const { ec2 } = fixture;
    const id = await launch(ec2, { IamInstanceProfile: { Name: "role" }, Monitoring: { Enabled: true } });
    expect(await see(ec2, id)).toMatchObject({
      IamInstanceProfile: { Arn: "arn:aws:iam::111122223333:instance-profile/role" },
      Monitoring: { State: "enabled" },
    });
    const Filters = [{ Name: "instance-id", Values: [id] }];
    const [association] = (await ec2.describeIamInstanceProfileAssociations({ Filters })).IamInstanceProfileAssociations ?? [];
    expect(await refusal(ec2.associateIamInstanceProfile({ InstanceId: id, IamInstanceProfile: { Name: "b" } }))).toBe("IncorrectState");
    await ec2.replaceIamInstanceProfileAssociation({ AssociationId: association?.AssociationId, IamInstanceProfile: { Name: "b" } });
    const [replaced] = (await ec2.describeIamInstanceProfileAssociations({ Filters })).IamInstanceProfileAssociations ?? [];
    expect(replaced).toMatchObject({ State: "associated", IamInstanceProfile: { Arn: expect.stringMatching(/\/b$/) } });
    await ec2.disassociateIamInstanceProfile({ AssociationId: replaced?.AssociationId });
    expect((await see(ec2, id)).IamInstanceProfile).toBeUndefined();
    await ec2.unmonitorInstances({ InstanceIds: [id] });
    expect((await see(ec2, id)).Monitoring?.State).toBe("disabled");
  });

  test.each<[string, Partial<RunInstancesCommandInput>, string]>([
    ["no image of that id", { ImageId: "ami-00000000000000000" }, "InvalidAMIID.NotFound"],
    ["a malformed image id", { ImageId: "ami-x" }, "InvalidAMIID.Malformed"],
    ["another architecture", { InstanceType: "t4g.micro" }, "InvalidParameterValue"],
    ["no such type", { InstanceType: "t9.micro" as "t3.micro" }, "InvalidParameterValue"],
    ["no such key", { KeyName: "nobody" }, "InvalidKeyPair.NotFound"],
    ["no such group", { SecurityGroupIds: ["sg-00000000000000000"] }, "InvalidGroup.NotFound"],
    ["no subnet", { SubnetId: undefined }, "VPCIdNotSpecified"],
    ["a reserved address", { PrivateIpAddress: "10.0.1.3" }, "InvalidParameterValue"],
    ["an address outside", { PrivateIpAddress: "10.0.2.9" }, "InvalidParameterValue"],
    ["a root too small", { BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 4 } }] }, "InvalidBlockDeviceMapping"],
    ["a disk without a size", { BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: {} }] }, "MissingParameter"],
    ["a device name", { BlockDeviceMappings: [{ DeviceName: "sdf", Ebs: { VolumeSize: 4 } }] }, "InvalidParameterValue"],
    [
      "throughput on gp2",
      { BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { VolumeSize: 4, VolumeType: "gp2", Throughput: 200 } }] },
      "InvalidParameterCombination",
    ],
    ["user data too long", { UserData: Buffer.alloc(16_385).toString("base64") }, "InvalidParameterValue"],
    ["user data that is not base64", { UserData: "#!/bin/sh" }, "InvalidParameterValue"],
    ["counts the wrong way round", { MinCount: 2, MaxCount: 1 }, "InvalidParameterValue"],
    [
      "credits on a type without",
      { InstanceType: "m7i.large", CreditSpecification: { CpuCredits: "standard" } },
      "InvalidParameterCombination",
    ],
    ["hop limit", { MetadataOptions: { HttpPutResponseHopLimit: 65 } }, "InvalidParameterValue"],
    ["both ways to say the network", { NetworkInterfaces: [{ DeviceIndex: 0 }] }, "InvalidParameterCombination"],
    [
      "a tag on what is not made",
      { TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "a", Value: "b" }] }] },
      "InvalidParameterValue",
    ],
    [
      "a part that is not implemented",
      { ElasticInferenceAccelerators: [{ Type: "x" }] } as Partial<RunInstancesCommandInput>,
      "InvalidParameterValue",
    ],
  ])("refused: %s", async (_what, more, code) => {
    const before = (await fixture.ec2.describeNetworkInterfaces({})).NetworkInterfaces?.length;
    expect(await refusal(fixture.ec2.runInstances(one(more)))).toBe(code);
    expect((await fixture.ec2.describeNetworkInterfaces({})).NetworkInterfaces?.length).toBe(before);
  });
});

describe("power", () => {
  test("passes through the real states, and a lent address changes", async () => {
    const slow = await openEc2({ delays: "realistic" });
    const { ec2 } = slow;
    const net = await makeNetwork(ec2);
    await ec2.modifyVpcAttribute({ VpcId: net.vpcId, EnableDnsHostnames: { Value: true } });
    const id = await launch(ec2, {
      ImageId: net.imageId,
      SubnetId: undefined,
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: net.subnetId, AssociatePublicIpAddress: true, Groups: [net.groupId] }],
    });
    const state = async () => (await see(ec2, id)).State?.Name;
    expect(await state()).toBe("pending");
    expect(await refusal(ec2.stopInstances({ InstanceIds: [id] }))).toBe("IncorrectInstanceState");
    slow.pass(2_000);
    const running = await see(ec2, id);
    expect(running.State?.Name).toBe("running");
    expect(running.PublicIpAddress).toMatch(/^198\.1[89]\./);
    expect(running.PublicDnsName).toBe(`ec2-${running.PublicIpAddress?.replaceAll(".", "-")}.eu-west-1.compute.amazonaws.com`);
    expect((await ec2.stopInstances({ InstanceIds: [id] })).StoppingInstances?.[0]).toMatchObject({
      CurrentState: { Name: "stopping" },
      PreviousState: { Name: "running" },
    });
    expect(await state()).toBe("stopping");
    expect(await refusal(ec2.startInstances({ InstanceIds: [id] }))).toBe("IncorrectInstanceState");
    slow.pass(4_000);
    expect(await see(ec2, id)).toMatchObject({ State: { Name: "stopped" }, StateReason: { Code: "Client.UserInitiatedShutdown" } });
    expect((await see(ec2, id)).PublicIpAddress).toBeUndefined();
    await ec2.startInstances({ InstanceIds: [id] });
    slow.pass(2_000);
    const again = await see(ec2, id);
    expect(again.PublicIpAddress).toBeDefined();
    expect(again.PublicIpAddress).not.toBe(running.PublicIpAddress);
    expect(again.PrivateIpAddress).toBe(running.PrivateIpAddress);
    await ec2.terminateInstances({ InstanceIds: [id] });
    expect(await state()).toBe("shutting-down");
    slow.pass(4_000);
    expect(await see(ec2, id)).toMatchObject({ State: { Name: "terminated" }, NetworkInterfaces: [], SecurityGroups: [] });
    await ec2.terminateInstances({ InstanceIds: [id] });
    slow.pass(3_600_000);
    expect(await refusal(see(ec2, id))).toBe("InvalidInstanceID.NotFound");
    await slow.close();
  });

  test("protection holds until it is lifted", async () => {
    const { ec2 } = fixture;
    const id = await launch(ec2, { DisableApiTermination: true });
    expect(await refusal(ec2.terminateInstances({ InstanceIds: [id] }))).toBe("OperationNotPermitted");
    await ec2.modifyInstanceAttribute({ InstanceId: id, DisableApiTermination: { Value: false } });
    await ec2.terminateInstances({ InstanceIds: [id] });
  });
});

describe("attributes", () => {
  test("type and user data only when stopped; groups at any time; one at a time", async () => {
    const { ec2 } = fixture;
    const InstanceId = await launch(ec2, { UserData: Buffer.from("#!/bin/sh").toString("base64") });
    const type = ec2.modifyInstanceAttribute({ InstanceId, InstanceType: { Value: "t3.large" } });
    expect(await refusal(type)).toBe("IncorrectInstanceState");
    await ec2.modifyInstanceAttribute({ InstanceId, Groups: [network.groupId] });
    expect((await see(ec2, InstanceId)).SecurityGroups).toMatchObject([{ GroupName: "web" }]);
    await ec2.stopInstances({ InstanceIds: [InstanceId] });
    expect(await refusal(ec2.modifyInstanceAttribute({ InstanceId, InstanceType: { Value: "t4g.large" } }))).toBe(
      "InvalidParameterCombination",
    );
    await ec2.modifyInstanceAttribute({ InstanceId, InstanceType: { Value: "t3.large" } });
    await ec2.modifyInstanceAttribute({ InstanceId, UserData: { Value: Buffer.from("#!/bin/bash") } });
    const two = ec2.modifyInstanceAttribute({ InstanceId, SourceDestCheck: { Value: false }, DisableApiStop: { Value: true } });
    expect(await refusal(two)).toBe("InvalidParameterCombination");
    await ec2.modifyInstanceAttribute({ InstanceId, SourceDestCheck: { Value: false } });
    expect(await see(ec2, InstanceId)).toMatchObject({ InstanceType: "t3.large", SourceDestCheck: false });
    const userData = (await ec2.describeInstanceAttribute({ InstanceId, Attribute: "userData" })).UserData?.Value;
    expect(Buffer.from(userData ?? "", "base64").toString()).toBe("#!/bin/bash");
    await ec2.modifyInstanceAttribute({
      InstanceId,
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { DeleteOnTermination: false } }],
    });
    expect((await see(ec2, InstanceId)).BlockDeviceMappings?.[0]?.Ebs?.DeleteOnTermination).toBe(false);
    await ec2.modifyInstanceMetadataOptions({ InstanceId, HttpTokens: "required" });
    expect((await see(ec2, InstanceId)).MetadataOptions).toMatchObject({ HttpTokens: "required", State: "applied" });
  });

  test("credits follow the type, and are read and set by their own calls", async () => {
    const { ec2 } = fixture;
    const id = await launch(ec2);
    const credits = async () =>
      (await ec2.describeInstanceCreditSpecifications({ InstanceIds: [id] })).InstanceCreditSpecifications?.[0]?.CpuCredits;
    expect(await credits()).toBe("unlimited");
    await ec2.modifyInstanceCreditSpecification({ InstanceCreditSpecifications: [{ InstanceId: id, CpuCredits: "standard" }] });
    expect(await credits()).toBe("standard");
  });
});

describe("where and how many", () => {
  test("a type that a zone lacks is refused with the zones that have it", async () => {
    const east = await openEc2({ region: "us-east-1" });
    const { ec2 } = east;
    const VpcId = (await ec2.createVpc({ CidrBlock: "10.0.0.0/16" })).Vpc?.VpcId;
    const SubnetId = (await ec2.createSubnet({ VpcId, CidrBlock: "10.0.0.0/24", AvailabilityZoneId: "use1-az3" })).Subnet?.SubnetId;
    const image = (await ec2.describeImages({ Owners: ["136693071363"], Filters: [{ Name: "name", Values: ["debian-12-amd64-*"] }] }))
      .Images?.[0];
    expect(image?.ImageId).not.toBe(network.imageId);
    expect(await refusal(ec2.runInstances({ ...one(), SubnetId, ImageId: image?.ImageId }))).toBe("Unsupported");
    const offered = await ec2.describeInstanceTypeOfferings({
      LocationType: "availability-zone-id",
      Filters: [{ Name: "instance-type", Values: ["t3.micro"] }],
    });
    expect(offered.InstanceTypeOfferings?.map((offering) => offering.Location)).toEqual([
      "use1-az1",
      "use1-az2",
      "use1-az4",
      "use1-az5",
      "use1-az6",
    ]);
    await east.close();
  });

  test("quotas", async () => {
    const small = await openEc2({ faults: { quotas: { instances: 2, vcpus: 3, vpcs: 1, addresses: 1 } } });
    const { ec2 } = small;
    const net = await makeNetwork(ec2);
    const request = { ...one(), ImageId: net.imageId, SubnetId: net.subnetId };
    expect(await refusal(ec2.runInstances({ ...request, MinCount: 3, MaxCount: 3 }))).toBe("InstanceLimitExceeded");
    expect(await refusal(ec2.runInstances({ ...request, MinCount: 2, MaxCount: 2 }))).toBe("VcpuLimitExceeded");
    expect(await refusal(ec2.createVpc({ CidrBlock: "10.1.0.0/16" }))).toBe("VpcLimitExceeded");
    await ec2.allocateAddress({});
    expect(await refusal(ec2.allocateAddress({}))).toBe("AddressLimitExceeded");
    await small.close();
  });
});
