// What all objects of a stack stand in on Azure: one resource group for each subscription and region. Pure.

import type { Surroundings } from "../../../engine/provider/provider.ts";
import { regionOf } from "../../lowering/read-props.ts";
import { shortHash } from "../../lowering/short-hash.ts";
import { armName, nameLimits } from "./names.ts";
import { checkStackTags } from "./tags.ts";

export const azureSurroundings: Surroundings = {
  /** The region, with a few digits that tell one subscription from another. */
  scope: ({ region, subscription }) => `${String(region)}-${shortHash(String(subscription).toLowerCase()).slice(0, 4)}`,
  lower: (_, context) => {
    const group = context.object("group", "azure.resources.ResourceGroup", {
      name: armName(context, nameLimits.group),
      location: regionOf(context),
      tags: context.tags,
    });
    return { objects: [group.object], outputs: {}, diagnostics: checkStackTags(context) };
  },
};
