// snapshot on gcp: a Snapshot of a disk, of its own or of one that an instance made.

import type { Lowering } from "../../../engine/provider/provider.ts";
import { checkLabels } from "./labels.ts";
import { gceName } from "./names.ts";

export const lowerSnapshot: Lowering = (resource, context) => {
  const snapshot = context.object(
    "snapshot",
    "gcp.compute.Snapshot",
    { name: gceName(context), sourceDisk: context.native(resource.props.disk ?? ""), labels: context.tags },
    { from: { sourceDisk: "disk", labels: "tags" } },
  );
  return { objects: [snapshot.object], outputs: { id: snapshot.ref("selfLink") }, diagnostics: checkLabels(resource, context) };
};
