// What the generators of all catalogs share: reading YAML with its sources and dates, and the modules that look alike on every cloud.

import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** Path in the repository to text. */
export type GeneratedFiles = ReadonlyMap<string, string>;

const repository = new URL("../../", import.meta.url);

export function readYaml<T>(path: string): T {
  return parse(readFileSync(new URL(path, repository), "utf8")) as T;
}

interface Region {
  readonly city: string;
  readonly at: readonly [number, number];
  readonly zones: readonly string[];
}

/** The module of a cloud's regions. `zones` says what stands for a zone: "zone ids". */
export function writeRegions(path: string, zones: string): string {
  const { regions } = readYaml<{ regions: Record<string, Region> }>(path);
  return [
    "// Made by scripts/generate-catalog.ts from regions.yaml; do not edit.",
    `/** name | city | latitude | longitude | ${zones} in the order of their letters */`,
    "export const regionRows = `",
    ...Object.entries(regions).map(([name, { city, at, zones }]) => [name, city, ...at, zones.join(" ")].join("|")),
    "`;",
    "",
  ].join("\n");
}

/** Writes sets of regions as numbers: bit n stands for entry n. `file` is named where a region is not in the list. */
export function makeMask(regions: readonly string[], file: string): (names: "all" | readonly string[] | undefined) => number {
  return (names) =>
    (names === "all" ? regions : (names ?? [])).reduce((mask, name) => {
      const at = regions.indexOf(name);
      if (at < 0) throw new Error(`${file} names the region ${name}, which is not in the list of regions`);
      return mask + 2 ** at;
    }, 0);
}

/** What of a machine type can be bought: its row in the module, and what it is sorted by. */
export interface SizeRow {
  readonly name: string;
  readonly usd: number | undefined;
  readonly fields: readonly (string | number)[];
}

/** The module of a cloud's machine types: one row a type, cheapest first, then by name, so that the first that fits is the one to choose. */
export function writeSizeRows(module: {
  /** The YAML files that it is made from. */
  readonly from: string;
  readonly date: string;
  /** Whether prices or offerings are recorded for `regions`. */
  readonly recorded: "prices" | "offerings";
  readonly regions: readonly string[];
  /** What the fields mean, as the lines of a comment. */
  readonly legend: readonly string[];
  readonly constant: string;
  readonly rows: readonly SizeRow[];
}): string {
  const price = ({ usd }: SizeRow): number => usd ?? Number.POSITIVE_INFINITY;
  const rows = module.rows.toSorted((a, b) => (price(a) === price(b) ? 0 : price(a) - price(b)) || (a.name < b.name ? -1 : 1));
  return [
    `// Made by scripts/generate-catalog.ts from ${module.from}; do not edit.`,
    `export const pricesDate = ${JSON.stringify(module.date)};`,
    `/** Regions whose ${module.recorded} are recorded; bit n of a mask is entry n. */`,
    `export const recordedRegions = ${JSON.stringify(module.regions)} as const;`,
    "/**",
    ...module.legend.map((line) => ` * ${line}`),
    " */",
    `export const ${module.constant} = \``,
    ...rows.map((row) => row.fields.join("|")),
    "`;",
    "",
  ].join("\n");
}

/** The module of a cloud's images: `rows` are the entries of an object by alias. */
export function writeImageRows(rows: readonly string[]): string {
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
