// The resource types that the embedded ARM has.

import { disk } from "./disk.ts";
import { natGateway } from "./nat-gateway.ts";
import { networkInterface } from "./network-interface.ts";
import { publicAddress } from "./public-address.ts";
import { resourceGroup } from "./resource-group.ts";
import type { ResourceType } from "./resource-type.ts";
import { applicationSecurityGroup, securityGroup } from "./security-group.ts";
import { securityRule } from "./security-rule.ts";
import { image, snapshot } from "./snapshot.ts";
import { subnet } from "./subnet.ts";
import { virtualMachine } from "./virtual-machine.ts";
import { virtualNetwork } from "./virtual-network.ts";

/** By their names in lower case. */
export const TYPES: ReadonlyMap<string, ResourceType> = new Map(
  [
    resourceGroup,
    virtualNetwork,
    subnet,
    securityGroup,
    securityRule,
    applicationSecurityGroup,
    publicAddress,
    natGateway,
    networkInterface,
    virtualMachine,
    disk,
    snapshot,
    image,
  ].map((type) => [type.type.toLowerCase(), type]),
);
