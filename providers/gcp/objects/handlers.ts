// The native types of Google Cloud by name: the one table of what Koine manages there.

import type { GceHandler } from "../handler.ts";
import { address } from "./address.ts";
import { attachedDisk } from "./attached-disk.ts";
import { disk } from "./disk.ts";
import { firewall } from "./firewall.ts";
import { image } from "./image.ts";
import { instance } from "./instance.ts";
import { network } from "./network.ts";
import { router } from "./router.ts";
import { snapshot } from "./snapshot.ts";
import { subnetwork } from "./subnetwork.ts";

const all: readonly GceHandler[] = [address, attachedDisk, disk, firewall, image, instance, network, router, snapshot, subnetwork];

export const handlers: Readonly<Record<string, GceHandler>> = Object.fromEntries(all.map((handler) => [handler.schema.type, handler]));
