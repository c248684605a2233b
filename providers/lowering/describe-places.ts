// The places of a provider's description, from the regions of its catalog. They are read when they are asked for, never by importing the description. Pure.

import type { ProviderDescription } from "../../grammar/kinds/provider-description.ts";
import { cities, nearestRegion, type Regions } from "./places.ts";

type Places = "regions" | "nearest" | "cities" | "zones";

/** `open`: the regions that `near` may pick, where some are not for everybody. */
export function withPlaces(
  regions: () => Regions,
  description: Omit<ProviderDescription, Places>,
  open: () => Regions = regions,
): ProviderDescription {
  return {
    ...description,
    get regions() {
      return [...regions().keys()];
    },
    nearest: (city) => nearestRegion(city, open()),
    get cities() {
      return [...cities().keys()];
    },
    zones: (name) => regions().get(name)?.zones ?? [],
  };
}
