// The world's rows in memory, with their indexes and an undo log, so that a refused request leaves nothing behind. Knows neither SQL nor EC2.

import { indexEntry, listIndexEntries } from "./indexes.ts";
import type { Kind, Row, RowByKind, TimerRow } from "./rows.ts";
import { createTimerHeap } from "./timer-heap.ts";

interface Table {
  readonly rows: Map<string, Row>;
  readonly index: Map<string, Set<string>>;
}

export interface Memory {
  get<K extends Kind>(realm: string, kind: K, id: string): RowByKind<K> | undefined;
  all<K extends Kind>(realm: string, kind: K): Iterable<RowByKind<K>>;
  count(realm: string, kind: Kind): number;
  /** Rows that stand under a key of an index; in no particular order. */
  by<K extends Kind>(realm: string, kind: K, index: string, key: string): readonly RowByKind<K>[];
  countBy(realm: string, kind: Kind, index: string, key: string): number;
  put(row: Row): void;
  remove(realm: string, kind: Kind, id: string): void;
  /** The timer that is due first, of all realms. */
  firstTimer(): TimerRow | undefined;
  /** All rows of all realms. */
  everything(): Iterable<Row>;
  /** What changed since the last `forgetChanges`: the row now, or undefined where it is gone. */
  changes(): readonly { readonly realm: string; readonly kind: Kind; readonly id: string; readonly row: Row | undefined }[];
  forgetChanges(): void;
  /** Takes back every change since the last `forgetChanges`. */
  undo(): void;
}

export function createMemory(): Memory {
  const tables = new Map<string, Table>();
  const timers = createTimerHeap();
  let before = new Map<string, { realm: string; kind: Kind; id: string; row: Row | undefined }>();

  const tableOf = (realm: string, kind: Kind): Table => {
    const name = `${realm}/${kind}`;
    let table = tables.get(name);
    if (table === undefined) {
      table = { rows: new Map(), index: new Map() };
      tables.set(name, table);
    }
    return table;
  };

  const place = (realm: string, kind: Kind, id: string, row: Row | undefined): Row | undefined => {
    const table = tableOf(realm, kind);
    const old = table.rows.get(id);
    if (old !== undefined) {
      for (const entry of listIndexEntries(old)) {
        const ids = table.index.get(entry);
        ids?.delete(id);
        if (ids?.size === 0) table.index.delete(entry);
      }
    }
    if (row === undefined) {
      table.rows.delete(id);
      return old;
    }
    table.rows.set(id, row);
    if (row.kind === "timer") timers.push({ at: row.at, n: row.n, realm, id });
    for (const entry of listIndexEntries(row)) {
      const ids = table.index.get(entry);
      if (ids === undefined) table.index.set(entry, new Set([id]));
      else ids.add(id);
    }
    return old;
  };

  const change = (realm: string, kind: Kind, id: string, row: Row | undefined): void => {
    const old = place(realm, kind, id, row);
    const key = `${realm}/${kind}/${id}`;
    if (!before.has(key)) before.set(key, { realm, kind, id, row: old });
  };

  return {
    get: <K extends Kind>(realm: string, kind: K, id: string) => tableOf(realm, kind).rows.get(id) as RowByKind<K> | undefined,
    all: <K extends Kind>(realm: string, kind: K) => tableOf(realm, kind).rows.values() as Iterable<RowByKind<K>>,
    count: (realm, kind) => tableOf(realm, kind).rows.size,
    by: <K extends Kind>(realm: string, kind: K, index: string, key: string) => {
      const table = tableOf(realm, kind);
      const found: RowByKind<K>[] = [];
      for (const id of table.index.get(indexEntry(index, key)) ?? []) {
        const row = table.rows.get(id);
        if (row !== undefined) found.push(row as RowByKind<K>);
      }
      return found;
    },
    countBy: (realm, kind, index, key) => tableOf(realm, kind).index.get(indexEntry(index, key))?.size ?? 0,
    put: (row) => change(row.realm, row.kind, row.id, row),
    remove: (realm, kind, id) => change(realm, kind, id, undefined),
    firstTimer: () => {
      for (let entry = timers.peek(); entry !== undefined; entry = timers.peek()) {
        const row = tableOf(entry.realm, "timer").rows.get(entry.id);
        if (row?.kind === "timer" && row.at === entry.at) return row;
        timers.pop();
      }
      return undefined;
    },
    *everything() {
      for (const table of tables.values()) yield* table.rows.values();
    },
    changes: () => [...before.values()].map(({ realm, kind, id }) => ({ realm, kind, id, row: tableOf(realm, kind).rows.get(id) })),
    forgetChanges: () => {
      before = new Map();
    },
    undo: () => {
      for (const { realm, kind, id, row } of before.values()) place(realm, kind, id, row);
      before = new Map();
    },
  };
}
