// snapshot on azure: a Snapshot of a managed disk.

import type { Lowering } from "../../../engine/provider/provider.ts";
import { armName, nameLimits } from "./names.ts";
import { placeOf } from "./place.ts";
import { checkTags } from "./tags.ts";

export const lowerSnapshot: Lowering = (resource, context) => {
  const snapshot = context.object(
    "snapshot",
    "azure.compute.Snapshot",
    {
      name: armName(context, nameLimits.disk),
      ...placeOf(context),
      sourceResourceId: context.native(resource.props.disk ?? ""),
      tags: context.tags,
    },
    { from: { sourceResourceId: "disk", tags: "tags" } },
  );
  return { objects: [snapshot.object], outputs: { id: snapshot.ref("id") }, diagnostics: checkTags(resource, context) };
};
