// A plan as a small value: what will be done, why, by which requests, in which order. Built by build-plan.ts, carried out by apply/.

import type { Span } from "../../grammar/source/span.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import type { Impact } from "../provider/native-schema.ts";
import type { Marks, ObjectId, Step } from "../provider/provider.ts";
import type { ObjectRow } from "../state/store.ts";

export type Action = "create" | "update" | "replace" | "delete" | "adopt" | "forget" | "rename";

/** Why a prop changes: the author edited it, the world moved, both, a value is not known yet, or a successor re-points it. */
export type Cause = "author" | "drift" | "both" | "deferred" | "replacement" | "mark";

export interface PropChange {
  readonly prop: string;
  /** Absent: not set. Secrets never stand here: `{ secret: true }`. */
  readonly from?: NativeValue;
  readonly to?: NativeValue;
  readonly cause: Cause;
  /** This prop forces the replacement; the text says why ("immutable"). */
  readonly forces?: string;
  /** For `deferred`: what it waits for, as `machine.web[0].public_ip`. */
  readonly waitsFor?: readonly string[];
  readonly secret?: true;
  readonly span?: Span;
}

export interface Change {
  readonly key: string;
  readonly address: string;
  readonly role: string;
  readonly type: string;
  readonly cloud: string;
  readonly provider: string;
  readonly action: Action;
  readonly props: readonly PropChange[];
  readonly impact: Impact;
  /** For replace: whether the successor comes first. */
  readonly order?: "create-first" | "delete-first";
  /** It may turn out that less is needed: a deferred value may finish equal to what is there. */
  readonly possible?: true;
  readonly operations: readonly PlannedOperation[];
  readonly previousAddress?: string;
  /** Where the resource stands in the source; absent for a delete. */
  readonly span?: Span;
  readonly notes?: readonly string[];
}

/** One object generation brought into being, changed or ended: a node of the apply graph. */
export interface PlannedOperation {
  /** `<key>@<generation>:<phase>` */
  readonly id: string;
  readonly phase: "create" | "update" | "delete" | "adopt" | "forget" | "rename";
  readonly key: string;
  readonly type: string;
  readonly provider: string;
  readonly cloud: string;
  readonly generation: number;
  /** The row acted on; absent for a create. */
  readonly row?: ObjectRow;
  /** Desired props; references and deferred values may stand in them. Empty for a delete. */
  readonly desired: NativeMap;
  readonly observed: NativeMap;
  readonly attributes: NativeMap;
  readonly changed: readonly string[];
  readonly objectId?: ObjectId;
  readonly steps: readonly Step[];
  /** Ids of operations that must be complete first. */
  readonly after: readonly string[];
  /**
   * Of a possible replacement, whose props are known only at apply: `replaced` when a finished value differs and forces it, `kept` when none does.
   * Both ways stand in the plan; apply takes one of them and records the proof. Decided by apply/judge-possible.ts.
   */
  readonly when?: "replaced" | "kept";
  /** With `when: "replaced"`: it is replaced if and only if the object of this key is, because that one is destroyed before its successor is made. */
  readonly follows?: string;
  /**
   * What the row is to hold of the props where that is not `desired`: the source's own, without what is only kept through the update
   * (foreign tags, ignored props) or set back to a default. See `rowProps`.
   */
  readonly record?: NativeMap;
  /** The ownership marks are to be written again: stripped, renamed or adopted. */
  readonly marks?: true;
  /** Of a forget: the object lives, and is let go of. */
  readonly releases?: true;
  /** What the row holds beyond props, attributes and id. Absent for a delete and a forget. */
  readonly becomes?: RowDraft;
}

/** The part of an object's row that the plan knows. */
export interface RowDraft {
  readonly address: string;
  readonly role: string;
  readonly settings: NativeMap;
  /** Keys of the objects it is made after; their object ids go into the row's `after`. */
  readonly after: readonly string[];
  readonly protect?: true;
  /** Object ids of the generations before, newest first: destroy order of what was made after one of them still finds its successor. */
  readonly formerly?: readonly string[];
  readonly movedFrom?: string;
  readonly taken?: true;
  readonly schemaVersion: number;
}

export interface Plan {
  readonly stack: string;
  readonly world: "real" | "simulated";
  readonly lineage: string;
  readonly serial: number;
  /** Sorted by address then role; unchanged objects do not stand here. */
  readonly changes: readonly Change[];
  readonly unchanged: number;
  readonly outputs: readonly OutputChange[];
  /** Objects of our lineage without a row. `claimed`: traced to an operation of ours, deleted by this plan; else only reported. */
  readonly strays: readonly Stray[];
  /** Operations in flight when a run ended, as they were settled for this plan. */
  readonly settled: readonly {
    readonly operation: string;
    readonly key: string;
    readonly outcome: "happened" | "never" | "unresolved";
    readonly reason?: string;
  }[];
  readonly warnings: readonly string[];
  /** Canonical digests, `sha256:…`. */
  readonly digest: { readonly changes: string; readonly basis: string };
  readonly destroy: boolean;
  /** What the world says is recorded, and nothing is sent. */
  readonly refreshOnly?: true;
  readonly offline: boolean;
  /** Left out because an operation on it is unresolved, or because it waits for one that was left out. */
  readonly blocked?: readonly Blocked[];
  /** Changes left out by `--target` and `--exclude`. */
  readonly leftOut?: number;
}

export interface Blocked {
  readonly key: string;
  readonly address: string;
  readonly reason: string;
}

export interface OutputChange {
  readonly name: string;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly deferred: boolean;
  readonly secret: boolean;
  /** Of a deferred one: what it waits for, as `machine.web[0].public_ip`. */
  readonly waitsFor?: readonly string[];
}

export interface Stray {
  readonly id: ObjectId;
  readonly marks: Partial<Marks>;
  readonly kind: "claimed" | "unclaimed";
}
