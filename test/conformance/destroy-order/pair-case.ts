// What is known of each pair of native types on one cloud: what the vendor does when the referred is deleted first. The pairs themselves are not listed
// here but derived; a pair without an entry fails the test.

import type { NativeMap } from "../../../engine/lower/native-value.ts";

/** The vendor's answer to the deletion of the referred while the referrer is there. */
export type WrongOrder =
  /** Refused with this code; `because` of another pair, where this reference alone would not hold it. */
  | { readonly refused: string; readonly page: string; readonly because?: string }
  /** Carried out, with this effect on the referrer. */
  | { readonly allowed: string; readonly page: string };

export interface CloudCases {
  /** By `referrer -> referred`. */
  readonly pairs: Readonly<Record<string, WrongOrder>>;
  /** What a second object of a type must have otherwise, beside its name: by type. */
  readonly differs: Readonly<Record<string, NativeMap>>;
}
