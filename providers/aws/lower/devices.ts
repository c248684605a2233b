// Device names of data volumes. A name that moved would replace an attachment, so each is drawn from a hash of what it is for, not from its position:
// adding or dropping another disk leaves it where it is, save where two fall on one name.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html

import { makeDeferred } from "../../../grammar/graph/make-value.ts";
import type { Deferred, Origin } from "../../../grammar/graph/value.ts";
import { string } from "../../../grammar/types/type.ts";
import { assignSlots } from "../../lowering/slots.ts";

const letters = "abcdefghijklmnopqrstuvwxyz";

/** For blocks of a machine: the range that EC2 recommends, `/dev/sdf` to `/dev/sdp`. */
export const blockDevices: readonly string[] = [..."fghijklmnop"].map((letter) => `/dev/sd${letter}`);

/** For disks that are attached: `/dev/xvdba` to `/dev/xvdcz`, so that the two sets never meet. */
export const attachedDevices: readonly string[] = ["b", "c"].flatMap((bank) => [...letters].map((letter) => `/dev/xvd${bank}${letter}`));

/** A name for each key; the keys that found no free one are missing. Deterministic whatever the order of `keys`. */
export function assignDevices(keys: readonly string[], names: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...assignSlots(keys, names.length)].map(([key, slot]) => [key, names[slot] ?? ""]));
}

/**
 * The path of a volume inside the machine. On Nitro the device name is not seen by the guest and NVMe numbers move between boots; the volume id is the
 * serial number, and udev of every distribution makes this link of it. Before Nitro, Linux shows `/dev/sdf` as `/dev/xvdf`.
 * https://docs.aws.amazon.com/ebs/latest/userguide/identify-nvme-ebs-device.html
 */
export function guestPath(diskInterface: "nvme" | "xen", device: string, volumeId: Origin): string | Deferred {
  if (diskInterface === "xen") return device.replace("/dev/sd", "/dev/xvd");
  const id = makeDeferred(string, [volumeId], { op: "attribute", origin: volumeId });
  const serial = makeDeferred(string, [volumeId], { op: "call", name: "replace", arguments: [id, "vol-", "vol"] });
  return makeDeferred(string, [volumeId], {
    op: "call",
    name: "#concat",
    arguments: ["/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_", serial],
  });
}
