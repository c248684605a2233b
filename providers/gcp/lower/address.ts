// address on gcp: a regional external Address. An instance takes it by its value.

import type { Lowering } from "../../../engine/provider/provider.ts";
import { regionOf } from "../../lowering/read-props.ts";
import { checkLabels } from "./labels.ts";
import { gceName } from "./names.ts";

export const lowerAddress: Lowering = (resource, context) => {
  const address = context.object(
    "address",
    "gcp.compute.Address",
    { name: gceName(context), region: regionOf(context), labels: context.tags },
    { from: { labels: "tags" } },
  );
  return { objects: [address.object], outputs: { ip: address.ref("address") }, diagnostics: checkLabels(resource, context) };
};
