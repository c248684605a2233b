// The compact modules of the AWS catalog, made from its YAML.

import { type GeneratedFiles, makeMask, readYaml, writeImageRows, writeRegions, writeSizeRows } from "./generated-files.ts";

const folder = "providers/aws/catalog";

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

interface Image {
  readonly owner: string;
  readonly name: string;
  readonly arch: Readonly<Record<string, string>>;
  readonly user: string;
  readonly root_device: string;
  readonly root_gib: number;
  readonly cloud_init: boolean;
}

export function generateAwsCatalog(): GeneratedFiles {
  const types = readYaml<{ date: string; families: Record<string, Family> }>(`${folder}/instance-types.yaml`);
  const offerings = readYaml<{ date: string; regions: string[]; families: Record<string, Offering[]> }>(`${folder}/offerings.yaml`);
  const { images } = readYaml<{ images: Record<string, Image> }>(`${folder}/images.yaml`);
  return new Map([
    [`${folder}/instance-types.generated.ts`, writeTypes(types.date, types.families, offerings.regions, offerings.families)],
    [`${folder}/places.generated.ts`, writeRegions(`${folder}/regions.yaml`, "zone ids")],
    [`${folder}/images.generated.ts`, writeImages(images)],
  ]);
}

function writeTypes(
  date: string,
  families: Record<string, Family>,
  regions: readonly string[],
  offerings: Record<string, Offering[]>,
): string {
  const bits = makeMask(regions, "offerings.yaml");
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
        usd,
        fields: [`${family}.${size}`, cpu, mib, flags, usd ?? "", ...masks],
      };
    }),
  );
  return writeSizeRows({
    from: "instance-types.yaml and offerings.yaml",
    date,
    recorded: "offerings",
    regions,
    legend: [
      "name | vCPU | MiB | flags | USD per hour | regions that offer it in each of the first three zones | regions that offer it; masks in base 36, empty where",
      "nothing is recorded. Flags: a arm64, k Mac, o earlier generation, b burstable, d local disks, x Xen, m bare metal.",
    ],
    constant: "instanceTypeRows",
    rows,
  });
}

function writeImages(images: Record<string, Image>): string {
  const rows = Object.entries(images).map(
    ([alias, image]) =>
      `  ${JSON.stringify(alias)}: { alias: ${JSON.stringify(alias)}, owner: ${JSON.stringify(image.owner)}, name: ${JSON.stringify(image.name)}, arch: ${JSON.stringify(image.arch)}, user: ${JSON.stringify(image.user)}, rootDevice: ${JSON.stringify(image.root_device)}, rootGib: ${image.root_gib}, cloudInit: ${image.cloud_init} },`,
  );
  return writeImageRows(rows);
}
