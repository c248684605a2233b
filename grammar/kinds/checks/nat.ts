// `nat`: a way out through another subnet. Judges the two subnets and the network between them.

import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { KindCheck } from "../kind.ts";
import { follow, isWritten, makeError, nameOf, placeOf, relatedProp } from "./reading.ts";

export const checkNat: KindCheck = (subnet, context) => {
  const gateway = follow(context, subnet.props.nat);
  if (!gateway) return [];
  const place = placeOf(subnet, "nat");
  const own = `\`${nameOf(subnet)}\``;
  const other = `\`${nameOf(gateway)}\``;
  if (gateway.address === subnet.address) {
    return [makeError("K2109", place, `subnet ${own} names itself in \`nat\``, { hint: "name a public subnet of the same network" })];
  }
  const problems: Diagnostic[] = [];
  if (subnet.props.public === true) {
    const written = isWritten(subnet, "public");
    problems.push(
      makeError("K2108", place, `subnet ${own} is public and has \`nat\``, {
        ...(written ? { related: [relatedProp(subnet, "public", "it is made public here")] } : {}),
        hint: written ? "write `public = false`, or remove `nat`" : "add `public = false`: subnets are public unless they say otherwise",
      }),
    );
  }
  const network = follow(context, subnet.props.network);
  const othersNetwork = follow(context, gateway.props.network);
  if (network && othersNetwork && network.address !== othersNetwork.address) {
    problems.push(
      makeError(
        "K2105",
        place,
        `subnet ${own} is in network \`${nameOf(network)}\`, and its \`nat\` ${other} in \`${nameOf(othersNetwork)}\``,
        {
          related: [relatedProp(gateway, "network", `${other} is put into \`${nameOf(othersNetwork)}\` here`)],
          hint: `name a public subnet of \`${nameOf(network)}\``,
        },
      ),
    );
  } else if (gateway.props.public === false) {
    problems.push(
      makeError("K2106", place, `\`nat\` of ${own} leads through ${other}, which is not public`, {
        related: [relatedProp(gateway, "public", `${other} is closed here`)],
        hint: `name a public subnet, or make ${other} public`,
      }),
    );
  } else if (network?.props.internet === false) {
    problems.push(
      makeError("K2111", place, `subnet ${own} has \`nat\`, and its network \`${nameOf(network)}\` has no internet`, {
        related: [relatedProp(network, "internet", `\`${nameOf(network)}\` is cut off here`)],
        hint: `remove \`nat\`, or \`internet = false\` from \`${nameOf(network)}\``,
      }),
    );
  }
  return problems;
};
