// The disks that live and die with a machine: its OS disk and the empty data disks of the creating call, and how their ids are read afterwards. Pure.

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext, NativeObjectHandle } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { blockDiskOutputs } from "../../lowering/block-disks.ts";
import { checkEncryption } from "../../lowering/encryption.ts";
import { problem } from "../../lowering/problems.ts";
import { readSize, skuOf } from "./disk-types.ts";
import { guestPath, mostLuns, ownLuns, rootPath } from "./luns.ts";
import type { MachineImage } from "./machine-image.ts";
import type { LoweredSize } from "./machine-size.ts";
import { diskLabel } from "./names.ts";

export interface MachineDisks {
  readonly osDisk: NativeMap;
  readonly data: readonly NativeMap[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The key of the OS disk among the machine's disk ids, which otherwise stand by their LUN. */
const osDiskKey = "os";

export function lowerBlocks(resource: PortableResource, image: MachineImage, context: LoweringContext): MachineDisks {
  const blocks = resource.blocks.disk ?? {};
  const luns = ownLuns(resource);
  const diagnostics: Diagnostic[] = [];
  const read = (label: string): { readonly storageAccountType: string; readonly diskSizeGB?: number } => {
    const props = blocks[label]?.props ?? {};
    const root = label === "root";
    const storageAccountType = skuOf(props.type);
    const what = `the disk \`${label}\` of \`${resource.address}\``;
    const size = readSize(props, storageAccountType, root, context.place(`disk.${label}.size`), what, root ? image.rootGib : 0);
    diagnostics.push(...size.diagnostics, ...checkEncryption(props, what, "Azure", context.place(`disk.${label}.encrypted`)));
    return { storageAccountType, ...(size.gib === undefined ? {} : { diskSizeGB: size.gib }) };
  };
  const osDisk = read("root");
  const labels = Object.keys(blocks).filter((label) => label !== "root");
  const data = labels.toSorted().flatMap((label): NativeMap[] => {
    const lun = luns.get(label);
    const disk = read(label);
    return lun === undefined ? [] : [{ lun, name: diskLabel(label), ...disk }];
  });
  if (labels.length > mostLuns) {
    const place = context.place(`disk.${labels[mostLuns]}`);
    const message = `\`${resource.address}\` has ${labels.length} disks besides the root, Koine keeps ${mostLuns} of Azure's 64 numbers for those`;
    diagnostics.push(problem("K3034", place, message, { hint: "make the others with the kind `disk`" }));
  }
  return { osDisk, data, diagnostics };
}

export function diskOutputs(
  resource: PortableResource,
  size: LoweredSize,
  machine: NativeObjectHandle,
  context: LoweringContext,
): Readonly<Record<string, NativeValue>> {
  const luns = ownLuns(resource);
  return blockDiskOutputs(
    resource,
    {
      ids: machine.ref("disks"),
      keyOf: (label) => (label === "root" ? osDiskKey : luns.get(label)?.toString()),
      pathOf: (label, key) => (label === "root" ? rootPath(size.diskInterface) : guestPath(size.diskInterface, Number(key))),
    },
    context,
  );
}
