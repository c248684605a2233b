// What EC2 asks of the ranges of networks and subnets, and of addresses inside them. Pure.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { countAddresses, parseCidr } from "../../../grammar/net/cidr.ts";
import { formatIpv4, parseIpv4 } from "../../../grammar/net/ipv4.ts";
import { problem } from "./lowering-problems.ts";

const largest = 16;
const smallest = 28;

/** A VPC and each subnet is /16 to /28. */
export function checkRange(resource: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  const { cidr } = resource.props;
  const parsed = typeof cidr === "string" ? parseCidr(cidr) : undefined;
  if (!parsed || (parsed.prefix >= largest && parsed.prefix <= smallest)) return [];
  const [what, limit] = parsed.prefix < largest ? ["larger", largest] : ["smaller", smallest];
  return [
    problem(
      "K3015",
      context.place("cidr"),
      `\`${resource.address}\` is ${what} than AWS allows: /${largest} to /${smallest}, not /${parsed.prefix}`,
      {
        hint: `write ${formatIpv4(parsed.start)}/${limit}, or divide it differently`,
      },
    ),
  ];
}

/** The first four addresses of a subnet and its last are taken by AWS: network, router, resolver, reserve, broadcast. */
export function checkPrivateIp(machine: PortableResource, subnet: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  const { private_ip: address } = machine.props;
  const { cidr } = subnet.props;
  if (typeof address !== "string" || typeof cidr !== "string") return [];
  const range = parseCidr(cidr);
  const at = parseIpv4(address);
  if (!range || at === undefined) return [];
  const offset = at - range.start;
  const count = countAddresses(range.prefix);
  if (offset < 0 || offset >= count || (offset >= 4 && offset < count - 1)) return [];
  return [
    problem("K3016", context.place("private_ip"), `${address} is reserved by AWS in \`${subnet.address}\` (${cidr})`, {
      hint: `free are ${formatIpv4(range.start + 4)} to ${formatIpv4(range.end - 1)}`,
      related: [{ span: subnet.places.cidr ?? subnet.span, message: "AWS keeps the first four addresses and the last" }],
    }),
  ];
}
