// Disks as EBS volumes: types, sizes and their limits. Pure.
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html

import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PropMap } from "../../../grammar/graph/value.ts";
import type { Span } from "../../../grammar/source/span.ts";
import { problem } from "./lowering-problems.ts";

const gib = 1024 ** 3;

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

export interface VolumeSize {
  /** Absent when it was not written, or not valid. */
  readonly gib?: number;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The size of a volume in GiB. `what` names the disk in messages, `smallest` is what its image needs.
 */
export function readSize(props: PropMap, type: VolumeType, place: Span, what: string, smallest = 0): VolumeSize {
  const bytes = props.size;
  if (typeof bytes !== "number") return { diagnostics: [] };
  const whole = bytes / gib;
  const [least, most] = sizes[type];
  const refuse = (message: string, hint: string): VolumeSize => ({ diagnostics: [problem("K3021", place, message, { hint })] });
  if (!Number.isInteger(whole))
    return refuse(`${what} has ${whole.toFixed(2)} GiB, EBS volumes have whole GiB`, `write ${Math.ceil(whole)}GiB`);
  if (whole < least) {
    const hint = type === "st1" ? `write ${least}GiB or more, or type = "ssd"` : `write ${least}GiB or more`;
    return refuse(`${what} has ${whole} GiB, an EBS volume of the type ${type} has at least ${least} GiB`, hint);
  }
  if (whole > most)
    return refuse(`${what} has ${whole} GiB, an EBS volume of the type ${type} has at most ${most} GiB`, `write ${most}GiB or less`);
  if (whole < smallest)
    return refuse(`${what} has ${whole} GiB, the image needs ${smallest} GiB`, `write ${smallest}GiB or more, or leave \`size\` out`);
  return { gib: whole, diagnostics: [] };
}
