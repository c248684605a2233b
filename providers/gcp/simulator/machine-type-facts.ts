// Predefined machine types without accelerators: memory and vCPUs. Recorded with `gcloud compute machine-types list`, August 2026.
// https://cloud.google.com/compute/docs/machine-resource

/** By series and class, with what follows the number of vCPUs after a slash: vCPUs and GB of each. */
const SIZES: Readonly<Record<string, string>> = {
  "c2-standard": "4:16 8:32 16:64 30:120 60:240",
  "c2d-highcpu": "2:4 4:8 8:16 16:32 32:64 56:112 112:224",
  "c2d-highmem": "2:16 4:32 8:64 16:128 32:256 56:448 112:896",
  "c2d-standard": "2:8 4:16 8:32 16:64 32:128 56:224 112:448",
  "c3-highcpu": "4:8 8:16 22:44 44:88 88:176 176:352",
  "c3-highcpu/metal": "192:512",
  "c3-highmem": "4:32 8:64 22:176 44:352 88:704 176:1408",
  "c3-highmem/metal": "192:1536",
  "c3-standard": "4:16 8:32 22:88 44:176 88:352 176:704",
  "c3-standard/lssd": "4:16 8:32 22:88 44:176 88:352 176:704",
  "c3-standard/metal": "192:768",
  "c3d-highcpu": "4:8 8:16 16:32 30:59 60:118 90:177 180:354 360:708",
  "c3d-highmem": "4:32 8:64 16:128 30:240 60:480 90:720 180:1440 360:2880",
  "c3d-highmem/lssd": "8:64 16:128 30:240 60:480 90:720 180:1440 360:2880",
  "c3d-standard": "4:16 8:32 16:64 30:120 60:240 90:360 180:720 360:1440",
  "c3d-standard/lssd": "8:32 16:64 30:120 60:240 90:360 180:720 360:1440",
  "c4-highcpu": "2:4 4:8 8:16 16:32 24:48 32:64 48:96 96:192 144:288 192:384 288:576",
  "c4-highmem": "2:15 4:31 8:62 16:124 24:186 32:248 48:372 96:744 144:1116 192:1488 288:2232",
  "c4-highmem/lssd": "4:31 8:62 16:124 24:186 32:248 48:372 96:744 144:1116 192:1488 288:2232",
  "c4-highmem/lssd-metal": "288:2232",
  "c4-highmem/metal": "288:2232",
  "c4-standard": "2:7 4:15 8:30 16:60 24:90 32:120 48:180 96:360 144:540 192:720 288:1080",
  "c4-standard/lssd": "4:15 8:30 16:60 24:90 32:120 48:180 96:360 144:540 192:720 288:1080",
  "c4-standard/lssd-metal": "288:1080",
  "c4-standard/metal": "288:1080",
  "c4a-highcpu": "1:2 2:4 4:8 8:16 16:32 32:64 48:96 64:128 72:144",
  "c4a-highmem": "1:8 2:16 4:32 8:64 16:128 32:256 48:384 64:512 72:576",
  "c4a-highmem/lssd": "4:32 8:64 16:128 32:256 48:384 64:512 72:576",
  "c4a-highmem/metal": "96:768",
  "c4a-standard": "1:4 2:8 4:16 8:32 16:64 32:128 48:192 64:256 72:288",
  "c4a-standard/lssd": "4:16 8:32 16:64 32:128 48:192 64:256 72:288",
  "c4d-highcpu": "2:3 4:7 8:15 16:30 32:60 48:90 64:120 96:180 192:360 384:720",
  "c4d-highcpu/metal": "384:768",
  "c4d-highmem": "2:15 4:31 8:63 16:126 32:252 48:378 64:504 96:756 192:1512 384:3024",
  "c4d-highmem/lssd": "8:63 16:126 32:252 48:378 64:504 96:756 192:1512 384:3024",
  "c4d-highmem/metal": "384:3072",
  "c4d-standard": "2:7 4:15 8:31 16:62 32:124 48:186 64:248 96:372 192:744 384:1488",
  "c4d-standard/lssd": "8:31 16:62 32:124 48:186 64:248 96:372 192:744 384:1488",
  "c4d-standard/metal": "384:1536",
  "c4n-highcpu": "2:4 4:8 8:16 16:32 24:48 48:96 96:192 192:384",
  "c4n-highmem": "2:15 4:31 8:62 16:124 24:186 48:372 96:744 192:1488",
  "c4n-standard": "2:7 4:15 8:30 16:60 24:90 48:180 96:360 192:720",
  "e2-highcpu": "2:2 4:4 8:8 16:16 32:32",
  "e2-highmem": "2:16 4:32 8:64 16:128",
  "e2-standard": "2:8 4:16 8:32 16:64 32:128",
  "h3-standard": "88:352",
  "h4d-highmem": "192:1488",
  "h4d-highmem/lssd": "192:1488",
  "h4d-standard": "192:720",
  "m1-megamem": "96:1433.6",
  "m1-ultramem": "40:961 80:1922 160:3844",
  "m2-hypermem": "416:8832",
  "m2-megamem": "416:5888",
  "m2-ultramem": "208:5888 416:11776",
  "m3-megamem": "64:976 128:1952",
  "m3-ultramem": "32:976 64:1952 128:3904",
  "m4-hypermem": "16:248 32:496 64:992",
  "m4-megamem": "28:372 56:744 112:1488 224:2976",
  "m4-ultramem": "56:1488 112:2976 224:5952",
  "n1-highcpu": "2:1.8 4:3.6 8:7.2 16:14.4 32:28.8 64:57.6 96:86.4",
  "n1-highmem": "2:13 4:26 8:52 16:104 32:208 64:416 96:624",
  "n1-standard": "1:3.75 2:7.5 4:15 8:30 16:60 32:120 64:240 96:360",
  "n2-highcpu": "2:2 4:4 8:8 16:16 32:32 48:48 64:64 80:80 96:96",
  "n2-highmem": "2:16 4:32 8:64 16:128 32:256 48:384 64:512 80:640 96:768 128:864",
  "n2-standard": "2:8 4:16 8:32 16:64 32:128 48:192 64:256 80:320 96:384 128:512",
  "n2d-highcpu": "2:2 4:4 8:8 16:16 32:32 48:48 64:64 80:80 96:96 128:128 224:224",
  "n2d-highmem": "2:16 4:32 8:64 16:128 32:256 48:384 64:512 80:640 96:768",
  "n2d-standard": "2:8 4:16 8:32 16:64 32:128 48:192 64:256 80:320 96:384 128:512 224:896",
  "n4-highcpu": "2:4 4:8 8:16 16:32 32:64 48:96 64:128 80:160",
  "n4-highmem": "2:16 4:32 8:64 16:128 32:256 48:384 64:512 80:640",
  "n4-standard": "2:8 4:16 8:32 16:64 32:128 48:192 64:256 80:320",
  "n4a-highcpu": "1:2 2:4 4:8 8:16 16:32 32:64 48:96 64:128",
  "n4a-highmem": "1:8 2:16 4:32 8:64 16:128 32:256 48:384 64:512",
  "n4a-standard": "1:4 2:8 4:16 8:32 16:64 32:128 48:192 64:256",
  "n4d-highcpu": "2:4 4:8 8:16 16:32 32:64 48:96 64:128 80:160 96:192",
  "n4d-highmem": "2:16 4:32 8:64 16:128 32:256 48:384 64:512 80:640 96:768",
  "n4d-standard": "2:8 4:16 8:32 16:64 32:128 48:192 64:256 80:320 96:384",
  "t2a-standard": "1:4 2:8 4:16 8:32 16:64 32:128 48:192",
  "t2d-standard": "1:4 2:8 4:16 8:32 16:64 32:128 48:192 60:240",
};

