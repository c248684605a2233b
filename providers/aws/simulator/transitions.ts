// What happens by itself once its time has come: states that end, and what ends with them. Targets may be gone by then.

import { VISIBLE_AFTER_END } from "./clock.ts";
import { takeBackAddresses } from "./launch-interfaces.ts";
import { removeInterface } from "./network-interface.ts";
import type { InstanceRow, NetworkInterfaceRow, VolumeRow } from "./rows.ts";
import type { TimerHandlers, World } from "./world.ts";

/**
 * Its disks and interfaces go or stay as each is marked. An interface may outlast its instance for a while, and holds its subnet, groups and addresses
 * until then. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html
 * https://repost.aws/knowledge-center/troubleshoot-dependency-error-delete-vpc
 */
function endInstance(world: World, row: InstanceRow, lingers?: unknown): void {
  for (const one of world.by("network-interface", "instance", row.id)) releaseInterface(world, one, lingers);
  for (const volume of world.by("volume", "instance", row.id)) {
    if (volume.attachment?.deleteOnTermination === true) world.remove(volume);
    else freeVolume(world, volume);
  }
  world.change(row, { state: "terminated" });
  world.at(world.now + VISIBLE_AFTER_END, "forget", row.id, { kind: "instance" });
}

function releaseInterface(world: World, row: NetworkInterfaceRow, lingers: unknown): void {
  if (typeof lingers === "number") {
    if (row.attachment !== undefined) world.change(row, { attachment: { ...row.attachment, status: "detaching" } });
    world.at(world.now + lingers, "interface-released", row.id);
    return;
  }
  if (row.attachment?.deleteOnTermination === true || row.interfaceType === "natGateway") removeInterface(world, row);
  else freeInterface(world, row);
}

/** An Elastic IP stays with a detached interface; an address that was lent goes back. */
function freeInterface(world: World, row: NetworkInterfaceRow): void {
  const { attachment: _gone, lentIp: _back, ...rest } = row;
  world.change(rest as NetworkInterfaceRow, { status: "available", lendsIp: false });
  for (const address of world.by("address", "interface", row.id)) {
    if (address.association === undefined) continue;
    const { instanceId: _left, ...association } = address.association;
    world.change(address, { association });
  }
}

function freeVolume(world: World, row: VolumeRow): void {
  const { attachment: _gone, ...rest } = row;
  world.change(rest as VolumeRow, { state: "available" });
}

