// Subnets of one network may share no address. Runs once per network: one sort and one sweep over its subnets.

import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { PortableResource } from "../../graph/resource-graph.ts";
import {
  type Cidr,
  containsCidr,
  findFreeRange,
  findOverlaps,
  formatCidr,
  formatRange,
  hasHostBits,
  type Placed,
  parseCidr,
} from "../../net/cidr.ts";
import type { Span } from "../../source/span.ts";
import type { KindCheck } from "../kind.ts";
import { knownText, makeError, nameOf, placeOf } from "./reading.ts";

export const checkSubnetOverlaps: KindCheck = (network, context) => {
  const outer = parseCidr(knownText(network.props.cidr) ?? "");
  if (!outer) return [];
  const placed: Placed<PortableResource>[] = [];
  for (const subnet of context.referrers(network.address, "network")) {
    const cidr = subnet.kind === "subnet" ? parseCidr(knownText(subnet.props.cidr) ?? "") : undefined;
    // Ranges that are wrong in themselves are reported by themselves.
    if (cidr && !hasHostBits(cidr) && containsCidr(outer, cidr)) placed.push({ cidr, item: subnet });
  }
  const suggestFree = makeSuggestion(
    network,
    outer,
    placed.map((one) => one.cidr),
  );
  const seen = new Set<string>();
  const problems: Diagnostic[] = [];
  for (const { first, second } of findOverlaps(placed)) {
    const [earlier, later] = isAfter(first.item, second.item) ? [second, first] : [first, second];
    // One declaration with many instances makes the mistake once.
    const pair = `${describeSpan(placeOf(earlier.item, "cidr"))} ${describeSpan(placeOf(later.item, "cidr"))}`;
    if (seen.has(pair)) continue;
    seen.add(pair);
    problems.push(describeOverlap(earlier, later, suggestFree(later.cidr)));
  }
  return problems;
};

function describeOverlap(earlier: Placed<PortableResource>, later: Placed<PortableResource>, hint: string): Diagnostic {
  const message = `subnets \`${nameOf(earlier.item)}\` and \`${nameOf(later.item)}\` overlap`;
  return makeError("K2107", placeOf(later.item, "cidr"), message, {
    label: formatRange(later.cidr),
    related: [{ span: placeOf(earlier.item, "cidr"), message: `${formatRange(earlier.cidr)}, of \`${nameOf(earlier.item)}\`` }],
    hint,
  });
}

/** Suggests by prefix and remembers: finding a free range reads all subnets, and there may be as many overlaps. */
function makeSuggestion(network: PortableResource, outer: Cidr, taken: readonly Cidr[]): (wanted: Cidr) => string {
  const known = new Map<number, string>();
  return ({ prefix }) => {
    const remembered = known.get(prefix);
    if (remembered !== undefined) return remembered;
    const free = findFreeRange(outer, taken, prefix);
    const hint = free
      ? `the next free range of this size in \`${nameOf(network)}\` is ${formatCidr(free)}`
      : `\`${nameOf(network)}\` has no free range of this size left: make a subnet smaller, or the network larger`;
    known.set(prefix, hint);
    return hint;
  };
}

/** Whether `a` stands after `b` in the source; instances of one declaration count in the order of their ranges. */
function isAfter(a: PortableResource, b: PortableResource): boolean {
  const left = placeOf(a, "cidr");
  const right = placeOf(b, "cidr");
  return left.file === right.file ? left.start > right.start : left.file > right.file;
}

function describeSpan(span: Span): string {
  return `${span.start}-${span.end} ${span.file}`;
}
