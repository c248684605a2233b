// Disks as EBS volumes: types, sizes, performance and their limits. Pure.
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import type { PropMap } from "../../../grammar/graph/value.ts";
import type { Span } from "../../../grammar/source/span.ts";
import { type DiskSize, readDiskSize } from "../../lowering/disk-size.ts";
import { problem } from "../../lowering/problems.ts";

export type VolumeType = "gp3" | "st1" | "standard";

/** GiB, both ends included. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html */
const sizes: Readonly<Record<VolumeType, readonly [smallest: number, largest: number]>> = {
  gp3: [1, 65_536],
  st1: [125, 16_384],
  standard: [1, 1_024],
};

/** st1 "can't be used as boot volumes", so a root of the type hdd is magnetic (`standard`), the only other hdd that boots. */
export function volumeType(type: unknown, root: boolean): VolumeType {
  if (type !== "hdd") return "gp3";
  return root ? "standard" : "st1";
}

/**
 * The size of a volume in GiB. `what` names the disk in messages, `smallest` is what its image needs.
 */
export function readSize(props: PropMap, type: VolumeType, place: Span, what: string, smallest = 0): DiskSize {
  const [least, most] = sizes[type];
  const one = `an EBS volume of the type ${type}`;
  const orInstead = type === "st1" ? `, or type = "ssd"` : "";
  return readDiskSize(props, { least, most, one, many: "EBS volumes", orInstead }, place, what, smallest);
}

/** What comes with a gp3 volume of any size, and how much more a GiB and an operation allow. https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html */
const includedIops = 3_000;
const iopsPerGib = 500;
const iopsPerMib = 4;

/** What EC2 would refuse in the `iops` and `throughput` of a disk; `gib` is its size, absent where that is not valid. What is known only at apply is not judged. */
export function checkPerformance(
  { address, refinement }: PortableResource,
  type: VolumeType,
  gib: number | undefined,
  context: LoweringContext,
): readonly Diagnostic[] {
  if (type !== "gp3") {
    return (["iops", "throughput"] as const)
      .filter((prop) => refinement[prop] !== undefined)
      .map((prop) =>
        problem("K3031", context.place(`on.aws.${prop}`), `\`${prop}\` is for ssd disks, \`${address}\` is an hdd`, {
          hint: 'write type = "ssd"',
        }),
      );
  }
  const { iops = includedIops, throughput } = refinement;
  if (typeof iops !== "number") return [];
  const diagnostics: Diagnostic[] = [];
  if (gib !== undefined && iops > includedIops && iops > gib * iopsPerGib) {
    const allowed = Math.max(includedIops, gib * iopsPerGib);
    diagnostics.push(
      problem(
        "K3021",
        context.place("size"),
        `\`${address}\` has ${gib} GiB, an EBS volume with ${iops} iops has at least ${Math.ceil(iops / iopsPerGib)} GiB`,
        {
          related: [{ span: context.place("on.aws.iops"), message: `gp3 has ${iopsPerGib} iops for each GiB` }],
          hint: `write ${Math.ceil(iops / iopsPerGib)}GiB or more, or iops = ${allowed}`,
        },
      ),
    );
  }
  if (typeof throughput === "number" && throughput > iops / iopsPerMib) {
    diagnostics.push(
      problem("K3031", context.place("on.aws.throughput"), `\`${address}\` has ${iops} iops, which is too few for ${throughput} MiB/s`, {
        hint: `write iops = ${throughput * iopsPerMib} or more, or throughput = ${Math.floor(iops / iopsPerMib)}`,
      }),
    );
  }
  return diagnostics;
}