export function makeTransitions(landLate: TimerHandlers["late-request"]): TimerHandlers {
  return {
    "late-request": landLate,
    "vpc-available": (world, { target }) => {
      const row = world.get("vpc", target);
      if (row !== undefined) world.change(row, { state: "available" });
    },
    "subnet-available": (world, { target }) => {
      const row = world.get("subnet", target);
      if (row !== undefined) world.change(row, { state: "available" });
    },
    "nat-gateway-available": (world, { target, detail }) => {
      const row = world.get("nat-gateway", target);
      if (row?.state !== "pending") return;
      if (detail?.failed === undefined) {
        world.change(row, { state: "available" });
        return;
      }
      // A failed gateway keeps its address for a while, then vanishes. https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
      endGatewayInterface(world, row.networkInterfaceId);
      world.change(row, { state: "failed", failure: { code: String(detail.code ?? "InternalError"), message: String(detail.failed) } });
      world.at(world.now + VISIBLE_AFTER_END, "forget", target, { kind: "nat-gateway" });
    },
    "nat-gateway-deleted": (world, { target, detail }) => {
      const row = world.get("nat-gateway", target);
      if (row === undefined) return;
      const held = world.get("network-interface", row.networkInterfaceId);
      if (held !== undefined) releaseInterface(world, held, detail?.lingers);
      world.change(row, { state: "deleted", deletedAt: world.now });
      world.at(world.now + VISIBLE_AFTER_END, "forget", target, { kind: "nat-gateway" });
    },
    "instance-running": (world, { target, detail }) => {
      const row = world.get("instance", target);
      if (row?.state !== "pending") return;
      if (detail?.failed === undefined) {
        world.change(row, { state: "running", metadata: { ...row.metadata, state: "applied" } });
        return;
      }
      // "pending → terminated": https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html
      const reason = String(detail.failed);
      const failed = world.change(row, {
        stateReason: { code: reason, message: `${reason}: the launch failed` },
        transitionReason: "Server.InternalError",
      });
      endInstance(world, failed);
    },
    "instance-stopped": (world, { target }) => {
      const row = world.get("instance", target);
      if (row?.state !== "stopping") return;
      takeBackAddresses(world, row.id);
      world.change(row, { state: "stopped" });
    },
    "instance-terminated": (world, { target, detail }) => {
      const row = world.get("instance", target);
      if (row?.state === "shutting-down") endInstance(world, row, detail?.lingers);
    },
    "interface-released": (world, { target }) => {
      const row = world.get("network-interface", target);
      if (row !== undefined) releaseInterface(world, row, undefined);
    },
    "interface-available": (world, { target }) => {
      const row = world.get("network-interface", target);
      if (row?.status === "pending") world.change(row, { status: "available" });
    },
    "interface-attached": (world, { target }) => {
      const row = world.get("network-interface", target);
      if (row?.attachment?.status === "attaching") world.change(row, { attachment: { ...row.attachment, status: "attached" } });
    },
    "interface-detached": (world, { target }) => {
      const row = world.get("network-interface", target);
      if (row?.attachment?.status === "detaching") freeInterface(world, row);
    },
    "metadata-applied": (world, { target }) => {
      const row = world.get("instance", target);
      if (row !== undefined) world.change(row, { metadata: { ...row.metadata, state: "applied" } });
    },
    "profile-associated": (world, { target, detail }) => {
      const row = world.get("instance", target);
      if (row?.profile?.id === detail?.association && row?.profile !== undefined)
        world.change(row, { profile: { ...row.profile, state: "associated" } });
    },
    "profile-disassociated": (world, { target, detail }) => {
      const row = world.get("instance", target);
      if (row?.profile === undefined || row.profile.id !== detail?.association) return;
      const { profile: _gone, ...rest } = row;
      world.change(rest as InstanceRow, {});
    },
    "volume-available": (world, { target, detail }) => {
      const row = world.get("volume", target);
      if (row?.state === "creating") world.change(row, { state: detail?.failed === true ? "error" : "available" });
    },
    "volume-attached": (world, { target }) => {
      const row = world.get("volume", target);
      if (row?.attachment?.state === "attaching")
        world.change(row, { state: "in-use", attachment: { ...row.attachment, state: "attached" } });
    },
    "volume-detached": (world, { target }) => {
      const row = world.get("volume", target);
      if (row?.attachment?.state === "detaching") freeVolume(world, row);
    },
    "volume-deleted": (world, { target }) => {
      const row = world.get("volume", target);
      if (row?.state === "deleting") world.remove(row);
    },
    "volume-optimizing": (world, { target }) => {
      const row = world.get("volume", target);
      if (row?.modification?.state !== "modifying") return;
      // Size and type show as soon as the volume optimizes. https://docs.aws.amazon.com/ebs/latest/userguide/monitoring-volume-modifications.html
      const { iops: _iops, throughput: _throughput, ...rest } = row;
      world.change(rest as VolumeRow, { ...row.modification.target, modification: { ...row.modification, state: "optimizing" } });
      world.after("volumeOptimize", "volume-modified", target);
    },
    "volume-modified": (world, { target }) => {
      const row = world.get("volume", target);
      if (row?.modification?.state === "optimizing")
        world.change(row, { modification: { ...row.modification, state: "completed", endedAt: world.now } });
    },
    "snapshot-completed": (world, { target, detail }) => {
      const row = world.get("snapshot", target);
      if (row?.state === "pending") world.change(row, { state: detail?.failed === true ? "error" : "completed" });
    },
    "image-available": (world, { target, detail }) => {
      const row = world.get("image", target);
      if (row?.state === "pending") world.change(row, { state: detail?.failed === true ? "failed" : "available" });
    },
    forget: (world, { target, detail }) => {
      const row = world.get(detail?.kind === "nat-gateway" ? "nat-gateway" : "instance", target);
      if (row !== undefined) world.remove(row);
    },
  };
}

function endGatewayInterface(world: World, id: string): void {
  const row = world.get("network-interface", id);
  if (row !== undefined) removeInterface(world, row);
}
