// Diagnostic codes of machines (K24xx).

import type { CodeInfo } from "../code-info.ts";

const start = 'stack demo\n\ncloud aws { region = "eu-west-1" }\n\n';
const network = `${start}network main { cidr = 10.20.0.0/16 }\nsubnet app { network = main, cidr = 10.20.0.0/24 }\n\n`;
const closed = `${start}network main { cidr = 10.20.0.0/16 }\nsubnet app { network = main, cidr = 10.20.0.0/24, public = false }\n\n`;
const isolated = `${start}network main { cidr = 10.20.0.0/16, internet = false }\nsubnet app { network = main, cidr = 10.20.0.0/24 }\n\n`;
const sized = 'cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app';

const small = "cpu = 2, memory = 4GiB, subnet = app";
const golden = `${network}machine base {\n  ${sized}\n  disk root { }\n}\nsnapshot state { disk = base.disk.root }\nimage golden { from = state }\n`;

export const machineCodes = {
  K2401: {
    title: "private address outside the subnet",
    explanation:
      "`private_ip` is one of the addresses of the machine's subnet. `host(app.cidr, 10)` computes one, so that it moves along with the subnet's range. Clouds keep some of the first and last addresses for themselves.",
    bad: `${network}machine web { ${sized}, private_ip = 10.20.1.10 }\n`,
    good: `${network}machine web { ${sized}, private_ip = 10.20.0.10 }\n`,
  },
  K2402: {
    title: "private address given twice",
    explanation:
      "Two machines of a network ask for the same private address, and only one can have it. In a resource with several instances, compute the address from the position: `private_ip = host(app.cidr, 10 + i)`.",
    bad: `${network}machine blue { ${sized}, private_ip = 10.20.0.10 }\nmachine green { ${sized}, private_ip = 10.20.0.10 }\n`,
    good: `${network}machine blue { ${sized}, private_ip = 10.20.0.10 }\nmachine green { ${sized}, private_ip = 10.20.0.11 }\n`,
  },
  K2403: {
    title: "machine and firewall in different networks",
    explanation:
      "A machine is in the network of its subnet, and a firewall guards machines of its own network only. Declare a firewall in the machine's network, or name a subnet of the firewall's.",
    bad: `${network}network other { cidr = 10.30.0.0/16 }\nfirewall http { network = other }\nmachine web { ${sized}, firewall = http }\n`,
    good: `${network}firewall http { network = main }\nmachine web { ${sized}, firewall = http }\n`,
  },
  K2404: {
    title: "public machine in a subnet that is not public",
    explanation:
      "A machine gets a public address only in a public subnet. Put it in one, remove `public = false` from its subnet, or remove `public` from the machine; without it the machine reaches the internet through the subnet's `nat`.",
    bad: `${closed}machine web { ${sized}, public = true }\n`,
    good: `${network}machine web { ${sized}, public = true }\n`,
  },
  K2405: {
    title: "public machine in a network without internet",
    explanation:
      "`internet = false` cuts the whole network off, so no machine in it can have a public address. Remove `public` from the machine, or `internet = false` from the network.",
    bad: `${isolated}machine web { ${sized}, public = true }\n`,
    good: `${isolated}machine web { ${sized}, public = false }\n`,
  },
  K2406: {
    title: "spot machine that is switched off",
    explanation:
      "A spot machine runs on spare capacity for as long as there is some. Clouds do not stop it on request and keep it: they only end it. To have none for a while, remove it, or use `if`.",
    bad: `${network}machine batch { ${sized}, spot = true, power = "off" }\n`,
    good: `${network}machine batch { ${sized}, spot = true, power = "on" }\n`,
  },
  K2407: {
    title: "malformed host name",
    explanation:
      "A host name is made of small letters a–z, digits and hyphens, may have dots between its parts, and no part begins or ends with a hyphen. Altogether it has at most 63 characters, which is what Linux keeps.\n\n`slug` makes such a name of any text.",
    bad: `${network}machine web { ${sized}, hostname = "Web_1" }\n`,
    good: `${network}machine web { ${sized}, hostname = "web-1" }\n`,
  },
  K2408: {
    title: "packages without a way to the internet",
    explanation:
      "`cloud_init` installs packages at the first boot, and the machine has no way to fetch them: it has no public address, and its subnet no `nat`. The machine will start, and the packages will be missing.\n\nThis is a warning because the image may be set up to use a mirror inside the network.",
    bad: `${closed}machine web { ${sized}, cloud_init = { packages = ["nginx"] } }\n`,
    good: `${network}machine web { ${sized}, public = true, cloud_init = { packages = ["nginx"] } }\n`,
  },
  K2409: {
    title: "disk of a machine without a size",
    explanation:
      "Only the root disk may leave its size to the image it is made from. Every other disk begins empty, and somebody has to say how large: `disk data { size = 100GiB }`.",
    bad: `${network}machine web {\n  ${sized}\n  disk data { type = "hdd" }\n}\n`,
    good: `${network}machine web {\n  ${sized}\n  disk root { type = "hdd" }\n}\n`,
  },
  K2410: {
    title: "firewall or key listed twice",
    explanation: "A machine names the same firewall or the same key more than once. It changes nothing, and clouds refuse it: remove one.",
    bad: `${network}firewall http { network = main }\nmachine web { ${sized}, firewall = [http, http] }\n`,
    good: `${network}firewall http { network = main }\nfirewall ssh { network = main }\nmachine web { ${sized}, firewall = [http, ssh] }\n`,
  },
  K2411: {
    title: "replacing first what cannot exist twice",
    explanation:
      '`@replace("before")` makes the new machine before the old one goes, so for a while there are two. A fixed `private_ip`, an `address` and an attached `disk` can belong to only one of them.\n\nRemove the annotation, and the old machine goes first; or leave the private address to the cloud.',
    bad: `${network}@replace("before")\nmachine web { ${sized}, private_ip = 10.20.0.10 }\n`,
    good: `${network}@replace("before")\nmachine web { ${sized} }\n`,
  },
  K2412: {
    title: "cloud-init packages that are no list",
    explanation:
      'cloud-init reads `packages` as a list of names, even for one: `packages = ["nginx"]`. Given anything else it installs nothing and says so only in a log inside the machine.',
    bad: `${network}machine web { ${sized}, public = true, cloud_init = { packages = "nginx" } }\n`,
    good: `${network}machine web { ${sized}, public = true, cloud_init = { packages = ["nginx", "curl"] } }\n`,
  },
  K2413: {
    title: "image of another architecture",
    explanation:
      "An image of one's own runs on the architecture of the machine whose disk it was made of. Programs of x86_64 do not run on arm64, nor the other way round: build one image for each.",
    bad: `${golden}machine web { ${small}, image = golden, arch = "arm64" }\n`,
    good: `${golden}machine web { ${small}, image = golden }\n`,
  },
} as const satisfies Record<string, CodeInfo>;
