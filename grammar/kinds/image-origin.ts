// Where snapshots and images come from, followed back through the graph: what the checks judge, and what lowerings have to tell a cloud
// that knows nothing of the machine behind an image. Pure; guesses nothing.

import type { PortableResource, ResourceGraph } from "../graph/resource-graph.ts";
import { isBlockRef, isRef, type PropMap, type PropValue } from "../graph/value.ts";

/** The disk that a snapshot is of. */
export type SnapshotSource =
  | { readonly kind: "disk"; readonly disk: PortableResource; readonly props: PropMap }
  | { readonly kind: "block"; readonly machine: PortableResource; readonly label: string; readonly props: PropMap };

export interface ImageOrigin {
  /** The machine whose root disk the image came from, through any number of disks made from snapshots. */
  readonly machine: PortableResource;
  readonly arch: string;
  /** What that machine was made from, through images of this stack: an alias, or a cloud's own id. */
  readonly written?: string;
}

/** Undefined where what it refers to is not in the graph. */
export function sourceOfSnapshot(graph: ResourceGraph, snapshot: PortableResource): SnapshotSource | undefined {
  const { disk: source } = snapshot.props;
  if (isBlockRef(source)) {
    const machine = graph.resources.get(source.address);
    const block = machine?.blocks[source.block]?.[source.label];
    return machine && block && { kind: "block", machine, label: source.label, props: block.props };
  }
  const disk = find(graph, source);
  return disk && { kind: "disk", disk, props: disk.props };
}

/** Undefined where no root disk of a machine stands behind the image: what it holds is then the author's to know. */
export function originOfImage(graph: ResourceGraph, image: PortableResource): ImageOrigin | undefined {
  const machine = machineBehind(graph, image);
  if (!machine) return undefined;
  const { arch } = machine.props;
  const written = writtenImage(graph, machine);
  return { machine, arch: typeof arch === "string" ? arch : "x86_64", ...(written === undefined ? {} : { written }) };
}

function machineBehind(graph: ResourceGraph, image: PortableResource): PortableResource | undefined {
  const seen = new Set<PortableResource>();
  let snapshot = find(graph, image.props.from);
  // Portable references may run in a circle; that is reported on the native objects.
  while (snapshot && !seen.has(snapshot)) {
    seen.add(snapshot);
    const source = sourceOfSnapshot(graph, snapshot);
    if (source?.kind === "block") return source.label === "root" ? source.machine : undefined;
    snapshot = find(graph, source?.disk.props.snapshot);
  }
  return undefined;
}

function writtenImage(graph: ResourceGraph, first: PortableResource): string | undefined {
  const seen = new Set<PortableResource>();
  for (let machine: PortableResource | undefined = first; machine && !seen.has(machine); ) {
    seen.add(machine);
    const { image } = machine.props;
    if (typeof image === "string") return image;
    const own = find(graph, image);
    machine = own && machineBehind(graph, own);
  }
  return undefined;
}

function find(graph: ResourceGraph, value: PropValue | undefined): PortableResource | undefined {
  return isRef(value) ? graph.resources.get(value.address) : undefined;
}
