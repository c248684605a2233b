// The objects of the embedded GCE as rows: each keeps its REST resource, without what is computed from other rows when it is shown.

import type * as simulation from "../../simulation/rows.ts";
import type { GceOperation, Resources } from "./resources.ts";

/** A collection of objects that somebody makes: `instances`. */
export type Collection = keyof Resources;

/** The id is the object's path, `projects/P/zones/Z/instances/N`; the realm is the project. */
export interface ResourceRow<K extends Collection> extends simulation.RowOf<K> {
  /** `global`, `regions/R` or `zones/Z`. */
  readonly scope: string;
  readonly name: string;
  readonly resource: Resources[K];
  /** The operation that is changing it: further changes wait for its end. */
  readonly busy?: string;
  /** An instance that has ended and still holds its subnetwork and its addresses; its name is free. */
  readonly leaving?: true;
  /** When the labels last changed, and what they were: a lagging index answers from these. */
  readonly labelsAt?: number;
  readonly labelsBefore?: Readonly<Record<string, string>>;
}

/** What an operation does when it is done, as data: it must outlive the process. */
export type Effect =
  | { readonly kind: "none" }
  /** Fields of the target, replaced; those in `unset` go. */
  | { readonly kind: "set"; readonly set: Readonly<Record<string, unknown>>; readonly unset?: readonly string[] }
  | { readonly kind: "remove" }
  | { readonly kind: "instance-start" }
  | { readonly kind: "instance-stop" }
  /** `lingers`: milliseconds for which it holds on to subnetwork, addresses and disks. */
  | { readonly kind: "instance-delete"; readonly lingers?: number };

export interface OperationRow extends simulation.RowOf<"operations"> {
  readonly scope: string;
  readonly name: string;
  readonly operation: GceOperation;
  /** The target's collection and path. */
  readonly collection: Collection;
  readonly target: string;
  readonly effect: Effect;
  /** What a failed creation takes back with it. */
  readonly undo: readonly { readonly collection: Collection; readonly path: string }[];
  readonly error?: { readonly code: string; readonly message: string; readonly status: number; readonly phrase: string };
  readonly startsAt: number;
  readonly endsAt: number;
  readonly done: boolean;
}

/** What a request id made, and of which parameters. */
export interface RequestIdRow extends simulation.RowOf<"request-ids"> {
  readonly digest: string;
  readonly operation: string;
}

export type TimerAction = "operation-done" | "instance-released" | "late-request";
export type TimerRow = simulation.TimerRowOf<TimerAction>;

export type AnyResourceRow = { readonly [K in Collection]: ResourceRow<K> }[Collection];
export type AnyRow = AnyResourceRow | OperationRow | RequestIdRow | TimerRow;
