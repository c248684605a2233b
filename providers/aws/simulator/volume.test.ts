// Volumes, snapshots, images, addresses and interfaces, through the vendor's SDK.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ec2Fixture, makeNetwork, type Network, openEc2, refusal } from "../../../test/support/ec2-simulator.ts";

let fixture: Ec2Fixture;
let network: Network;
let zone: string;
beforeAll(async () => {
  fixture = await openEc2();
  network = await makeNetwork(fixture.ec2);
  zone = (await fixture.ec2.describeSubnets({ SubnetIds: [network.subnetId] })).Subnets?.[0]?.AvailabilityZoneId ?? "";
});
afterAll(() => fixture.close());

async function launch(): Promise<string> {
  const { imageId: ImageId, subnetId: SubnetId } = network;
  return (
    (await fixture.ec2.runInstances({ ImageId, SubnetId, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 })).Instances?.[0]
      ?.InstanceId ?? ""
  );
}

describe("volumes", () => {
  test("are attached to one device of one instance, and held by it", async () => {
    const { ec2 } = fixture;
    const InstanceId = await launch();
    const request = { AvailabilityZoneId: zone, Size: 10, VolumeType: "gp3" as const, ClientToken: "vol-1" };
    const made = await ec2.createVolume(request);
    expect(made).toMatchObject({ State: "creating", Size: 10, Iops: 3000, Throughput: 125, Encrypted: false });
    expect((await ec2.createVolume(request)).VolumeId).toBe(made.VolumeId);
    expect(await refusal(ec2.createVolume({ ...request, Size: 11 }))).toBe("IdempotentParameterMismatch");
    const VolumeId = made.VolumeId ?? "";
    expect(await ec2.attachVolume({ VolumeId, InstanceId, Device: "/dev/sdf" })).toMatchObject({ State: "attaching" });
    expect(await refusal(ec2.attachVolume({ VolumeId, InstanceId, Device: "/dev/sdg" }))).toBe("VolumeInUse");
    expect(await refusal(ec2.deleteVolume({ VolumeId }))).toBe("VolumeInUse");
    const second = (await ec2.createVolume({ AvailabilityZoneId: zone, Size: 1 })).VolumeId;
    expect(await refusal(ec2.attachVolume({ VolumeId: second, InstanceId, Device: "/dev/sdf" }))).toBe("InvalidParameterValue");
    const elsewhere = ["euw1-az1", "euw1-az2", "euw1-az3"].find((id) => id !== zone);
    const third = (await ec2.createVolume({ AvailabilityZoneId: elsewhere, Size: 1 })).VolumeId;
    expect(await refusal(ec2.attachVolume({ VolumeId: third, InstanceId, Device: "/dev/sdh" }))).toBe("InvalidVolume.ZoneMismatch");
    await ec2.detachVolume({ VolumeId });
    expect(await refusal(ec2.detachVolume({ VolumeId }))).toBe("IncorrectState");
    await ec2.deleteVolume({ VolumeId });
    expect(await refusal(ec2.deleteVolume({ VolumeId }))).toBe("InvalidVolume.NotFound");
  });

  test("grow in place, shrink never, four times a day", async () => {
    const slow = await openEc2({ delays: "realistic" });
    const { ec2 } = slow;
    const VolumeId = (await ec2.createVolume({ AvailabilityZoneId: "euw1-az1", Size: 10, VolumeType: "gp3" })).VolumeId ?? "";
    expect(await refusal(ec2.modifyVolume({ VolumeId, Size: 20 }))).toBe("IncorrectState");
    slow.pass(1_000);
    expect(await refusal(ec2.describeVolumesModifications({ VolumeIds: [VolumeId] }))).toBe("InvalidVolumeModification.NotFound");
    expect(await refusal(ec2.modifyVolume({ VolumeId, Size: 9 }))).toBe("InvalidParameterValue");
    expect((await ec2.modifyVolume({ VolumeId, Size: 20 })).VolumeModification).toMatchObject({
      ModificationState: "modifying",
      OriginalSize: 10,
      TargetSize: 20,
    });
    expect(await refusal(ec2.modifyVolume({ VolumeId, Size: 30 }))).toBe("IncorrectModificationState");
    slow.pass(1_000);
    expect((await ec2.describeVolumes({ VolumeIds: [VolumeId] })).Volumes?.[0]?.Size).toBe(20);
    expect((await ec2.describeVolumesModifications({ VolumeIds: [VolumeId] })).VolumesModifications?.[0]?.ModificationState).toBe(
      "optimizing",
    );
    for (const Size of [30, 40, 50]) {
      slow.pass(7_000);
      await ec2.modifyVolume({ VolumeId, Size });
    }
    slow.pass(7_000);
    expect(await refusal(ec2.modifyVolume({ VolumeId, Size: 60 }))).toBe("VolumeModificationRateExceeded");
    slow.pass(24 * 3_600_000);
    await ec2.modifyVolume({ VolumeId, VolumeType: "io2", Iops: 2000 });
    slow.pass(1_000);
    const [changed] = (await ec2.describeVolumes({ VolumeIds: [VolumeId] })).Volumes ?? [];
    expect(changed).toMatchObject({ VolumeType: "io2", Iops: 2000, Size: 50 });
    expect(changed?.Throughput).toBeUndefined();
    await slow.close();
  });

  test.each([
    [{ Size: 65_537, VolumeType: "gp3" }, "InvalidParameterValue"],
    [{ Size: 100, VolumeType: "st1" }, "InvalidParameterValue"],
    [{ Size: 10, VolumeType: "io2" }, "MissingParameter"],
    [{ Size: 10, VolumeType: "gp3", Iops: 6_000 }, "InvalidParameterCombination"],
    [{ Size: 100, VolumeType: "gp3", Throughput: 1_000 }, "InvalidParameterCombination"],
    [{ Size: 10, VolumeType: "gp2", Iops: 100 }, "InvalidParameterCombination"],
    [{ VolumeType: "gp3" }, "MissingParameter"],
    [{ Size: 10, KmsKeyId: "alias/x" }, "InvalidParameterDependency"],
    [{ Size: 10, AvailabilityZone: "eu-west-1a" }, "InvalidParameterCombination"],
  ] as const)("%j is refused: %s", async (request, code) => {
    expect(await refusal(fixture.ec2.createVolume({ AvailabilityZoneId: zone, ...request }))).toBe(code);
  });
});

