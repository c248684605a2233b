// Changing a volume in place: its size, type and performance go in one request, because EC2 lets a volume be modified only every six hours.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVolume.html

import type { Filter, Volume } from "@aws-sdk/client-ec2";
import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { Ack } from "../../../engine/provider/provider.ts";
import { present, text, whole } from "../../handlers/body.ts";
import type { Settled } from "../../handlers/handler.ts";
import type { Ec2Call } from "../operations.ts";
import { filter, readPages } from "../sweep.ts";

/** Props of a volume that ModifyVolume takes. */
export const modifiable = ["Size", "VolumeType", "Iops", "Throughput"] as const;

/** Why a change of size needs another volume. https://docs.aws.amazon.com/ebs/latest/userguide/modify-volume-requirements.html#elastic-volumes-limitations */
export function shrinks(from: NativeValue, to: NativeValue): string | undefined {
  return typeof from === "number" && typeof to === "number" && to < from
    ? `a volume cannot shrink: ${from} GiB to ${to} GiB needs a new one`
    : undefined;
}

/** What comes with every gp3 volume. https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html#gp3-ebs-volume-type */
export const gp3Performance = { Iops: 3_000, Throughput: 125 } as const;

/** What performance falls back to once the source no longer says it; types other than gp3 have none that could be set. */
export function includedPerformance(desired: NativeMap, observed: NativeMap): NativeMap {
  return (desired.VolumeType ?? observed.VolumeType) === "gp3" ? gp3Performance : {};
}

export async function modifyVolume(call: Ec2Call, VolumeId: string, body: NativeMap): Promise<Ack> {
  const VolumeType = text(body, "VolumeType") as "gp3" | undefined;
  const change = present({ Size: whole(body, "Size"), VolumeType, Iops: whole(body, "Iops"), Throughput: whole(body, "Throughput") });
  await call.client.send("ModifyVolume", { VolumeId, ...change }, call.signal);
  return {};
}

/** Size and performance are there once the state leaves `modifying`; `optimizing` may last for hours and hinders nothing. */
export async function settleModification(call: Ec2Call, volumeId: string): Promise<Settled> {
  const latest = (await readModifications(call, [filter("volume-id", volumeId)]))
    .filter((each) => each.VolumeId === volumeId)
    .sort((a, b) => (b.StartTime?.getTime() ?? 0) - (a.StartTime?.getTime() ?? 0))[0];
  switch (latest?.ModificationState) {
    case undefined:
      return { pending: "not visible yet" };
    case "modifying":
      return { pending: `modifying, ${latest.Progress ?? 0} %` };
    case "failed":
      return {
        failed: `EC2 could not modify the volume: ${latest.StatusMessage ?? "it gives no reason"}`,
        code: "invalid",
        leaves: "object",
      };
    default:
      return "ready";
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumesModifications.html */
function readModifications(call: Ec2Call, Filters: Filter[]) {
  return readPages(
    call.client,
    "DescribeVolumesModifications",
    { Filters, MaxResults: 500 },
    (page) => page.VolumesModifications,
    call.signal,
  );
}

/** Pages hold 500 volumes at most; more may be asked for and is not given. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html */
export function readVolumes(call: Ec2Call, Filters: Filter[]): Promise<readonly Volume[]> {
  return readPages(call.client, "DescribeVolumes", { Filters, MaxResults: 500 }, (page) => page.Volumes, call.signal);
}
