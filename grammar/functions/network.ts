// Functions that divide and compare address ranges. Division is IPv4; containment and overlap know IPv6 as well.

import { makeAddress } from "../graph/make-value.ts";
import { type AddressValue, tagOf, type Value } from "../graph/value.ts";
import { type Cidr, formatCidr, hasHostBits, hostOf, makeCidr, netmaskOf, overlaps, parseCidr, subnetOf } from "../net/cidr.ts";
import { formatIpv4, parseIpv4 } from "../net/ipv4.ts";
import { canonicalIpv6, canonicalIpv6Cidr, containsIpv6 } from "../net/ipv6.ts";
import { bool, cidr, int, ip, string } from "../types/type.ts";
import { anInt, type Guard, give, withArguments } from "./arguments.ts";
import type { FunctionMistake, FunctionSchema } from "./function.ts";
import { isMistake } from "./value-text.ts";

/** Ranges come tagged, or as the strings they were typed from. */
const aRange: Guard<AddressValue | string> = {
  expected: "a cidr",
  accepts: (value): value is AddressValue | string => typeof value === "string" || tagOf(value) === "cidr",
};
const anAddressOrRange: Guard<AddressValue | string> = {
  expected: "an ip or a cidr",
  accepts: (value): value is AddressValue | string => typeof value === "string" || tagOf(value) === "ip" || tagOf(value) === "cidr",
};

const subnet: FunctionSchema = {
  name: "subnet",
  family: "network",
  doc: "Part number `index`, counted from 0, of the range cut into 2^`bits` equal parts: the prefix grows by `bits`.",
  example: ["subnet(10.20.0.0/16, 8, 2)", '"10.20.2.0/24"'],
  parameters: [
    { name: "range", type: cidr },
    { name: "bits", type: int },
    { name: "index", type: int },
  ],
  result: cidr,
  run: withArguments([aRange, anInt, anInt], ([written, bits, index]) => {
    const range = readRange(written);
    if (isMistake(range)) return range;
    if (bits < 0) return { mistake: "a subnet cannot be larger than its range", hint: "use 0 or more bits", argument: 1 };
    if (range.prefix + bits > 32) {
      return {
        mistake: `\`${formatCidr(range)}\` has ${32 - range.prefix} bits to divide, not ${bits}`,
        hint: `use at most ${32 - range.prefix}`,
        argument: 1,
      };
    }
    const part = subnetOf(range, bits, index);
    if (part) return give(rangeValue(part));
    return {
      mistake: `\`${formatCidr(range)}\` has ${2 ** bits} parts of ${bits} bits, and no number ${index}`,
      hint: bits === 0 ? "use 0" : `use 0 to ${2 ** bits - 1}, or more bits`,
      argument: 2,
    };
  }),
};

const host: FunctionSchema = {
  name: "host",
  family: "network",
  doc: "Address number `index` of the range, counted from 0; a negative one counts from the end, -1 being the last address. Clouds keep some of the first and last for themselves.",
  example: ["host(10.20.2.0/24, 10)", '"10.20.2.10"'],
  parameters: [
    { name: "range", type: cidr },
    { name: "index", type: int },
  ],
  result: ip,
  run: withArguments([aRange, anInt], ([written, index]) => {
    const range = readRange(written);
    if (isMistake(range)) return range;
    const address = hostOf(range, index);
    if (address !== undefined) return give(makeAddress("ip", formatIpv4(address)));
    const count = range.end - range.start + 1;
    return {
      mistake: `\`${formatCidr(range)}\` has ${count} addresses, and no number ${index}`,
      hint: `use ${-count} to ${count - 1}`,
      argument: 1,
    };
  }),
};

const netmask: FunctionSchema = {
  name: "netmask",
  family: "network",
  doc: "The range's prefix as a dotted mask, for tools that do not read `/16`.",
  example: ["netmask(10.20.0.0/16)", '"255.255.0.0"'],
  parameters: [{ name: "range", type: cidr }],
  result: string,
  run: withArguments([aRange], ([written]) => {
    const range = readRange(written);
    return isMistake(range) ? range : give(netmaskOf(range));
  }),
};

const cidrContains: FunctionSchema = {
  name: "cidr_contains",
  family: "network",
  doc: "Whether the whole address or range lies inside the range. An IPv4 range contains nothing of IPv6, nor the other way.",
  example: ["cidr_contains(10.20.0.0/16, 10.20.7.1)", "true"],
  parameters: [
    { name: "range", type: cidr },
    { name: "part", type: ip, or: [cidr] },
  ],
  result: bool,
  run: withArguments([aRange, anAddressOrRange], ([written, part]) => {
    const outer = textOf(written);
    const inner = textOf(part);
    const ipv6 = containsIpv6(outer, inner);
    if (ipv6 !== undefined) return give(ipv6);
    const range = parseCidr(outer);
    if (!range && !canonicalIpv6Cidr(outer)) return notARange(outer, 0);
    const innerRange = parseIpv4OrRange(inner);
    if (!innerRange && !canonicalIpv6(inner) && !canonicalIpv6Cidr(inner)) return notARange(inner, 1);
    return give(range !== undefined && innerRange !== undefined && range.start <= innerRange.start && innerRange.end <= range.end);
  }),
};

const cidrOverlaps: FunctionSchema = {
  name: "cidr_overlaps",
  family: "network",
  doc: "Whether two ranges share an address. A range of IPv4 and one of IPv6 never do.",
  example: ["cidr_overlaps(10.0.0.0/16, 10.0.255.0/24)", "true"],
  parameters: [
    { name: "a", type: cidr },
    { name: "b", type: cidr },
  ],
  result: bool,
  run: withArguments([aRange, aRange], ([first, second]) => {
    const a = textOf(first);
    const b = textOf(second);
    const one = parseCidr(a);
    const other = parseCidr(b);
    if (!one && !canonicalIpv6Cidr(a)) return notARange(a, 0);
    if (!other && !canonicalIpv6Cidr(b)) return notARange(b, 1);
    if (one && other) return give(overlaps(one, other));
    // Ranges nest or are disjoint, so they overlap exactly when one contains the other.
    return give((containsIpv6(a, b) ?? false) || (containsIpv6(b, a) ?? false));
  }),
};

export const networkFunctions: readonly FunctionSchema[] = [subnet, host, netmask, cidrContains, cidrOverlaps];

function textOf(value: AddressValue | string): string {
  return typeof value === "string" ? value : value.text;
}

function rangeValue(range: Cidr): Value {
  return makeAddress("cidr", formatCidr(range));
}

/** The range of the first argument, which division needs to be IPv4 and without host bits. */
function readRange(written: AddressValue | string): Cidr | FunctionMistake {
  const text = textOf(written);
  const range = parseCidr(text);
  if (!range) {
    return canonicalIpv6Cidr(text)
      ? {
          mistake: `\`${text}\` is an IPv6 range, and only IPv4 ranges can be divided`,
          hint: "use an IPv4 range such as 10.0.0.0/16",
          argument: 0,
        }
      : notARange(text, 0);
  }
  if (!hasHostBits(range)) return range;
  return { mistake: `\`${text}\` has bits set beyond its prefix`, hint: `use ${formatCidr(range)}`, argument: 0 };
}

function parseIpv4OrRange(text: string): Cidr | undefined {
  const address = parseIpv4(text);
  return address === undefined ? parseCidr(text) : makeCidr(address, 32);
}

function notARange(text: string, argument: number): FunctionMistake {
  return { mistake: `\`${text}\` is no address range`, hint: "write it like 10.0.0.0/16", argument };
}
