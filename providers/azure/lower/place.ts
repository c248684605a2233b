// The group and region that every Azure object of a stack names. Pure.

import type { NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import { regionOf } from "../../lowering/read-props.ts";

/** The props `resourceGroup` and `location`. */
export function placeOf(context: LoweringContext): { readonly resourceGroup: NativeValue; readonly location: string } {
  return { resourceGroup: context.surroundings("group").ref("name"), location: regionOf(context) };
}
