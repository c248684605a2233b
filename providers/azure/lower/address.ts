// address on azure: a PublicIPAddress, in all zones of the region so that a machine in any of them can have it.

import type { Lowering } from "../../../engine/provider/provider.ts";
import { makePublicAddress } from "./public-address.ts";
import { checkTags } from "./tags.ts";

export const lowerAddress: Lowering = (resource, context) => {
  const address = makePublicAddress("address", context);
  return { objects: [address.object], outputs: { ip: address.ref("ipAddress") }, diagnostics: checkTags(resource, context) };
};
