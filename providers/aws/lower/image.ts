// image on aws: an AMI registered from a snapshot of a root volume.

import type { Lowering } from "../../../engine/provider/provider.ts";
import { checkTags, imageName, nameAndTags } from "./names-and-tags.ts";
import { shapeOfImage } from "./own-image.ts";

export const lowerOwnImage: Lowering = (resource, context) => {
  const { boot_mode: bootMode } = resource.refinement;
  const shape = shapeOfImage(resource, context.graph);
  const image = context.object(
    "image",
    "aws.ec2.Image",
    {
      Name: imageName(context),
      SnapshotId: context.native(resource.props.from ?? ""),
      RootDeviceName: shape.rootDevice,
      Architecture: shape.arch,
      EnaSupport: true,
      BootMode: bootMode === undefined ? undefined : context.native(bootMode),
      Tags: nameAndTags(context),
    },
    {
      from: {
        SnapshotId: "from",
        RootDeviceName: "on.aws.root_device",
        Architecture: "on.aws.arch",
        BootMode: "on.aws.boot_mode",
        Tags: "tags",
      },
    },
  );
  return { objects: [image.object], outputs: { id: image.ref("ImageId") }, diagnostics: checkTags(resource, context) };
};
