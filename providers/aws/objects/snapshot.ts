// A snapshot of an EBS volume. CreateSnapshot takes no client token and every call makes another one: only the mark tells whether it happened.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshot.html

import type { Snapshot } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { known, map, needText } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { pick } from "../../handlers/steps.ts";
import { blockersOfSnapshot } from "../blockers.ts";
import { incompleteAnswer } from "../errors.ts";
import { defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import { createStep, deleteStep, tagSteps } from "../steps.ts";
import { readPages } from "../sweep.ts";
import { tagsProp } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.Snapshot",
  version: 1,
  marks: "tags",
  dataBearing: true,
  props: {
    VolumeId: {
      type: "string",
      required: true,
      immutable: true,
      doc: "The volume as it is when the request arrives; it may change at once.",
    },
    Tags: tagsProp,
  },
  attributes: { SnapshotId: { type: "string" }, VolumeSize: { type: "int", doc: "GiB." } },
  // The first snapshot of a large, full volume takes hours. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-create-snapshot.html
  timeouts: { create: minutes(24 * 60), update: minutes(5), delete: minutes(10) },
};

export const snapshot = defineHandler<Snapshot>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DeleteSnapshot", {}, { impact: "data-loss" })];
    const create = change.id === undefined ? [createStep("CreateSnapshot", pick(change.desired, ["VolumeId", "Tags"]), "marked")] : [];
    return [...create, ...tagSteps(schema, change)];
  },

  requests: {
    async CreateSnapshot(call, body) {
      const input = {
        VolumeId: needText(body, "VolumeId"),
        TagSpecifications: specifyTags("snapshot", call.marks, map(body, "Tags")),
      };
      const id = (await call.client.send("CreateSnapshot", input, call.signal)).SnapshotId;
      if (id === undefined) throw incompleteAnswer("CreateSnapshot", "SnapshotId");
      return { id };
    },

    async DeleteSnapshot(call) {
      await call.client.send("DeleteSnapshot", { SnapshotId: ownId(call) }, call.signal);
      return {};
    },
  },

  idFilter: "snapshot-id",
  pollEvery: 2_000,
  // Without an owner, the call looks through everybody's public snapshots.
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html
  read: (call, Filters) =>
    readPages(call.client, "DescribeSnapshots", { Filters, OwnerIds: ["self"], MaxResults: 1_000 }, (page) => page.Snapshots, call.signal),
  describe: (row) =>
    row.SnapshotId === undefined
      ? []
      : [
          {
            id: row.SnapshotId,
            props: known({ VolumeId: row.VolumeId }),
            attributes: known({ SnapshotId: row.SnapshotId, VolumeSize: row.VolumeSize }),
            tags: row.Tags ?? [],
            status: row.State,
            broken: row.State === "error" ? (row.StateMessage ?? "EC2 could not make the snapshot") : undefined,
          },
        ],
  settled(_step, row) {
    if (row.broken !== undefined) return { failed: row.broken, code: "unavailable", leaves: "object" };
    return row.status === "pending" ? { pending: "copying" } : "ready";
  },
  blockers: blockersOfSnapshot,
});
