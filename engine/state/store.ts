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
  /** Ended entries (kept for 30 days) among these operations, or all: tells a stray of ours from an unknown one. */
  readEnded(operations: readonly string[] | "all"): Promise<readonly JournalEntry[]>;
  readOutputs(): Promise<Readonly<Record<string, OutputRow>>>;
  readRun(id: string): Promise<RunRow | undefined>;
  readRuns(limit: number): Promise<readonly RunRow[]>;
  /** Serials whose rows can still be read, newest first; the first is today's. */
  readSerials(limit: number): Promise<readonly SerialRow[]>;
  /** Where, and of which types, creates of the last 30 days were sent: what a lost answer may have left there is looked for, whatever the rows say. */
  readMade(): Promise<readonly MadeType[]>;
  /** Rows as they were after an earlier serial; undefined when no longer kept. */
  readHistory(serial: number): Promise<readonly ObjectRow[] | undefined>;
  /** What each serial from this one on did to the rows, read in proportion to that; serials that touched none are left out. In no order. */
  readChanges(from: number): Promise<readonly SerialChanges[]>;
  /** Takes the lock or says who holds it. A lease that ran out may be taken over; the fence then rises. */
  acquire(holder: Holder, leaseMilliseconds: number): Promise<Lease | { readonly heldBy: Holder; readonly until: number }>;
  /** Removes the lock whoever holds it; the fence rises, so that the holder's next write fails. Until its lease ends it may still send what it has written down: `quietAt` of the leases after it. */
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
  /** Where it runs, so that a store on the same machine can see that it died. `started` tells a reused pid; `namespace` a container, whose pids are its own. */
  readonly process?: { readonly host: string; readonly pid: number; readonly started: string; readonly namespace?: string };
}

/** One state of the rows. */
export interface SerialRow {
  readonly serial: number;
  /** When its first write was made: milliseconds since the epoch, by the store's clock. 0: not known (older formats). */
  readonly at: number;
  /** What made it: `apply`, `destroy`, `rollback to 12`, `mv`, … Empty when not known. */
  readonly cause: string;
  /** The run, where one made it. */
  readonly run?: string;
}

/** How many rows a serial added, changed and removed. A row that was written again as it was counts as none. */
export interface SerialChanges {
  readonly serial: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** A native type that was made somewhere. */
export interface MadeType {
  readonly type: string;
  readonly cloud: string;
  readonly provider: string;
  readonly settings: NativeMap;
}

/** How a thread of its own keeps a lease alive: which kind of store, and what that kind needs to reach it. Plain data, cloned to the thread. */
export interface LeaseRenewal {
  readonly store: "sqlite" | "postgres";
  /** Path or URL. */
  readonly location: string;
  /** Name of the state within its store, where one store has many. */
  readonly state?: string;
  readonly fence: number;
  readonly leaseMilliseconds: number;
}

/** A connection that only renews one lease. */
export interface RenewalConnection {
  /** Extends the lease by its full length from now; throws `LeaseLost` when the fence has moved. Any other error: the store is away, try again. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** Every write goes through a lease; a write under a lost lease throws `LeaseLost` and changes nothing. */
export interface Lease {
  readonly fence: number;
  /** When it was taken: milliseconds since the epoch, by the store's clock. */
  readonly takenAt: number;
  /** By the store's clock: no request that an earlier holder was allowed to send was sent later. After `takenAt` only when a lock was broken whose lease has not run out. */
  readonly quietAt: number;
  /** Absent: only this thread can renew it (a store in memory). */
  readonly renewal?: LeaseRenewal;
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
  /** With `serial`: what makes it. `lineage` is set only by a push into a state that holds nothing. */
  readonly meta?: Partial<Pick<StateMeta, "serial" | "stack" | "lineage">> & { readonly cause?: string; readonly run?: string };
}

/** What the state holds cannot be read: it was damaged from outside. Nothing was changed. */
export class StateDamaged extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StateDamaged";
  }
}

/** The store gives no answer, or refuses to; what was written before is safe. */
export class StateUnreachable extends Error {
  /** What to do. */
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = "StateUnreachable";
    this.hint = hint;
  }
}

export class LeaseLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LeaseLost";
  }
}

export function createLeaseLost(): LeaseLost {
  return new LeaseLost("another run has taken over the state; this one stops");
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
  /** Key under which its marks and the digests of its secrets were made, where a rename or `state mv` gave it another since. The next apply makes them anew. */
  readonly was?: string;
  /** The address that an `@was` took it from: tells that this was done, and, while resources change addresses, which of two rows belongs to a key. */
  readonly movedFrom?: string;
  /** Adopted although it bore the mark of another stack, which it may still bear. */
  readonly taken?: true;
  /** Its create was cut short: what it was to have from the source, it may not have yet, `@ignore` or not. */
  readonly unfinished?: true;
  /** When its creating request was answered, or the latest time at which it was sent: milliseconds since the epoch. For a while after, "not found" proves nothing. */
  readonly madeAt?: number;
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
    /** It writes the ownership marks of an object that is there. */
    readonly marks?: true;
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
  /** `released` stands for no request: the object whose id is `operation` was let go of, and no later plan may end it. See release.ts. */
  readonly state: "intended" | "acknowledged" | "happened" | "never" | "failed" | "unresolved" | "released";
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
  /** Digest of the changes that this run was permitted to carry out, where it was given one; of a run that goes on, the one of the first. */
  readonly approved?: string;
  /** Of an approved run, until it has ended: short digests of all requests that its plan showed. See apply/shown-requests.ts and docs/adr/0015. */
  readonly requests?: readonly string[];
  readonly result?: "done" | "partial" | "interrupted" | "failed";
}