describe("snapshots and images", () => {
  test("a snapshot becomes a volume; an image of a machine becomes machines", async () => {
    const { ec2 } = fixture;
    const InstanceId = await launch();
    const [root] = (await ec2.describeVolumes({ Filters: [{ Name: "attachment.instance-id", Values: [InstanceId] }] })).Volumes ?? [];
    const snapshot = await ec2.createSnapshot({ VolumeId: root?.VolumeId, Description: "before" });
    expect(snapshot.State).toBe("pending");
    const SnapshotId = snapshot.SnapshotId ?? "";
    expect((await ec2.describeSnapshots({ SnapshotIds: [SnapshotId] })).Snapshots?.[0]).toMatchObject({
      State: "completed",
      Progress: "100%",
    });
    expect(await refusal(ec2.createVolume({ AvailabilityZoneId: zone, SnapshotId, Size: 4 }))).toBe("InvalidParameterValue");
    expect(await ec2.createVolume({ AvailabilityZoneId: zone, SnapshotId })).toMatchObject({ Size: 8, SnapshotId });
    await ec2.deleteSnapshot({ SnapshotId });
    const { ImageId } = await ec2.createImage({ InstanceId, Name: "golden-1" });
    expect(await refusal(ec2.createImage({ InstanceId, Name: "golden-1" }))).toBe("InvalidAMIName.Duplicate");
    const [image] = (await ec2.describeImages({ Owners: ["self"] })).Images ?? [];
    expect(image).toMatchObject({ ImageId, State: "available", Public: false, Architecture: "x86_64" });
    const from = image?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId;
    expect(await refusal(ec2.deleteSnapshot({ SnapshotId: from }))).toBe("InvalidSnapshot.InUse");
    const again = await ec2.runInstances({ ImageId, SubnetId: network.subnetId, InstanceType: "t3.small", MinCount: 1, MaxCount: 1 });
    expect(again.Instances?.[0]?.ImageId).toBe(ImageId);
    await ec2.deregisterImage({ ImageId });
    await ec2.deleteSnapshot({ SnapshotId: from });
  });
});

