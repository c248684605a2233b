// Regions of a cloud with their zones in the order of Koine's letters, the cities that `near` knows, and which region is nearest to one. Pure; the city
// table is read on first use, the regions are a parameter.

import { cityRows } from "./cities.generated.ts";

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

export interface Region extends Place {
  readonly name: string;
  /** The city it is named after or lies near. */
  readonly city: string;
  /** The first is "a". */
  readonly zones: readonly string[];
}

export type Regions = ReadonlyMap<string, Region>;

/** Rows of `name | city | latitude | longitude | zones in the order of their letters`. */
export function readRegions(rows: string): Regions {
  return new Map(
    readRows(rows).map(([name = "", city = "", latitude, longitude, zones = ""]) => [
      name,
      { name, city, latitude: Number(latitude), longitude: Number(longitude), zones: zones.split(" ") },
    ]),
  );
}

/** A reader of such rows; they are parsed once, when they are first asked for. */
export function regionsFrom(rows: string): () => Regions {
  let parsed: Regions | undefined;
  return () => {
    parsed ??= readRegions(rows);
    return parsed;
  };
}

let parsedCities: ReadonlyMap<string, Place> | undefined;

/** Lower-case names with the coordinates. */
export function cities(): ReadonlyMap<string, Place> {
  parsedCities ??= new Map(
    readRows(cityRows).map(([name = "", latitude, longitude]) => [name, { latitude: Number(latitude), longitude: Number(longitude) }]),
  );
  return parsedCities;
}

/** The region nearest to a city by great circle, of equals the first by name; undefined for a city that is not in the table. */
export function nearestRegion(city: string, regions: Regions): string | undefined {
  const place = cities().get(plainName(city));
  if (!place) return undefined;
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const region of regions.values()) {
    const distance = greatCircle(place, region);
    if (!best || distance < best.distance) best = { name: region.name, distance };
  }
  return best?.name;
}

/** The zone of a letter: `a` is the first. Undefined where the region has no such zone. */
export function zoneOf(region: string, letter: string, regions: Regions): string | undefined {
  return letter.length === 1 ? regions.get(region)?.zones[letter.charCodeAt(0) - 97] : undefined;
}

/** `São Paulo` → `sao paulo` */
function plainName(city: string): string {
  return city
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();
}

function readRows(text: string): readonly (readonly string[])[] {
  return text
    .trim()
    .split("\n")
    .map((row) => row.split("|"));
}

/** The angle between two places in radians, by the haversine formula; good enough to compare. */
function greatCircle(a: Place, b: Place): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half = (x: number, y: number): number => Math.sin(radians(x - y) / 2) ** 2;
  const chord =
    half(a.latitude, b.latitude) + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
  return 2 * Math.asin(Math.sqrt(Math.min(1, chord)));
}
