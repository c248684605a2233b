// image on gcp: an Image made of a snapshot. What the image can do (UEFI, gVNIC) comes along from the disk that the snapshot is of.

import type { Lowering } from "../../../engine/provider/provider.ts";
import { checkLabels } from "./labels.ts";
import { gceName } from "./names.ts";

export const lowerOwnImage: Lowering = (resource, context) => {
  const image = context.object(
    "image",
    "gcp.compute.Image",
    { name: gceName(context), sourceSnapshot: context.native(resource.props.from ?? ""), labels: context.tags },
    { from: { sourceSnapshot: "from", labels: "tags" } },
  );
  return { objects: [image.object], outputs: { id: image.ref("selfLink") }, diagnostics: checkLabels(resource, context) };
};
