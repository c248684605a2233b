// A machine with its firewalls and keys: firewalls of its own network, nothing twice.

import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { PortableResource } from "../../graph/resource-graph.ts";
import type { KindCheck } from "../kind.ts";
import { follow, followAll, makeError, nameOf, networkOfMachine, placeOf, relatedProp } from "./reading.ts";

export const checkMachineNetworks: KindCheck = (machine, context) => {
  const network = networkOfMachine(context, machine);
  if (!network) return [];
  return followAll(context, machine.props.firewall).flatMap((firewall) => {
    const other = follow(context, firewall.props.network);
    if (!other || other.address === network.address) return [];
    const message = `machine \`${nameOf(machine)}\` is in network \`${nameOf(network)}\`, and its firewall \`${nameOf(firewall)}\` in \`${nameOf(other)}\``;
    return [
      makeError("K2403", placeOf(machine, "firewall"), message, {
        related: [
          relatedProp(firewall, "network", `\`${nameOf(firewall)}\` is put into \`${nameOf(other)}\` here`),
          relatedProp(machine, "subnet", `the subnet decides the network of \`${nameOf(machine)}\``),
        ],
        hint: `use a firewall of \`${nameOf(network)}\``,
      }),
    ];
  });
};

export const checkRepetitions: KindCheck = (machine, context) =>
  ["firewall", "key"].flatMap((prop) => findRepetition(machine, prop, followAll(context, machine.props[prop])));

function findRepetition(machine: PortableResource, prop: string, listed: readonly PortableResource[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  for (const one of listed) {
    if (seen.has(one.address)) {
      const message = `machine \`${nameOf(machine)}\` lists ${prop} \`${nameOf(one)}\` twice`;
      return [makeError("K2410", placeOf(machine, prop), message, { hint: "remove one of the two" })];
    }
    seen.add(one.address);
  }
  return [];
}
