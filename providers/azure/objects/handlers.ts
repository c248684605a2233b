// The native types of Azure by name: the one table of what Koine manages there.

import type { ArmHandler } from "../handler.ts";
import { applicationSecurityGroup } from "./application-security-group.ts";
import { disk } from "./disk.ts";
import { diskAttachment } from "./disk-attachment.ts";
import { image } from "./image.ts";
import { natGateway } from "./nat-gateway.ts";
import { networkInterface } from "./network-interface.ts";
import { networkSecurityGroup } from "./network-security-group.ts";
import { publicIPAddress } from "./public-ip-address.ts";
import { resourceGroup } from "./resource-group.ts";
import { securityRule } from "./security-rule.ts";
import { snapshot } from "./snapshot.ts";
import { subnet } from "./subnet.ts";
import { virtualMachine } from "./virtual-machine.ts";
import { virtualNetwork } from "./virtual-network.ts";

const all: readonly ArmHandler[] = [
  applicationSecurityGroup,
  disk,
  diskAttachment,
  image,
  natGateway,
  networkInterface,
  networkSecurityGroup,
  publicIPAddress,
  resourceGroup,
  securityRule,
  snapshot,
  subnet,
  virtualMachine,
  virtualNetwork,
];

export const handlers: Readonly<Record<string, ArmHandler>> = Object.fromEntries(all.map((handler) => [handler.schema.type, handler]));
