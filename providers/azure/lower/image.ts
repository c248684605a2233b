// image on azure: a managed Image of a snapshot. It says of what generation it is; that of every image in the catalog is 2.
// https://learn.microsoft.com/azure/virtual-machines/generation-2

import type { Lowering } from "../../../engine/provider/provider.ts";
import { armName, nameLimits } from "./names.ts";
import { placeOf } from "./place.ts";
import { checkTags } from "./tags.ts";

export const lowerOwnImage: Lowering = (resource, context) => {
  const { hyper_v_generation: generation } = resource.refinement;
  const image = context.object(
    "image",
    "azure.compute.Image",
    {
      name: armName(context, nameLimits.disk),
      ...placeOf(context),
      sourceSnapshot: context.native(resource.props.from ?? ""),
      hyperVGeneration: typeof generation === "string" ? generation : "V2",
      tags: context.tags,
    },
    { from: { sourceSnapshot: "from", hyperVGeneration: "on.azure.hyper_v_generation", tags: "tags" } },
  );
  return { objects: [image.object], outputs: { id: image.ref("id") }, diagnostics: checkTags(resource, context) };
};
