// Where an object of the state lives, and whether the source still means that place. Pure.

import { canonical } from "../../grammar/graph/canonical.ts";
import type { NativeGraph } from "../lower/native-graph.ts";
import type { NativeMap } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { Identity } from "../provider/provider.ts";
import type { ObjectRow } from "../state/store.ts";
import type { CloudPlace } from "./world.ts";

type Clouds = NativeGraph["clouds"];

/** The region in the ids of objects that belong to none. */
const nowhere = "global";

/** The region of an object's id: that of the client, or none where the type has none. */
export function regionOf(schema: Pick<NativeSchema, "global">, identity: Identity): string {
  return schema.global ? nowhere : identity.region;
}

/** The cloud to ask about a row: as the source declares it now, or by the row's own settings where the source has moved on. */
export function placeOfRow(row: ObjectRow, clouds: Clouds | undefined): CloudPlace {
  const declared = clouds?.get(row.cloud);
  const settings =
    declared && declared.provider === row.provider && !hasMovedRegion(row, declared.settings) ? declared.settings : row.settings;
  return { name: row.cloud, provider: row.provider, settings };
}

/** Whether a row is in the place that a cloud of the source names: the same block, or one with equal settings under another name. */
export function isInPlace(row: ObjectRow, cloud: string, clouds: Clouds): boolean {
  const declared = clouds.get(cloud);
  if (!declared) return row.cloud === cloud;
  if (row.provider !== declared.provider) return false;
  if (row.cloud === cloud) return !hasMovedRegion(row, declared.settings);
  if (row.id.region === nowhere) return canonical(withoutRegion(row.settings)) === canonical(withoutRegion(declared.settings));
  return canonical(row.settings) === canonical(declared.settings);
}

function withoutRegion({ region: _, ...settings }: NativeMap): NativeMap {
  return settings;
}

/** A new region moves what is bound to the old one; global objects and other settings (a profile) move nothing. */
function hasMovedRegion(row: ObjectRow, settings: NativeMap): boolean {
  const from = row.settings.region;
  const to = settings.region;
  return typeof from === "string" && typeof to === "string" && from !== to && row.id.region.startsWith(from);
}

/** Equal for places that one client serves. */
export function placeKey(place: Pick<CloudPlace, "provider" | "settings">): string {
  return `${place.provider}\n${canonical(place.settings)}`;
}
