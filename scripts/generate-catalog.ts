// Turns the catalogs of providers/aws/catalog (YAML, with sources and dates) into compact modules, so that nothing parses YAML at run time.
// Run with `node scripts/generate-catalog.ts`; a test fails when a module is older than its source.

import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";

const folder = new URL("../providers/aws/catalog/", import.meta.url);

interface Family {
  readonly arch: "x86_64" | "arm64";
  readonly mac?: true;
  readonly current?: false;
  readonly burst?: true;
  readonly disks?: "local";
  readonly interface?: "xen";
  /** vCPU, MiB, USD per hour where it is sold on demand. */
  readonly sizes: Readonly<Record<string, readonly [number, number, number?]>>;
}

interface Offering {
  readonly sizes: readonly string[];
  readonly every?: "all" | readonly string[];
  readonly some?: "all" | readonly string[];
}

interface Region {
  readonly city: string;
  readonly at: readonly [number, number];
  readonly zones: readonly string[];
}

interface Image {
  readonly owner: string;
  readonly name: string;
  readonly arch: Readonly<Record<string, string>>;
  readonly user: string;
  readonly root_device: string;
  readonly root_gib: number;
  readonly cloud_init: boolean;
}

/** File name to text, for all generated modules. */
export function generateCatalog(): ReadonlyMap<string, string> {
  const types = read<{ date: string; families: Record<string, Family> }>("instance-types.yaml");
  const offerings = read<{ date: string; regions: string[]; families: Record<string, Offering[]> }>("offerings.yaml");
  const { regions } = read<{ regions: Record<string, Region> }>("regions.yaml");
  const { cities } = read<{ cities: Record<string, [number, number]> }>("cities.yaml");
  const { images } = read<{ images: Record<string, Image> }>("images.yaml");
  return new Map([
    ["instance-types.generated.ts", writeTypes(types.date, types.families, offerings.regions, offerings.families)],
    ["places.generated.ts", writePlaces(regions, cities)],
    ["images.generated.ts", writeImages(images)],
  ]);
}

function read<T>(name: string): T {
  return parse(readFileSync(new URL(name, folder), "utf8")) as T;
}

/** One row a type, cheapest first, then by name: the first that fits is the one to choose. */
function writeTypes(
  date: string,
  families: Record<string, Family>,
  regions: readonly string[],
  offerings: Record<string, Offering[]>,
): string {
  const bits = (names: "all" | readonly string[] | undefined): number =>
    (names === "all" ? regions : (names ?? [])).reduce((mask, name) => {
      const at = regions.indexOf(name);
      if (at < 0) throw new Error(`offerings.yaml names the region ${name}, which its list does not have`);
      return mask + 2 ** at;
    }, 0);

  const rows = Object.entries(families).flatMap(([family, of]) =>
    Object.entries(of.sizes).map(([size, [cpu, mib, usd]]) => {
      const offering = offerings[family]?.find((group) => group.sizes.includes(size));
      const every = bits(offering?.every);
      const masks = offering ? [every.toString(36), (every + bits(offering.some)).toString(36)] : ["", ""];
      const flags = [
        of.arch === "arm64" ? "a" : "",
        of.mac ? "k" : "",
        of.current === false ? "o" : "",
        of.burst ? "b" : "",
        of.disks ? "d" : "",
        of.interface ? "x" : "",
        size.startsWith("metal") ? "m" : "",
      ].join("");
      return {
        name: `${family}.${size}`,
        usd: usd ?? Number.POSITIVE_INFINITY,
        text: [`${family}.${size}`, cpu, mib, flags, usd ?? "", ...masks].join("|"),
      };
    }),
  );
  rows.sort((a, b) => (a.usd === b.usd ? 0 : a.usd - b.usd) || (a.name < b.name ? -1 : 1));
  return [
    "// Made by scripts/generate-catalog.ts from instance-types.yaml and offerings.yaml; do not edit.",
    `export const pricesDate = ${JSON.stringify(date)};`,
    "/** Regions whose offerings are recorded; bit n of a mask is entry n. */",
    `export const recordedRegions = ${JSON.stringify(regions)} as const;`,
    "/**",
    " * name | vCPU | MiB | flags | USD per hour | regions that offer it in each of the first three zones | regions that offer it; masks in base 36, empty where",
    " * nothing is recorded. Flags: a arm64, k Mac, o earlier generation, b burstable, d local disks, x Xen, m bare metal.",
    " */",
    "export const instanceTypeRows = `",
    ...rows.map((row) => row.text),
    "`;",
    "",
  ].join("\n");
}

function writePlaces(regions: Record<string, Region>, cities: Record<string, [number, number]>): string {
  return [
    "// Made by scripts/generate-catalog.ts from regions.yaml and cities.yaml; do not edit.",
    "/** name | city | latitude | longitude | zone ids in the order of their letters */",
    "export const regionRows = `",
    ...Object.entries(regions).map(([name, { city, at, zones }]) => [name, city, ...at, zones.join(" ")].join("|")),
    "`;",
    "/** city | latitude | longitude */",
    "export const cityRows = `",
    ...Object.entries(cities).map(([name, at]) => [name, ...at].join("|")),
    "`;",
    "",
  ].join("\n");
}

function writeImages(images: Record<string, Image>): string {
  const rows = Object.entries(images).map(
    ([alias, image]) =>
      `  ${JSON.stringify(alias)}: { alias: ${JSON.stringify(alias)}, owner: ${JSON.stringify(image.owner)}, name: ${JSON.stringify(image.name)}, arch: ${JSON.stringify(image.arch)}, user: ${JSON.stringify(image.user)}, rootDevice: ${JSON.stringify(image.root_device)}, rootGib: ${image.root_gib}, cloudInit: ${image.cloud_init} },`,
  );
  return [
    "// Made by scripts/generate-catalog.ts from images.yaml; do not edit.",
    'import type { CatalogImage } from "./catalog-image.ts";',
    "",
    "export const imageRows: Readonly<Record<string, CatalogImage>> = {",
    ...rows,
    "};",
    "",
  ].join("\n");
}

if (import.meta.main) for (const [name, text] of generateCatalog()) writeFileSync(new URL(name, folder), text);
