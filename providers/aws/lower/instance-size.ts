// Which instance type a machine gets, and how its volumes appear inside. Pure.

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { lowerMachineSize } from "../../lowering/machine-size.ts";
import type { InstanceType } from "../catalog/instance-types.ts";
import { instanceSizes } from "../catalog/sizes.ts";

export interface InstanceSize {
  /** Empty with a diagnostic when there is none. */
  readonly name: string;
  readonly diskInterface: InstanceType["diskInterface"];
  readonly diagnostics: readonly Diagnostic[];
}

export function lowerSize(resource: PortableResource, context: LoweringContext): InstanceSize {
  const { name, size, diagnostics } = lowerMachineSize(resource, instanceSizes, context);
  return { name, diskInterface: size?.diskInterface ?? "nvme", diagnostics };
}
