// How lowerings read the props of a resource: references followed, one or many as a list, what is written as a native value. Pure.

import type { NativeValue } from "../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../engine/provider/provider.ts";
import type { PortableResource, ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { isRef, type PropValue } from "../../grammar/graph/value.ts";

/** The resource that a prop refers to. */
export function followRef(value: PropValue | undefined, { graph }: { readonly graph: ResourceGraph }): PortableResource | undefined {
  return isRef(value) ? graph.resources.get(value.address) : undefined;
}

/** `T or list<T>` as a list; unset is empty. */
export function asList(value: PropValue | undefined): readonly PropValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The prop as a native value when the author wrote it. */
export function written(value: PropValue | undefined, context: LoweringContext): NativeValue | undefined {
  return value === undefined ? undefined : context.native(value);
}

/** Whether a machine names a firewall of its own. */
export function carriesFirewall(machine: PortableResource): boolean {
  return asList(machine.props.firewall).some(isRef);
}

/** The region of the cloud that the resource is placed on. */
export function regionOf(context: LoweringContext): string {
  return String(context.settings.region ?? "");
}
