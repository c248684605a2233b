// Whether a machine starts with secure boot and a virtual TPM: wherever image and size allow it, unless an image is made of the machine, because Azure makes no
// managed image of such a disk. Pure. https://learn.microsoft.com/azure/virtual-machines/trusted-launch

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource, ResourceGraph } from "../../../grammar/graph/resource-graph.ts";
import { originOfImage } from "../../../grammar/kinds/image-origin.ts";
import { problem } from "../../lowering/problems.ts";
import type { VmSize } from "../catalog/vm-sizes.ts";
import type { MachineImage } from "./machine-image.ts";

export interface LoweredSecurity {
  readonly type?: "TrustedLaunch";
  readonly diagnostics: readonly Diagnostic[];
}

export function lowerSecurity(
  resource: PortableResource,
  image: Pick<MachineImage, "trustedLaunch">,
  size: VmSize | undefined,
  context: LoweringContext,
): LoweredSecurity {
  const { trusted_launch: wanted } = resource.refinement;
  const made = imagesOf(context.graph).get(resource);
  const obstacle =
    made !== undefined
      ? `\`${made}\` is made of it`
      : image.trustedLaunch === "no"
        ? "a managed image does not start so"
        : size?.trustedLaunch === false
          ? `\`${size.name}\` does not start so`
          : undefined;
  if (wanted === true && obstacle !== undefined) {
    const message = `\`${resource.address}\` cannot have trusted launch: ${obstacle}`;
    return { diagnostics: [problem("K3079", context.place("on.azure.trusted_launch"), message, { hint: "drop `trusted_launch`" })] };
  }
  const has = wanted === true || (wanted !== false && obstacle === undefined && image.trustedLaunch === "yes" && size !== undefined);
  return { ...(has ? { type: "TrustedLaunch" } : {}), diagnostics: [] };
}

const images = new WeakMap<ResourceGraph, ReadonlyMap<PortableResource, string>>();

/** An image made of each machine, by its address. */
function imagesOf(graph: ResourceGraph): ReadonlyMap<PortableResource, string> {
  let made = images.get(graph);
  if (!made) {
    const found = new Map<PortableResource, string>();
    for (const resource of graph.resources.values()) {
      const origin = resource.kind === "image" ? originOfImage(graph, resource) : undefined;
      if (origin && !found.has(origin.machine)) found.set(origin.machine, resource.address);
    }
    made = found;
    images.set(graph, made);
  }
  return made;
}
