import type { Instance, Volume } from "@aws-sdk/client-ec2";
import { expect, it } from "vitest";
import type { Ec2 } from "../operations.ts";
import { instance } from "./instance.ts";

const identity = { account: "123456789012", region: "eu-west-1" };
const id = { type: "aws.ec2.Instance", ...identity, id: "i-1" };
const object = "b".repeat(32);

const row: Instance = {
  InstanceId: "i-1",
  State: { Name: "running" },
  RootDeviceName: "/dev/sda1",
  BlockDeviceMappings: ["/dev/sda1", "/dev/sdf", "/dev/xvdba", "/dev/sdh"].map((DeviceName, n) => ({
    DeviceName,
    Ebs: { VolumeId: `vol-${n}`, Status: "attached" },
  })),
  Tags: [{ Key: "koine:object", Value: object }],
};

const attached = (n: number, Device: string, DeleteOnTermination: boolean, Tags: Volume["Tags"] = []): Volume => ({
  VolumeId: `vol-${n}`,
  Size: 8,
  VolumeType: "gp3",
  Iops: 3_000,
  Throughput: 125,
  Encrypted: true,
  State: "in-use",
  Attachments: [{ InstanceId: "i-1", Device, DeleteOnTermination, State: "attached" }],
  Tags,
});
const child = { Key: "koine:child-of", Value: object };

const volumes: readonly Volume[] = [
  attached(0, "/dev/sda1", true),
  attached(1, "/dev/sdf", false, [child]),
  attached(2, "/dev/xvdba", false, [{ Key: "koine:object", Value: "c".repeat(32) }]),
  attached(3, "/dev/sdh", false),
  { VolumeId: "vol-4", State: "available", Size: 5, VolumeType: "gp3", Tags: [child, { Key: "koine:child-device", Value: "/dev/sdg" }] },
];

function serve(answers: Readonly<Record<string, (input: never) => unknown>>) {
  const asked: string[] = [];
  const send = async (operation: string, input: never) => {
    asked.push(operation);
    return answers[operation]?.(input) ?? {};
  };
  return { asked, call: { client: { region: "eu-west-1", send } as unknown as Ec2, identity, signal: AbortSignal.timeout(1_000) } };
}

const describeVolumes = ({ Filters: [by] }: { Filters: [{ Name: string; Values: string[] }] }) => ({
  Volumes: volumes.filter((volume) =>
    by.Name === "volume-id" ? by.Values.includes(volume.VolumeId ?? "") : volume.Tags?.some((tag) => by.Values.includes(tag.Value ?? "")),
  ),
});
const answers = { DescribeInstances: () => ({ Reservations: [{ Instances: [row] }] }), DescribeVolumes: describeVolumes };

it("takes for its disks what lives and dies with it, and nothing else", async () => {
  const { found } = await instance.observe(serve(answers).call, [id], "list");
  const [observed] = found;
  const disks = observed?.props.Disks as readonly { readonly DeviceName: string; readonly Attached: boolean }[];
  // Not the volume that is an object of its own, nor the one that somebody attached by hand.
  expect(disks.map((disk) => [disk.DeviceName, disk.Attached])).toEqual([
    ["/dev/sda1", true],
    ["/dev/sdf", true],
    ["/dev/sdg", false],
  ]);
  expect(observed?.attributes.Disks).toEqual({ "/dev/sda1": "vol-0", "/dev/sdf": "vol-1" });
  expect(observed?.attributes.DetachedDisks).toEqual({ "/dev/sdg": "vol-4" });
});

it.each(["terminated", "shutting-down"] as const)("is absent once it is %s", async (Name) => {
  const { call, asked } = serve({ DescribeInstances: () => ({ Reservations: [{ Instances: [{ ...row, State: { Name } }] }] }) });
  expect(await instance.observe(call, [id], "list")).toEqual({ found: [], absent: [id], unknown: [] });
  expect(await instance.find(call, { kind: "lineage", lineage: "a" })).toEqual([]);
  expect(asked).toEqual(["DescribeInstances", "DescribeInstances"]);
});

it("waits for a delete until it is terminated, and takes an early end for a failed launch", async () => {
  const ending = (Name: string) =>
    serve({ DescribeInstances: () => ({ Reservations: [{ Instances: [{ ...row, State: { Name }, StateReason: reason }] }] }) }).call;
  const reason = { Code: "Client.VolumeLimitExceeded", Message: "Volume limit exceeded" };
  const [terminate] = instance.steps({ action: "delete", desired: {}, observed: {}, attributes: {}, changed: [], id, generation: 1 });
  const [launch] = instance.steps({ action: "create", desired: {}, observed: {}, attributes: {}, changed: [], generation: 1 });
  if (terminate === undefined || launch === undefined) throw new Error("there are no steps");
  expect(await instance.poll(ending("shutting-down"), terminate, { id })).toMatchObject({ kind: "pending", note: "shutting-down" });
  expect(await instance.poll(ending("terminated"), terminate, { id })).toEqual({ kind: "done" });
  expect(await instance.poll(ending("terminated"), launch, { id })).toMatchObject({
    kind: "failed",
    leaves: "nothing",
    error: {
      message: "the instance went to terminated: Volume limit exceeded",
      details: { code: "quota", vendorCode: "Client.VolumeLimitExceeded" },
    },
  });
});

it("asks about a public address only where the row does not tell", async () => {
  const each = { ...answers, DescribeInstanceAttribute: () => ({ UserData: { Value: Buffer.from("größe").toString("base64") } }) };
  const stopped = {
    ...row,
    State: { Name: "stopped" },
    NetworkInterfaces: [{ NetworkInterfaceId: "eni-1", Attachment: { DeviceIndex: 0 } }],
  };
  const running = serve(each);
  expect((await instance.observe(running.call, [id], "each")).found[0]?.props).toMatchObject({
    UserData: "größe",
    AssociatePublicIpAddress: false,
  });
  expect(running.asked).not.toContain("DescribeNetworkInterfaceAttribute");
  const still = serve({
    ...each,
    DescribeInstances: () => ({ Reservations: [{ Instances: [stopped] }] }),
    DescribeNetworkInterfaceAttribute: () => ({ AssociatePublicIpAddress: true }),
  });
  expect((await instance.observe(still.call, [id], "each")).found[0]?.props).toMatchObject({
    AssociatePublicIpAddress: true,
    Power: "off",
  });
});
