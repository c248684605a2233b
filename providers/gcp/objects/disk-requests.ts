// The requests about a disk, which disks of their own and the disks of an instance share. One mutating request each.
// https://cloud.google.com/compute/docs/reference/rest/v1/disks

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { Ack } from "../../../engine/provider/provider.ts";
import { whole } from "../../handlers/body.ts";
import { disks } from "../collections.ts";
import type { GceCall } from "../operations.ts";
import { type Location, linkOf } from "../paths.ts";
import { acknowledge, requestIdOf } from "../request.ts";
import { editLabels } from "./label-requests.ts";

export const performance = ["provisionedIops", "provisionedThroughput"] as const;

export function diskTypeLink(project: string, zone: string, type: string): string {
  return linkOf(`projects/${project}/zones/${zone}/diskTypes/${type}`);
}

export async function resizeDisk(call: GceCall, { project, zone = "", name }: Location, body: NativeMap): Promise<Ack> {
  const disksResizeRequestResource = { sizeGb: String(whole(body, "sizeGb") ?? "") };
  const input = { project, zone, disk: name, requestId: requestIdOf(call), disksResizeRequestResource };
  return acknowledge("disks.resize", await call.client.send("disks.resize", input, call.signal));
}

/** One field a request: the API takes the name of the field to change. https://cloud.google.com/compute/docs/reference/rest/v1/disks/update (paths) */
export async function updateDisk(call: GceCall, { project, zone = "", name }: Location, body: NativeMap): Promise<Ack> {
  const field = performance.find((each) => body[each] !== undefined);
  if (field === undefined) throw new Error("a disk is updated, and nothing of it is to change");
  const diskResource = { name, [field]: String(whole(body, field) ?? "") };
  const input = { project, zone, disk: name, paths: field, requestId: requestIdOf(call), diskResource };
  return acknowledge("disks.update", await call.client.send("disks.update", input, call.signal));
}

export async function labelDisk(call: GceCall, at: Location, body: NativeMap, marks: Readonly<Record<string, string>>): Promise<Ack> {
  const { project, zone = "", name } = at;
  const zoneSetLabelsRequestResource = await editLabels(disks, call, at, body, marks);
  const input = { project, zone, resource: name, requestId: requestIdOf(call), zoneSetLabelsRequestResource };
  return acknowledge("disks.setLabels", await call.client.send("disks.setLabels", input, call.signal));
}

export async function deleteDisk(call: GceCall, { project, zone = "", name }: Location): Promise<Ack> {
  const input = { project, zone, disk: name, requestId: requestIdOf(call) };
  return acknowledge("disks.delete", await call.client.send("disks.delete", input, call.signal));
}
