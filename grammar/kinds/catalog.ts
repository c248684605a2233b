// Every portable kind, by name. The checker, completion and the reference page read this map; a kind is added by adding it here.

import { address } from "./address.ts";
import { disk } from "./disk.ts";
import { firewall } from "./firewall.ts";
import { image } from "./image.ts";
import { key } from "./key.ts";
import type { KindSchema } from "./kind.ts";
import { machine } from "./machine.ts";
import { network } from "./network.ts";
import { snapshot } from "./snapshot.ts";
import { subnet } from "./subnet.ts";

export const kinds: ReadonlyMap<string, KindSchema> = new Map(
  [network, subnet, firewall, key, machine, disk, address, snapshot, image].map((kind) => [kind.name, kind]),
);
