// The portable disk that outlives machines. Says what it means everywhere; knows no cloud.

import { bool, resource, size, string, union } from "../types/type.ts";
import { checkAttachment } from "./checks/attachment.ts";
import { checkRestoredDisk } from "./checks/restored-disk.ts";
import { checkZone } from "./checks/zone.ts";
import type { KindSchema } from "./kind.ts";
import { idAttribute, ssdOrHdd, tags } from "./shared-props.ts";

const gib = 1024 ** 3;

export const disk: KindSchema = {
  name: "disk",
  doc: "A disk that outlives the machine it is attached to, and is attached again when the machine is replaced.",
  props: {
    size: {
      type: size,
      required: true,
      min: gib,
      max: 64 * 1024 * gib,
      doc: "Its size, for example 200GiB. It can grow while it is in use and never shrinks.",
    },
    type: { type: union(...ssdOrHdd), default: "ssd", doc: 'What it is made of: "ssd" is fast, "hdd" is cheap.' },
    zone: {
      type: string,
      replaces: true,
      doc: 'The zone by its letter. Left out, it is that of the machine it is attached to, else "a". A machine can use only disks of its own zone.',
    },
    encrypted: { type: bool, replaces: true, doc: "Whether the cloud encrypts it at rest. Left out, it is wherever the cloud can." },
    snapshot: {
      type: resource("snapshot"),
      replaces: true,
      doc: "What it holds when it is made. Left out, it begins empty. It cannot be smaller than the disk was that the snapshot is of.",
    },
    attach: { type: resource("machine"), doc: "The machine that uses it. Left out, the disk waits unattached." },
    tags,
  },
  attributes: {
    id: idAttribute("disk"),
    device: {
      type: string,
      doc: "The path of the device inside the machine it is attached to.",
      present: (resource) => resource.props.attach !== undefined,
      absentHint: "attach the disk to a machine with `attach`",
    },
  },
  checks: [checkZone, checkAttachment, checkRestoredDisk],
};
