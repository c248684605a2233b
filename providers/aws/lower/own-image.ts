// What an image of one's own is like: EC2 is told it when the image is registered, and a machine that boots from it has to agree. Pure.

import type { PortableResource, ResourceGraph } from "../../../grammar/graph/resource-graph.ts";
import { originOfImage } from "../../../grammar/kinds/image-origin.ts";
import { findImage } from "../catalog/images.ts";

export interface OwnImage {
  readonly rootDevice: string;
  readonly arch: string;
  /** Undefined where nothing tells who logs in. */
  readonly user?: string;
}

/** From the refinement, else from the machine whose root disk the image came from, else as most images are. */
export function shapeOfImage(image: PortableResource, graph: ResourceGraph): OwnImage {
  const { root_device: rootDevice, arch } = image.refinement;
  const origin = originOfImage(graph, image);
  const first = origin?.machine.refinement;
  const catalogued = origin?.written === undefined ? undefined : findImage(origin.written);
  const user = first?.ssh_user ?? catalogued?.user;
  return {
    rootDevice: String(rootDevice ?? first?.root_device ?? catalogued?.rootDevice ?? "/dev/sda1"),
    arch: String(arch ?? origin?.arch ?? "x86_64"),
    ...(user === undefined ? {} : { user: String(user) }),
  };
}
