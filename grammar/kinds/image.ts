// The portable image of one's own: what machines can boot from, made of a snapshot. Knows no cloud.

import { resource } from "../types/type.ts";
import { checkImageSource } from "./checks/image-source.ts";
import type { KindSchema } from "./kind.ts";
import { idAttribute, tags } from "./shared-props.ts";

export const image: KindSchema = {
  name: "image",
  doc: "An operating system of one's own for machines to boot from, made of the snapshot of a disk that a machine booted from. A machine takes it with `image = NAME`.",
  props: {
    from: {
      type: resource("snapshot"),
      required: true,
      replaces: true,
      doc: "The snapshot of a root disk, for example of `base.disk.root`. Its machine says the processor architecture and the user to log in as.",
    },
    tags,
  },
  attributes: { id: idAttribute("image") },
  checks: [checkImageSource],
};
