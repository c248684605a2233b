// An EBS volume with a life of its own. It grows and changes its type in place; nothing makes one smaller.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html

import type { Volume } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { flag, known, map, present, text, whole } from "../../handlers/body.ts";
import { ownId, tokenOf } from "../../handlers/request.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { blockersOfVolume } from "../blockers.ts";
import { incompleteAnswer } from "../errors.ts";
import { defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import { createStep, deleteStep, step, tagSteps } from "../steps.ts";
import { tagsProp, undocumentedTokenValid } from "./schema-parts.ts";
import { includedPerformance, modifiable, modifyVolume, readVolumes, settleModification, shrinks } from "./volume-modification.ts";

const schema: NativeSchema = {
  type: "aws.ec2.Volume",
  version: 1,
  marks: "tags",
  dataBearing: true,
  props: {
    AvailabilityZone: { type: "string", immutable: true, whenAbsent: "keep", doc: "Zone by name: `eu-west-1a`." },
    AvailabilityZoneId: { type: "string", immutable: true, whenAbsent: "keep", doc: "Zone by id: `euw1-az1`." },
    Size: { type: "int", doc: "GiB.", replaceWhen: shrinks, whenAbsent: "keep" },
    VolumeType: { type: "string", default: "gp3" },
    Iops: { type: "int", doc: "Taken out of the source, a gp3 volume goes back to 3,000." },
    Throughput: { type: "int", doc: "MiB/s; gp3 only. Taken out of the source, it goes back to 125." },
    Encrypted: { type: "bool", immutable: true, whenAbsent: "keep", doc: "Unset: as the account has it for new volumes." },
    // EC2 answers with the key's ARN whatever it was given, an alias included: the two cannot be compared.
    KmsKeyId: { type: "string", immutable: true, whenAbsent: "keep", observed: "never" },
    SnapshotId: { type: "string", immutable: true, whenAbsent: "keep" },
    Tags: tagsProp,
  },
  attributes: { VolumeId: { type: "string" }, AvailabilityZone: { type: "string" }, Size: { type: "int", changesWith: ["Size"] } },
  tokenValid: undocumentedTokenValid,
  timeouts: { create: minutes(10), update: minutes(60), delete: minutes(10) },
};

export const volume = defineHandler<Volume>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DeleteVolume", {}, { impact: "data-loss" })];
    if (change.id === undefined) return [createStep("CreateVolume", pick(change.desired, Object.keys(schema.props)), "token")];
    const names = modifiable.filter((name) => isPending(schema, change, name));
    const body = pick({ ...includedPerformance(change.desired, change.observed), ...change.desired }, names);
    const modify = Object.keys(body).length === 0 ? [] : [step("modify", "ModifyVolume", body, "idempotent", { sets: names })];
    return [...modify, ...tagSteps(schema, change)];
  },

  requests: {
    async CreateVolume(call, body) {
      const input = {
        ...present({
          AvailabilityZone: text(body, "AvailabilityZone"),
          AvailabilityZoneId: text(body, "AvailabilityZoneId"),
          Size: whole(body, "Size"),
          Iops: whole(body, "Iops"),
          Throughput: whole(body, "Throughput"),
          Encrypted: flag(body, "Encrypted"),
          KmsKeyId: text(body, "KmsKeyId"),
          SnapshotId: text(body, "SnapshotId"),
        }),
        // EC2's own default is gp2. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
        VolumeType: (text(body, "VolumeType") ?? "gp3") as "gp3",
        ClientToken: tokenOf(call),
        TagSpecifications: specifyTags("volume", call.marks, map(body, "Tags")),
      };
      const id = (await call.client.send("CreateVolume", input, call.signal)).VolumeId;
      if (id === undefined) throw incompleteAnswer("CreateVolume", "VolumeId");
      return { id };
    },

    ModifyVolume: (call, body) => modifyVolume(call, ownId(call), body),

    async DeleteVolume(call) {
      await call.client.send("DeleteVolume", { VolumeId: ownId(call) }, call.signal);
      return {};
    },
  },

  idFilter: "volume-id",
  pollEvery: 1_000,
  read: readVolumes,
  describe: (row) =>
    row.VolumeId === undefined
      ? []
      : [
          {
            id: row.VolumeId,
            props: known({
              AvailabilityZone: row.AvailabilityZone,
              AvailabilityZoneId: row.AvailabilityZoneId,
              Size: row.Size,
              VolumeType: row.VolumeType,
              Iops: row.Iops,
              Throughput: row.Throughput,
              Encrypted: row.Encrypted,
              SnapshotId: row.SnapshotId === "" ? undefined : row.SnapshotId,
            }),
            attributes: known({ VolumeId: row.VolumeId, AvailabilityZone: row.AvailabilityZone, Size: row.Size }),
            tags: row.Tags ?? [],
            status: row.State,
            dead: row.State === "deleted" ? true : row.State === "deleting" ? "going" : undefined,
            broken: row.State === "error" ? "EC2 reports the volume's hardware as failed" : undefined,
          },
        ],
  async settled(asked, row, call) {
    if (row.broken !== undefined) return { failed: row.broken, code: "unavailable", leaves: "object" };
    if (row.dead !== undefined) return { failed: `the volume went to ${row.status}`, code: "gone", leaves: "nothing" };
    if (row.status === "creating") return { pending: "creating" };
    return asked.operation === "ec2:ModifyVolume" ? settleModification(call, row.id) : "ready";
  },
  blockers: blockersOfVolume,
});
