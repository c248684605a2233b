// Snapshots and images of AWS, put to the test.

import type { Ec2 } from "../../providers/aws/operations.ts";
import { editTags, otherId, type Stage, type Surroundings, signal, tags, tagsElsewhere } from "./aws-surroundings.ts";
import type { ConformanceCase } from "./conformance-case.ts";

export function imageCases(surroundings: Surroundings): readonly ConformanceCase<Ec2>[] {
  return [snapshotCase(surroundings), imageCase(surroundings)];
}

function snapshotCase({ zone }: Surroundings): ConformanceCase<Ec2> {
  return {
    type: "aws.ec2.Snapshot",
    props: async (stage) => ({ VolumeId: await makeVolume(stage, zone), Tags: tags }),
    edits: [editTags],
    elsewhere: [tagsElsewhere],
    fixed: { VolumeId: "immutable" },
    remove: async (stage, made) => void (await stage.world.client.send("DeleteSnapshot", { SnapshotId: made.id.id }, signal())),
    missing: otherId,
  };
}

function imageCase({ zone }: Surroundings): ConformanceCase<Ec2> {
  return {
    type: "aws.ec2.Image",
    props: async (stage, n) => {
      const snapshot = await stage.make("aws.ec2.Snapshot", { VolumeId: await makeVolume(stage, zone) });
      return {
        // The longest name there may be, of every sort of character.
        Name: `conformance (${n}) [a]/b-c_d.e @'f' ${"x".repeat(90)}`.slice(0, 124),
        SnapshotId: snapshot.id.id,
        RootDeviceName: "/dev/xvda",
        Architecture: n % 2 === 0 ? "x86_64" : "arm64",
        EnaSupport: true,
        BootMode: "uefi",
        Tags: tags,
      };
    },
    edits: [editTags],
    elsewhere: [tagsElsewhere],
    fixed: {
      Name: "immutable",
      SnapshotId: "immutable",
      RootDeviceName: "immutable",
      Architecture: "immutable",
      EnaSupport: "immutable",
      BootMode: "immutable",
    },
    remove: async (stage, made) => void (await stage.world.client.send("DeregisterImage", { ImageId: made.id.id }, signal())),
    missing: otherId,
  };
}

async function makeVolume(stage: Stage, AvailabilityZone: string): Promise<string> {
  return (await stage.make("aws.ec2.Volume", { AvailabilityZone, Size: 5, VolumeType: "gp3" })).id.id;
}