/** Shared cores, named without a number. */
const SHARED: Readonly<Record<string, readonly [vcpus: number, gigabytes: number]>> = {
  "e2-medium": [2, 4],
  "e2-micro": [2, 1],
  "e2-small": [2, 2],
  "f1-micro": [1, 0.6],
  "g1-small": [1, 1.7],
};

/** Series with Arm processors. */
const ARM = ["c4a", "n4a", "t2a"];

/** Series that are in some zones only: https://cloud.google.com/compute/docs/regions-zones#available. The others are served in every zone. */
const SOME_ZONES: Readonly<Record<string, readonly string[]>> = {
  t2a: [
    "us-central1-a",
    "us-central1-b",
    "us-central1-f",
    "europe-west4-a",
    "europe-west4-b",
    "europe-west4-c",
    "asia-southeast1-b",
    "asia-southeast1-c",
  ],
};

export interface MachineTypeFacts {
  readonly name: string;
  readonly series: string;
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly shared: boolean;
  readonly arm: boolean;
}

function describe(name: string, vcpus: number, gigabytes: number, shared: boolean): MachineTypeFacts {
  const series = name.slice(0, name.indexOf("-"));
  return { name, series, vcpus, memoryMb: Math.round(gigabytes * 1024), shared, arm: ARM.includes(series) };
}

let all: ReadonlyMap<string, MachineTypeFacts> | undefined;

/** Every type that is served, by name. */
export function listMachineTypes(): ReadonlyMap<string, MachineTypeFacts> {
  all ??= new Map(
    [
      ...Object.entries(SHARED).map(([name, [vcpus, gigabytes]]) => describe(name, vcpus, gigabytes, true)),
      ...Object.entries(SIZES).flatMap(([key, sizes]) => {
        const [stem = "", suffix] = key.split("/");
        return sizes.split(" ").map((size) => {
          const [vcpus = 0, gigabytes = 0] = size.split(":").map(Number);
          return describe(`${stem}-${vcpus}${suffix === undefined ? "" : `-${suffix}`}`, vcpus, gigabytes, false);
        });
      }),
    ].map((facts) => [facts.name, facts]),
  );
  return all;
}

/** The type of a name where a zone has it. */
export function findMachineType(zone: string, name: string): MachineTypeFacts | undefined {
  const facts = listMachineTypes().get(name);
  const zones = facts === undefined ? undefined : SOME_ZONES[facts.series];
  return zones === undefined || zones.includes(zone) ? facts : undefined;
}
