// Which VM size a machine gets: the author's, the pinned one, or the cheapest that fits and that its image, its disks and its price model go with. Pure.

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { lowerMachineSize } from "../../lowering/machine-size.ts";
import { problem, warning } from "../../lowering/problems.ts";
import { scsiSizes, virtualMachineSizes } from "../catalog/sizes.ts";
import { isBeyondCatalog, type VmSize } from "../catalog/vm-sizes.ts";
import { isPremium, skuOf } from "./disk-types.ts";
import type { MachineImage } from "./machine-image.ts";

export interface LoweredSize {
  /** Empty with a diagnostic when there is none. */
  readonly name: string;
  /** What the catalog knows of it. */
  readonly size?: VmSize;
  readonly diskInterface: "nvme" | "scsi";
  readonly diagnostics: readonly Diagnostic[];
}

export function lowerSize(resource: PortableResource, image: Pick<MachineImage, "nvme">, context: LoweringContext): LoweredSize {
  const named = resource.refinement.vm_size;
  if (typeof named === "string" && isBeyondCatalog(named)) {
    const unsure = warning("K3024", context.place("on.azure.vm_size"), `\`${named}\` is not in the catalog, and is taken as it is`, {
      hint: "leave `vm_size` out to have one picked by `cpu` and `memory`",
    });
    return { name: named, diskInterface: guessInterface(named), diagnostics: [unsure] };
  }
  // Spot machines of the B family are not sold: https://learn.microsoft.com/azure/virtual-machines/spot-vms#limitations
  const asked = resource.props.spot === true ? { ...resource, props: { ...resource.props, burst: false } } : resource;
  const lowered = lowerMachineSize(asked, image.nvme === "yes" ? virtualMachineSizes : scsiSizes, context);
  const { name, size } = lowered;
  return {
    name,
    ...(size ? { size } : {}),
    diskInterface: size?.diskInterface ?? guessInterface(name),
    diagnostics: [...lowered.diagnostics, ...(size && typeof named === "string" ? judgeNamed(size, resource, image, context) : [])],
  };
}

/** From v6 on disks are NVMe alone. https://learn.microsoft.com/azure/virtual-machines/enable-nvme-remote-faqs */
function guessInterface(name: string): "nvme" | "scsi" {
  return Number(/_v(\d+)$/.exec(name)?.[1] ?? 0) >= 6 ? "nvme" : "scsi";
}

/** What does not go together with a size that the author names. */
function judgeNamed(
  size: VmSize,
  resource: PortableResource,
  image: Pick<MachineImage, "nvme">,
  context: LoweringContext,
): readonly Diagnostic[] {
  const place = context.place("on.azure.vm_size");
  const own = `\`${resource.address}\``;
  const diagnostics: Diagnostic[] = [];
  const premium = premiumDisk(resource, context);
  if (!size.premium && premium !== undefined) {
    diagnostics.push(
      problem("K3074", place, `\`${size.name}\` takes no ssd disks, and ${premium} is one`, {
        hint: 'name a size with an `s` among its letters, or write type = "hdd"',
      }),
    );
  }
  if (!size.uefi) {
    diagnostics.push(
      problem("K3075", place, `\`${size.name}\` starts images of generation 1 alone, and the images that Koine knows are of generation 2`, {
        hint: "name a current size, or leave `vm_size` out",
      }),
    );
  } else if (size.diskInterface === "nvme" && image.nvme === "no") {
    diagnostics.push(
      problem(
        "K3075",
        place,
        `\`${size.name}\` has NVMe disks alone, and the image of ${own} is a managed image, which cannot start from them`,
        {
          hint: "name a size of v5 or of the B family, or leave `vm_size` out",
        },
      ),
    );
  }
  if (size.burst && resource.props.spot === true) {
    diagnostics.push(
      problem("K3080", place, `\`${size.name}\` is burstable, and Azure has no spare capacity of those for ${own}`, {
        hint: "name a size of the D, E or F family, or drop `spot`",
      }),
    );
  }
  return diagnostics;
}

/** A disk of the machine that is on ssd, as in messages. The root is, unless it says otherwise. */
function premiumDisk(resource: PortableResource, context: LoweringContext): string | undefined {
  const blocks = resource.blocks.disk ?? {};
  for (const label of new Set(["root", ...Object.keys(blocks)])) {
    if (isPremium(skuOf(blocks[label]?.props.type))) return `the disk \`${label}\``;
  }
  for (const disk of context.referrers(resource.address, "attach")) {
    if (isPremium(String(disk.refinement.sku ?? skuOf(disk.props.type)))) return `\`${disk.address}\``;
  }
  return undefined;
}
