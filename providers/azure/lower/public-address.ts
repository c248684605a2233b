// A public address: standard, static, IPv4. Of an `address`, of a machine with `public = true`, and of a NAT gateway. Pure.

import type { LoweringContext, NativeObjectHandle } from "../../../engine/provider/provider.ts";
import { armName, nameLimits } from "./names.ts";
import { placeOf } from "./place.ts";
import { addressZones } from "./zones.ts";

/** Resources have names of their own, and none has two public addresses, so each is named like its resource. */
export function makePublicAddress(role: string, context: LoweringContext): NativeObjectHandle {
  return context.object(
    role,
    "azure.network.PublicIPAddress",
    { name: armName(context, nameLimits.network), ...placeOf(context), zones: addressZones(context), tags: context.tags },
    { from: { tags: "tags" } },
  );
}
