// A state store in memory, with the lease and fence of a real one, for laws and measurements. Rows are kept as text, as a real store
// keeps them, so nothing that text cannot hold survives in it.

import {
  type Holder,
  type JournalEntry,
  type Lease,
  LeaseLost,
  type ObjectRow,
  type OutputRow,
  type RunRow,
  type StateChange,
  type StateMeta,
  type StateStore,
} from "./store.ts";

export interface MemoryStoreOptions {
  /** 128-bit hex. */
  readonly lineage: string;
  readonly stack?: string;
  /** Milliseconds since the epoch, for leases. */
  readonly now: () => number;
}

interface Lock {
  holder: Holder | undefined;
  until: number;
  fence: number;
}

const endedStates = new Set<JournalEntry["state"]>(["happened", "never", "failed"]);

export function createMemoryStore(options: MemoryStoreOptions): StateStore {
  const { now } = options;
  const objects = new Map<string, string>();
  const open = new Map<string, string>();
  const ended = new Map<string, string>();
  const outputs = new Map<string, string>();
  const runs = new Map<string, string>();
  /** By serial: what its first write of an object replaced; `undefined` where there was none. */
  const replaced = new Map<number, Map<string, string | undefined>>();
  const lock: Lock = { holder: undefined, until: 0, fence: 0 };
  let meta: StateMeta = { lineage: options.lineage, serial: 0, format: 1, stack: options.stack ?? "" };

  const keep = (object: string): void => {
    let undo = replaced.get(meta.serial);
    if (!undo) {
      undo = new Map();
      replaced.set(meta.serial, undo);
    }
    if (!undo.has(object)) undo.set(object, objects.get(object));
  };

  const apply = (change: StateChange): void => {
    if (change.meta) meta = { ...meta, ...change.meta };
    for (const row of change.putObjects ?? []) {
      keep(row.object);
      objects.set(row.object, JSON.stringify(row));
    }
    for (const object of change.removeObjects ?? []) {
      keep(object);
      objects.delete(object);
    }
    for (const entry of change.putJournal ?? []) {
      const [into, outOf] = endedStates.has(entry.state) ? [ended, open] : [open, ended];
      outOf.delete(entry.operation);
      into.set(entry.operation, JSON.stringify(entry));
    }
    for (const [name, output] of Object.entries(change.putOutputs ?? {})) {
      if (output === null) outputs.delete(name);
      else outputs.set(name, JSON.stringify(output));
    }
    if (change.putRun) runs.set(change.putRun.id, JSON.stringify(change.putRun));
  };

  const createLease = (fence: number, leaseMilliseconds: number): Lease => {
    const demandFence = (): void => {
      if (lock.fence !== fence || lock.holder === undefined) throw new LeaseLost("another run has taken over the state; this one stops");
    };
    return {
      fence,
      renew: async () => {
        demandFence();
        lock.until = now() + leaseMilliseconds;
      },
      write: async (change) => {
        demandFence();
        apply(change);
      },
      release: async () => {
        if (lock.fence !== fence) return;
        lock.holder = undefined;
        lock.until = 0;
      },
    };
  };

  return {
    location: "memory:",
    readMeta: async () => meta,
    readObjects: async () => parseAll<ObjectRow>(objects.values()),
    readJournal: async () => parseAll<JournalEntry>(open.values()),
    readEnded: async (operations) => parseAll<JournalEntry>(operations.flatMap((operation) => ended.get(operation) ?? [])),
    readOutputs: async () => Object.fromEntries([...outputs].map(([name, text]) => [name, JSON.parse(text) as OutputRow])),
    readRun: async (id) => parseAll<RunRow>([runs.get(id) ?? []].flat())[0],
    readRuns: async (limit) => parseAll<RunRow>([...runs.values()].slice(-limit).reverse()),
    readHistory: async (serial) => {
      if (serial > meta.serial || serial < 0) return undefined;
      const rows = new Map<string, string | undefined>(objects);
      for (let later = meta.serial; later > serial; later--) for (const [object, text] of replaced.get(later) ?? []) rows.set(object, text);
      return parseAll<ObjectRow>([...rows.values()].filter((text) => text !== undefined));
    },
    acquire: async (holder, leaseMilliseconds) => {
      if (lock.holder && lock.until > now()) return { heldBy: lock.holder, until: lock.until };
      lock.holder = holder;
      lock.until = now() + leaseMilliseconds;
      lock.fence += 1;
      return createLease(lock.fence, leaseMilliseconds);
    },
    breakLock: async () => {
      const { holder } = lock;
      lock.holder = undefined;
      lock.until = 0;
      lock.fence += 1;
      return holder;
    },
    close: async () => {},
  };
}

function parseAll<Row>(texts: Iterable<string>): readonly Row[] {
  return [...texts].map((text) => JSON.parse(text) as Row);
}
