import { describe, expect, it } from "vitest";
import { type NativeMap, type NativeValue, nativeRef } from "../../../engine/lower/native-value.ts";
import type { NativeChange } from "../../../engine/provider/provider.ts";
import type { Ec2 } from "../operations.ts";
import { instance } from "./instance.ts";
import { instanceSchema } from "./instance-schema.ts";

const identity = { account: "123456789012", region: "eu-west-1" };
const id = { type: "aws.ec2.Instance", ...identity, id: "i-1" };
const root = { DeviceName: "/dev/sda1", VolumeSize: 8, VolumeType: "gp3", Encrypted: true };
const data = { DeviceName: "/dev/sdf", VolumeSize: 10, VolumeType: "gp3", Encrypted: true };
const running: NativeMap = {
  ImageId: "ami-1",
  InstanceType: "m5.large",
  Power: "on",
  RootDeviceName: "/dev/sda1",
  Disks: [root, data],
  Tags: {},
};
const attributes: NativeMap = {
  Disks: { "/dev/sda1": "vol-1", "/dev/sdf": "vol-2" },
  AvailabilityZone: "eu-west-1a",
  PrimaryNetworkInterfaceId: "eni-1",
};

function update(desired: NativeMap, observed: NativeMap = running, more: Partial<NativeChange> = {}): NativeChange {
  const changed = Object.keys(desired).filter((name) => JSON.stringify(desired[name]) !== JSON.stringify(observed[name]));
  return { action: "update", desired: { ...observed, ...desired }, observed, attributes, changed, id, generation: 1, ...more };
}

const keys = (change: NativeChange): readonly string[] => instance.steps(change).map((step) => step.key);

describe("power and type", () => {
  it.each([
    ["a type change of a running one", { InstanceType: "m5.xlarge" }, running, ["stop", "modify:InstanceType", "start"]],
    [
      "interrupted after the stop",
      { InstanceType: "m5.xlarge", Power: "on" },
      { ...running, Power: "off" },
      ["modify:InstanceType", "start"],
    ],
    ["interrupted after the change", { Power: "on" }, { ...running, Power: "off" }, ["start"]],
    ["a type change of one that is off", { InstanceType: "m5.xlarge" }, { ...running, Power: "off" }, ["modify:InstanceType"]],
    ["a type change, then off", { InstanceType: "m5.xlarge", Power: "off" }, running, ["stop", "modify:InstanceType"]],
    ["off", { Power: "off" }, running, ["stop"]],
    ["on", { Power: "on" }, { ...running, Power: "off" }, ["start"]],
    [
      "two changes that need a stop, with one stop",
      { InstanceType: "m5.xlarge", EbsOptimized: true },
      running,
      ["stop", "modify:InstanceType", "modify:EbsOptimized", "start"],
    ],
  ] as const)("%s", (_name, desired, observed, expected) => {
    expect(keys(update(desired, observed))).toEqual(expected);
  });

  it("says downtime for a stop, and nothing for the rest", () => {
    const impacts = instance.steps(update({ InstanceType: "m5.xlarge" })).map((step) => step.impact);
    expect(impacts).toEqual(["downtime", "none", "none"]);
  });

  it("replaces what cannot be changed by a stop", () => {
    const judge = instanceSchema.props.InstanceType?.replaceWhen;
    expect(judge?.("m5.large", "m5.xlarge", {})).toBeUndefined();
    expect(judge?.("m5.large", "m6g.large", {})).toContain("compatibility class");
    expect(judge?.("m5.large", "m5.xlarge", { InstanceMarketOptions: { MarketType: "spot" } })).toContain("spot");
  });

  it("plans the steps of a type that is not known yet", () => {
    expect(keys(update({ InstanceType: nativeRef("x:y", "Type") as NativeValue }))).toEqual(["stop", "modify:InstanceType", "start"]);
  });
});

