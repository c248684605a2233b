// Instances, volumes and attachments of AWS, put to the test.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import type { Ec2 } from "../../providers/aws/operations.ts";
import {
  editTags,
  joined,
  makeGroup,
  makePublicSubnet,
  makeSubnet,
  otherId,
  type Stage,
  type Surroundings,
  signal,
  tags,
  tagsElsewhere,
} from "./aws-surroundings.ts";
import { type ConformanceCase, type Elsewhere, withProp } from "./conformance-case.ts";
import type { Made } from "./executor.ts";

export function machineCases(surroundings: Surroundings): readonly ConformanceCase<Ec2>[] {
  return [instanceCase(surroundings), volumeCase(surroundings), volumeAttachmentCase(surroundings)];
}

const data = "/dev/sdf";

function instanceCase(surroundings: Surroundings): ConformanceCase<Ec2> {
  const { instanceType, otherType, zone } = surroundings;
  const second = { DeviceName: data, VolumeSize: 10, VolumeType: "gp3", Encrypted: true, DeleteOnTermination: true };
  const rootOf = (made: Made): NativeMap => (made.desired.Disks as readonly NativeMap[])[0] ?? {};
  const rootDevice = (made: Made): string => String(rootOf(made).DeviceName);
  const vpcOf = async (stage: Stage, made: Made): Promise<string> => {
    const seen = await stage.observe({ type: "aws.ec2.Subnet", ...stage.world.identity, id: String(made.desired.SubnetId) });
    return String(seen?.props.VpcId);
  };
  const set = (made: Made, name: string, value: NativeValue | undefined): NativeMap => withProp(made.desired, name, value);
  const dataVolume = (made: Made): string => String((made.observed.attributes.Disks as NativeMap)[data]);

  return {
    type: "aws.ec2.Instance",
    props: async (stage, n) => {
      const { vpc, subnet } = await makePublicSubnet(stage, n, zone);
      const image = await surroundings.image(stage.world.client);
      const root = { DeviceName: image.rootDevice, VolumeSize: 20, VolumeType: "gp3", Encrypted: true, DeleteOnTermination: true };
      return {
        ImageId: image.id,
        InstanceType: instanceType,
        SubnetId: subnet,
        PrivateIpAddress: `10.${n % 250}.1.10`,
        Groups: [await makeGroup(stage, vpc, `conformance-${n}`)],
        AssociatePublicIpAddress: true,
        UserData: "#!/bin/sh\necho größe\n",
        MetadataOptions: { HttpTokens: "required" },
        Disks: [root, second],
        Power: "on",
        Tags: tags,
      };
    },
    edits: [
      { name: "Power off", changed: ["Power"], to: (_stage, made) => set(made, "Power", "off"), steps: ["stop"] },
      {
        name: "InstanceType of the same class",
        changed: ["InstanceType"],
        to: (_stage, made) => set(made, "InstanceType", otherType),
        steps: ["stop", "modify:InstanceType", "start"],
      },
      {
        name: "InstanceType, and off",
        changed: ["InstanceType", "Power"],
        to: (_stage, made) => ({ ...made.desired, InstanceType: otherType, Power: "off" }),
        steps: ["stop", "modify:InstanceType"],
      },
      {
        name: "Groups",
        changed: ["Groups"],
        to: async (stage, made) => set(made, "Groups", [await makeGroup(stage, await vpcOf(stage, made), `other-${made.object}`)]),
        steps: ["modify:Groups"],
      },
      {
        name: "AssociatePublicIpAddress off",
        changed: ["AssociatePublicIpAddress"],
        to: (_stage, made) => set(made, "AssociatePublicIpAddress", false),
        steps: ["modify:AssociatePublicIpAddress"],
      },
      {
        name: "MetadataOptions",
        changed: ["MetadataOptions"],
        to: (_stage, made) => set(made, "MetadataOptions", { HttpTokens: "optional", HttpPutResponseHopLimit: 3 }),
        steps: ["modify:MetadataOptions"],
      },
      {
        name: "Monitoring on",
        changed: ["Monitoring"],
        to: (_stage, made) => set(made, "Monitoring", true),
        steps: ["modify:Monitoring"],
      },
      {
        name: "Disks grow and get faster",
        changed: ["Disks"],
        to: (_stage, made) =>
          set(made, "Disks", [
            { ...rootOf(made), VolumeSize: 30 },
            { ...second, VolumeSize: 40, Iops: 4_000, Throughput: 250 },
          ]),
        steps: (made) => [`disk:modify:${rootDevice(made)}`, `disk:modify:${data}`],
      },
      {
        name: "Disks: one more",
        changed: ["Disks"],
        to: (_stage, made) => set(made, "Disks", [rootOf(made), second, { ...second, DeviceName: "/dev/sdg", VolumeSize: 5 }]),
        steps: ["disk:create:/dev/sdg", "disk:attach:/dev/sdg", "disk:termination:/dev/sdg"],
      },
      {
        name: "Disks: one less",
        changed: ["Disks"],
        to: (_stage, made) => set(made, "Disks", [rootOf(made)]),
        steps: [`disk:detach:${data}`, `disk:delete:${data}`],
      },
      editTags,
    ],
    unedited: {
      EbsOptimized: "current types are always so, and EC2 answers what was asked, not what is",
      IamInstanceProfile: "a profile is another service's object; its requests are tested with a client that only listens",
    },
    elsewhere: [
      ...instanceElsewhere(dataVolume),
      {
        prop: "Groups",
        change: async (stage, made) => {
          const Groups = [await makeGroup(stage, await vpcOf(stage, made), `hand-${made.object}`)];
          await stage.world.client.send("ModifyInstanceAttribute", { InstanceId: made.id.id, Groups }, signal());
        },
      },
      {
        prop: "InstanceType",
        change: async (stage, made) => {
          await stop(stage, made.id.id);
          const input = { InstanceId: made.id.id, InstanceType: { Value: otherType } };
          await stage.world.client.send("ModifyInstanceAttribute", input, signal());
        },
      },
    ],
    fixed: {
      ImageId: "immutable",
      SubnetId: "immutable",
      PrivateIpAddress: "immutable",
      NetworkInterfaceId: "the primary interface stays",
      KeyName: "what the image took at its first boot",
      RootDeviceName: "of the image",
      InstanceMarketOptions: "of the launch",
      IamInstanceProfile: "as above",
      EbsOptimized: "as above",
      Tenancy: "of the launch",
    },
    remove: async (stage, made) => void (await stage.world.client.send("TerminateInstances", { InstanceIds: [made.id.id] }, signal())),
    missing: otherId,
  };
}

