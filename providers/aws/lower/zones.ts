// The zone behind a letter: pinned by zone id, which names the same place in every account. Pure.

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import { regions, zoneOf } from "../catalog/places.ts";
import { problem } from "./lowering-problems.ts";

/** The zone id of a letter in the region of the resource's cloud; empty with a diagnostic where there is none. */
export function lowerZone(letter: string, context: LoweringContext): { readonly id: string; readonly diagnostics: readonly Diagnostic[] } {
  const region = regionOf(context);
  const key = `${letter}/${region}`;
  const pinned = context.pinned("zone", key);
  if (pinned !== undefined) return { id: pinned, diagnostics: [] };
  const id = zoneOf(region, letter);
  if (id === undefined) {
    const count = regions().get(region)?.zones.length ?? 0;
    const letters = Array.from({ length: count }, (_, at) => `"${String.fromCharCode(97 + at)}"`);
    return {
      id: "",
      diagnostics: [
        problem("K3019", context.place("zone"), `${region} has no zone "${letter}"`, {
          hint: count === 0 ? "name a region that Koine knows" : `its zones are ${letters.join(", ")}`,
        }),
      ],
    };
  }
  context.chose("zone", key, id, `zone "${letter}" of ${region} in the catalog`);
  return { id, diagnostics: [] };
}

export function regionOf(context: LoweringContext): string {
  return String(context.settings.region ?? "");
}
