// How rows are found besides by their id. An index function names the keys a row stands under; nothing else may depend on scans.

import type { AnyRow, KindOf, RowByKind } from "./rows.ts";

/** Per kind, named functions from a row to the keys it stands under. */
export type Indexes<R extends AnyRow> = {
  readonly [K in KindOf<R>]?: Readonly<Record<string, (row: RowByKind<R, K>) => readonly (string | undefined)[]>>;
};

/** Every `index key` pair of a row. */
export type ListEntries<R extends AnyRow> = (row: R) => readonly string[];

export function indexEntry(index: string, key: string): string {
  return `${index}\u0000${key}`;
}

/** Lists what the indexes of a row's kind say of it. */
export function createEntryLister<R extends AnyRow>(indexes: Indexes<R>): (row: R) => string[] {
  const byKind = new Map<string, readonly (readonly [string, (row: R) => readonly (string | undefined)[]])[]>();
  for (const [kind, named] of Object.entries(indexes)) byKind.set(kind, Object.entries(named as never));
  return (row) => {
    const entries: string[] = [];
    for (const [name, keysOf] of byKind.get(row.kind) ?? []) {
      for (const key of keysOf(row)) if (key !== undefined) entries.push(indexEntry(name, key));
    }
    return entries;
  };
}
