// A volume on an instance. EC2 lets a volume be attached once (multi-attach is not used), so a repeated attach is refused.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachVolume.html

import type { Volume } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { known, needText, text } from "../../handlers/body.ts";
import { joinId, splitId } from "../../handlers/joined-id.ts";
import { ownId } from "../../handlers/request.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { pick } from "../../handlers/steps.ts";
import { type Described, defineHandler } from "../handler.ts";
import { createStep, deleteStep } from "../steps.ts";
import { filter } from "../sweep.ts";
import { detachVolume } from "./detach-volume.ts";
import { readVolumes } from "./volume-modification.ts";

const schema: NativeSchema = {
  type: "aws.ec2.VolumeAttachment",
  version: 1,
  marks: "none",
  naturalKey: ["VolumeId", "InstanceId"],
  props: {
    VolumeId: { type: "string", required: true, immutable: true },
    InstanceId: { type: "string", required: true, immutable: true },
    DeviceName: {
      type: "string",
      required: true,
      immutable: true,
      doc: "As the hypervisor is told: `/dev/sdf`; the guest may see another name.",
    },
  },
  attributes: { Device: { type: "string" } },
  // The device name is not among the claims: it is the lowering that keeps two volumes of one instance apart.
  exclusive: [["VolumeId"]],
  // An instance that ends lets go of its volumes after its guest has shut down: cleaner than to pull a disk from under a running one.
  deletedWith: ["InstanceId"],
  replacement: "delete-first",
  // A volume that a guest still writes to stays `busy` until it lets go.
  timeouts: { create: minutes(5), update: minutes(5), delete: minutes(15) },
};

export const volumeAttachment = defineHandler<Volume>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DetachVolume", {}, { impact: "downtime" })];
    return change.id === undefined
      ? [createStep("AttachVolume", pick(change.desired, ["VolumeId", "InstanceId", "DeviceName"]), "natural")]
      : [];
  },

  requests: {
    async AttachVolume(call, body) {
      const VolumeId = needText(body, "VolumeId");
      const InstanceId = needText(body, "InstanceId");
      await call.client.send("AttachVolume", { VolumeId, InstanceId, Device: needText(body, "DeviceName") }, call.signal);
      return { id: joinId(VolumeId, InstanceId) };
    },

    async DetachVolume(call) {
      const [VolumeId, InstanceId] = splitId(ownId(call));
      await detachVolume(call, VolumeId, InstanceId);
      return {};
    },
  },

  idFilter: "volume-id",
  parentOf: (id) => splitId(id)[0],
  pollEvery: 1_000,
  read: readVolumes,
  describe: (row): readonly Described[] =>
    (row.Attachments ?? []).flatMap((each) => {
      if (row.VolumeId === undefined || each.InstanceId === undefined) return [];
      return [
        {
          id: joinId(row.VolumeId, each.InstanceId),
          props: known({ VolumeId: row.VolumeId, InstanceId: each.InstanceId, DeviceName: each.Device }),
          attributes: known({ Device: each.Device }),
          status: each.State,
          dead: each.State === "detached" ? true : each.State === "detaching" ? "going" : undefined,
        },
      ];
    }),
  settled: (_step, row) => (row.status === "attached" ? "ready" : { pending: row.status ?? "attaching" }),
  naturalFilters(props) {
    const volume = text(props, "VolumeId");
    return volume === undefined ? undefined : [filter("volume-id", volume)];
  },
});
