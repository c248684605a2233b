// Regions of Azure and their zones, in the order of Koine's letters; a region without zones has the empty one alone. Pure; reads the generated rows on first use.

import { type Regions, regionsFrom } from "../../lowering/places.ts";
import { regionRows, restrictedRegions } from "./places.generated.ts";

export const regions = regionsFrom(regionRows);

/** The zones of a region as Azure numbers them; none for a region without, or one that is not known. */
export function zonesOf(region: string): readonly string[] {
  return (regions().get(region)?.zones ?? []).filter((zone) => zone !== "");
}

let open: Regions | undefined;

/** The regions that anybody may use. */
export function openRegions(): Regions {
  open ??= new Map([...regions()].filter(([name]) => !(restrictedRegions as readonly string[]).includes(name)));
  return open;
}
