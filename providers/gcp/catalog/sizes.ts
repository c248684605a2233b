// Machine types as sizes to choose from: which come into question for a shape, and in what order. Pure.

import type { Shape, SizeCatalog } from "../../lowering/sizes.ts";
import { pricesDate } from "./machine-types.generated.ts";
import { findMachineType, isOffered, isOfferedEverywhere, type MachineType, machineTypes } from "./machine-types.ts";

export const machineSizes: SizeCatalog<MachineType> = {
  cloud: "Compute Engine",
  noun: "machine type",
  provider: "gcp",
  prop: "machine_type",
  find: findMachineType,
  candidates: findCandidates,
  isOffered,
  describePrice: ({ price }) => `$${price} an hour in us-central1, ${pricesDate}`,
  similar: similarTypes,
};

/** Current types that every zone of the region offers, cheapest first. */
function* findCandidates(shape: Shape, region: string): Iterable<MachineType> {
  for (const type of machineTypes().values()) {
    if (isCandidate(type, shape) && isOfferedEverywhere(type, region)) yield type;
  }
}

function isCandidate(type: MachineType, shape: Shape): boolean {
  return (
    type.price !== undefined &&
    type.current &&
    type.general &&
    !type.bareMetal &&
    !type.localDisk &&
    type.arch === shape.arch &&
    (shape.burst || !type.burst)
  );
}

/** Names to suggest for one that the catalog does not have: of the same series, or of one that begins alike. */
function similarTypes(name: string): readonly string[] {
  return [...machineTypes().keys()].filter((known) => known.slice(0, 2) === name.slice(0, 2));
}