function instanceElsewhere(dataVolume: (made: Made) => string): readonly Elsewhere<Ec2>[] {
  return [
    { prop: "Power", change: (stage, made) => stop(stage, made.id.id) },
    {
      prop: "UserData",
      mendable: false,
      change: async (stage, made) => {
        await stop(stage, made.id.id);
        const UserData = { Value: new TextEncoder().encode("#!/bin/sh\necho by hand\n") };
        await stage.world.client.send("ModifyInstanceAttribute", { InstanceId: made.id.id, UserData }, signal());
      },
    },
    {
      prop: "AssociatePublicIpAddress",
      change: async (stage, made) => {
        const NetworkInterfaceId = String(made.observed.attributes.PrimaryNetworkInterfaceId);
        const input = { NetworkInterfaceId, AssociatePublicIpAddress: false };
        await stage.world.client.send("ModifyNetworkInterfaceAttribute", input, signal());
      },
    },
    {
      prop: "MetadataOptions",
      change: async (stage, made) => {
        const input = { InstanceId: made.id.id, HttpTokens: "optional" as const };
        await stage.world.client.send("ModifyInstanceMetadataOptions", input, signal());
      },
    },
    {
      prop: "Monitoring",
      mendable: false,
      change: async (stage, made) => {
        await stage.world.client.send("MonitorInstances", { InstanceIds: [made.id.id] }, signal());
      },
    },
    {
      prop: "Disks",
      change: async (stage, made) => {
        await stage.world.client.send("DetachVolume", { VolumeId: dataVolume(made), InstanceId: made.id.id }, signal());
        await untilAvailable(stage, dataVolume(made));
        await stage.world.client.send("DeleteVolume", { VolumeId: dataVolume(made) }, signal());
      },
    },
    tagsElsewhere,
  ];
}

