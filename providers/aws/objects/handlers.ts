// The native types of AWS by name: the one table of what Koine manages there.

import type { Ec2Handler } from "../handler.ts";
import { eip } from "./eip.ts";
import { eipAssociation } from "./eip-association.ts";
import { gatewayAttachment } from "./gateway-attachment.ts";
import { image } from "./image.ts";
import { instance } from "./instance.ts";
import { internetGateway } from "./internet-gateway.ts";
import { keyPair } from "./key-pair.ts";
import { natGateway } from "./nat-gateway.ts";
import { networkInterface } from "./network-interface.ts";
import { route } from "./route.ts";
import { routeTable } from "./route-table.ts";
import { routeTableAssociation } from "./route-table-association.ts";
import { securityGroup } from "./security-group.ts";
import { securityGroupRule } from "./security-group-rule.ts";
import { snapshot } from "./snapshot.ts";
import { subnet } from "./subnet.ts";
import { volume } from "./volume.ts";
import { volumeAttachment } from "./volume-attachment.ts";
import { vpc } from "./vpc.ts";

const all: readonly Ec2Handler[] = [
  eip,
  eipAssociation,
  gatewayAttachment,
  image,
  instance,
  internetGateway,
  keyPair,
  natGateway,
  networkInterface,
  route,
  routeTable,
  routeTableAssociation,
  securityGroup,
  securityGroupRule,
  snapshot,
  subnet,
  volume,
  volumeAttachment,
  vpc,
];

export const handlers: Readonly<Record<string, Ec2Handler>> = Object.fromEntries(all.map((handler) => [handler.schema.type, handler]));
