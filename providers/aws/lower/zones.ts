// The zone behind a letter: pinned by zone id, which names the same place in every account. Pure.

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import { lowerZoneLetter } from "../../lowering/zones.ts";
import { regions } from "../catalog/places.ts";

/** The zone id of a letter in the region of the resource's cloud; empty with a diagnostic where there is none. */
export function lowerZone(letter: string, context: LoweringContext): { readonly id: string; readonly diagnostics: readonly Diagnostic[] } {
  return lowerZoneLetter(letter, regions(), context);
}
