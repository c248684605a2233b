// What was decided about one object, before it becomes operations. Only objects that change have one.

import type { NativeObject } from "../lower/native-graph.ts";
import type { NativeMap } from "../lower/native-value.ts";
import type { Sight } from "../observe/world.ts";
import type { Observed } from "../provider/provider.ts";
import type { ObjectRow } from "../state/store.ts";
import type { PropChange } from "./change.ts";
import type { LeftoverReason } from "./match-rows.ts";
import type { PlanHandler } from "./plan-input.ts";

export interface Decision {
  readonly object: NativeObject;
  readonly handler: PlanHandler;
  /**
   * `finish`: a create that was interrupted goes on. `record`: only the row changes. `rename`: the row and, where there are marks, the address mark.
   */
  readonly action: "create" | "finish" | "update" | "replace" | "adopt" | "rename" | "record";
  readonly possible: boolean;
  readonly props: readonly PropChange[];
  readonly changed: readonly string[];
  readonly desired: NativeMap;
  readonly record: NativeMap;
  readonly generation: number;
  /** Of a possible replacement: what an update in place would bring about instead. */
  readonly kept?: { readonly desired: NativeMap; readonly record: NativeMap };
  readonly row?: ObjectRow;
  readonly seen?: Observed;
  /** The row's object is gone; the row goes, and a new object is made. */
  readonly vanished?: ObjectRow;
  readonly marks?: true;
  /** Of an adoption: it bears the mark of another stack. */
  readonly takes?: true;
  readonly order?: "create-first" | "delete-first";
  /** Key of the object whose replacement decides about this one. */
  readonly follows?: string;
  readonly previousAddress?: string;
  readonly notes: readonly string[];
}

/** A row whose object is to go, or that is let go of. */
export interface Removal {
  readonly row: ObjectRow;
  readonly handler: PlanHandler;
  readonly action: "delete" | "forget";
  readonly reason: LeftoverReason | "stray";
  readonly sight: Sight;
  readonly note?: string;
}

/** Whether the object behind the key is made anew, so that nothing of it is known before. */
export function isRemade(decision: Decision | undefined): boolean {
  return decision !== undefined && (decision.action === "create" || decision.action === "replace");
}
