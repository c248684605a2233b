// The virtual machine sizes of the embedded ARM: the current general series, by the vendor's naming scheme rather than one by one.
// https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions · https://learn.microsoft.com/azure/virtual-machines/sizes/overview

export interface Size {
  readonly name: string;
  readonly family: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly arch: "x64" | "Arm64";
  /** Hyper-V generations that it boots. */
  readonly generations: readonly ("V1" | "V2")[];
  readonly trustedLaunch: boolean;
  readonly dataDisks: number;
  readonly tempDiskMiB: number;
  readonly premium: boolean;
  /** Disk controllers; the first is the default. */
  readonly controllers: readonly ("SCSI" | "NVMe")[];
}

interface Series {
  /** `#` stands for the number of cores. */
  readonly name: string;
  readonly cores: readonly number[];
  /** GiB for each core. */
  readonly memory: number;
}

const TO_64 = [2, 4, 8, 16, 32, 48, 64];
const TO_96 = [...TO_64, 96];
const TO_128 = [...TO_96, 128];

const SERIES: readonly Series[] = [
  ...["", "s"].map((letters) => ({ name: `D#${letters}_v3`, cores: TO_64, memory: 4 })),
  ...["", "s", "d", "ds"].map((letters) => ({ name: `D#${letters}_v4`, cores: TO_64, memory: 4 })),
  ...["a", "as"].map((letters) => ({ name: `D#${letters}_v4`, cores: TO_96, memory: 4 })),
  ...["", "d"].map((letters) => ({ name: `D#${letters}_v5`, cores: TO_96, memory: 4 })),
  ...["s", "ds", "as", "ads"].map((letters) => ({ name: `D#${letters}_v5`, cores: TO_96, memory: 4 })),
  ...["ls", "lds"].map((letters) => ({ name: `D#${letters}_v5`, cores: TO_96, memory: 2 })),
  ...["ps", "pds"].map((letters) => ({ name: `D#${letters}_v5`, cores: TO_64, memory: 4 })),
  ...["pls", "plds"].map((letters) => ({ name: `D#${letters}_v5`, cores: TO_64, memory: 2 })),
  ...["s", "ds"].map((letters) => ({ name: `D#${letters}_v6`, cores: TO_128, memory: 4 })),
  ...["ls", "lds"].map((letters) => ({ name: `D#${letters}_v6`, cores: TO_128, memory: 2 })),
  ...["as", "ads"].map((letters) => ({ name: `D#${letters}_v6`, cores: TO_96, memory: 4 })),
  ...["als", "alds"].map((letters) => ({ name: `D#${letters}_v6`, cores: TO_96, memory: 2 })),
  ...["ps", "pds"].map((letters) => ({ name: `D#${letters}_v6`, cores: TO_96, memory: 4 })),
  ...["pls", "plds"].map((letters) => ({ name: `D#${letters}_v6`, cores: TO_96, memory: 2 })),
  ...["ns", "nds"].map((letters) => ({ name: `D#${letters}_v6`, cores: TO_128, memory: 4 })),
  ...["nls", "nlds"].map((letters) => ({ name: `D#${letters}_v6`, cores: TO_128, memory: 2 })),
  ...["", "s"].map((letters) => ({ name: `E#${letters}_v3`, cores: [2, 4, 8, 16, 20, 32, 48, 64], memory: 8 })),
  ...["", "s", "d", "ds"].map((letters) => ({ name: `E#${letters}_v4`, cores: [2, 4, 8, 16, 20, 32, 48, 64], memory: 8 })),
  ...["a", "as"].map((letters) => ({ name: `E#${letters}_v4`, cores: [2, 4, 8, 16, 20, 32, 48, 64, 96], memory: 8 })),
  ...["", "d"].map((letters) => ({ name: `E#${letters}_v5`, cores: [2, 4, 8, 16, 20, 32, 48, 64, 96], memory: 8 })),
  ...["ns", "nds"].map((letters) => ({ name: `E#${letters}_v6`, cores: TO_128, memory: 8 })),
  ...["s", "ds", "as", "ads"].map((letters) => ({ name: `E#${letters}_v5`, cores: [2, 4, 8, 16, 20, 32, 48, 64, 96], memory: 8 })),
  ...["ps", "pds"].map((letters) => ({ name: `E#${letters}_v5`, cores: [2, 4, 8, 16, 20, 32], memory: 8 })),
  ...["s", "ds"].map((letters) => ({ name: `E#${letters}_v6`, cores: [2, 4, 8, 16, 20, 32, 48, 64, 96, 128], memory: 8 })),
  ...["as", "ads"].map((letters) => ({ name: `E#${letters}_v6`, cores: [2, 4, 8, 16, 20, 32, 48, 64, 96], memory: 8 })),
  ...["ps", "pds"].map((letters) => ({ name: `E#${letters}_v6`, cores: TO_96, memory: 8 })),
  { name: "F#s_v2", cores: [2, 4, 8, 16, 32, 48, 64, 72], memory: 2 },
  { name: "F#as_v6", cores: TO_64, memory: 4 },
  { name: "F#als_v6", cores: TO_64, memory: 2 },
  { name: "F#ams_v6", cores: TO_64, memory: 8 },
  ...["s", "as", "ps"].flatMap((letters) => {
    const most = letters === "ps" ? [2, 4, 8, 16] : [2, 4, 8, 16, 32];
    const [p, last] = letters === "s" ? ["", "s"] : [letters.slice(0, 1), "s"];
    return [
      { name: `B#${p}t${last}_v2`, cores: [2], memory: 0.5 },
      { name: `B#${p}l${last}_v2`, cores: most, memory: 2 },
      { name: `B#${p}${last}_v2`, cores: most, memory: 4 },
    ];
  }),
];

