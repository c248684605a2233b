// Disk types: sizes, and which machine series take which. https://cloud.google.com/compute/docs/disks/persistent-disks, …/disks/hyperdisks

export interface DiskTypeFacts {
  readonly name: string;
  readonly description: string;
  readonly leastGb: number;
  readonly mostGb: number;
  readonly defaultGb: number;
  readonly solidState: boolean;
  /** Whether IOPS and throughput can be asked for. */
  readonly iops?: readonly [number, number];
  readonly throughput?: readonly [number, number];
  readonly bootable: boolean;
}

const TYPES: readonly DiskTypeFacts[] = [
  {
    name: "pd-standard",
    description: "Standard Persistent Disk",
    leastGb: 1,
    mostGb: 65536,
    defaultGb: 500,
    solidState: false,
    bootable: true,
  },
  {
    name: "pd-balanced",
    description: "Balanced Persistent Disk",
    leastGb: 10,
    mostGb: 65536,
    defaultGb: 100,
    solidState: true,
    bootable: true,
  },
  { name: "pd-ssd", description: "SSD Persistent Disk", leastGb: 10, mostGb: 65536, defaultGb: 100, solidState: true, bootable: true },
  {
    name: "pd-extreme",
    description: "Extreme Persistent Disk",
    leastGb: 500,
    mostGb: 65536,
    defaultGb: 1000,
    solidState: true,
    iops: [2500, 120_000],
    bootable: true,
  },
  {
    name: "hyperdisk-balanced",
    description: "Hyperdisk Balanced",
    leastGb: 4,
    mostGb: 65536,
    defaultGb: 100,
    solidState: true,
    iops: [2000, 160_000],
    throughput: [140, 2400],
    bootable: true,
  },
  {
    name: "hyperdisk-extreme",
    description: "Hyperdisk Extreme",
    leastGb: 64,
    mostGb: 65536,
    defaultGb: 1000,
    solidState: true,
    iops: [128, 350_000],
    bootable: false,
  },
  {
    name: "hyperdisk-throughput",
    description: "Hyperdisk Throughput",
    leastGb: 2048,
    mostGb: 32768,
    defaultGb: 2048,
    solidState: false,
    throughput: [20, 600],
    bootable: false,
  },
];

export const DISK_TYPES: ReadonlyMap<string, DiskTypeFacts> = new Map(TYPES.map((type) => [type.name, type]));

const PERSISTENT = ["pd-standard", "pd-balanced", "pd-ssd"];
const FLASH = ["pd-balanced", "pd-ssd"];
const HYPER = ["hyperdisk-balanced", "hyperdisk-extreme", "hyperdisk-throughput"];

/** "Machine series support" of both pages, for the series that are served. */
const BY_SERIES: Readonly<Record<string, readonly string[]>> = {
  c3: [...FLASH, ...HYPER],
  c3d: [...FLASH, ...HYPER],
  c4: ["hyperdisk-balanced", "hyperdisk-extreme"],
  c4a: ["hyperdisk-balanced", "hyperdisk-extreme"],
  c4d: ["hyperdisk-balanced", "hyperdisk-extreme"],
  c4n: ["hyperdisk-balanced", "hyperdisk-extreme"],
  h3: ["pd-balanced", "hyperdisk-balanced", "hyperdisk-throughput"],
  h4d: ["hyperdisk-balanced"],
  m1: [...PERSISTENT, "pd-extreme", ...HYPER],
  m2: [...PERSISTENT, "pd-extreme", ...HYPER],
  m3: [...FLASH, "pd-extreme", ...HYPER],
  m4: ["hyperdisk-balanced", "hyperdisk-extreme"],
  n2: [...PERSISTENT, "pd-extreme", "hyperdisk-extreme", "hyperdisk-throughput"],
  n2d: [...PERSISTENT, "hyperdisk-throughput"],
  n4: ["hyperdisk-balanced", "hyperdisk-throughput"],
  n4a: ["hyperdisk-balanced", "hyperdisk-throughput"],
  n4d: ["hyperdisk-balanced", "hyperdisk-throughput"],
  t2d: [...PERSISTENT, "hyperdisk-throughput"],
};

/** Whether machines of a series take disks of a type; series that are not listed take persistent disks. */
export function takesDisk(series: string, diskType: string): boolean {
  return (BY_SERIES[series] ?? PERSISTENT).includes(diskType);
}
