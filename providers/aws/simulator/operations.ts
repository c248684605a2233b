// Every operation that the embedded EC2 serves, by name.

import { accountOperations } from "./account.ts";
import { addressOperations } from "./address.ts";
import { imageOperations } from "./image.ts";
import { instanceOperations } from "./instance.ts";
import { instanceAttributeOperations } from "./instance-attribute.ts";
import { instanceProfileOperations } from "./instance-profile.ts";
import { instanceStateOperations } from "./instance-state.ts";
import { instanceTypeOperations } from "./instance-types.ts";
import { internetGatewayOperations } from "./internet-gateway.ts";
import { keyPairOperations } from "./key-pair.ts";
import { metadataOptionsOperations } from "./metadata-options.ts";
import { natGatewayOperations } from "./nat-gateway.ts";
import { networkInterfaceOperations } from "./network-interface-operations.ts";
import type { Operation } from "./operation.ts";
import type { OperationName } from "./operation-names.ts";
import { registerImageOperations } from "./register-image.ts";
import { routeOperations } from "./route.ts";
import { routeTableOperations } from "./route-table.ts";
import { runInstancesOperations } from "./run-instances.ts";
import { securityGroupOperations } from "./security-group.ts";
import { securityGroupRuleOperations } from "./security-group-rule.ts";
import { snapshotOperations } from "./snapshot.ts";
import { subnetOperations } from "./subnet.ts";
import { tagOperations } from "./tag-operations.ts";
import { volumeOperations } from "./volume.ts";
import { volumeModificationOperations } from "./volume-modification.ts";
import { vpcOperations } from "./vpc.ts";
import { zoneOperations } from "./zones.ts";

export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  ...vpcOperations,
  ...internetGatewayOperations,
  ...routeTableOperations,
  ...routeOperations,
  ...subnetOperations,
  ...natGatewayOperations,
  ...securityGroupOperations,
  ...securityGroupRuleOperations,
  ...keyPairOperations,
  ...networkInterfaceOperations,
  ...runInstancesOperations,
  ...instanceOperations,
  ...instanceStateOperations,
  ...instanceAttributeOperations,
  ...instanceProfileOperations,
  ...metadataOptionsOperations,
  ...volumeOperations,
  ...volumeModificationOperations,
  ...addressOperations,
  ...tagOperations,
  ...imageOperations,
  ...registerImageOperations,
  ...snapshotOperations,
  ...instanceTypeOperations,
  ...zoneOperations,
  ...accountOperations,
};

export function findOperation(name: string): Operation | undefined {
  return Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name as OperationName] : undefined;
}
