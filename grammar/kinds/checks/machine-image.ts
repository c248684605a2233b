// A machine that boots from an image of its own stack: the same architecture, and a root disk that holds the image.

import { originOfImage } from "../image-origin.ts";
import type { KindCheck } from "../kind.ts";
import { follow, knownText, makeError, nameOf, placeOf, relatedProp } from "./reading.ts";
import { judgeRestored } from "./restored-disk.ts";

export const checkMachineImage: KindCheck = (machine, context) => {
  const image = follow(context, machine.props.image);
  if (!image) return [];
  const origin = originOfImage(context.graph, image);
  const arch = knownText(machine.props.arch);
  const own = `\`${nameOf(machine)}\``;
  if (origin && arch !== undefined && origin.arch !== arch) {
    const message = `machine ${own} is ${arch}, and image \`${nameOf(image)}\` is of \`${nameOf(origin.machine)}\`, which is ${origin.arch}`;
    return [
      makeError("K2413", placeOf(machine, "image"), message, {
        related: [relatedProp(origin.machine, "arch", `\`${nameOf(origin.machine)}\` is ${origin.arch}`)],
        hint: `write \`arch = "${origin.arch}"\`, or take an image of a machine that is ${arch}`,
      }),
    ];
  }
  const root = machine.blocks.disk?.root?.props;
  if (!root) return [];
  const restored = { resource: machine, props: root, path: "disk.root.", what: `the root disk of ${own}` };
  return judgeRestored(restored, follow(context, image.props.from), context);
};
