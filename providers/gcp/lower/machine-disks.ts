// The disks that live and die with a machine: made in the insert call, the root always named. How many a machine takes in all. Pure.

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext, NativeObjectHandle } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { blockDiskOutputs } from "../../lowering/block-disks.ts";
import { problem } from "../../lowering/problems.ts";
import type { MachineType } from "../catalog/machine-types.ts";
import { checkEncrypted, chooseDiskType, guestPath, readSize } from "./disk-types.ts";
import type { MachineImage } from "./machine-image.ts";
import { deviceName } from "./names.ts";

/** With the root. https://cloud.google.com/compute/docs/disks/persistent-disks#pdnumberlimits */
const mostDisks = 128;
const mostOfSharedCore = 16;

export interface MachineDisks {
  readonly wanted: readonly NativeMap[];
  readonly diagnostics: readonly Diagnostic[];
}

export function lowerBlocks(
  resource: PortableResource,
  image: MachineImage,
  type: MachineType | undefined,
  context: LoweringContext,
): MachineDisks {
  const blocks = resource.blocks.disk ?? {};
  const labels = Object.keys(blocks).filter((label) => label !== "root");
  const diagnostics: Diagnostic[] = [...checkCount(resource, 1 + labels.length, type, context)];
  const wanted = ["root", ...labels.toSorted()].map((label): NativeMap => {
    const props = blocks[label]?.props ?? {};
    const root = label === "root";
    const what = `the disk \`${label}\` of \`${resource.address}\``;
    const place = (prop: string) => resource.places[`disk.${label}.${prop}`] ?? context.place(`disk.${label}`);
    const chosen = chooseDiskType(props.type, type, what, place("type"));
    const size = readSize(props, chosen.type, place("size"), what, root ? image.rootGib : 0);
    diagnostics.push(...chosen.diagnostics, ...size.diagnostics, ...checkEncrypted(props, what, place("encrypted")));
    return {
      deviceName: deviceName(label),
      ...(root ? { boot: true, sourceImage: image.source } : {}),
      ...(size.gib === undefined ? {} : { sizeGb: size.gib }),
      type: chosen.type,
    };
  });
  return { wanted, diagnostics };
}

/** Ids and paths of the machine's own disks. */
export function diskOutputs(
  resource: PortableResource,
  instance: NativeObjectHandle,
  context: LoweringContext,
): Readonly<Record<string, NativeValue>> {
  return blockDiskOutputs(resource, { ids: instance.ref("disks"), keyOf: deviceName, pathOf: (_, device) => guestPath(device) }, context);
}

function checkCount(
  resource: PortableResource,
  own: number,
  type: MachineType | undefined,
  context: LoweringContext,
): readonly Diagnostic[] {
  const count = own + context.referrers(resource.address, "attach").filter((disk) => disk.kind === "disk").length;
  const most = type?.burst ? mostOfSharedCore : mostDisks;
  if (count <= most) return [];
  const message = `\`${resource.address}\` has ${count} disks, the root included; a machine of the type ${type?.name ?? "chosen"} takes ${most}`;
  return [problem("K3034", resource.span, message, { hint: "make fewer and larger disks, or attach some to another machine" })];
}
