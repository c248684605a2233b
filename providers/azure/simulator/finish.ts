// What an operation's end does: a write settles, a deleted resource goes, a machine changes its power state. Targets may be gone by then.

import { listGroup } from "./delete-resource.ts";
import { endOperation, type Step } from "./operation.ts";
import type { ResourceType } from "./resource-type.ts";
import type { JsonMap, ResourceRow, TimerRow } from "./rows.ts";
import type { World } from "./world.ts";

/** Why an operation failed by the world's own rules. */
interface Failure {
  readonly code: string;
  readonly message: string;
}

type Finish = (world: World, timer: TimerRow) => void;

export function finishOperation(types: ReadonlyMap<string, ResourceType>): Finish {
  const typeOf = (row: ResourceRow): ResourceType | undefined => types.get(row.type.toLowerCase());
  const steps: Readonly<Record<Step, (world: World, row: ResourceRow, detail: JsonMap) => Failure | undefined>> = {
    settle: (world, row, detail) => {
      settle(world, row, detail.failed === undefined ? "Succeeded" : "Failed");
      if (detail.failed === undefined) typeOf(row)?.finished?.(world, world.find(row.id) ?? row, detail);
      return undefined;
    },
    power: (world, row, detail) => {
      settle(world, row, "Succeeded");
      if (detail.failed === undefined) typeOf(row)?.finished?.(world, world.find(row.id) ?? row, detail);
      return undefined;
    },
    remove: (world, row, detail) => {
      if (detail.failed !== undefined) settle(world, row, "Failed");
      else {
        release(world, row, "Succeeded");
        removeResource(world, row, typeOf(row), detail);
      }
      return undefined;
    },
    "remove-group": (world, group) => removeGroup(world, group, typeOf),
  };
  return (world, timer) => {
    const operation = world.get("operation", timer.target);
    if (operation === undefined) return;
    const detail = (timer.detail ?? {}) as JsonMap;
    const row = world.find(operation.target);
    // A later operation owns the row once it has begun.
    const blocked = row?.operation === operation.id ? steps[detail.step as Step](world, row, detail) : undefined;
    endOperation(world, operation.id, blocked ?? (typeof detail.failed === "string" ? detail.failed : undefined));
  };
}

function settle(world: World, row: ResourceRow, state: "Succeeded" | "Failed"): void {
  if (row.state !== state) world.change(row, { state });
  release(world, row, state);
}

/** What was locked with a row is free again: what it is below, and what was written inside it. */
function release(world: World, row: ResourceRow, state: "Succeeded" | "Failed"): void {
  const parent = row.parent === undefined ? undefined : world.find(row.parent);
  if (parent !== undefined && parent.operation === row.operation) world.change(parent, { state: "Succeeded" });
  for (const child of world.by("resource", "parent", row.id))
    if (child.operation === row.operation && child.state !== state) world.change(child, { state });
}

function removeResource(world: World, row: ResourceRow, type: ResourceType | undefined, detail: JsonMap = {}): void {
  type?.removed?.(world, row, detail);
  for (const child of world.by("resource", "parent", row.id)) world.remove(child);
  const now = world.find(row.id);
  if (now !== undefined) world.remove(now);
}

/** Resources that others outside the group still need stay, and the group with them. */
function removeGroup(world: World, group: ResourceRow, typeOf: (row: ResourceRow) => ResourceType | undefined): Failure | undefined {
  const members = listGroup(world, group);
  const needed = members.filter((row) =>
    world.referrersOf(row.id).some((other) => other.group !== group.group && other.state !== "Deleting"),
  );
  const kept = new Set<string>();
  for (const row of needed) {
    for (let at: ResourceRow | undefined = row; at !== undefined; at = at.parent === undefined ? undefined : world.find(at.parent))
      kept.add(at.id);
  }
  for (const row of members) {
    if (kept.has(row.id)) world.change(row, { state: "Succeeded" });
    else removeResource(world, row, typeOf(row));
  }
  if (kept.size > 0) {
    world.change(group, { state: "Succeeded" });
    const names = members.filter(({ id }) => kept.has(id)).map(({ type, name }) => `${type}/${name}`);
    return {
      code: "ResourceGroupDeletionBlocked",
      message: `Deletion of resource group '${group.name}' failed as resources with identifiers '${names.join(",")}' could not be deleted. The provisioning state of the resource group will be rolled back. Please check audit logs for more details.`,
    };
  }
  world.remove(group);
  return undefined;
}
