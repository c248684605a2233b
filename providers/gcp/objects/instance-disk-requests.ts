// Every request that is made about the disks of an instance: one function, one mutating request.

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { ProviderError } from "../../../engine/provider/errors.ts";
import type { Ack } from "../../../engine/provider/provider.ts";
import { flag, map, needText, text, whole } from "../../handlers/body.ts";
import { ownId, type Request } from "../../handlers/request.ts";
import { writeChildLabels, writeUserLabels } from "../marks.ts";
import type { Disk, Gce, GceCall } from "../operations.ts";
import { type Location, linkOf, needLocation } from "../paths.ts";
import { acknowledge, requestIdOf } from "../request.ts";
import { deleteDisk, diskTypeLink, labelDisk, resizeDisk } from "./disk-requests.ts";

export const instanceDiskRequests: Readonly<Record<string, Request<Gce>>> = {
  /** A disk that is added later. */
  async "disks.insert"(call, body) {
    const { project } = needLocation(ownId(call));
    const zone = needText(body, "zone");
    const deviceName = needText(body, "deviceName");
    const type = text(body, "type");
    const diskResource: Disk = {
      name: needText(body, "name"),
      sizeGb: String(whole(body, "sizeGb") ?? ""),
      ...(type === undefined ? {} : { type: diskTypeLink(project, zone, type) }),
      labels: { ...writeUserLabels(map(body, "labels")), ...writeChildLabels(call.marks, deviceName) },
    };
    const input = { project, zone, requestId: requestIdOf(call), diskResource };
    return acknowledge("disks.insert", await call.client.send("disks.insert", input, call.signal));
  },

  "instances.attachDisk": (call, body) => {
    const { project } = needLocation(ownId(call));
    const path = text(body, "disk") ?? `projects/${project}/zones/${needText(body, "zone")}/disks/${needText(body, "name")}`;
    return attachDisk(call, needLocation(ownId(call)), { disk: path, deviceName: needText(body, "deviceName"), autoDelete: true });
  },

  "instances.detachDisk": (call, body) => unlessGone(() => detachDisk(call, needLocation(ownId(call)), needText(body, "deviceName"))),

  async "instances.setDiskAutoDelete"(call, body) {
    const { project, zone = "", name } = needLocation(ownId(call));
    const input = {
      project,
      zone,
      instance: name,
      deviceName: needText(body, "deviceName"),
      autoDelete: flag(body, "autoDelete") ?? true,
      requestId: requestIdOf(call),
    };
    return acknowledge("instances.setDiskAutoDelete", await call.client.send("instances.setDiskAutoDelete", input, call.signal));
  },

  "disks.resize": (call, body) => resizeDisk(call, diskOf(body), body),
  "disks.setLabels": (call, body) => labelDisk(call, diskOf(body), body, {}),
  "disks.delete": (call, body) => unlessGone(() => deleteDisk(call, diskOf(body))),
};

/** Puts a disk on an instance. `autoDelete`: it goes when the instance goes. https://cloud.google.com/compute/docs/reference/rest/v1/instances/attachDisk */
export async function attachDisk(
  call: GceCall,
  { project, zone = "", name }: Location,
  { disk, deviceName, autoDelete }: { readonly disk: string; readonly deviceName: string; readonly autoDelete: boolean },
): Promise<Ack> {
  const attachedDiskResource = { source: linkOf(disk), deviceName, autoDelete, mode: "READ_WRITE" };
  const input = { project, zone, instance: name, requestId: requestIdOf(call), attachedDiskResource };
  return acknowledge("instances.attachDisk", await call.client.send("instances.attachDisk", input, call.signal));
}

/** Takes a disk off an instance. Throws `not_found` where no such device is attached; Compute Engine calls that an invalid value. */
export async function detachDisk(call: GceCall, { project, zone = "", name }: Location, deviceName: string): Promise<Ack> {
  const input = { project, zone, instance: name, deviceName, requestId: requestIdOf(call) };
  try {
    return acknowledge("instances.detachDisk", await call.client.send("instances.detachDisk", input, call.signal));
  } catch (error) {
    if (!(error instanceof ProviderError) || error.details.code !== "invalid" || !/No attached disk found/i.test(error.message))
      throw error;
    throw new ProviderError(error.message, { ...error.details, code: "not_found" }, error);
  }
}

/** The disk that a step is about. A disk that was made by an earlier run is only known after a new look. */
function diskOf(body: NativeMap): Location {
  const path = text(body, "disk");
  if (path !== undefined) return needLocation(path);
  throw new ProviderError("the disk is only known after a new look", {
    code: "invalid",
    effect: "none",
    hint: "plan and apply again: the disk is found then",
  });
}

/** It ends a part of the object, not the object: gone already is what was wanted. */
async function unlessGone(request: () => Promise<Ack>): Promise<Ack> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof ProviderError) || error.details.code !== "not_found") throw error;
    return {};
  }
}
