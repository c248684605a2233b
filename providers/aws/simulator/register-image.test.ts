// Images registered from snapshots, through the vendor's SDK.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ec2Fixture, makeNetwork, type Network, openEc2, refusal } from "../../../test/support/ec2-simulator.ts";

let fixture: Ec2Fixture;
let network: Network;
let SnapshotId: string;
beforeAll(async () => {
  fixture = await openEc2();
  network = await makeNetwork(fixture.ec2);
  const VolumeId = (await fixture.ec2.createVolume({ AvailabilityZoneId: "euw1-az1", Size: 10, Encrypted: true })).VolumeId ?? "";
  SnapshotId = (await fixture.ec2.createSnapshot({ VolumeId })).SnapshotId ?? "";
});
afterAll(() => fixture.close());

const complete = () => ({
  Architecture: "x86_64" as const,
  RootDeviceName: "/dev/xvda",
  BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId, VolumeType: "gp3" as const } }],
  VirtualizationType: "hvm",
  EnaSupport: true,
});
const launch = (ImageId: string | undefined) =>
  fixture.ec2.runInstances({ ImageId, SubnetId: network.subnetId, InstanceType: "m5.large", MinCount: 1, MaxCount: 1 });

describe("an image from a snapshot", () => {
  test("boots machines of its architecture, with a root as the snapshot is", async () => {
    const { ec2 } = fixture;
    const { ImageId } = await ec2.registerImage({ ...complete(), Name: "boots", BootMode: "uefi" });
    const [image] = (await ec2.describeImages({ ImageIds: [ImageId ?? ""] })).Images ?? [];
    expect(image).toMatchObject({
      State: "available",
      Architecture: "x86_64",
      RootDeviceName: "/dev/xvda",
      BootMode: "uefi",
      EnaSupport: true,
      VirtualizationType: "hvm",
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId, VolumeSize: 10, VolumeType: "gp3", Encrypted: true } }],
    });
    expect(image?.SourceInstanceId).toBeUndefined();
    const InstanceId = (await launch(ImageId)).Instances?.[0]?.InstanceId ?? "";
    const Filters = [{ Name: "attachment.instance-id", Values: [InstanceId] }];
    expect((await ec2.describeVolumes({ Filters })).Volumes).toMatchObject([{ Size: 10, VolumeType: "gp3", Encrypted: true, SnapshotId }]);
    const arm = await ec2.registerImage({ ...complete(), Name: "other architecture", Architecture: "arm64" });
    expect(await refusal(launch(arm.ImageId))).toBe("InvalidParameterValue");
  });

  test("is for nothing as EC2 registers it by default: i386, paravirtual, without ENA", async () => {
    const { ec2 } = fixture;
    const { Architecture: _arch, VirtualizationType: _hvm, EnaSupport: _ena, ...least } = complete();
    const { ImageId } = await ec2.registerImage({ ...least, Name: "least" });
    const [image] = (await ec2.describeImages({ ImageIds: [ImageId ?? ""] })).Images ?? [];
    expect(image).toMatchObject({ Architecture: "i386", VirtualizationType: "paravirtual", EnaSupport: false });
    expect(await refusal(launch(ImageId))).toBe("InvalidParameterValue");
    const paravirtual = await ec2.registerImage({ ...complete(), Name: "paravirtual", VirtualizationType: "paravirtual" });
    expect(await refusal(launch(paravirtual.ImageId))).toBe("InvalidParameterCombination");
    const old = await ec2.registerImage({ ...complete(), Name: "no ena", EnaSupport: false });
    expect(await refusal(launch(old.ImageId))).toBe("InvalidParameterCombination");
  });

  test("has a name of its own, and keeps its snapshot from deletion", async () => {
    const { ec2 } = fixture;
    const { ImageId } = await ec2.registerImage({ ...complete(), Name: "once" });
    expect(await refusal(ec2.registerImage({ ...complete(), Name: "once" }))).toBe("InvalidAMIName.Duplicate");
    expect(await refusal(ec2.registerImage({ ...complete(), Name: "a" }))).toBe("InvalidAMIName.Malformed");
    expect(await refusal(ec2.deleteSnapshot({ SnapshotId }))).toBe("InvalidSnapshot.InUse");
    await ec2.deregisterImage({ ImageId });
    expect(await refusal(launch(ImageId))).toBe("InvalidAMIID.NotFound");
    await ec2.registerImage({ ...complete(), Name: "once" });
  });

  test.each([
    ["no root device", { RootDeviceName: undefined }, "MissingParameter"],
    ["a root device without a mapping", { RootDeviceName: "/dev/sda1" }, "InvalidBlockDeviceMapping"],
    ["an unknown snapshot", { BlockDeviceMappings: [disk({ SnapshotId: "snap-00000000000000000" })] }, "InvalidSnapshot.NotFound"],
    ["a root smaller than its snapshot", { BlockDeviceMappings: [disk({ VolumeSize: 5 })] }, "InvalidBlockDeviceMapping"],
    ["the encryption of a snapshot", { BlockDeviceMappings: [disk({ Encrypted: true })] }, "InvalidParameterCombination"],
    ["an unknown architecture", { Architecture: "sparc" }, "InvalidParameterValue"],
  ] as const)("is refused with %s", async (_, change, code) => {
    const input = { ...complete(), Name: "refused", ...change } as Parameters<typeof fixture.ec2.registerImage>[0];
    // What the table could not know yet.
    const BlockDeviceMappings = input.BlockDeviceMappings?.map((one) => ({ ...one, Ebs: { SnapshotId, ...one.Ebs } }));
    expect(await refusal(fixture.ec2.registerImage({ ...input, BlockDeviceMappings }))).toBe(code);
  });
});

function disk(Ebs: object) {
  return { DeviceName: "/dev/xvda", Ebs };
}
