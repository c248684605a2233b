// Diagnostic codes of disks, addresses and images (K25xx, K26xx, K27xx).

import type { CodeInfo } from "../code-info.ts";

const start = 'stack demo\n\ncloud aws { region = "eu-west-1" }\n\n';
const network = `${start}network main { cidr = 10.20.0.0/16 }\nsubnet app { network = main, cidr = 10.20.0.0/24 }\n\n`;
const sized = 'cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app';

const base = `${network}machine base {\n  ${sized}\n  `;

export const storageCodes = {
  K2501: {
    title: "disk and machine in different zones",
    explanation:
      "A machine can use only disks of its own zone, and a machine is in its subnet's zone. Leave `zone` out of the disk, and it is made where the machine is.",
    bad: `${network}machine db { ${sized} }\ndisk data { size = 100GiB, zone = "b", attach = db }\n`,
    good: `${network}machine db { ${sized} }\ndisk data { size = 100GiB, attach = db }\n`,
  },
  K2502: {
    title: "disk smaller than what its snapshot is of",
    explanation:
      "A disk made from a snapshot, and the root disk of a machine made from an image, have at least the size of the disk that was copied; clouds refuse a smaller one.\n\nThis is a warning because a disk may have grown after its snapshot was made: then the snapshot needs less than the source says.",
    bad: `${start}disk data { size = 100GiB }\nsnapshot nightly { disk = data }\ndisk copy { size = 50GiB, snapshot = nightly }\n`,
    good: `${start}disk data { size = 100GiB }\nsnapshot nightly { disk = data }\ndisk copy { size = 100GiB, snapshot = nightly }\n`,
  },
  K2503: {
    title: "unencrypted disk from an encrypted snapshot",
    explanation:
      "A snapshot of an encrypted disk is encrypted, and so is every disk that a cloud makes from it; nothing takes the encryption off on the way. Remove `encrypted = false`, or write it for the disk that the snapshot is of.",
    bad: `${start}disk data { size = 100GiB }\nsnapshot nightly { disk = data }\ndisk copy { size = 100GiB, snapshot = nightly, encrypted = false }\n`,
    good: `${start}disk data { size = 100GiB, encrypted = false }\nsnapshot nightly { disk = data }\ndisk copy { size = 100GiB, snapshot = nightly, encrypted = false }\n`,
  },
  K2601: {
    title: "address on two machines",
    explanation: "An `address` serves one machine at a time. Declare one for each: `address front[i in 0..2] { }` and `public = front[i]`.",
    bad: `${network}address front { }\nmachine blue { ${sized}, public = front }\nmachine green { ${sized}, public = front }\n`,
    good: `${network}address front[i in 0..2] { }\nmachine blue { ${sized}, public = front[0] }\nmachine green { ${sized}, public = front[1] }\n`,
  },
  K2701: {
    title: "image of a disk that no machine boots from",
    explanation:
      "A machine boots from its root disk. Its other disks begin empty, so an image of one of them holds no operating system, unless somebody put one there: hence a warning.",
    bad: `${base}disk root { }\n  disk data { size = 100GiB }\n}\nsnapshot state { disk = base.disk.data }\nimage golden { from = state }\n`,
    good: `${base}disk root { }\n  disk data { size = 100GiB }\n}\nsnapshot state { disk = base.disk.root }\nimage golden { from = state }\n`,
  },
} as const satisfies Record<string, CodeInfo>;
