// Instance types as sizes to choose from: which come into question for a shape, and in what order. Pure.

import type { Shape, SizeCatalog } from "../../lowering/sizes.ts";
import { pricesDate } from "./instance-types.generated.ts";
import { findInstanceType, type InstanceType, instanceTypes, isOffered, isOfferedEverywhere } from "./instance-types.ts";

/**
 * Series made for general work: burstable, compute, balanced and memory. Accelerators, storage servers, HPC and Macs are cheap per GiB at times, and never
 * what a portable shape means; they can be named in `on aws { instance_type = … }`.
 */
const generalSeries = new Set(["t", "c", "m", "r", "x", "u"]);

export const instanceSizes: SizeCatalog<InstanceType> = {
  cloud: "EC2",
  noun: "instance type",
  provider: "aws",
  prop: "instance_type",
  find: findInstanceType,
  candidates: findCandidates,
  isOffered,
  describePrice: ({ price }) => `$${price} an hour in us-east-1, ${pricesDate}`,
  similar: similarTypes,
};

/** Current types that every zone of the region offers, cheapest first. */
function* findCandidates(shape: Shape, region: string): Iterable<InstanceType> {
  for (const type of instanceTypes().values()) {
    if (isCandidate(type, shape) && isOfferedEverywhere(type, region)) yield type;
  }
}

/** Names to suggest for one that the catalog does not have: the same family, or the same size in families that begin alike. */
function similarTypes(name: string): readonly string[] {
  const family = name.split(".", 1)[0] ?? "";
  return [...instanceTypes().keys()].filter(
    (known) => known.startsWith(`${family}.`) || (family.length > 1 && known.startsWith(family.slice(0, 2))),
  );
}

function isCandidate(type: InstanceType, shape: Shape): boolean {
  return (
    type.price !== undefined &&
    type.current &&
    !type.bareMetal &&
    !type.localDisk &&
    !type.mac &&
    type.arch === shape.arch &&
    (shape.burst || !type.burst) &&
    generalSeries.has(/^[a-z]+/.exec(type.family)?.[0] ?? "")
  );
}
