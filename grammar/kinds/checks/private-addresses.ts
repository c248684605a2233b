// Private addresses: inside their subnet, and each given once. Which addresses a cloud keeps is the provider's to say.

import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { PortableResource } from "../../graph/resource-graph.ts";
import { containsAddress, formatRange, parseCidr } from "../../net/cidr.ts";
import { parseIpv4 } from "../../net/ipv4.ts";
import { canonicalIpv6 } from "../../net/ipv6.ts";
import type { KindCheck } from "../kind.ts";
import { follow, knownText, makeError, nameOf, placeOf, relatedProp } from "./reading.ts";

export const checkPrivateIp: KindCheck = (machine, context) => {
  const text = knownText(machine.props.private_ip);
  if (text === undefined) return [];
  const place = placeOf(machine, "private_ip");
  if (canonicalIpv6(text)) {
    return [makeError("K2102", place, `\`${text}\` is an IPv6 address, and IPv4 is needed here`, { hint: "use an address of the subnet" })];
  }
  const address = parseIpv4(text);
  const subnet = follow(context, machine.props.subnet);
  const range = parseCidr(knownText(subnet?.props.cidr) ?? "");
  if (address === undefined || !subnet || !range || containsAddress(range, address)) return [];
  return [
    makeError(
      "K2401",
      place,
      `the private address ${text} of machine \`${nameOf(machine)}\` lies outside its subnet \`${nameOf(subnet)}\``,
      {
        related: [relatedProp(subnet, "cidr", `\`${nameOf(subnet)}\` has ${formatRange(range)}`)],
        hint: `use an address of the subnet, such as host(${nameOf(subnet)}.cidr, 10)`,
      },
    ),
  ];
};

/** Runs on the network, so that all its machines are seen together. */
export const checkPrivateAddresses: KindCheck = (network, context) => {
  const taken = new Map<string, PortableResource>();
  const problems: Diagnostic[] = [];
  for (const subnet of context.referrers(network.address, "network")) {
    if (subnet.kind !== "subnet") continue;
    for (const machine of context.referrers(subnet.address, "subnet")) {
      const text = knownText(machine.props.private_ip);
      if (text === undefined || machine.kind !== "machine") continue;
      const other = taken.get(text);
      if (other) problems.push(describeConflict(text, ...inSourceOrder(other, machine)));
      else taken.set(text, machine);
    }
  }
  return problems;
};

function describeConflict(text: string, first: PortableResource, second: PortableResource): Diagnostic {
  const isSamePlace = placeOf(first, "private_ip").start === placeOf(second, "private_ip").start;
  return makeError("K2402", placeOf(second, "private_ip"), `machines \`${nameOf(first)}\` and \`${nameOf(second)}\` both ask for ${text}`, {
    ...(isSamePlace ? {} : { related: [relatedProp(first, "private_ip", `\`${nameOf(first)}\` takes it here`)] }),
    hint: isSamePlace
      ? "compute the address from the instance's position, or leave it to the cloud"
      : "give each machine its own, or leave it to the cloud",
  });
}

function inSourceOrder(a: PortableResource, b: PortableResource): [PortableResource, PortableResource] {
  const left = placeOf(a, "private_ip");
  const right = placeOf(b, "private_ip");
  return left.file === right.file && left.start > right.start ? [b, a] : [a, b];
}
