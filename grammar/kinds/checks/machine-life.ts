// Wishes about a machine's life that exclude each other: spot capacity switched off, and two machines where one can be.

import type { KindCheck } from "../kind.ts";
import { follow, isWritten, makeError, nameOf, placeOf, relatedProp } from "./reading.ts";

export const checkPower: KindCheck = (machine) => {
  if (machine.props.spot !== true || machine.props.power !== "off") return [];
  return [
    makeError("K2406", placeOf(machine, "power"), `machine \`${nameOf(machine)}\` is a spot machine and cannot be switched off`, {
      related: [relatedProp(machine, "spot", "it is made a spot machine here")],
      hint: "remove `spot`, or have no machine while it is not needed (`if`)",
    }),
  ];
};

export const checkReplaceBefore: KindCheck = (machine, context) => {
  if (machine.annotations.replace !== "before") return [];
  const own = `\`${nameOf(machine)}\``;
  const message = `machine ${own} cannot be replaced by making the new one first`;
  if (isWritten(machine, "private_ip")) {
    return [
      makeError("K2411", placeOf(machine, "private_ip"), `${message}: both would need the same private address`, {
        hint: 'remove `@replace("before")`, or `private_ip`',
      }),
    ];
  }
  const address = follow(context, machine.props.public);
  if (address) {
    return [
      makeError("K2411", placeOf(machine, "public"), `${message}: both would need the address \`${nameOf(address)}\``, {
        hint: 'remove `@replace("before")`, or write `public = true`',
      }),
    ];
  }
  const [disk] = context.referrers(machine.address, "attach");
  if (!disk) return [];
  return [
    makeError("K2411", placeOf(disk, "attach"), `${message}: both would need the disk \`${nameOf(disk)}\``, {
      related: [{ span: machine.span, message: `machine ${own} asks for it here` }],
      hint: 'remove `@replace("before")` from the machine',
    }),
  ];
};
