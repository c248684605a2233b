// What happens when an operation's time has come: its effect, or its failure. Targets may be gone by then.

import { OPERATION_KEPT } from "./clock.ts";
import { relend } from "./instance-network.ts";
import { startedFields } from "./instances.ts";
import { readPath } from "./links.ts";
import { changeRow } from "./objects.ts";
import type { AnyResourceRow, Collection, OperationRow, ResourceRow } from "./rows.ts";
import { type TimerHandlers, type World, writeTime } from "./world.ts";

function remove(world: World, row: AnyResourceRow): void {
  world.remove(row);
  if (row.kind === "subnetworks") removeRoutes(world, readPath(row.resource.network), row.resource.ipCidrRange);
  if (row.kind === "networks") removeRoutes(world, row.id, undefined);
}

/** The routes that came by themselves go with what they are for: all of a network, or that of one range. */
function removeRoutes(world: World, network: string, range: string | undefined): void {
  for (const route of world.by("routes", "network", network))
    if (range === undefined || route.resource.destRange === range) world.remove(route);
}

/** "autoDelete: the disk will be auto-deleted when the instance is deleted". Others are free again. */
function deleteInstance(world: World, row: ResourceRow<"instances">): void {
  world.remove(row);
  releaseDisks(world, row);
}

function releaseDisks(world: World, row: ResourceRow<"instances">): void {
  for (const { source, autoDelete } of row.resource.disks) {
    const disk = world.get("disks", readPath(source));
    if (disk === undefined) continue;
    if (autoDelete && world.countBy("instances", "disk", disk.id) === 0) world.remove(disk);
    else changeRow(world, disk, { lastDetachTimestamp: writeTime(world.now) });
  }
}

function startInstance(world: World, row: ResourceRow<"instances">): void {
  for (const { source } of row.resource.disks) {
    const disk = world.get("disks", readPath(source));
    if (disk !== undefined && disk.resource.status === "CREATING")
      changeRow(world, disk, { status: "READY", lastAttachTimestamp: writeTime(world.now) });
  }
  changeRow(world, row, { ...startedFields(world, row), networkInterfaces: relend(world, row, true) });
}

function takeEffect(world: World, operation: OperationRow): void {
  const row = world.get(operation.collection, operation.target) as AnyResourceRow | undefined;
  if (row === undefined) return;
  const { effect } = operation;
  switch (effect.kind) {
    case "none":
      return;
    case "set":
      changeRow(world, row, effect.set, effect.unset);
      return;
    case "remove":
      remove(world, row);
      return;
    case "instance-start":
      if (row.kind === "instances") startInstance(world, row);
      return;
    case "instance-stop":
      if (row.kind === "instances")
        changeRow(world, row, {
          status: "TERMINATED",
          lastStopTimestamp: writeTime(world.now),
          networkInterfaces: relend(world, row, false),
        });
      return;
    case "instance-delete":
      if (row.kind !== "instances") return;
      // The operation is over and the subnetwork still in use: https://github.com/genevieve/leftovers/issues/6
      if (effect.lingers === undefined) {
        deleteInstance(world, row);
        return;
      }
      world.change(row, { leaving: true, resource: { ...row.resource, disks: [] } });
      releaseDisks(world, row);
      world.at(world.now + effect.lingers, "instance-released", row.id);
      return;
  }
}

function release(world: World, operation: OperationRow): void {
  const row = world.get(operation.collection, operation.target) as AnyResourceRow | undefined;
  if (row?.busy !== operation.id) return;
  const { busy: _ended, ...rest } = row;
  world.change(rest as never, {} as never);
}

function takeBack(world: World, operation: OperationRow): void {
  for (const { collection, path } of operation.undo) {
    const row = world.get(collection as Collection, path) as AnyResourceRow | undefined;
    if (row !== undefined) remove(world, row);
  }
}

export function makeTransitions(landLate: TimerHandlers["late-request"]): TimerHandlers {
  return {
    "late-request": landLate,
    "instance-released": (world, { target }) => {
      const row = world.get("instances", target);
      if (row?.leaving === true) world.remove(row);
    },
    "operation-done": (world, { target, detail }) => {
      const operation = world.get("operations", target);
      if (operation === undefined) return;
      if (detail?.forget === true) {
        world.remove(operation);
        return;
      }
      if (operation.error === undefined) takeEffect(world, operation);
      release(world, operation);
      if (operation.error !== undefined) takeBack(world, operation);
      world.change(operation, { done: true });
      world.at(world.now + OPERATION_KEPT, "operation-done", target, { forget: true });
    },
  };
}
