// The world's rows in memory, with their indexes and an undo log, so that a refused request leaves nothing behind. Knows neither SQL nor any cloud.

import { indexEntry, type ListEntries } from "./indexes.ts";
import type { AnyRow, KindOf, RowByKind, TimerOf, TimerRowOf } from "./rows.ts";
import { createTimerHeap } from "./timer-heap.ts";

interface Table<R> {
  readonly rows: Map<string, R>;
  readonly index: Map<string, Set<string>>;
}

export interface Memory<R extends AnyRow> {
  get<K extends KindOf<R>>(realm: string, kind: K, id: string): RowByKind<R, K> | undefined;
  all<K extends KindOf<R>>(realm: string, kind: K): Iterable<RowByKind<R, K>>;
  count(realm: string, kind: KindOf<R>): number;
  /** Rows that stand under a key of an index; in no particular order. */
  by<K extends KindOf<R>>(realm: string, kind: K, index: string, key: string): readonly RowByKind<R, K>[];
  countBy(realm: string, kind: KindOf<R>, index: string, key: string): number;
  put(row: R): void;
  remove(realm: string, kind: KindOf<R>, id: string): void;
  /** The timer that is due first, of all realms. */
  firstTimer(): TimerOf<R> | undefined;
  /** All rows of all realms. */
  everything(): Iterable<R>;
  /** What changed since the last `forgetChanges`: the row now, or undefined where it is gone. */
  changes(): readonly { readonly realm: string; readonly kind: KindOf<R>; readonly id: string; readonly row: R | undefined }[];
  forgetChanges(): void;
  /** Takes back every change since the last `forgetChanges`. */
  undo(): void;
}

export function createMemory<R extends AnyRow>(listEntries: ListEntries<R>): Memory<R> {
  const tables = new Map<string, Table<R>>();
  const timers = createTimerHeap();
  let before = new Map<string, { realm: string; kind: KindOf<R>; id: string; row: R | undefined }>();

  const tableOf = (realm: string, kind: KindOf<R>): Table<R> => {
    const name = `${realm}/${kind}`;
    let table = tables.get(name);
    if (table === undefined) {
      table = { rows: new Map(), index: new Map() };
      tables.set(name, table);
    }
    return table;
  };

  const place = (realm: string, kind: KindOf<R>, id: string, row: R | undefined): R | undefined => {
    const table = tableOf(realm, kind);
    const old = table.rows.get(id);
    if (old !== undefined) {
      for (const entry of listEntries(old)) {
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
    if (isTimer(row)) timers.push({ at: row.at, n: row.n, realm, id });
    for (const entry of listEntries(row)) {
      const ids = table.index.get(entry);
      if (ids === undefined) table.index.set(entry, new Set([id]));
      else ids.add(id);
    }
    return old;
  };

  const change = (realm: string, kind: KindOf<R>, id: string, row: R | undefined): void => {
    const old = place(realm, kind, id, row);
    const key = `${realm}/${kind}/${id}`;
    if (!before.has(key)) before.set(key, { realm, kind, id, row: old });
  };

  return {
    get: <K extends KindOf<R>>(realm: string, kind: K, id: string) => tableOf(realm, kind).rows.get(id) as RowByKind<R, K> | undefined,
    all: <K extends KindOf<R>>(realm: string, kind: K) => tableOf(realm, kind).rows.values() as Iterable<RowByKind<R, K>>,
    count: (realm, kind) => tableOf(realm, kind).rows.size,
    by: <K extends KindOf<R>>(realm: string, kind: K, index: string, key: string) => {
      const table = tableOf(realm, kind);
      const found: RowByKind<R, K>[] = [];
      for (const id of table.index.get(indexEntry(index, key)) ?? []) {
        const row = table.rows.get(id);
        if (row !== undefined) found.push(row as RowByKind<R, K>);
      }
      return found;
    },
    countBy: (realm, kind, index, key) => tableOf(realm, kind).index.get(indexEntry(index, key))?.size ?? 0,
    put: (row) => change(row.realm, row.kind, row.id, row),
    remove: (realm, kind, id) => change(realm, kind, id, undefined),
    firstTimer: () => {
      for (let entry = timers.peek(); entry !== undefined; entry = timers.peek()) {
        const row = tableOf(entry.realm, "timer").rows.get(entry.id);
        if (row !== undefined && isTimer(row) && row.at === entry.at) return row as TimerOf<R>;
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

function isTimer(row: AnyRow): row is TimerRowOf<string> {
  return row.kind === "timer";
}
