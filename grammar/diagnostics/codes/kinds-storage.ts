// Diagnostic codes of disks and addresses (K25xx, K26xx).

import type { CodeInfo } from "../code-info.ts";

const start = 'stack demo\n\ncloud aws { region = "eu-west-1" }\n\n';
const network = `${start}network main { cidr = 10.20.0.0/16 }\nsubnet app { network = main, cidr = 10.20.0.0/24 }\n\n`;
const sized = 'cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app';

export const storageCodes = {
  K2501: {
    title: "disk and machine in different zones",
    explanation:
      "A machine can use only disks of its own zone, and a machine is in its subnet's zone. Leave `zone` out of the disk, and it is made where the machine is.",
    bad: `${network}machine db { ${sized} }\ndisk data { size = 100GiB, zone = "b", attach = db }\n`,
    good: `${network}machine db { ${sized} }\ndisk data { size = 100GiB, attach = db }\n`,
  },
  K2601: {
    title: "address on two machines",
    explanation: "An `address` serves one machine at a time. Declare one for each: `address front[i in 0..2] { }` and `public = front[i]`.",
    bad: `${network}address front { }\nmachine blue { ${sized}, public = front }\nmachine green { ${sized}, public = front }\n`,
    good: `${network}address front[i in 0..2] { }\nmachine blue { ${sized}, public = front[0] }\nmachine green { ${sized}, public = front[1] }\n`,
  },
} as const satisfies Record<string, CodeInfo>;
