// What a case of a prop is, and the small stacks that the cases are made of: each has one resource with the props given, and all that it may name.

import type { Action } from "../../engine/plan/change.ts";
import { listPublicImages } from "../../providers/aws/simulator/image-catalog.ts";

export interface PropCase {
  /** `machine.power`, `machine.disk.size`, `machine.on.aws.monitoring`, `firewall.allow`. */
  readonly prop: string;
  /** What tells it from other cases of the same prop. */
  readonly name?: string;
  readonly from: string;
  readonly to: string;
  /** What the plan from `from` to `to` shows, by object; everything else stays unchanged. */
  readonly shows: Readonly<Record<string, Action>>;
  /** The requests of that change, where their order is the point. */
  readonly requests?: readonly string[];
  /** The same stack without the prop. */
  readonly without?: string;
  /** What the plan from `to` to `without` shows. */
  readonly removal?: Readonly<Record<string, Action>>;
}

const head = `stack t { tags = { team = "lab" } }
cloud aws { region = "eu-west-1" }
`;
export const keyA = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDe7D680+bksWKoHHHhhYISuU9IFa3xFwaapAGQBJmuG";
export const keyB = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN8QgFSdVlOo+8y6EEkvzCJicrzXwAuyI6/ZZtoQ7aAP";
/** Two images by their ids, as an author names an image of one's own. */
export const debianId = imageNamed("debian-12-amd64");
export const ubuntuId = imageNamed("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64");

function imageNamed(prefix: string): string {
  return [...listPublicImages("eu-west-1").values()].find((image) => image.name.startsWith(prefix))?.id ?? "";
}

const net = `${head}network main { cidr = 10.0.0.0/16 }
`;
const place = `${net}subnet a { network = main, cidr = 10.0.0.0/24 }
`;

/** A network with these props. */
export const network = (props: string): string => `${head}network main { ${props} }
`;

/** A subnet with these props, beside two public ones that \`nat\` may name. */
export const subnet = (props: string): string => `${net}network other { cidr = 10.0.0.0/16 }
subnet edge { network = main, cidr = 10.0.8.0/24 }
subnet rim { network = main, cidr = 10.0.9.0/24 }
subnet s { ${props} }
`;

export const firewall = (body: string): string => `${net}network other { cidr = 10.0.0.0/16 }
subnet s { network = main, cidr = 10.0.1.0/24 }
firewall peer { network = main }
firewall f {
  ${body}
}
`;

export const key = (props: string): string => `${head}key k { ${props} }
`;

/** A machine with these props, and all that it may name. */
export const machine = (props: string): string => `${place}subnet b { network = main, cidr = 10.0.1.0/24 }
firewall web {
  network = main
  allow tcp 80 from any
}
firewall ssh {
  network = main
  allow tcp 22 from 192.0.2.0/24
}
key one { public_key = "${keyA}" }
key two { public_key = "${keyB}" }
address first {}
address second {}
machine m {
  ${props}
}
`;

const base = {
  cpu: "cpu = 2",
  memory: "memory = 4GiB",
  image: 'image = "ubuntu-24.04"',
  subnet: "subnet = a",
};

/** The usual machine with these lines, which take the place of its own. */
export function usual(...lines: readonly string[]): string {
  const given = new Set(lines.map((line) => line.split(" ")[0]));
  const own = Object.entries(base).flatMap(([name, line]) => (given.has(name) ? [] : [line]));
  return machine([...own, ...lines].join("\n  "));
}

export const disk = (props: string): string => `${place}subnet b { network = main, cidr = 10.0.1.0/24, zone = "b" }
machine x { cpu = 2, memory = 4GiB, image = "debian-12", subnet = a }
machine y { cpu = 2, memory = 4GiB, image = "debian-12", subnet = a }
disk d { ${props} }
`;

export const address = (props: string): string => `${head}address ip { ${props} }
`;

/** Disks and a machine to take snapshots of, and these declarations. */
export const stored = (declarations: string, data = "10GiB"): string => `${place}disk one { size = 10GiB }
disk two { size = 10GiB }
machine base {
  cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a
  disk root { size = 20GiB }
  disk data { size = ${data} }
}
${declarations}
`;
