// What waits for what: a resource whose last operation has not ended takes no other, and what names it waits too.

import { refuse } from "./errors.ts";
import { operationPaths, type Wire } from "./operation.ts";
import type { ResourceType } from "./resource-type.ts";
import type { ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

/**
 * A network resource whose last write has not settled locks those above and below it; compute's lock themselves.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-another-operation-in-progress
 */
export function refuseWhileBusy(world: World, type: ResourceType, wire: Wire, ...rows: readonly (ResourceRow | undefined)[]): void {
  for (const row of rows) {
    if (row === undefined || row.state === "Succeeded" || row.state === "Failed") continue;
    const operation = row.operation === undefined ? undefined : world.get("operation", row.operation);
    if (operation?.status !== "InProgress") continue;
    if (type.provider === "network") {
      const { status } = operationPaths("network", world.subscription, operation);
      refuse(
        "AnotherOperationInProgress",
        `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: ${wire.origin}${status}?api-version=${wire.apiVersion}.`,
        409,
      );
    }
    refuse(
      "Conflict",
      "The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.",
      409,
    );
  }
}

/** Throws RetryableError while a network resource that the body names is still being written. */
export function refuseUnprovisioned(world: World, armId: string, references: readonly string[]): void {
  for (const id of references) {
    const row = world.find(id);
    if (row === undefined || row.state === "Succeeded" || row.state === "Failed" || !row.type.startsWith("Microsoft.Network/")) continue;
    const operation = row.operation === undefined ? undefined : world.get("operation", row.operation);
    if (operation?.status !== "InProgress") continue;
    refuse("RetryableError", "A retryable error occurred.", 429, {
      retryAfter: 10,
      details: [
        {
          code: "ReferencedResourceNotProvisioned",
          message: `Cannot proceed with operation because resource ${row.armId} used by resource ${armId} is not in Succeeded state. Resource is in ${row.state} state and the last operation that updated/is updating the resource is ${operation.title}.`,
        },
      ],
    });
  }
}
