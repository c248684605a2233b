// What the clouds reported, as data: the planner's view of them. Made by observe.ts, or from the state alone by plan/offline.ts.

import type { NativeMap } from "../lower/native-value.ts";
import type { PlanProblem } from "../plan/problem.ts";
import type { Identity, ObjectId, Observed } from "../provider/provider.ts";

/** A cloud as a client needs it: name, provider and settings, which for a removed cloud block come from the rows. */
export interface CloudPlace {
  readonly name: string;
  readonly provider: string;
  readonly settings: NativeMap;
}

export type Sight =
  /** `prior`: not asked, taken as it was last applied. */
  | { readonly kind: "found"; readonly observed: Observed; readonly depth: "list" | "each" | "prior" }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown"; readonly reason: string };

export interface ObservedStray {
  readonly observed: Observed;
  readonly place: CloudPlace;
}

export interface ObservedWorld {
  /** By the row's 128-bit object id. */
  readonly rows: ReadonlyMap<string, Sight>;
  /** Objects that `@adopt` and `@existing` name, by key of the native object. */
  readonly named: ReadonlyMap<string, Sight>;
  /** Objects with our lineage mark that no row knows. */
  readonly strays: readonly ObservedStray[];
  readonly problems: readonly PlanProblem[];
  /** What could not be looked at and stops nothing. */
  readonly warnings?: readonly string[];
  /** Who was asked, by cloud name. */
  readonly identities: ReadonlyMap<string, Identity>;
  /** Calls of handlers, for the counted tests: sweeps, reads by id at list depth, reads at each depth. */
  readonly calls: { readonly sweeps: number; readonly byId: number; readonly each: number };
}

/** An object id as a key of a map. The incarnation is compared apart: a reused name is the same key, and another object. */
export function idKey(id: ObjectId): string {
  return `${id.type}\n${id.account}\n${id.region}\n${id.id}`;
}

/** Whether two ids of the same key mean one object. */
export function isSameIncarnation(a: ObjectId, b: ObjectId): boolean {
  return a.incarnation === undefined || b.incarnation === undefined || a.incarnation === b.incarnation;
}
