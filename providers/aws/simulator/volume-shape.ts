// Sizes, IOPS and throughput that each volume type takes. Pure; used by volumes of their own and by those of a launch.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html

import { refuse } from "./errors.ts";
import type { VolumeShape } from "./rows.ts";

interface TypeLimits {
  readonly size: readonly [number, number];
  readonly iops?: { readonly range: readonly [number, number]; readonly perGib: number; readonly required: boolean };
}

const LIMITS: Readonly<Record<string, TypeLimits>> = {
  gp2: { size: [1, 16384] },
  gp3: { size: [1, 65536], iops: { range: [3000, 80000], perGib: 500, required: false } },
  io1: { size: [4, 16384], iops: { range: [100, 64000], perGib: 50, required: true } },
  io2: { size: [4, 65536], iops: { range: [100, 256000], perGib: 1000, required: true } },
  st1: { size: [125, 16384] },
  sc1: { size: [125, 16384] },
  standard: { size: [1, 1024] },
};

export interface ShapeRequest {
  readonly size: number;
  readonly type: string;
  readonly iops?: number | undefined;
  readonly throughput?: number | undefined;
}

/** Checks what a volume should be, and fills in what the cloud would. Throws InvalidParameterValue, InvalidParameterCombination, MissingParameter. */
export function readVolumeShape(asked: ShapeRequest): VolumeShape {
  const { size, type, iops, throughput } = asked;
  const limits =
    LIMITS[type] ??
    refuse("InvalidParameterValue", `Value (${type}) for parameter volumeType is invalid. Expected: ${Object.keys(LIMITS).join(", ")}`);
  if (!Number.isInteger(size) || size < limits.size[0] || size > limits.size[1]) {
    refuse(
      "InvalidParameterValue",
      `Volume of ${size} GiB is invalid; the size of a ${type} volume must be between ${limits.size[0]} and ${limits.size[1]} GiB`,
    );
  }
  if (throughput !== undefined && type !== "gp3")
    refuse("InvalidParameterCombination", `The parameter throughput is not supported for ${type} volumes.`);
  if (limits.iops === undefined) {
    if (iops !== undefined) refuse("InvalidParameterCombination", `The parameter iops is not supported for ${type} volumes.`);
    // gp2: "a baseline of 3 IOPS per GiB", at least 100, at most 16,000. https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
    return type === "gp2" ? { size, type, iops: Math.min(16000, Math.max(100, size * 3)) } : { size, type };
  }
  if (iops === undefined && limits.iops.required) refuse("MissingParameter", `The parameter iops must be specified for ${type} volumes.`);
  const rate = iops ?? 3000;
  const [least, most] = limits.iops.range;
  if (rate < least || rate > most)
    refuse("InvalidParameterValue", `Volume iops of ${rate} is out of range; it must be between ${least} and ${most}`);
  // gp3's included 3,000 IOPS need no size.
  if (rate > size * limits.iops.perGib && !(type === "gp3" && rate <= 3000)) {
    refuse("InvalidParameterCombination", `Iops to volume size ratio of ${rate}:${size} is too high; maximum is ${limits.iops.perGib}`);
  }
  if (type !== "gp3") return { size, type, iops: rate };
  const speed = throughput ?? 125;
  if (speed < 125 || speed > 2000)
    refuse("InvalidParameterValue", `Volume throughput of ${speed} MiB/s is out of range; it must be between 125 and 2000`);
  if (speed > rate * 0.25)
    refuse(
      "InvalidParameterCombination",
      `Throughput (MiB/s) to iops ratio of ${speed / rate} is too high; maximum is 0.25 MiB/s per iops`,
    );
  return { size, type, iops: rate, throughput: speed };
}

/** `/dev/sd[f-p]` and the like. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html */
export function readDevice(parameter: string, device: string | undefined): string {
  if (device === undefined) refuse("MissingParameter", `The request must contain the parameter ${parameter}`);
  if (!/^(\/dev\/(sd[a-z]([1-9]|1[0-5])?|xvd([a-z]|[a-d][a-z]))|xvd([a-z]|[a-d][a-z]))$/.test(device)) {
    refuse("InvalidParameterValue", `Value (${device}) for parameter ${parameter} is invalid. ${device} is not a valid EBS device name.`);
  }
  return device;
}
