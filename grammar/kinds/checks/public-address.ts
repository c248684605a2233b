// Public addresses: a machine that has one needs a public way in and out, and an `address` serves one machine.

import type { KindCheck } from "../kind.ts";
import { follow, makeError, nameOf, placeOf, relatedProp } from "./reading.ts";

export const checkPublicMachine: KindCheck = (machine, context) => {
  const subnet = follow(context, machine.props.subnet);
  if (!subnet || machine.props.public === undefined || machine.props.public === false) return [];
  const network = follow(context, subnet.props.network);
  const own = `\`${nameOf(machine)}\``;
  if (network?.props.internet === false) {
    return [
      makeError("K2405", placeOf(machine, "public"), `machine ${own} is public, and its network \`${nameOf(network)}\` has no internet`, {
        related: [relatedProp(network, "internet", `\`${nameOf(network)}\` is cut off here`)],
        hint: `remove \`public\` from ${own}, or \`internet = false\` from \`${nameOf(network)}\``,
      }),
    ];
  }
  if (subnet.props.public !== false) return [];
  return [
    makeError("K2404", placeOf(machine, "public"), `machine ${own} is public, and its subnet \`${nameOf(subnet)}\` is not`, {
      related: [relatedProp(subnet, "public", `\`${nameOf(subnet)}\` is closed here`)],
      hint: `put ${own} into a public subnet, or remove \`public\``,
    }),
  ];
};

/** Runs on the address, so that all its machines are seen together. */
export const checkAddressUse: KindCheck = (address, context) => {
  const [first, ...others] = context.referrers(address.address, "public");
  if (!first) return [];
  return others.map((machine) => {
    const message = `address \`${nameOf(address)}\` is on \`${nameOf(first)}\` and on \`${nameOf(machine)}\``;
    const isSamePlace = placeOf(machine, "public") === placeOf(first, "public");
    return makeError("K2601", placeOf(machine, "public"), message, {
      ...(isSamePlace ? {} : { related: [relatedProp(first, "public", `\`${nameOf(first)}\` takes it here`)] }),
      hint: "declare one address for each machine",
    });
  });
};
