// The zone behind a letter. A region without zones has only "a", which then stands for no zone at all. Pure.

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import { regionOf } from "../../lowering/read-props.ts";
import { lowerZoneLetter } from "../../lowering/zones.ts";
import { regions, zonesOf } from "../catalog/places.ts";

export interface LoweredZone {
  /** The prop `zones`; absent in a region without any. */
  readonly zones?: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export function lowerZone(letter: string, context: LoweringContext): LoweredZone {
  if (letter === "a" && zonesOf(regionOf(context)).length === 0) return { diagnostics: [] };
  const { id, diagnostics } = lowerZoneLetter(letter, regions(), context);
  return { zones: [id], diagnostics };
}

/**
 * The zones of a public address: all of the region, because a machine in a zone refuses one that is in another or in none
 * (https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#availability-zone). Absent in a region without any.
 */
export function addressZones(context: LoweringContext): readonly string[] | undefined {
  const zones = zonesOf(regionOf(context));
  return zones.length === 0 ? undefined : zones;
}
