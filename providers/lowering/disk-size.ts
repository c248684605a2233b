// The size of a disk in whole GiB, within what the cloud has of its type. Pure.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PropMap } from "../../grammar/graph/value.ts";
import type { Span } from "../../grammar/source/span.ts";
import { problem } from "./problems.ts";

const gib = 1024 ** 3;

export interface DiskLimits {
  /** GiB, both included. */
  readonly least: number;
  readonly most: number;
  /** As in messages: "an EBS volume of the type gp3", and its plural, "EBS volumes". */
  readonly one: string;
  readonly many: string;
  /** Added to the hint where the size is too small: `, or type = "ssd"`. */
  readonly orInstead?: string;
}

export interface DiskSize {
  /** Absent when it was not written, or not valid. */
  readonly gib?: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** The size in GiB. `what` names the disk in messages, `smallest` is what its image needs. */
export function readDiskSize(props: PropMap, limits: DiskLimits, place: Span, what: string, smallest = 0): DiskSize {
  const bytes = props.size;
  if (typeof bytes !== "number") return { diagnostics: [] };
  const whole = bytes / gib;
  const { least, most, one, many, orInstead = "" } = limits;
  const refuse = (message: string, hint: string): DiskSize => ({ diagnostics: [problem("K3021", place, message, { hint })] });
  if (!Number.isInteger(whole))
    return refuse(`${what} has ${whole.toFixed(2)} GiB, ${many} have whole GiB`, `write ${Math.ceil(whole)}GiB`);
  if (whole < least) return refuse(`${what} has ${whole} GiB, ${one} has at least ${least} GiB`, `write ${least}GiB or more${orInstead}`);
  if (whole > most) return refuse(`${what} has ${whole} GiB, ${one} has at most ${most} GiB`, `write ${most}GiB or less`);
  if (whole < smallest)
    return refuse(`${what} has ${whole} GiB, the image needs ${smallest} GiB`, `write ${smallest}GiB or more, or leave \`size\` out`);
  return { gib: whole, diagnostics: [] };
}
