// Turns a price list kept as CSV into the compact module that ships: a row a name, a column a region. One cloud a run:
// `node scripts/generate-prices.ts aws|azure|gcp DATE FILE.csv`. The first column is the name; those called `usd_per_hour_<region>` hold on-demand Linux
// prices, of Google Cloud `usd_per_vcpu_hour_<region>` and `usd_per_gb_hour_<region>`. Empty: not sold there. See docs/cost.md.

import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { dropLicensed, type PricedSize } from "./drop-licensed-prices.ts";

interface Source {
  readonly module: string;
  /** Region as the cloud writes it, from the end of a column's name. */
  readonly region: (suffix: string) => string;
  /** What stands behind the name in a row of the module, by the beginning of the column's name. */
  readonly parts: Readonly<Record<string, string>>;
  /** Drops what the record has wrong. */
  readonly mend?: (sizes: readonly PricedSize[]) => readonly PricedSize[];
}

const dashed = (suffix: string): string => suffix.replaceAll("_", "-");

const sources: Readonly<Record<string, Source>> = {
  aws: { module: "providers/aws/prices/instance-prices.generated.ts", region: dashed, parts: { usd_per_hour_: "" } },
  azure: {
    module: "providers/azure/prices/vm-prices.generated.ts",
    region: (suffix) => suffix,
    parts: { usd_per_hour_: "" },
    mend: dropLicensed,
  },
  gcp: {
    module: "providers/gcp/prices/machine-rates.generated.ts",
    region: dashed,
    parts: { usd_per_vcpu_hour_: "/vcpu", usd_per_gb_hour_: "/gib" },
  },
};

const [cloud = "", date = "", file = ""] = process.argv.slice(2);
const source = sources[cloud];
if (!source || !/^\d{4}(-\d{2}){0,2}$/.test(date) || file === "") {
  process.stderr.write("node scripts/generate-prices.ts aws|azure|gcp DATE FILE.csv, DATE as 2026, 2026-08 or 2026-08-31\n");
  process.exit(64);
}
writeFileSync(new URL(`../${source.module}`, import.meta.url), writeModule(source, readFileSync(file, "utf8")));

function writeModule({ region, parts, mend }: Source, text: string): string {
  const [header = [], ...rows] = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(","));
  const columns = header.flatMap((title, at) => {
    const prefix = Object.keys(parts).find((start) => title.startsWith(start));
    return prefix === undefined ? [] : [{ at, part: parts[prefix] ?? "", region: region(title.slice(prefix.length)) }];
  });
  const regions = [...new Set(columns.map((column) => column.region))];
  const cpuAt = header.indexOf("vcpus");
  const sizes = rows.flatMap((row) =>
    Object.values(parts).map((part): PricedSize => {
      const fields = regions.map((name) => row[columns.find((column) => column.region === name && column.part === part)?.at ?? -1]);
      return { name: `${row[0]}${part}`, cpu: Number(row[cpuAt] ?? 0), prices: fields.map(readPrice) };
    }),
  );
  const lines = (mend?.(sizes) ?? sizes)
    .filter(({ prices }) => prices.some((price) => price !== undefined))
    .map(({ name, prices }) => [name, ...prices].join("|").replace(/\|+$/, ""));
  return [
    `// Made by scripts/generate-prices.ts from ${basename(file)}; do not edit.`,
    `export const pricesDate = ${JSON.stringify(date)};`,
    `export const pricedRegions: readonly string[] = ${JSON.stringify(regions)};`,
    "/** name | USD per hour, on demand, with Linux, in each of the regions; empty where it is not sold, or not known. */",
    "export const priceRows = `",
    ...lines.sort(),
    "`;",
    "",
  ].join("\n");
}

function readPrice(field: string | undefined): number | undefined {
  const price = Number(field ?? "");
  if (!Number.isFinite(price) || price < 0) throw new Error(`${file}: \`${field}\` is not a price`);
  return price === 0 ? undefined : price;
}
