// The compact modules of the Azure catalog, made from its YAML.

import { type GeneratedFiles, makeMask, readYaml, writeImageRows, writeRegions, writeSizeRows } from "./generated-files.ts";

const folder = "providers/azure/catalog";

interface Family {
  readonly arch: "x86_64" | "arm64";
  readonly current?: false;
  readonly burst?: true;
  readonly disks?: "local";
  readonly interface?: "nvme";
  readonly premium?: false;
  readonly generation?: 1;
  readonly trusted_launch?: false;
  /** vCPU, GiB, USD per hour where the region of the prices has it. */
  readonly sizes: Readonly<Record<string, readonly [number, number, number?]>>;
  readonly missing?: readonly { readonly sizes: readonly string[]; readonly from: readonly string[] }[];
}

interface Image {
  readonly publisher: string;
  readonly offer: string | Readonly<Record<string, string>>;
  readonly sku: Readonly<Record<string, string>>;
  readonly plan?: true;
  readonly user: string;
  readonly root_gib: number;
  readonly cloud_init: boolean;
  readonly scsi?: readonly string[];
  readonly trusted_launch?: readonly string[];
}

export function generateAzureCatalog(): GeneratedFiles {
  const sizes = readYaml<{ date: string; regions: readonly string[]; families: Record<string, Family> }>(`${folder}/vm-sizes.yaml`);
  const { regions } = readYaml<{ regions: Record<string, { readonly restricted?: true }> }>(`${folder}/regions.yaml`);
  const { images } = readYaml<{ images: Record<string, Image> }>(`${folder}/images.yaml`);
  const restricted = Object.keys(regions).filter((name) => regions[name]?.restricted);
  return new Map([
    [`${folder}/vm-sizes.generated.ts`, writeSizes(sizes.date, sizes.regions, sizes.families)],
    [
      `${folder}/places.generated.ts`,
      `${writeRegions(`${folder}/regions.yaml`, "zones")}/** Regions that need the vendor's leave. */\nexport const restrictedRegions = ${JSON.stringify(restricted)} as const;\n`,
    ],
    [`${folder}/images.generated.ts`, writeImages(images)],
  ]);
}

function writeSizes(date: string, regions: readonly string[], families: Record<string, Family>): string {
  const bits = makeMask(regions, "vm-sizes.yaml");
  const everywhere = bits(regions);
  const rows = Object.values(families).flatMap((family) => {
    const flags = [
      family.arch === "arm64" ? "a" : "",
      family.current === false ? "o" : "",
      family.burst ? "b" : "",
      family.disks ? "d" : "",
      family.interface ? "n" : "",
      family.premium === false ? "s" : "",
      family.generation ? "g" : "",
      family.trusted_launch === false ? "t" : "",
    ].join("");
    return Object.entries(family.sizes).map(([name, [cpu, gib, usd]]) => {
      const missing = family.missing?.find((group) => group.sizes.includes(name))?.from ?? [];
      const mask = everywhere - bits(missing);
      return {
        name,
        usd,
        fields: [name.replace("Standard_", ""), cpu, gib * 1024, flags, usd ?? "", mask.toString(36)],
      };
    });
  });
  return writeSizeRows({
    from: "vm-sizes.yaml",
    date,
    recorded: "prices",
    regions,
    legend: [
      "name without `Standard_` | vCPU | MiB | flags | USD per hour in eastus | regions that offer it, as a mask in base 36. Flags: a arm64, o earlier",
      "generation, b burstable, d temporary disk, n NVMe alone, s standard storage alone, g generation 1 alone, t no trusted launch.",
    ],
    constant: "sizeRows",
    rows,
  });
}

function writeImages(images: Record<string, Image>): string {
  const rows = Object.entries(images).map(([alias, image]) => {
    const archs = Object.keys(image.sku).map((arch) => {
      const offer = typeof image.offer === "string" ? image.offer : image.offer[arch];
      if (offer === undefined) throw new Error(`images.yaml has no offer of ${alias} for ${arch}`);
      const { publisher } = image;
      const flags = { nvme: !image.scsi?.includes(arch), trustedLaunch: image.trusted_launch?.includes(arch) === true };
      return `${arch}: ${JSON.stringify({ publisher, offer, sku: image.sku[arch], ...flags })}`;
    });
    const rest = `plan: ${image.plan === true}, user: ${JSON.stringify(image.user)}, rootGib: ${image.root_gib}, cloudInit: ${image.cloud_init}`;
    return `  ${JSON.stringify(alias)}: { alias: ${JSON.stringify(alias)}, arch: { ${archs.join(", ")} }, ${rest} },`;
  });
  return writeImageRows(rows);
}
