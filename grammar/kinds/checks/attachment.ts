// A disk is attached where it is: in the zone of its machine.

import type { KindCheck } from "../kind.ts";
import { follow, knownText, makeError, nameOf, placeOf, relatedProp } from "./reading.ts";

export const checkAttachment: KindCheck = (disk, context) => {
  const machine = follow(context, disk.props.attach);
  const subnet = follow(context, machine?.props.subnet);
  const own = knownText(disk.props.zone);
  const zone = knownText(subnet?.props.zone);
  if (!machine || !subnet || own === undefined || zone === undefined || own === zone) return [];
  const message = `disk \`${nameOf(disk)}\` is in zone "${own}", and its machine \`${nameOf(machine)}\` in zone "${zone}"`;
  return [
    makeError("K2501", placeOf(disk, "zone"), message, {
      related: [relatedProp(subnet, "zone", `the zone of subnet \`${nameOf(subnet)}\`, where \`${nameOf(machine)}\` is`)],
      hint: "remove `zone`: the disk is then made where its machine is",
    }),
  ];
};
