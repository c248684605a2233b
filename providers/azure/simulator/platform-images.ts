// The marketplace images that pins resolve to: publishers, offers, skus and versions.
// https://learn.microsoft.com/rest/api/compute/virtual-machine-images/list

import { refuse } from "./errors.ts";
import type { JsonMap } from "./rows.ts";

export interface PlatformImage {
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  readonly arch: "x64" | "Arm64";
  readonly generation: "V1" | "V2";
  readonly diskSizeGB: number;
  readonly trustedLaunch: boolean;
  /** Marketplace images with terms to accept. */
  readonly plan: boolean;
  /** Oldest first. */
  readonly versions: readonly string[];
}

type Row = readonly [sku: string, arch: "x64" | "Arm64", generation: "V1" | "V2"];

interface Offer {
  readonly publisher: string;
  readonly offer: string;
  readonly diskSizeGB: number;
  readonly plan?: boolean;
  readonly versions: readonly string[];
  readonly skus: readonly Row[];
}

/**
 * https://documentation.ubuntu.com/azure/azure-how-to/instances/find-ubuntu-images/ · https://wiki.debian.org/Cloud/MicrosoftAzure ·
 * https://rockylinux.org/download · https://wiki.almalinux.org/cloud/Azure.html · https://learn.microsoft.com/azure/virtual-machines/workloads/redhat/redhat-imagelist
 */
const OFFERS: readonly Offer[] = [
  {
    publisher: "Canonical",
    offer: "ubuntu-24_04-lts",
    diskSizeGB: 30,
    versions: ["24.04.202404230", "24.04.202509120", "24.04.202604160", "24.04.202605080"],
    skus: [
      ["server", "x64", "V2"],
      ["server-gen1", "x64", "V1"],
      ["server-arm64", "Arm64", "V2"],
      ["minimal", "x64", "V2"],
    ],
  },
  {
    publisher: "Canonical",
    offer: "0001-com-ubuntu-server-jammy",
    diskSizeGB: 30,
    versions: ["22.04.202404160", "22.04.202509030", "22.04.202604200", "22.04.202605110"],
    skus: [
      ["22_04-lts", "x64", "V1"],
      ["22_04-lts-gen2", "x64", "V2"],
      ["22_04-lts-arm64", "Arm64", "V2"],
    ],
  },
  {
    publisher: "Debian",
    offer: "debian-12",
    diskSizeGB: 30,
    versions: ["0.20240507.1740", "0.20250814.2204", "0.20260402.2435"],
    skus: [
      ["12", "x64", "V1"],
      ["12-gen2", "x64", "V2"],
      ["12-arm64", "Arm64", "V2"],
    ],
  },
  {
    publisher: "Debian",
    offer: "debian-13",
    diskSizeGB: 30,
    versions: ["0.20250814.2204", "0.20260402.2435"],
    skus: [
      ["13", "x64", "V1"],
      ["13-gen2", "x64", "V2"],
      ["13-arm64", "Arm64", "V2"],
    ],
  },
  {
    publisher: "resf",
    offer: "rockylinux-x86_64",
    diskSizeGB: 10,
    plan: true,
    versions: ["9.3.20231113", "9.6.20250531", "9.7.20251123"],
    skus: [
      ["9-base", "x64", "V2"],
      ["9-lvm", "x64", "V2"],
    ],
  },
  {
    publisher: "resf",
    offer: "rockylinux-aarch64",
    diskSizeGB: 10,
    plan: true,
    versions: ["9.3.20231113", "9.6.20250531", "9.7.20251123"],
    skus: [["rockylinux-aarch64-9", "Arm64", "V2"]],
  },
  {
    publisher: "almalinux",
    offer: "almalinux-x86_64",
    diskSizeGB: 30,
    versions: ["9.4.2024050902", "9.6.202505200"],
    skus: [
      ["9-gen1", "x64", "V1"],
      ["9-gen2", "x64", "V2"],
    ],
  },
  {
    publisher: "almalinux",
    offer: "almalinux-arm",
    diskSizeGB: 30,
    versions: ["9.4.2024050902", "9.6.202505200"],
    skus: [["9-arm-gen2", "Arm64", "V2"]],
  },
  {
    publisher: "RedHat",
    offer: "RHEL",
    diskSizeGB: 64,
    versions: ["9.4.2024071215", "9.6.2025061312"],
    skus: [["9-lvm-gen2", "x64", "V2"]],
  },
  {
    publisher: "RedHat",
    offer: "rhel-arm64",
    diskSizeGB: 64,
    versions: ["9.4.2024071215", "9.6.2025061312"],
    skus: [["9_4-arm64", "Arm64", "V2"]],
  },
];

