// Every lowering of Azure, by kind. Pure data: a kind is supported by adding it here.

import type { Lowering } from "../../../engine/provider/provider.ts";
import { lowerAddress } from "./address.ts";
import { lowerDisk } from "./disk.ts";
import { lowerFirewall } from "./firewall.ts";
import { lowerOwnImage } from "./image.ts";
import { lowerKey } from "./key.ts";
import { lowerMachine } from "./machine.ts";
import { lowerNetwork } from "./network.ts";
import { lowerSnapshot } from "./snapshot.ts";
import { lowerSubnet } from "./subnet.ts";

export const azureLowerings: Readonly<Record<string, Lowering>> = {
  address: lowerAddress,
  disk: lowerDisk,
  firewall: lowerFirewall,
  image: lowerOwnImage,
  key: lowerKey,
  machine: lowerMachine,
  network: lowerNetwork,
  snapshot: lowerSnapshot,
  subnet: lowerSubnet,
};
