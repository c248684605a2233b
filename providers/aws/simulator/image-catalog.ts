// Public images of the embedded EC2: several dated versions of each family, named and owned as the real ones, with look-alikes that a
// careless filter would also match. Ids depend on region and name alone, so that a pin stays good in every world.

import { createHash } from "node:crypto";

export interface PublicImage {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly ownerId: string;
  readonly ownerAlias?: string;
  readonly architecture: "x86_64" | "arm64";
  /** ISO time. */
  readonly created: string;
  readonly rootDevice: string;
  readonly rootSize: number;
  readonly rootType: string;
  readonly snapshotId: string;
  /** Local disks that Ubuntu's images map, seen on types that have them. */
  readonly ephemeral: readonly string[];
  readonly bootMode?: string;
  readonly imdsV2: boolean;
}

interface Family {
  readonly owner: string;
  readonly alias?: string;
  readonly rootDevice: string;
  readonly rootSize: number;
  readonly rootType: string;
  readonly ephemeral?: readonly string[];
  readonly imdsV2?: boolean;
  /** Names by architecture and version; architectures are spelled as each vendor does. */
  readonly name: (arch: "x86_64" | "arm64", version: string) => string;
  readonly description: string;
  readonly bootMode: Readonly<Record<"x86_64" | "arm64", string | undefined>>;
  /** Version to day of publication. */
  readonly versions: Readonly<Record<string, string>>;
}

const amd64 = (arch: "x86_64" | "arm64"): string => (arch === "x86_64" ? "amd64" : "arm64");
const aarch64 = (arch: "x86_64" | "arm64"): string => (arch === "x86_64" ? "x86_64" : "aarch64");
const UBUNTU_DAYS = { "20250305": "2025-03-05", "20250610": "2025-06-10", "20250821": "2025-08-21", "20251022": "2025-10-22" };
/** https://ubuntu.com/server/docs/cloud-images/amazon-ec2: owner 099720109477. */
const ubuntu = {
  owner: "099720109477",
  alias: "amazon",
  rootDevice: "/dev/sda1",
  rootSize: 8,
  ephemeral: ["/dev/sdb", "/dev/sdc"],
  versions: UBUNTU_DAYS,
};
/** https://wiki.debian.org/Cloud/AmazonEC2Image: owner 136693071363. */
const debian = { owner: "136693071363", rootDevice: "/dev/xvda", rootSize: 8, rootType: "gp3" };
/** https://rockylinux.org/download: owner 792107900819. */
const rocky = {
  owner: "792107900819",
  rootDevice: "/dev/sda1",
  rootSize: 10,
  rootType: "gp3",
  versions: { "9.5-20241118.0": "2024-11-19", "9.6-20250531.0": "2025-06-02", "9.7-20251123.2": "2025-11-25" },
};
/** https://docs.aws.amazon.com/linux/al2023/ug/ec2.html: owner 137112412989, metadata by token only. */
const amazonLinux = {
  owner: "137112412989",
  alias: "amazon",
  rootDevice: "/dev/xvda",
  rootType: "gp3",
  imdsV2: true,
  versions: {
    "2023.6.20250218.2": "2025-02-18",
    "2023.7.20250623.1": "2025-06-24",
    "2023.8.20250915.0": "2025-09-16",
    "2023.9.20251027.0": "2025-10-28",
  },
};
const UEFI_ARM = { x86_64: "uefi-preferred", arm64: "uefi" } as const;
const PLAIN = { x86_64: undefined, arm64: "uefi" } as const;