const IMAGES: readonly PlatformImage[] = OFFERS.flatMap(({ publisher, offer, diskSizeGB, plan, versions, skus }) =>
  skus.map(([sku, arch, generation]) => ({
    publisher,
    offer,
    sku,
    arch,
    generation,
    diskSizeGB,
    trustedLaunch: generation === "V2" && arch === "x64",
    plan: plan === true,
    versions,
  })),
);

export interface ImageReference {
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  readonly version: string;
}

/** The image of a reference and its exact version; undefined when there is none. `latest` is the newest. */
export function findPlatformImage({
  publisher,
  offer,
  sku,
  version,
}: ImageReference): { image: PlatformImage; version: string } | undefined {
  const image = IMAGES.find((one) => same(one.publisher, publisher) && same(one.offer, offer) && same(one.sku, sku));
  const exact = same(version, "latest") ? image?.versions.at(-1) : image?.versions.find((one) => one === version);
  return image === undefined || exact === undefined ? undefined : { image, version: exact };
}

/** `path` is what follows `…/locations/{location}/` split at slashes: publishers, and on down to one version. */
export function answerImages(
  subscription: string,
  location: string,
  path: readonly string[],
  query: { readonly top?: number; readonly descending: boolean },
): JsonMap | readonly JsonMap[] {
  const [, publisher, , , , offer, , sku, , version] = path;
  const base = `/Subscriptions/${subscription}/Providers/Microsoft.Compute/Locations/${location}/Publishers`;
  const item = (name: string, rest: string): JsonMap => ({ location, name, id: `${base}${rest}` });
  const ofPublisher = IMAGES.filter((one) => publisher === undefined || same(one.publisher, publisher));
  if (publisher === undefined) return unique(IMAGES.map((one) => one.publisher)).map((name) => item(name, `/${name}`));
  const below = `/${publisher}/ArtifactTypes/VMImage/Offers`;
  if (path.length <= 5) return unique(ofPublisher.map((one) => one.offer)).map((name) => item(name, `${below}/${name}`));
  const ofOffer = ofPublisher.filter((one) => offer !== undefined && same(one.offer, offer));
  if (path.length <= 7) return ofOffer.map((one) => item(one.sku, `${below}/${offer}/Skus/${one.sku}`));
  const image = ofOffer.find((one) => sku !== undefined && same(one.sku, sku));
  const path8 = `${below}/${offer}/Skus/${sku}/Versions`;
  if (version === undefined) {
    const versions = [...(image?.versions ?? [])];
    if (query.descending) versions.reverse();
    return versions.slice(0, query.top ?? versions.length).map((name) => item(name, `${path8}/${name}`));
  }
  const found = image === undefined ? undefined : findPlatformImage({ ...image, version });
  if (found === undefined) return refuse("NotFound", `Artifact: VMImage was not found.`, 404);
  return {
    ...item(found.version, `${path8}/${found.version}`),
    properties: {
      ...(found.image.plan ? { plan: { publisher: found.image.publisher, name: found.image.sku, product: found.image.offer } } : {}),
      hyperVGeneration: found.image.generation,
      architecture: found.image.arch,
      osDiskImage: { operatingSystem: "Linux", sizeInGb: found.image.diskSizeGB },
      dataDiskImages: [],
      automaticOSUpgradeProperties: { automaticOSUpgradeSupported: false },
      features: found.image.trustedLaunch ? [{ name: "SecurityType", value: "TrustedLaunchSupported" }] : [],
      imageDeprecationStatus: { imageState: "Active" },
    },
  };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
