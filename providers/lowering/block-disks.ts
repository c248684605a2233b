// How the ids and paths of the disks that live with a machine are read from the object that has them. Pure.

import type { NativeValue } from "../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../engine/provider/provider.ts";
import { makeDeferred } from "../../grammar/graph/make-value.ts";
import type { PortableResource } from "../../grammar/graph/resource-graph.ts";
import type { Deferred, Origin } from "../../grammar/graph/value.ts";
import { map, string } from "../../grammar/types/type.ts";

export interface BlockDisks {
  /** The native attribute that maps the name of each disk to its id. */
  readonly ids: NativeValue;
  /** The key of a label's disk in that map; undefined where it has none. */
  readonly keyOf: (label: string) => string | undefined;
  /** Its path inside the machine. */
  readonly pathOf: (label: string, key: string) => string | Deferred;
}

/** `disk` is no attribute of the language: it is the map of ids, from which each id is read. */
export function blockDiskOutputs(
  resource: PortableResource,
  disks: BlockDisks,
  context: LoweringContext,
): Readonly<Record<string, NativeValue>> {
  const labels = Object.keys(resource.blocks.disk ?? {});
  if (labels.length === 0) return {};
  const ids: Origin = { address: resource.address, path: ["disk"] };
  const read = makeDeferred(map(string), [ids], { op: "attribute", origin: ids });
  const outputs: Record<string, NativeValue> = { disk: disks.ids };
  for (const label of labels) {
    const key = disks.keyOf(label);
    if (key === undefined) continue;
    outputs[`disk.${label}.id`] = context.native(makeDeferred(string, [ids], { op: "call", name: "#index", arguments: [read, key] }));
    outputs[`disk.${label}.device`] = context.native(disks.pathOf(label, key));
  }
  return outputs;
}
