// The rows of the state while a run goes on: by object id and by key. Mirrors what was written; writes nothing itself.

import type { NativeValue } from "../lower/native-value.ts";
import type { ObjectRow, StateChange } from "../state/store.ts";

export interface RowIndex {
  /** The row that stands for a key now: current, or created in part; never one being retired. */
  current(key: string): ObjectRow | undefined;
  byObject(object: string): ObjectRow | undefined;
  /** Takes over what a transaction changed. */
  record(change: StateChange): void;
  /** For finishing values: undefined while the object is not there, `null` when it has no such attribute. */
  attribute(key: string, attribute: string): NativeValue | undefined;
  all(): Iterable<ObjectRow>;
  /** Whose physical id it is: of an object that is there, or that ended within this session. Looks through all rows: for messages. */
  known(id: string, type?: string): { readonly key: string; readonly ended: boolean } | undefined;
}

/** Which of two rows with one key stands for it: the later generation; of two that change addresses, the one that came to it. */
function outranks(row: ObjectRow, standing: ObjectRow): boolean {
  const came = Number(row.movedFrom !== undefined) - Number(standing.movedFrom !== undefined);
  if (came !== 0 && !row.formerly?.includes(standing.object) && !standing.formerly?.includes(row.object)) return came > 0;
  return standing.generation <= row.generation;
}

export function indexRows(rows: readonly ObjectRow[]): RowIndex {
  const byObject = new Map<string, ObjectRow>();
  const byKey = new Map<string, ObjectRow>();

  const ended = new Map<string, Pick<ObjectRow, "id" | "type" | "key">>();

  const remove = (object: string): void => {
    const row = byObject.get(object);
    if (row && row.id.id !== "") ended.set(row.id.id, { id: row.id, type: row.type, key: row.key });
    byObject.delete(object);
    if (row && byKey.get(row.key)?.object === object) byKey.delete(row.key);
  };

  const put = (row: ObjectRow): void => {
    const before = byObject.get(row.object);
    if (before && before.key !== row.key) remove(row.object);
    byObject.set(row.object, row);
    const standing = byKey.get(row.key);
    if (row.status === "retiring") {
      if (standing?.object === row.object) byKey.delete(row.key);
    } else if (!standing || standing.object === row.object || outranks(row, standing)) {
      // A successor that was created only in part does not stand for its key while the predecessor does.
      if (row.status !== "failed" || !standing || standing.object === row.object || standing.status === "failed") byKey.set(row.key, row);
    }
  };

  for (const row of rows) put(row);
  return {
    current: (key) => byKey.get(key),
    byObject: (object) => byObject.get(object),
    record: (change) => {
      // Retiring rows first: they make room for the successor written in the same transaction.
      for (const row of change.putObjects ?? []) if (row.status === "retiring") put(row);
      for (const row of change.putObjects ?? []) if (row.status !== "retiring") put(row);
      for (const object of change.removeObjects ?? []) remove(object);
    },
    attribute: (key, attribute) => {
      const row = byKey.get(key);
      return row && (row.attributes[attribute] ?? null);
    },
    all: () => byObject.values(),
    known: (id, type) => {
      const isMeant = (row: Pick<ObjectRow, "id" | "type">): boolean => row.id.id === id && (type === undefined || row.type === type);
      for (const row of byObject.values()) if (isMeant(row)) return { key: row.key, ended: false };
      const gone = ended.get(id);
      return gone && isMeant(gone) ? { key: gone.key, ended: true } : undefined;
    },
  };
}
