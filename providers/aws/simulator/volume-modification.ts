// ModifyVolume: growth and change of type in place, with the record of it that stays readable.
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modify-volume.html

import type {
  DescribeVolumesModificationsRequest,
  DescribeVolumesModificationsResult,
  ModifyVolumeRequest,
  ModifyVolumeResult,
  VolumeModification,
} from "@aws-sdk/client-ec2";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { VolumeModificationRecord, VolumeRow } from "./rows.ts";
import { readVolumeShape } from "./volume-shape.ts";

/** "You can modify a volume up to four times within a rolling 24-hour period": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVolume.html */
const MOST_MODIFICATIONS = 4;
const MODIFICATION_WINDOW = 24 * 3_600_000;

const lookup: Lookup<"volume"> = {
  kind: "volume",
  missing: (id) => refuseMissing("volume", id),
  idFilter: "volume-id",
  page: { least: 5, most: 500 },
  hidden: (row) => row.modification === undefined,
  filters: {
    "modification-state": (row) => [row.modification?.state],
    "original-iops": (row) => [row.modification?.original.iops],
    "original-size": (row) => [row.modification?.original.size],
    "original-volume-type": (row) => [row.modification?.original.type],
    "start-time": (row) => [row.modification && new Date(row.modification.startedAt).toISOString()],
    "target-iops": (row) => [row.modification?.target.iops],
    "target-size": (row) => [row.modification?.target.size],
    "target-volume-type": (row) => [row.modification?.target.type],
    "volume-id": (row) => [row.id],
  },
};

function renderModification(row: VolumeRow, record: VolumeModificationRecord): VolumeModification {
  const { original, target } = record;
  return {
    VolumeId: row.id,
    ModificationState: record.state,
    TargetSize: target.size,
    ...(target.iops === undefined ? {} : { TargetIops: target.iops }),
    TargetVolumeType: target.type as "gp3",
    ...(target.throughput === undefined ? {} : { TargetThroughput: target.throughput }),
    TargetMultiAttachEnabled: false,
    OriginalSize: original.size,
    ...(original.iops === undefined ? {} : { OriginalIops: original.iops }),
    OriginalVolumeType: original.type as "gp3",
    ...(original.throughput === undefined ? {} : { OriginalThroughput: original.throughput }),
    OriginalMultiAttachEnabled: false,
    Progress: record.state === "completed" ? 100 : record.state === "optimizing" ? 50 : 0,
    StartTime: new Date(record.startedAt),
    ...(record.endedAt === undefined ? {} : { EndTime: new Date(record.endedAt) }),
  };
}

export const volumeModificationOperations = {
  ModifyVolume: defineMutation<ModifyVolumeRequest, ModifyVolumeResult>(
    ["VolumeId", "Size", "VolumeType", "Iops", "Throughput"],
    (world, input) => {
      const row = requireRow(world, "volume", input.VolumeId);
      if (row.state !== "in-use" && row.state !== "available")
        refuse("IncorrectState", `The volume '${row.id}' is in state '${row.state}'`);
      if (input.Size === undefined && input.VolumeType === undefined && input.Iops === undefined && input.Throughput === undefined) {
        refuse("InvalidParameterValue", "At least one of size, volumeType, iops and throughput must be specified");
      }
      const previous = row.modification;
      if (previous !== undefined && (previous.state === "modifying" || previous.state === "optimizing")) {
        refuse(
          "IncorrectModificationState",
          `Cannot modify volume ${row.id} that is in modification state ${previous.state.toUpperCase()}`,
        );
      }
      const recent = (row.modifiedAt ?? []).filter((at) => world.now - at < MODIFICATION_WINDOW);
      if (recent.length >= MOST_MODIFICATIONS) {
        refuse(
          "VolumeModificationRateExceeded",
          `You've reached the maximum modification rate per volume limit: ${MOST_MODIFICATIONS} in 24 hours.`,
        );
      }
      const size = input.Size ?? row.size;
      // "You can't decrease the size of an EBS volume": https://docs.aws.amazon.com/ebs/latest/userguide/modify-volume-requirements.html
      if (size < row.size) refuse("InvalidParameterValue", `New size cannot be smaller than existing size`);
      const type = input.VolumeType ?? row.type;
      const keeps = type === row.type;
      const target = readVolumeShape({
        size,
        type,
        // gp2's rate follows its size.
        iops: input.Iops ?? (keeps && type !== "gp2" ? row.iops : undefined),
        throughput: input.Throughput ?? (keeps ? row.throughput : undefined),
      });
      const original = {
        size: row.size,
        type: row.type,
        ...(row.iops === undefined ? {} : { iops: row.iops }),
        ...(row.throughput === undefined ? {} : { throughput: row.throughput }),
      };
      const record: VolumeModificationRecord = { state: "modifying", startedAt: world.now, original, target };
      const changed = world.change(row, { modification: record, modifiedAt: [...recent, world.now] });
      world.after("volumeModify", "volume-optimizing", row.id);
      return { VolumeModification: renderModification(changed, record) };
    },
  ),

  DescribeVolumesModifications: defineQuery<DescribeVolumesModificationsRequest, DescribeVolumesModificationsResult>(
    ["VolumeIds", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      for (const id of input.VolumeIds ?? []) {
        const row = requireRow(world, "volume", id);
        if (row.modification === undefined) refuse("InvalidVolumeModification.NotFound", `Modification for volume '${id}' does not exist.`);
      }
      const { rows, nextToken } = selectRows(world, lookup, input.VolumeIds, input.Filters, input);
      return {
        NextToken: nextToken,
        VolumesModifications: rows.flatMap((row) => (row.modification === undefined ? [] : [renderModification(row, row.modification)])),
      };
    },
  ),
};
