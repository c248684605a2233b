// The portable snapshot: what a disk held at one moment, kept after the disk is gone. Knows no cloud.

import { resource, type Type } from "../types/type.ts";
import type { KindSchema } from "./kind.ts";
import { idAttribute, tags } from "./shared-props.ts";

const diskOfMachine: Type = { kind: "block", of: "machine", block: "disk" };

export const snapshot: KindSchema = {
  name: "snapshot",
  doc: "What a disk holds at the moment the snapshot is made, as if the power had failed then. It stays as it is while the disk changes.",
  props: {
    disk: {
      type: resource("disk"),
      or: [diskOfMachine],
      required: true,
      replaces: true,
      doc: "The disk to copy: a `disk`, or a disk of a machine by its name, for example `web.disk.root`.",
    },
    tags,
  },
  attributes: { id: idAttribute("snapshot") },
};
