// An image boots only if what it is made of did.

import { sourceOfSnapshot } from "../image-origin.ts";
import type { KindCheck } from "../kind.ts";
import { follow, makeError, nameOf, placeOf, relatedProp } from "./reading.ts";

export const checkImageSource: KindCheck = (image, context) => {
  const snapshot = follow(context, image.props.from);
  const source = snapshot && sourceOfSnapshot(context.graph, snapshot);
  if (!snapshot || source?.kind !== "block" || source.label === "root") return [];
  const message = `image \`${nameOf(image)}\` is made of disk \`${source.label}\` of \`${nameOf(source.machine)}\`, from which no machine boots`;
  return [
    {
      ...makeError("K2701", placeOf(image, "from"), message, {
        related: [relatedProp(snapshot, "disk", `snapshot \`${nameOf(snapshot)}\` is of \`${source.label}\``)],
        hint: `take a snapshot of \`${nameOf(source.machine)}.disk.root\``,
      }),
      severity: "warning",
    },
  ];
};
