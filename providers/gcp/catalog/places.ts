// Regions of Google Compute Engine and their zones by name, in the order of Koine's letters. Pure; reads the generated rows on first use.

import { regionsFrom } from "../../lowering/places.ts";
import { regionRows } from "./places.generated.ts";

export const regions = regionsFrom(regionRows);