const FAMILIES: readonly Family[] = [
  {
    ...ubuntu,
    rootType: "gp3",
    name: (arch, version) => `ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-${amd64(arch)}-server-${version}`,
    description: "Canonical, Ubuntu, 24.04, noble image",
    bootMode: UEFI_ARM,
  },
  {
    ...ubuntu,
    rootType: "gp3",
    name: (arch, version) => `ubuntu-minimal/images/hvm-ssd-gp3/ubuntu-noble-24.04-${amd64(arch)}-minimal-${version}`,
    description: "Canonical, Ubuntu Minimal, 24.04, noble image",
    bootMode: UEFI_ARM,
  },
  {
    ...ubuntu,
    rootType: "gp2",
    name: (arch, version) => `ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-${amd64(arch)}-server-${version}`,
    description: "Canonical, Ubuntu, 22.04, jammy image",
    bootMode: UEFI_ARM,
  },
  {
    ...debian,
    name: (arch, version) => `debian-12-${amd64(arch)}-${version}`,
    description: "Debian 12",
    bootMode: UEFI_ARM,
    versions: {
      "20250316-2053": "2025-03-16",
      "20250530-2128": "2025-05-30",
      "20250814-2204": "2025-08-15",
      "20251006-2257": "2025-10-07",
    },
  },
  {
    ...debian,
    name: (arch, version) => `debian-12-backports-${amd64(arch)}-${version}`,
    description: "Debian 12 with backports kernel",
    bootMode: UEFI_ARM,
    versions: { "20250814-2204": "2025-08-15", "20251006-2257": "2025-10-07" },
  },
  {
    ...debian,
    name: (arch, version) => `debian-13-${amd64(arch)}-${version}`,
    description: "Debian 13",
    bootMode: UEFI_ARM,
    versions: { "20250814-2205": "2025-08-15", "20250924-2245": "2025-09-25", "20251006-2258": "2025-10-07" },
  },
  { ...rocky, name: (arch, version) => `Rocky-9-EC2-Base-${version}.${aarch64(arch)}`, description: "", bootMode: PLAIN },
  { ...rocky, name: (arch, version) => `Rocky-9-EC2-LVM-${version}.${aarch64(arch)}`, description: "", bootMode: PLAIN },
  {
    ...amazonLinux,
    rootSize: 8,
    name: (arch, version) => `al2023-ami-${version}-kernel-6.1-${arch}`,
    description: "Amazon Linux 2023 AMI kernel-6.1",
    bootMode: UEFI_ARM,
  },
  {
    ...amazonLinux,
    rootSize: 8,
    name: (arch, version) => `al2023-ami-${version}-kernel-6.12-${arch}`,
    description: "Amazon Linux 2023 AMI kernel-6.12",
    bootMode: UEFI_ARM,
  },
  {
    ...amazonLinux,
    rootSize: 2,
    name: (arch, version) => `al2023-ami-minimal-${version}-kernel-6.1-${arch}`,
    description: "Amazon Linux 2023 AMI minimal kernel-6.1",
    bootMode: UEFI_ARM,
  },
];

const catalogs = new Map<string, ReadonlyMap<string, PublicImage>>();

/** The public images of a region, by id. */
export function listPublicImages(region: string): ReadonlyMap<string, PublicImage> {
  const known = catalogs.get(region);
  if (known !== undefined) return known;
  const images = FAMILIES.flatMap((family) =>
    Object.entries(family.versions).flatMap(([version, day]) =>
      (["x86_64", "arm64"] as const).map((arch) => makeImage(region, family, arch, version, day)),
    ),
  );
  const catalog = new Map(images.map((image) => [image.id, image]));
  catalogs.set(region, catalog);
  return catalog;
}

function makeImage(region: string, family: Family, arch: "x86_64" | "arm64", version: string, day: string): PublicImage {
  const name = family.name(arch, version);
  const hash = createHash("sha256").update(`${region}/${family.owner}/${name}`).digest("hex");
  const bootMode = family.bootMode[arch];
  return {
    id: `ami-0${hash.slice(0, 16)}`,
    name,
    description: family.description,
    ownerId: family.owner,
    ...(family.alias === undefined ? {} : { ownerAlias: family.alias }),
    architecture: arch,
    created: `${day}T0${Number.parseInt(hash.slice(0, 2), 16) % 10}:1${hash.charCodeAt(3) % 10}:22.000Z`,
    rootDevice: family.rootDevice,
    rootSize: family.rootSize,
    rootType: family.rootType,
    snapshotId: `snap-0${hash.slice(16, 32)}`,
    ephemeral: family.ephemeral ?? [],
    ...(bootMode === undefined ? {} : { bootMode }),
    imdsV2: family.imdsV2 ?? false,
  };
}
