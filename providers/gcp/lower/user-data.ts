// What Compute Engine gives a machine for its first boot: `user-data` for images with cloud-init; on others a script, which the guest agent would run at every
// boot, guarded to run once. Host names and keys need neither: they are fields of the instance. Pure.
// https://cloud.google.com/compute/docs/instances/startup-scripts/linux

import type { NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { problem } from "../../lowering/problems.ts";
import { guardScript } from "../../lowering/run-once.ts";
import { checkLength, composeUserData, finishText } from "../../lowering/user-data.ts";
import type { MachineImage } from "./machine-image.ts";

/** Of one value of the metadata. https://cloud.google.com/compute/docs/metadata/setting-custom-metadata#limitations */
const limit = 256 * 1024;
const cloud = "Compute Engine";

export interface FirstBoot {
  readonly userData?: NativeValue;
  readonly startupScript?: NativeValue;
  readonly diagnostics: readonly Diagnostic[];
}

export function lowerFirstBoot(resource: PortableResource, image: MachineImage, context: LoweringContext): FirstBoot {
  const { cloud_init: config, user_data: given, image: written } = resource.props;
  if (image.cloudInit) {
    const { value, diagnostics } = composeUserData(resource, { cloud, limit, additions: {} }, context);
    return { ...(value === undefined ? {} : { userData: value }), diagnostics };
  }
  const name = typeof written === "string" ? `\`${written}\`` : "this image";
  if (config !== undefined) {
    const hint = "give it a script in `user_data`, or take an image with cloud-init, such as ubuntu-24.04";
    return { diagnostics: [problem("K3046", context.place("cloud_init"), `${name} has no cloud-init on Compute Engine`, { hint })] };
  }
  if (given === undefined) return { diagnostics: [] };
  const script = guardScript(given);
  if (!script) {
    const message = `${name} has no cloud-init on Compute Engine, and its \`user_data\` does not begin with \`#!\``;
    const hint = "begin it with #!/bin/sh, or take an image with cloud-init, such as ubuntu-24.04";
    return { diagnostics: [problem("K3047", context.place("user_data"), message, { hint })] };
  }
  return { startupScript: finishText(script, context), diagnostics: checkLength(script, resource, { cloud, limit }, context) };
}
