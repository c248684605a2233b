// What is killed: one portable stack being created, edited (updates in place, a replacement, additions, removals) and destroyed. The same on every cloud.

import type { CloudName } from "../clouds.ts";
import { clouds } from "../clouds.ts";

export const shapeNames = ["create", "edit", "destroy"] as const;

export type ShapeName = (typeof shapeNames)[number];

export interface Shape {
  readonly name: ShapeName;
  /** What was applied beforehand, undisturbed. */
  readonly before?: string;
  /** What the killed command is about. */
  readonly text: string;
  readonly command: "apply" | "destroy";
}

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me";

function writeStack(cloud: CloudName, parts: string): string {
  return `stack kills { tags = { purpose = "kills" } }
${clouds[cloud].block}
network main { cidr = 10.20.0.0/16 }
subnet a { network = main, cidr = 10.20.0.0/24 }
key admin { public_key = "${key}" }
address front {}
${parts}`;
}

const first = `firewall web {
  network = main
  allow tcp 80 from any
  allow tcp 22 from 198.51.100.0/24
}
machine m { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a, firewall = web, key = admin, public = front }
disk d { size = 20GiB, attach = m }
output ip = front.ip
`;

const second = `subnet b { network = main, cidr = 10.20.1.0/24, public = false, nat = a }
firewall web {
  network = main
  allow tcp 80, 443 from any
  allow tcp 5432 from m.private_ip
}
machine m { cpu = 2, memory = 4GiB, image = "debian-12", subnet = a, firewall = web, key = admin, public = front }
machine n { cpu = 2, memory = 4GiB, image = "debian-12", subnet = b, firewall = web, key = admin, private_ip = 10.20.1.97 }
output ip = front.ip
`;

export function shapeOn(cloud: CloudName, name: ShapeName): Shape {
  const [small, large] = [writeStack(cloud, first), writeStack(cloud, second)];
  if (name === "create") return { name, text: large, command: "apply" };
  if (name === "edit") return { name, before: small, text: large, command: "apply" };
  return { name, before: large, text: large, command: "destroy" };
}
