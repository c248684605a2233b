// A state store in memory, with the lease and fence of a real one, for laws and measurements. Rows are kept as text, as a real store
// keeps them, so nothing that text cannot hold survives in it.

import { type EncodedChange, encodeChange, endedKept } from "./encode-change.ts";
import { describeFallingSerial, stateFormat } from "./format.ts";
import { isHolderDead } from "./holder.ts";
import {
  createLeaseLost,
  type Holder,
  type JournalEntry,
  type Lease,
  type MadeType,
  type ObjectRow,
  type OutputRow,
  type RunRow,
  type SerialRow,
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
  /** End of the last lease that was broken. */
  quietAt: number;
}

interface Ended {
  readonly at: number;
  readonly body: string;
}

export function createMemoryStore(options: MemoryStoreOptions): StateStore {
  const { now } = options;
  const objects = new Map<string, string>();
  const open = new Map<string, string>();
  const ended = new Map<string, Ended>();
  /** By place. */
  const made = new Map<string, Ended>();
  const outputs = new Map<string, string>();
  const runs = new Map<string, string>();
  const serials = new Map<number, SerialRow>([[0, { serial: 0, at: now(), cause: "" }]]);
  /** By serial: what its first write of an object replaced; `undefined` where there was none. */
  const replaced = new Map<number, Map<string, string | undefined>>();
  const lock: Lock = { holder: undefined, until: 0, fence: 0, quietAt: 0 };
  let meta: StateMeta = { lineage: options.lineage, serial: 0, format: stateFormat, stack: options.stack ?? "" };

  const keep = (object: string): void => {
    let undo = replaced.get(meta.serial);
    if (!undo) {
      undo = new Map();
      replaced.set(meta.serial, undo);
    }
    if (!undo.has(object)) undo.set(object, objects.get(object));
  };

  const applyMeta = ({ serial, stack, lineage, cause, run }: NonNullable<EncodedChange["meta"]>): void => {
    if (serial !== undefined && serial < meta.serial) throw new Error(describeFallingSerial(meta.serial, serial));
    meta = { ...meta, serial: serial ?? meta.serial, stack: stack ?? meta.stack, lineage: lineage ?? meta.lineage };
    if (serial !== undefined && !serials.has(serial)) {
      serials.set(serial, { serial, at: now(), cause: cause ?? "", ...(run === undefined ? {} : { run }) });
    }
  };

  const apply = (change: EncodedChange): void => {
    if (change.meta) applyMeta(change.meta);
    for (const { object, body } of change.objects) {
      keep(object);
      objects.set(object, body);
    }
    for (const object of change.removed) {
      keep(object);
      objects.delete(object);
    }
    for (const entry of change.journal) {
      if (entry.ended) {
        open.delete(entry.operation);
        ended.set(entry.operation, { at: now(), body: entry.body });
      } else {
        ended.delete(entry.operation);
        open.set(entry.operation, entry.body);
      }
    }
    for (const { place, body } of change.made) made.set(place, { at: now(), body });
    for (const { name, body } of change.outputs) {
      if (body === null) outputs.delete(name);
      else outputs.set(name, body);
    }
    if (change.run) runs.set(change.run.id, change.run.body);
  };

  const createLease = (fence: number, leaseMilliseconds: number): Lease => {
    const takenAt = now();
    const demandFence = (): void => {
      if (lock.fence !== fence || lock.holder === undefined) throw createLeaseLost();
    };
    return {
      fence,
      takenAt,
      quietAt: Math.max(takenAt, lock.quietAt),
      renew: async () => {
        demandFence();
        lock.until = now() + leaseMilliseconds;
      },
      write: async (change) => {
        const encoded = encodeChange(change);
        demandFence();
        apply(encoded);
      },
      release: async () => {
        if (lock.fence !== fence) return;
        lock.holder = undefined;
        lock.until = 0;
      },
    };
  };

  const prune = (): void => {
    for (const kept of [ended, made]) for (const [name, { at }] of kept) if (at < now() - endedKept) kept.delete(name);
  };

  return {
    location: "memory:",
    readMeta: async () => meta,
    readObjects: async () => parseAll<ObjectRow>(objects.values()),
    readJournal: async () => parseAll<JournalEntry>(open.values()),
    readEnded: async (operations) => {
      const wanted = operations === "all" ? [...ended.keys()] : operations;
      return parseAll<JournalEntry>(wanted.flatMap((operation) => ended.get(operation)?.body ?? []));
    },
    readOutputs: async () => Object.fromEntries([...outputs].map(([name, text]) => [name, JSON.parse(text) as OutputRow])),
    readRun: async (id) => parseAll<RunRow>([runs.get(id) ?? []].flat())[0],
    readRuns: async (limit) => parseAll<RunRow>([...runs.values()].slice(-limit).reverse()),
    readSerials: async (limit) => [...serials.values()].reverse().slice(0, limit),
    readMade: async () => parseAll<MadeType>([...made.values()].filter(({ at }) => at >= now() - endedKept).map(({ body }) => body)),
    readHistory: async (serial) => {
      if (!serials.has(serial)) return undefined;
      const rows = new Map<string, string | undefined>(objects);
      const later = [...replaced.keys()].filter((other) => other > serial).sort((a, b) => b - a);
      for (const other of later) for (const [object, text] of replaced.get(other) ?? []) rows.set(object, text);
      return parseAll<ObjectRow>([...rows.values()].filter((text) => text !== undefined));
    },
    readChanges: async (from) => {
      const after = new Map<string, string | undefined>(objects);
      const later = [...replaced.keys()].filter((serial) => serial >= from).sort((a, b) => b - a);
      return later.map((serial) => {
        const counts = { serial, added: 0, changed: 0, removed: 0 };
        for (const [object, before] of replaced.get(serial) ?? []) {
          const then = after.get(object);
          if (before === undefined && then !== undefined) counts.added++;
          if (before !== undefined && then === undefined) counts.removed++;
          if (before !== undefined && then !== undefined && before !== then) counts.changed++;
          after.set(object, before);
        }
        return counts;
      });
    },
    acquire: async (holder, leaseMilliseconds) => {
      if (lock.holder && lock.until > now() && !isHolderDead(lock.holder)) return { heldBy: lock.holder, until: lock.until };
      lock.holder = holder;
      lock.until = now() + leaseMilliseconds;
      lock.fence += 1;
      prune();
      return createLease(lock.fence, leaseMilliseconds);
    },
    breakLock: async () => {
      const { holder } = lock;
      lock.quietAt = Math.max(lock.quietAt, lock.until);
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
