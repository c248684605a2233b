// An AMI of one's own, registered from the snapshot of a root volume. Its name is unique in the account and region, so a repeated call is refused.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RegisterImage.html

import type { Image } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { flag, known, map, needText, present, text } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { pick } from "../../handlers/steps.ts";
import { incompleteAnswer } from "../errors.ts";
import { defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import { createStep, deleteStep, tagSteps } from "../steps.ts";
import { filter, readPages } from "../sweep.ts";
import { tagsProp } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.Image",
  version: 1,
  marks: "tags",
  naturalKey: ["Name"],
  nameBound: "Name",
  props: {
    Name: { type: "string", required: true, immutable: true, doc: "Unique in the region; 3 to 128 characters." },
    SnapshotId: { type: "string", required: true, immutable: true, doc: "Of the root volume." },
    RootDeviceName: { type: "string", required: true, immutable: true },
    Architecture: { type: "string", required: true, immutable: true, doc: "EC2's own default is i386." },
    EnaSupport: { type: "bool", immutable: true, default: false, doc: "Every current instance type needs it." },
    BootMode: { type: "string", immutable: true, whenAbsent: "keep", doc: "Unset: as the instance type boots." },
    Tags: tagsProp,
  },
  attributes: {
    ImageId: { type: "string" },
    Name: { type: "string", repeats: "Name" },
    RootDeviceName: { type: "string", repeats: "RootDeviceName" },
  },
  timeouts: { create: minutes(30), update: minutes(5), delete: minutes(10) },
};

export const image = defineHandler<Image>({
  schema,

  steps(change) {
    // The snapshot stays, and with it the data.
    if (change.action === "delete") return [deleteStep("DeregisterImage")];
    const create = change.id === undefined ? [createStep("RegisterImage", pick(change.desired, Object.keys(schema.props)), "natural")] : [];
    return [...create, ...tagSteps(schema, change)];
  },

  requests: {
    async RegisterImage(call, body) {
      const RootDeviceName = needText(body, "RootDeviceName");
      const input = {
        ...present({ EnaSupport: flag(body, "EnaSupport"), BootMode: text(body, "BootMode") as "uefi" | undefined }),
        Name: needText(body, "Name"),
        Architecture: needText(body, "Architecture") as "x86_64",
        RootDeviceName,
        // "You can't specify the encryption state" of a volume from a snapshot; gp3, because EC2's own default is gp2.
        BlockDeviceMappings: [
          {
            DeviceName: RootDeviceName,
            Ebs: { SnapshotId: needText(body, "SnapshotId"), VolumeType: "gp3" as const, DeleteOnTermination: true },
          },
        ],
        // EC2's own default is paravirtual.
        VirtualizationType: "hvm",
        TagSpecifications: specifyTags("image", call.marks, map(body, "Tags")),
      };
      const id = (await call.client.send("RegisterImage", input, call.signal)).ImageId;
      if (id === undefined) throw incompleteAnswer("RegisterImage", "ImageId");
      return { id };
    },

    async DeregisterImage(call) {
      await call.client.send("DeregisterImage", { ImageId: ownId(call) }, call.signal);
      return {};
    },
  },

  idFilter: "image-id",
  pollEvery: 1_000,
  // Without an owner, the call looks through everybody's public images; disabled ones are left out unless asked for.
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
  read: (call, Filters) =>
    readPages(
      call.client,
      "DescribeImages",
      { Filters, Owners: ["self"], IncludeDisabled: true, MaxResults: 1_000 },
      (page) => page.Images,
      call.signal,
    ),
  describe: (row) => {
    if (row.ImageId === undefined) return [];
    const root = row.BlockDeviceMappings?.find((mapping) => mapping.DeviceName === row.RootDeviceName);
    return [
      {
        id: row.ImageId,
        props: known({
          Name: row.Name,
          SnapshotId: root?.Ebs?.SnapshotId,
          RootDeviceName: row.RootDeviceName,
          Architecture: row.Architecture,
          EnaSupport: row.EnaSupport,
          BootMode: row.BootMode,
        }),
        attributes: known({ ImageId: row.ImageId, Name: row.Name, RootDeviceName: row.RootDeviceName }),
        tags: row.Tags ?? [],
        status: row.State,
        dead: row.State === "deregistered" ? true : undefined,
        broken: brokenBy(row),
      },
    ];
  },
  settled(_step, row) {
    if (row.broken !== undefined) return { failed: row.broken, code: "unavailable", leaves: "object" };
    if (row.dead !== undefined) return { failed: `the image went to ${row.status}`, code: "gone", leaves: "nothing" };
    return row.status === "pending" || row.status === "transient" ? { pending: row.status } : "ready";
  },
  naturalFilters(props) {
    const name = text(props, "Name");
    return name === undefined ? undefined : [filter("name", name)];
  },
});

/** Not `disabled`: such an image can be enabled again. */
function brokenBy({ State, StateReason }: Image): string | undefined {
  if (State === "failed" || State === "error" || State === "invalid") return StateReason?.Message ?? `EC2 reports the image as ${State}`;
  return undefined;
}
