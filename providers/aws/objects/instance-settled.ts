// Whether a request about an instance has had its effect: what EC2 answers at once is only that it took note.

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { ErrorCode } from "../../../engine/provider/errors.ts";
import type { Step } from "../../../engine/provider/provider.ts";
import { isMap, maps } from "../../handlers/body.ts";
import type { Settled } from "../../handlers/handler.ts";
import type { Described } from "../handler.ts";
import type { Ec2Call } from "../operations.ts";
import { filter } from "../sweep.ts";
import { readVolumes, settleModification } from "./volume-modification.ts";

/** `volume` is the handle of a step about one of the instance's disks. */
export async function settleInstance(asked: Step, row: Described, call: Ec2Call, volume: string | undefined): Promise<Settled> {
  if (row.dead !== undefined) return describeEnd(row);
  switch (asked.operation) {
    case "ec2:RunInstances":
      return settleLaunch(asked, row);
    case "ec2:StartInstances":
      return settleStart(row);
    case "ec2:StopInstances":
      return row.status === "stopped" ? "ready" : { pending: row.status ?? "stopping" };
    case "ec2:ModifyInstanceAttribute":
      return settleAttribute(asked.body, row);
    case "ec2:ModifyNetworkInterfaceAttribute":
      return settleAddress(asked.body, row);
    case "ec2:CreateVolume":
    case "ec2:DetachVolume":
      return settleVolume(call, volume, "available");
    case "ec2:DeleteVolume":
      return settleVolume(call, volume, "deleted");
    case "ec2:AttachVolume":
      return isAttached(row, asked.body.DeviceName) ? "ready" : { pending: "attaching" };
    case "ec2:ModifyVolume":
      return volume === undefined ? "ready" : settleModification(call, volume);
    default:
      return "ready";
  }
}

/** Running, with every disk of the launch attached; a guest may also have shut itself down by now. */
function settleLaunch(asked: Step, row: Described): Settled {
  if (row.status === "stopped" || row.status === "stopping") return "ready";
  if (row.status !== "running") return { pending: row.status ?? "pending" };
  const missing = maps(asked.body, "Disks").find((disk) => !isAttached(row, disk.DeviceName));
  return missing === undefined ? "ready" : { pending: `attaching ${String(missing.DeviceName)}` };
}

/** Back in `stopped` with a reason of the server's: there was no capacity. */
function settleStart(row: Described): Settled {
  if (row.status === "running") return "ready";
  if (row.status === "stopped" && row.reason?.code.startsWith("Server.") && row.reason.code !== "Server.ScheduledStop") {
    return {
      failed: `the instance did not start: ${row.reason.message}`,
      code: codeOf(row.reason.code),
      vendorCode: row.reason.code,
      leaves: "object",
    };
  }
  return { pending: row.status ?? "pending" };
}

function settleAttribute(body: NativeMap, row: Described): Settled {
  const type = body.InstanceType;
  return typeof type !== "string" || row.props.InstanceType === type ? "ready" : { pending: "not visible yet" };
}

/** An instance that stands still gets its address when it starts. */
function settleAddress(body: NativeMap, row: Described): Settled {
  const has = row.props.AssociatePublicIpAddress;
  return row.status !== "running" || has === undefined || has === body.AssociatePublicIpAddress ? "ready" : { pending: "public address" };
}

async function settleVolume(call: Ec2Call, id: string | undefined, state: "available" | "deleted"): Promise<Settled> {
  if (id === undefined) return "ready";
  const volume = (await readVolumes(call, [filter("volume-id", id)]))[0];
  if (volume === undefined || volume.State === "deleted") return state === "deleted" ? "ready" : { pending: "not visible yet" };
  if (volume.State === "error") return { failed: `the volume ${id} is in error`, code: "unavailable", leaves: "object" };
  return volume.State === state ? "ready" : { pending: volume.State ?? "creating" };
}

function isAttached(row: Described, device: unknown): boolean {
  return isMap(row.attributes.Disks) && row.attributes.Disks[String(device)] !== undefined;
}

/** It went from pending to terminated: EC2 says why. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html */
function describeEnd(row: Described): Settled {
  const { reason } = row;
  const why = reason === undefined ? "EC2 gives no reason" : reason.message === "" ? reason.code : reason.message;
  return {
    failed: `the instance went to ${row.status}: ${why}`,
    code: reason === undefined ? "gone" : codeOf(reason.code),
    leaves: "nothing",
    ...(reason === undefined ? {} : { vendorCode: reason.code }),
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html */
function codeOf(reason: string): ErrorCode {
  if (/Capacity|LimitExceeded/.test(reason)) return "quota";
  if (reason === "Client.UserInitiatedShutdown" || reason === "Server.SpotInstanceTermination") return "gone";
  return reason.startsWith("Server.") ? "unavailable" : "invalid";
}
