// The flow of a DELETE of any resource and of a whole resource group. What is not there is deleted already; what is needed by others stays.

import { parentIdOf } from "./arm-id.ts";
import { refuseWhileBusy } from "./busy.ts";
import { refuse } from "./errors.ts";
import { type Answer, beginOperation, pollingHeaders, type Wire } from "./operation.ts";
import { checkPrecondition, type Preconditions } from "./preconditions.ts";
import { requireGroup, type Target } from "./put-resource.ts";
import type { ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

/** 204 for what is not there, 202 for what goes. https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/delete */
export function deleteResource(
  world: World,
  target: Target,
  context: { readonly wire: Wire; readonly preconditions: Preconditions },
): Answer {
  const { type, id, armId } = target;
  requireGroup(world, id);
  const row = world.find(armId);
  if (row === undefined) return { status: 204, headers: {} };
  const running = row.operation === undefined ? undefined : world.get("operation", row.operation);
  if (row.state === "Deleting" && running !== undefined) return accept(world, type.provider, running, context.wire);
  checkPrecondition(type, row, context.preconditions);
  const parentId = parentIdOf(armId, id.names.length);
  const parent = parentId === undefined ? undefined : world.find(parentId);
  refuseWhileBusy(world, type, context.wire, row, parent);
  type.refuseRemoval(world, row);
  const operation = beginOperation(world, row, {
    title: `Delete${type.title}Operation`,
    passage: type.passages.remove,
    step: "remove",
    location: row.location ?? parent?.location ?? "",
    detail: {
      ...(row.state === "Failed" ? { afterFailure: true } : {}),
      ...(world.lingers === undefined ? {} : { lingers: world.lingers }),
    },
  });
  world.change(row, { state: "Deleting", operation: operation.id });
  if (parent !== undefined) world.change(parent, { state: "Updating", operation: operation.id, etag: world.newGuid("etag") });
  return accept(world, type.provider, operation, context.wire);
}

function accept(world: World, provider: Target["type"]["provider"], operation: Parameters<typeof pollingHeaders>[2], wire: Wire): Answer {
  return { status: 202, headers: pollingHeaders(world, provider, operation, wire, { async: provider !== "resources", location: true }) };
}

/** A group goes with all that is in it. https://learn.microsoft.com/azure/azure-resource-manager/management/delete-resource-group */
export function deleteGroup(world: World, target: Target, wire: Wire): Answer {
  const { id } = target;
  const group = requireGroup(world, id);
  const running = group.operation === undefined ? undefined : world.get("operation", group.operation);
  if (group.state === "Deleting" && running !== undefined) return accept(world, "resources", running, wire);
  const operation = beginOperation(world, group, {
    title: "DeleteResourceGroup",
    passage: "groupDelete",
    step: "remove-group",
    location: group.location ?? "",
  });
  world.change(group, { state: "Deleting", operation: operation.id });
  for (const row of listGroup(world, group)) world.change(row, { state: "Deleting", operation: operation.id });
  return accept(world, "resources", operation, wire);
}

/** All that is in a group, resources inside resources among them. */
export function listGroup(world: World, group: ResourceRow): readonly ResourceRow[] {
  return world.by("resource", "group", group.group).filter((row) => row.id !== group.id);
}

/** A group that is not there is 404: only groups are. */
export function requireDeletable(world: World, target: Target): void {
  if (world.find(target.armId) === undefined)
    refuse("ResourceGroupNotFound", `Resource group '${target.id.group}' could not be found.`, 404);
}