function volumeCase({ zone, zoneId, volumesByZoneId }: Surroundings): ConformanceCase<Ec2> {
  return {
    type: "aws.ec2.Volume",
    props: async (_stage, n) => ({
      ...(n % 2 === 0 || !volumesByZoneId ? { AvailabilityZone: zone } : { AvailabilityZoneId: zoneId }),
      Size: 10,
      VolumeType: "gp3",
      Encrypted: true,
      Tags: tags,
    }),
    edits: [
      { name: "Size grows", changed: ["Size"], to: (_stage, made) => withProp(made.desired, "Size", 25), steps: ["modify"] },
      {
        name: "Iops and Throughput",
        changed: ["Iops", "Throughput"],
        to: (_stage, made) => ({ ...made.desired, Iops: 4_000, Throughput: 250 }),
        steps: ["modify"],
      },
      { name: "VolumeType", changed: ["VolumeType"], to: (_stage, made) => withProp(made.desired, "VolumeType", "gp2"), steps: ["modify"] },
      editTags,
    ],
    elsewhere: [
      ...(["Size", "Iops", "Throughput"] as const).map(
        (prop): Elsewhere<Ec2> => ({
          prop,
          mendable: false,
          change: async (stage, made) => {
            const value = { Size: 30, Iops: 5_000, Throughput: 300 }[prop];
            await stage.world.client.send("ModifyVolume", { VolumeId: made.id.id, [prop]: value }, signal());
            await untilModified(stage, made.id.id);
          },
        }),
      ),
      {
        prop: "VolumeType",
        mendable: false,
        change: async (stage, made) => {
          await stage.world.client.send("ModifyVolume", { VolumeId: made.id.id, VolumeType: "gp2" }, signal());
          await untilModified(stage, made.id.id);
        },
      },
      tagsElsewhere,
    ],
    fixed: { AvailabilityZone: "immutable", AvailabilityZoneId: "immutable", Encrypted: "immutable", SnapshotId: "immutable" },
    remove: async (stage, made) => void (await stage.world.client.send("DeleteVolume", { VolumeId: made.id.id }, signal())),
    missing: otherId,
  };
}

function volumeAttachmentCase({ image, instanceType, zone }: Surroundings): ConformanceCase<Ec2> {
  return {
    type: "aws.ec2.VolumeAttachment",
    props: async (stage, n) => {
      const { subnet } = await makeSubnet(stage, n, zone);
      const { id } = await image(stage.world.client);
      const instance = await stage.make("aws.ec2.Instance", { ImageId: id, InstanceType: instanceType, SubnetId: subnet });
      const volume = await stage.make("aws.ec2.Volume", { AvailabilityZone: zone, Size: 5, VolumeType: "gp3" });
      return { VolumeId: volume.id.id, InstanceId: instance.id.id, DeviceName: "/dev/xvdbc" };
    },
    edits: [],
    elsewhere: [],
    fixed: { VolumeId: "names it", InstanceId: "names it", DeviceName: "of the attachment" },
    remove: async (stage, made) => {
      const [VolumeId, InstanceId] = joined(made);
      await stage.world.client.send("DetachVolume", { VolumeId, InstanceId }, signal());
    },
    missing: (id) => `${id.split("|")[0]}|i-00000000000000000`,
  };
}

async function stop(stage: Stage, id: string): Promise<void> {
  await stage.world.client.send("StopInstances", { InstanceIds: [id] }, signal());
  await until(async () => {
    const found = await stage.world.client.send("DescribeInstances", { InstanceIds: [id] }, signal());
    return found.Reservations?.[0]?.Instances?.[0]?.State?.Name === "stopped";
  });
}

async function untilAvailable(stage: Stage, id: string): Promise<void> {
  await until(
    async () => (await stage.world.client.send("DescribeVolumes", { VolumeIds: [id] }, signal())).Volumes?.[0]?.State === "available",
  );
}

async function untilModified(stage: Stage, id: string): Promise<void> {
  await until(async () => {
    const found = await stage.world.client.send("DescribeVolumesModifications", { VolumeIds: [id] }, signal());
    return found.VolumesModifications?.every((each) => each.ModificationState !== "modifying") ?? false;
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 200; looks++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("waited for in vain");
}