describe("addresses and interfaces", () => {
  test("an address replaces the lent one, moves, and holds gateway and release", async () => {
    const { ec2 } = fixture;
    const InstanceId = await launch();
    const { AllocationId, PublicIp } = await ec2.allocateAddress({
      TagSpecifications: [{ ResourceType: "elastic-ip", Tags: [{ Key: "a", Value: "b" }] }],
    });
    const { AssociationId } = await ec2.associateAddress({ AllocationId, InstanceId });
    expect((await ec2.associateAddress({ AllocationId, InstanceId })).AssociationId).toBe(AssociationId);
    const [seen] = (await ec2.describeAddresses({ Filters: [{ Name: "tag:a", Values: ["b"] }] })).Addresses ?? [];
    expect(seen).toMatchObject({ AllocationId, PublicIp, AssociationId, InstanceId, Domain: "vpc" });
    expect((await ec2.describeInstances({ InstanceIds: [InstanceId] })).Reservations?.[0]?.Instances?.[0]?.PublicIpAddress).toBe(PublicIp);
    expect(await refusal(ec2.releaseAddress({ AllocationId }))).toBe("InvalidIPAddress.InUse");
    expect(await refusal(ec2.detachInternetGateway({ InternetGatewayId: network.gatewayId, VpcId: network.vpcId }))).toBe(
      "DependencyViolation",
    );
    const second = await launch();
    expect(await refusal(ec2.associateAddress({ AllocationId, InstanceId: second, AllowReassociation: false }))).toBe(
      "Resource.AlreadyAssociated",
    );
    await ec2.associateAddress({ AllocationId, InstanceId: second });
    expect(await refusal(ec2.disassociateAddress({ AssociationId }))).toBe("InvalidAssociationID.NotFound");
    await ec2.terminateInstances({ InstanceIds: [second] });
    expect((await ec2.describeAddresses({ AllocationIds: [AllocationId ?? ""] })).Addresses?.[0]?.AssociationId).toBeUndefined();
    await ec2.releaseAddress({ AllocationId });
    expect(await refusal(ec2.releaseAddress({ AllocationId }))).toBe("InvalidAllocationID.NotFound");
  });

  test("an interface with its address comes before the machine, and stays after it", async () => {
    const { ec2 } = fixture;
    const request = { SubnetId: network.subnetId, PrivateIpAddress: "10.0.1.77", Groups: [network.groupId], ClientToken: "eni-1" };
    const made = (await ec2.createNetworkInterface(request)).NetworkInterface;
    expect(made).toMatchObject({
      Status: "pending",
      PrivateIpAddress: "10.0.1.77",
      MacAddress: expect.stringMatching(/^02(:[0-9a-f]{2}){5}$/),
    });
    expect((await ec2.createNetworkInterface(request)).NetworkInterface?.NetworkInterfaceId).toBe(made?.NetworkInterfaceId);
    expect(await refusal(ec2.createNetworkInterface({ ...request, ClientToken: "eni-2" }))).toBe("InvalidIPAddress.InUse");
    const NetworkInterfaceId = made?.NetworkInterfaceId ?? "";
    const { AllocationId, PublicIp } = await ec2.allocateAddress({});
    await ec2.associateAddress({ AllocationId, NetworkInterfaceId });
    const launched = await ec2.runInstances({
      ImageId: network.imageId,
      InstanceType: "t3.micro",
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId }],
    });
    const InstanceId = launched.Instances?.[0]?.InstanceId ?? "";
    expect(launched.Instances?.[0]).toMatchObject({ PublicIpAddress: PublicIp, PrivateIpAddress: "10.0.1.77", State: { Name: "pending" } });
    expect(await refusal(ec2.deleteNetworkInterface({ NetworkInterfaceId }))).toBe("InvalidNetworkInterface.InUse");
    expect(await refusal(ec2.deleteSecurityGroup({ GroupId: network.groupId }))).toBe("DependencyViolation");
    await ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, SourceDestCheck: { Value: false } });
    expect((await ec2.describeNetworkInterfaceAttribute({ NetworkInterfaceId, Attribute: "sourceDestCheck" })).SourceDestCheck?.Value).toBe(
      false,
    );
    await ec2.terminateInstances({ InstanceIds: [InstanceId] });
    const [left] = (await ec2.describeNetworkInterfaces({ NetworkInterfaceIds: [NetworkInterfaceId] })).NetworkInterfaces ?? [];
    expect(left).toMatchObject({ Status: "available", Association: { PublicIp } });
    await ec2.deleteNetworkInterface({ NetworkInterfaceId });
    await ec2.releaseAddress({ AllocationId });
  });

  test("a second interface is attached and detached; the first never", async () => {
    const { ec2 } = fixture;
    const InstanceId = await launch();
    const NetworkInterfaceId =
      (await ec2.createNetworkInterface({ SubnetId: network.subnetId })).NetworkInterface?.NetworkInterfaceId ?? "";
    const { AttachmentId } = await ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId, DeviceIndex: 1 });
    const third = (await ec2.createNetworkInterface({ SubnetId: network.subnetId })).NetworkInterface?.NetworkInterfaceId ?? "";
    expect(await refusal(ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId: third, DeviceIndex: 1 }))).toBe(
      "InvalidParameterValue",
    );
    expect(await refusal(ec2.attachNetworkInterface({ InstanceId, NetworkInterfaceId: third, DeviceIndex: 2 }))).toBe(
      "AttachmentLimitExceeded",
    );
    expect(await refusal(ec2.modifyInstanceAttribute({ InstanceId, Groups: [network.groupId] }))).toBe("InvalidInstanceID");
    const [first] =
      (
        await ec2.describeNetworkInterfaces({
          Filters: [
            { Name: "attachment.instance-id", Values: [InstanceId] },
            { Name: "attachment.device-index", Values: ["0"] },
          ],
        })
      ).NetworkInterfaces ?? [];
    expect(await refusal(ec2.detachNetworkInterface({ AttachmentId: first?.Attachment?.AttachmentId }))).toBe("OperationNotPermitted");
    await ec2.detachNetworkInterface({ AttachmentId });
    expect(await refusal(ec2.detachNetworkInterface({ AttachmentId }))).toBe("InvalidAttachmentID.NotFound");
  });
});
