// Disk blocks of a machine: all but the root need a size.

import type { KindCheck } from "../kind.ts";
import { makeError, nameOf, placeOf } from "./reading.ts";

export const checkMachineDisks: KindCheck = (machine) =>
  Object.entries(machine.blocks.disk ?? {}).flatMap(([label, block]) => {
    if (label === "root" || block.props.size !== undefined) return [];
    return [
      makeError(
        "K2409",
        machine.places[`disk.${label}`] ?? block.span ?? placeOf(machine, "disk"),
        `disk \`${label}\` of machine \`${nameOf(machine)}\` has no size`,
        {
          hint: "add for example `size = 100GiB`",
        },
      ),
    ];
  });
