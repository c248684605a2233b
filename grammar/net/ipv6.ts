// IPv6 text, judged and compared by ipaddr.js. Networks are IPv4 only; this serves messages and the range functions.

import ipaddr from "ipaddr.js";

/** Canonical text of an IPv6 address, or undefined when it is none. */
export function canonicalIpv6(text: string): string | undefined {
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text).toRFC5952String() : undefined;
}

/** Canonical text of an IPv6 range, or undefined when it is none. Host bits are kept. */
export function canonicalIpv6Cidr(text: string): string | undefined {
  const range = parseIpv6Cidr(text);
  return range ? `${range.address.toRFC5952String()}/${range.prefix}` : undefined;
}

/** Whether the IPv6 range `outer` contains the IPv6 address or range `inner`; undefined when either is not IPv6. */
export function containsIpv6(outer: string, inner: string): boolean | undefined {
  const range = parseIpv6Cidr(outer);
  const part = parseIpv6Cidr(inner.includes("/") ? inner : `${inner}/128`);
  if (!range || !part) return undefined;
  return part.prefix >= range.prefix && part.address.match(range.address, range.prefix);
}

interface Ipv6Range {
  readonly address: InstanceType<typeof ipaddr.IPv6>;
  readonly prefix: number;
}

function parseIpv6Cidr(text: string): Ipv6Range | undefined {
  if (!ipaddr.IPv6.isValidCIDR(text)) return undefined;
  const [address, prefix] = ipaddr.IPv6.parseCIDR(text);
  return { address, prefix };
}