describe("disks", () => {
  it("grows in place and tells EC2 in one request per volume", () => {
    const steps = instance.steps(
      update({
        Disks: [
          { ...root, VolumeSize: 20 },
          { ...data, Iops: 4_000, Throughput: 200 },
        ],
      }),
    );
    expect(steps.map((step) => [step.key, step.body, step.impact])).toEqual([
      ["disk:modify:/dev/sda1", { VolumeId: "vol-1", VolumeSize: 20 }, "none"],
      ["disk:modify:/dev/sdf", { VolumeId: "vol-2", Iops: 4_000, Throughput: 200 }, "none"],
    ]);
  });

  it("says data-loss where a disk goes", () => {
    const steps = instance.steps(update({ Disks: [root] }));
    expect(steps.map((step) => [step.key, step.impact])).toEqual([
      ["disk:detach:/dev/sdf", "downtime"],
      ["disk:delete:/dev/sdf", "data-loss"],
    ]);
  });

  it("goes on where an earlier run was cut", () => {
    const added = { DeviceName: "/dev/sdg", VolumeSize: 5 };
    const made = { ...running, Disks: [root, data, { ...added, Attached: false }] };
    const left = { attributes: { ...attributes, DetachedDisks: { "/dev/sdg": "vol-3" } } };
    const attach = instance.steps(update({ Disks: [root, data, added] }, made, left));
    expect(attach.map((step) => step.key)).toEqual(["disk:attach:/dev/sdg", "disk:termination:/dev/sdg"]);
    expect(attach[0]?.body.VolumeId).toBe("vol-3");
    expect(instance.steps(update({ Disks: [root, data] }, made, left)).map((step) => [step.key, step.body])).toEqual([
      ["disk:delete:/dev/sdg", { VolumeId: "vol-3" }],
    ]);
  });

  it("replaces what no volume can do", () => {
    const judge = (to: readonly NativeMap[]) => instanceSchema.props.Disks?.replaceWhen?.([root, data], to, running);
    expect(judge([root, { ...data, VolumeSize: 5 }])).toContain("cannot shrink");
    expect(judge([root, { ...data, Encrypted: false }])).toContain("decrypted");
    expect(judge([data])).toContain("root");
    expect(judge([root])).toBeUndefined();
    expect(judge([{ ...root, VolumeSize: 9 }, data])).toBeUndefined();
  });

  it("takes the size of a root that the source leaves open", () => {
    const same = instanceSchema.props.Disks?.same;
    expect(same?.([{ DeviceName: "/dev/sda1" }], [root])).toBe(true);
    expect(same?.([root], [{ DeviceName: "/dev/sda1" }])).toBe(true);
    expect(same?.([{ DeviceName: "/dev/sda1", VolumeSize: 9 }], [root])).toBe(false);
    expect(same?.([{ DeviceName: "/dev/sda1", VolumeType: "gp2" }], [root])).toBe(false);
    expect(same?.([root, data], [root])).toBe(false);
  });

  it("says data-loss for an end that takes more than the root", () => {
    const end = (observed: NativeMap) =>
      instance.steps({ action: "delete", desired: {}, observed, attributes, changed: [], id, generation: 1 });
    expect(end(running).map((step) => step.impact)).toEqual(["data-loss"]);
    expect(end({ ...running, Disks: [root] }).map((step) => step.impact)).toEqual(["downtime"]);
  });
});

describe("requests that no server here answers", () => {
  async function perform(change: NativeChange): Promise<readonly (readonly [string, unknown])[]> {
    const sent: [string, unknown][] = [];
    const send = async (operation: string, input: unknown) => {
      sent.push([operation, input]);
      return { $metadata: {} };
    };
    const client = { region: "eu-west-1", send } as unknown as Ec2;
    for (const step of instance.steps(change))
      await instance.perform({ client, identity, signal: AbortSignal.timeout(1_000), id }, step, step.body);
    return sent;
  }
  const profile = { IamInstanceProfile: "app" };
  const associated = { attributes: { ...attributes, IamInstanceProfileAssociationId: "iip-1" } };

  it("gives it a profile", async () => {
    expect(await perform(update({ IamInstanceProfile: "arn:aws:iam::123456789012:instance-profile/team/app" }))).toEqual([
      ["AssociateIamInstanceProfile", { InstanceId: "i-1", IamInstanceProfile: { Name: "app" } }],
    ]);
  });

  it("gives it another profile", async () => {
    expect(await perform(update({ IamInstanceProfile: "other" }, { ...running, ...profile }, associated))).toEqual([
      ["ReplaceIamInstanceProfileAssociation", { AssociationId: "iip-1", IamInstanceProfile: { Name: "other" } }],
    ]);
  });

  it("takes the profile away", async () => {
    const change = { ...update({}, { ...running, ...profile }, associated), desired: running, changed: ["IamInstanceProfile"] };
    expect(await perform(change)).toEqual([["DisassociateIamInstanceProfile", { AssociationId: "iip-1" }]]);
  });

  it("writes tags on the children in the same request", async () => {
    expect(await perform(update({ Tags: { team: "koine" } }))).toEqual([
      ["CreateTags", { Resources: ["i-1", "vol-1", "vol-2", "eni-1"], Tags: [{ Key: "team", Value: "koine" }] }],
    ]);
  });
});
