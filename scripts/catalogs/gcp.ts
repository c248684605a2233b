// The compact modules of the Google Compute Engine catalog, made from its YAML.

import { type GeneratedFiles, makeMask, readYaml, writeImageRows, writeRegions, writeSizeRows } from "./generated-files.ts";

const folder = "providers/gcp/catalog";

interface Family {
  readonly arch: "x86_64" | "arm64";
  readonly current?: false;
  readonly general?: false;
  readonly interface?: "nvme";
  readonly disks: readonly string[];
  /** USD an hour for a vCPU, and for a GiB. */
  readonly rates?: readonly [number, number];
  readonly shared?: readonly string[];
  /** vCPU, MiB, and USD an hour where the rates do not give it. */
  readonly sizes: Readonly<Record<string, readonly [number, number, number?]>>;
}

interface Offering {
  readonly every?: "all" | readonly string[];
  readonly some?: readonly string[];
  readonly partial?: true;
  readonly up_to?: number;
}

interface Image {
  readonly project: string;
  readonly family: Readonly<Record<string, string>>;
  readonly user: string;
  readonly root_gib: number;
  readonly cloud_init: boolean;
  readonly secure_boot: boolean;
}

const diskLetters: Readonly<Record<string, string>> = { "pd-balanced": "b", "pd-standard": "s", "hyperdisk-balanced": "h" };

export function generateGcpCatalog(): GeneratedFiles {
  const types = readYaml<{ date: string; families: Record<string, Family> }>(`${folder}/machine-types.yaml`);
  const { series } = readYaml<{ series: Record<string, Offering> }>(`${folder}/offerings.yaml`);
  const { regions } = readYaml<{ regions: Record<string, unknown> }>(`${folder}/regions.yaml`);
  const { images } = readYaml<{ images: Record<string, Image> }>(`${folder}/images.yaml`);
  return new Map([
    [`${folder}/machine-types.generated.ts`, writeTypes(types.date, types.families, series, Object.keys(regions))],
    [`${folder}/places.generated.ts`, writeRegions(`${folder}/regions.yaml`, "zones")],
    [`${folder}/images.generated.ts`, writeImages(images)],
  ]);
}

function writeTypes(date: string, families: Record<string, Family>, series: Record<string, Offering>, regions: readonly string[]): string {
  const bits = makeMask(regions, "offerings.yaml");
  const rows = Object.entries(families).flatMap(([family, of]) =>
    Object.entries(of.sizes).map(([size, [cpu, mib, own]]) => {
      const usd = own ?? (of.rates ? round(cpu * of.rates[0] + (mib / 1024) * of.rates[1]) : undefined);
      const offering = cpu > (series[family]?.up_to ?? Number.POSITIVE_INFINITY) ? undefined : series[family];
      const every = bits(offering?.every);
      const masks = offering ? [every.toString(36), (every + bits(offering.some)).toString(36)] : ["", ""];
      const name = `${family}-${size}`;
      const disks = of.disks.map((type) => diskLetters[type] ?? "").join("");
      return {
        name,
        usd,
        fields: [name, cpu, mib, flagsOf(of, size, offering), disks, usd ?? "", ...masks],
      };
    }),
  );
  return writeSizeRows({
    from: "machine-types.yaml, offerings.yaml and regions.yaml",
    date,
    recorded: "offerings",
    regions,
    legend: [
      "name | vCPU | MiB | flags | disks | USD per hour | regions that offer it in each of the first three zones | regions that offer it; masks in base 36, empty",
      "where nothing is recorded. Flags: a arm64, o earlier generation, g not general, b burstable, d local disks, n NVMe, m bare metal, p more regions may have it.",
      "Disks: b pd-balanced, s pd-standard, h hyperdisk-balanced.",
    ],
    constant: "machineTypeRows",
    rows,
  });
}

function flagsOf(of: Family, size: string, offering: Offering | undefined): string {
  return [
    of.arch === "arm64" ? "a" : "",
    of.current === false ? "o" : "",
    of.general === false ? "g" : "",
    of.shared?.includes(size) ? "b" : "",
    /lssd(-metal)?$/.test(size) ? "d" : "",
    of.interface ? "n" : "",
    size.endsWith("metal") ? "m" : "",
    offering?.partial ? "p" : "",
  ].join("");
}

/** Millionths of a dollar: what the public list shows. */
function round(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}

function writeImages(images: Record<string, Image>): string {
  const rows = Object.entries(images).map(([alias, image]) => {
    const { project, family, user, root_gib: rootGib, cloud_init: cloudInit, secure_boot: secureBoot } = image;
    return `  ${JSON.stringify(alias)}: ${JSON.stringify({ alias, project, family, user, rootGib, cloudInit, secureBoot })},`;
  });
  return writeImageRows(rows);
}