/** The first B series has a scheme of its own: name, cores, GiB, data disks. */
const FIRST_B: readonly (readonly [string, number, number, number])[] = [
  ["B1ls", 1, 0.5, 2],
  ["B1s", 1, 1, 2],
  ["B1ms", 1, 2, 2],
  ["B2s", 2, 4, 4],
  ["B2ms", 2, 8, 4],
  ["B4ms", 4, 16, 8],
  ["B8ms", 8, 32, 16],
  ["B12ms", 12, 48, 16],
  ["B16ms", 16, 64, 32],
  ["B20ms", 20, 80, 32],
];

function makeSize(series: Series, cores: number): Size {
  const short = series.name.replace("#", String(cores));
  const letters = /#([a-z]*)_v/.exec(series.name)?.[1] ?? "";
  const version = Number(/_v(\d+)$/.exec(series.name)?.[1] ?? "1");
  const arm = letters.includes("p");
  const newest = version >= 6;
  return {
    name: `Standard_${short}`,
    family: `standard${series.name.replace("#", "").replace("_", "")}Family`,
    cores,
    memoryMiB: Math.round(cores * series.memory * 1024),
    arch: arm ? "Arm64" : "x64",
    generations: arm || newest ? ["V2"] : ["V1", "V2"],
    // https://learn.microsoft.com/azure/virtual-machines/trusted-launch#virtual-machines-sizes: not the first Arm series.
    trustedLaunch: !arm || newest || series.name.startsWith("B"),
    dataDisks: newest ? Math.min(64, cores === 2 ? 8 : cores * 3) : Math.min(32, cores * 2),
    tempDiskMiB: letters.includes("d") ? cores * 37_500 : 0,
    premium: letters.includes("s"),
    controllers: newest && !arm && letters.includes("a") === false ? ["NVMe"] : newest ? ["NVMe", "SCSI"] : ["SCSI"],
  };
}

const SIZES: ReadonlyMap<string, Size> = new Map(
  [
    ...SERIES.flatMap((series) => series.cores.map((cores) => makeSize(series, cores))),
    ...FIRST_B.map(
      ([short, cores, memory, dataDisks]): Size => ({
        name: `Standard_${short}`,
        family: "standardBSFamily",
        cores,
        memoryMiB: memory * 1024,
        arch: "x64",
        generations: ["V1", "V2"],
        trustedLaunch: true,
        dataDisks,
        tempDiskMiB: memory * 2048,
        premium: true,
        controllers: ["SCSI"],
      }),
    ),
  ].map((size) => [size.name.toLowerCase(), size]),
);

export function findSize(name: string): Size | undefined {
  return SIZES.get(name.toLowerCase());
}

export function listSizes(): readonly Size[] {
  return [...SIZES.values()];
}
