// The disks that live and die with a machine: volumes of the launch call, and how their ids and paths are read afterwards. Pure.

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext, NativeObjectHandle } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableBlock, PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { blockDiskOutputs } from "../../lowering/block-disks.ts";
import { problem } from "../../lowering/problems.ts";
import { assignDevices, blockDevices, guestPath } from "./devices.ts";
import type { InstanceSize } from "./instance-size.ts";
import type { MachineImage } from "./machine-image.ts";
import { readSize, volumeType } from "./volumes.ts";

export interface MachineDisks {
  readonly wanted: readonly NativeMap[];
  /** Device name by label; the root's too. */
  readonly devices: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The root is always named, because its encryption is Koine's to decide. */
export function lowerBlocks(resource: PortableResource, image: MachineImage, context: LoweringContext): MachineDisks {
  const blocks = resource.blocks.disk ?? {};
  const labels = Object.keys(blocks).filter((label) => label !== "root");
  const assigned = assignDevices(labels, blockDevices);
  const devices = new Map([["root", image.rootDevice], ...assigned]);
  const diagnostics: Diagnostic[] = [];
  if (labels.length > blockDevices.length) {
    const place = context.place(`disk.${labels[blockDevices.length]}`);
    diagnostics.push(
      problem(
        "K3034",
        place,
        `\`${resource.address}\` has ${labels.length} disks besides the root, EC2 has device names for ${blockDevices.length}`,
        {
          hint: "make the others with the kind `disk`",
        },
      ),
    );
  }
  const wanted = ["root", ...labels.toSorted()].flatMap((label): NativeMap[] => {
    const DeviceName = devices.get(label);
    if (DeviceName === undefined) return [];
    return [{ DeviceName, ...lowerBlock(label, blocks[label], image) }];
  });
  return { wanted, devices, diagnostics };

  function lowerBlock(label: string, block: PortableBlock | undefined, { rootGib }: MachineImage): NativeMap {
    const root = label === "root";
    const VolumeType = volumeType(block?.props.type, root);
    const place = context.place(`disk.${label}.size`);
    const size = readSize(block?.props ?? {}, VolumeType, place, `the disk \`${label}\` of \`${resource.address}\``, root ? rootGib : 0);
    diagnostics.push(...size.diagnostics);
    return {
      ...(size.gib === undefined ? {} : { VolumeSize: size.gib }),
      VolumeType,
      Encrypted: block?.props.encrypted !== false,
      DeleteOnTermination: true,
    };
  }
}

/** Ids and paths of the machine's own disks. */
export function diskOutputs(
  resource: PortableResource,
  devices: ReadonlyMap<string, string>,
  size: InstanceSize,
  instance: NativeObjectHandle,
  context: LoweringContext,
): Readonly<Record<string, NativeValue>> {
  return blockDiskOutputs(
    resource,
    {
      ids: instance.ref("Disks"),
      keyOf: (label) => devices.get(label),
      pathOf: (label, device) => guestPath(size.diskInterface, device, { address: resource.address, path: ["disk", label, "id"] }),
    },
    context,
  );
}
