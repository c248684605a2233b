// snapshot on aws: an EBS snapshot, of a volume of its own or of one that an instance made at its launch.

import type { Lowering } from "../../../engine/provider/provider.ts";
import { checkTags, nameAndTags } from "./names-and-tags.ts";

export const lowerSnapshot: Lowering = (resource, context) => {
  const snapshot = context.object(
    "snapshot",
    "aws.ec2.Snapshot",
    { VolumeId: context.native(resource.props.disk ?? ""), Tags: nameAndTags(context) },
    { from: { VolumeId: "disk", Tags: "tags" } },
  );
  return { objects: [snapshot.object], outputs: { id: snapshot.ref("SnapshotId") }, diagnostics: checkTags(resource, context) };
};
