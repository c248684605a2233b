// What a state store must do. Rows, not a blob: what is written is in proportion to the change. One conformance suite for all.

import type { NativeMap } from "../lower/native-value.ts";
import type { ObjectId } from "../provider/provider.ts";

export interface StateStore {
  /** For messages: `sqlite:.koine/state.db`. */
  readonly location: string;
  readMeta(): Promise<StateMeta>;
  readObjects(): Promise<readonly ObjectRow[]>;
  /** Entries that have not ended: `intended`, `acknowledged`, `unresolved`. */
  readJournal(): Promise<readonly JournalEntry[]>;
  /** Ended entries (kept for 30 days) among these operations: tells a stray of ours from an unknown one. */
  readEnded(operations: readonly string[]): Promise<readonly JournalEntry[]>;
  readOutputs(): Promise<Readonly<Record<string, OutputRow>>>;
  readRun(id: string): Promise<RunRow | undefined>;
  readRuns(limit: number): Promise<readonly RunRow[]>;
  /** Rows as they were after an earlier serial; undefined when no longer kept. */
  readHistory(serial: number): Promise<readonly ObjectRow[] | undefined>;
  /** Takes the lock or says who holds it. A lease that ran out may be taken over; the fence then rises. */
  acquire(holder: Holder, leaseMilliseconds: number): Promise<Lease | { readonly heldBy: Holder; readonly until: number }>;
  /** Removes the lock whoever holds it; the fence rises, so that the holder's next write fails. */
  breakLock(): Promise<Holder | undefined>;
  close(): Promise<void>;
}

export interface StateMeta {
  /** 128-bit hex, made with the state; all marks carry it. */
  readonly lineage: string;
  /** Rises with every run that wrote. */
  readonly serial: number;
  /** Format of the store; a newer one is refused. */
  readonly format: number;
  readonly stack: string;
}

export interface Holder {
  readonly id: string;
  /** `user@host pid 4711, apply since 12:00` */
  readonly description: string;
  /** Where it runs, so that a store on the same machine can see that it died. `started` tells a reused pid. */
  readonly process?: { readonly host: string; readonly pid: number; readonly started: string };
}

/** Every write goes through a lease; a write under a lost lease throws `LeaseLost` and changes nothing. */
export interface Lease {
  readonly fence: number;
  /** Extends; throws `LeaseLost` when another has taken over. */
  renew(): Promise<void>;
  /** One durable transaction. Writes made in the same turn may share one commit. */
  write(change: StateChange): Promise<void>;
  release(): Promise<void>;
}

export interface StateChange {
  readonly putObjects?: readonly ObjectRow[];
  /** Object ids (the 128-bit ones). */
  readonly removeObjects?: readonly string[];
  readonly putJournal?: readonly JournalEntry[];
  readonly putOutputs?: Readonly<Record<string, OutputRow | null>>;
  readonly putRun?: RunRow;
  readonly meta?: Partial<Pick<StateMeta, "serial" | "stack">>;
}

/** What the state holds cannot be read: it was damaged from outside. Nothing was changed. */
export class StateDamaged extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StateDamaged";
  }
}

export class LeaseLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LeaseLost";
  }
}

/** An object under management, or one being retired. */
export interface ObjectRow {
  /** 128-bit hex; the object mark. */
  readonly object: string;
  readonly key: string;
  readonly address: string;
  readonly role: string;
  readonly type: string;
  readonly generation: number;
  /** `failed`: created in part; its id is known, the next plan finishes or replaces it. */
  readonly status: "current" | "retiring" | "failed";
  /** Name and settings of its cloud, so that deleting a cloud block still finds its objects. */
  readonly cloud: string;
  readonly provider: string;
  readonly settings: NativeMap;
  readonly id: ObjectId;
  /** Props as last applied, finished; secrets as `{ "$digest": … }`. */
  readonly props: NativeMap;
  readonly attributes: NativeMap;
  /** Object ids this one was made after: destroy order. */
  readonly after: readonly string[];
  /** Owned but never to be changed or destroyed (`@existing`). */
  readonly existing?: true;
  readonly protect?: true;
  /** Object ids of the generations before, newest first: others may still name them in `after`. */
  readonly formerly?: readonly string[];
  readonly schemaVersion: number;
}

/** One attempt at one request. Written before it is sent; ended in the transaction that records its outcome. */
export interface JournalEntry {
  /** 128-bit hex; the operation mark. */
  readonly operation: string;
  readonly run: string;
  readonly object: string;
  readonly key: string;
  readonly type: string;
  readonly generation: number;
  readonly action: "create" | "update" | "delete";
  readonly step: {
    readonly key: string;
    readonly operation: string;
    readonly replay: string;
    readonly creates?: true;
    readonly deletes?: true;
    readonly sets?: readonly string[];
  };
  /** The finished request, secrets sealed. */
  readonly body: NativeMap;
  /** All that is needed to make the object's row when the create turns out to have happened. */
  readonly row: ObjectRow;
  /** All props as the operation is to leave them, in the form of a row, where `row` has less of them: tells whether a step was done. */
  readonly goal?: NativeMap;
  readonly token: string;
  readonly schemaVersion: number;
  /** Milliseconds since the epoch, by the store's clock: no request was on the wire outside these. */
  readonly earliestSend: number;
  readonly latestSend: number;
  /** Told by the answer. */
  readonly id?: string;
  readonly handle?: string;
  readonly state: "intended" | "acknowledged" | "happened" | "never" | "failed" | "unresolved";
  readonly reason?: string;
}

export interface OutputRow {
  readonly value: unknown;
  readonly secret: boolean;
}

export interface RunRow {
  readonly id: string;
  readonly command: "apply" | "destroy";
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly serialBefore: number;
  readonly basis: string;
  readonly changes: string;
  readonly result?: "done" | "partial" | "interrupted" | "failed";
}
