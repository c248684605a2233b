// The zone behind a letter, and the zone of what says none itself; an unknown region. Pure.

import type { LoweringContext } from "../../engine/provider/provider.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../grammar/graph/resource-graph.ts";
import type { PropValue } from "../../grammar/graph/value.ts";
import type { Span } from "../../grammar/source/span.ts";
import { type Regions, zoneOf } from "./places.ts";
import { problem, unknownName } from "./problems.ts";
import { followRef, regionOf } from "./read-props.ts";

/** The zone of a letter in the region of the resource's cloud; empty with a diagnostic where there is none. */
export function lowerZoneLetter(
  letter: string,
  regions: Regions,
  context: LoweringContext,
): { readonly id: string; readonly diagnostics: readonly Diagnostic[] } {
  const region = regionOf(context);
  const key = `${letter}/${region}`;
  const pinned = context.pinned("zone", key);
  if (pinned !== undefined) return { id: pinned, diagnostics: [] };
  const id = zoneOf(region, letter, regions);
  if (id === undefined) {
    const count = regions.get(region)?.zones.length ?? 0;
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

/** The letter of a machine's zone, which is that of its subnet. */
export function zoneOfMachine(machine: PortableResource | undefined, context: LoweringContext): string | undefined {
  const subnet = followRef(machine?.props.subnet, context);
  return subnet ? String(subnet.props.zone ?? "a") : undefined;
}

/** The letter of a disk's zone: its own, that of the machine it is attached to, else "a". */
export function zoneOfDisk(disk: PortableResource, context: LoweringContext): string {
  return String(disk.props.zone ?? zoneOfMachine(followRef(disk.props.attach, context), context) ?? "a");
}

/** A region that the cloud does not have. `example` is for the hint: `"eu-west-1", or let near("dublin") pick one`. */
export function checkRegion(
  name: PropValue | undefined,
  regions: Regions,
  { cloud, example }: { readonly cloud: string; readonly example: string },
  place: Span,
): readonly Diagnostic[] {
  if (typeof name !== "string" || regions.has(name)) return [];
  const message = `${cloud} has no region \`${name}\` that Koine knows`;
  return [unknownName("K3010", place, message, { name, known: [...regions.keys()], otherwise: `name a region such as ${example}` })];
}
