// A subnet that says it is public needs a network with internet. The default is silent: it asks for nothing.

import type { KindCheck } from "../kind.ts";
import { follow, isWritten, makeError, nameOf, placeOf, relatedProp } from "./reading.ts";

export const checkPublicSubnet: KindCheck = (subnet, context) => {
  if (subnet.props.public !== true || !isWritten(subnet, "public")) return [];
  const network = follow(context, subnet.props.network);
  if (network?.props.internet !== false) return [];
  return [
    makeError(
      "K2110",
      placeOf(subnet, "public"),
      `subnet \`${nameOf(subnet)}\` is public, and its network \`${nameOf(network)}\` has no internet`,
      {
        related: [relatedProp(network, "internet", `\`${nameOf(network)}\` is cut off here`)],
        hint: `remove \`public = true\`, or \`internet = false\` from \`${nameOf(network)}\``,
      },
    ),
  ];
};
