// How a lock changes: what a lowering chose and the clouds answered comes in, what `koine lock --update` names goes out. Pure.

import type { LockReader } from "../lower/lower.ts";
import type { PinChoice } from "../lower/native-graph.ts";
import type { PinAnswer } from "../provider/provider.ts";
import { emptyLock, entryName, type Lock, type LockEntry, sortedEntries } from "./lock.ts";

/** A reader that remembers what was asked for, so that entries nobody needs any more can be told. */
export function trackPins(lock: Lock): { readonly reader: LockReader; readonly findUnused: () => readonly LockEntry[] } {
  const used = new Set<string>();
  return {
    reader: {
      pinned: (provider, kind, key) => {
        const name = entryName(provider, kind, key);
        used.add(name);
        return lock.entries.get(name)?.id;
      },
    },
    findUnused: () => sortedEntries(lock).filter((entry) => !used.has(entryName(entry.provider, entry.kind, entry.key))),
  };
}

/** Adds what a lowering chose and what the clouds answered. What is pinned stays: only `releasePins` makes room for another answer. */
export function mergeLock(lock: Lock, gained: { readonly choices?: readonly PinChoice[]; readonly answers?: readonly PinAnswer[] }): Lock {
  const entries = new Map(lock.entries);
  const add = (entry: LockEntry): void => {
    const name = entryName(entry.provider, entry.kind, entry.key);
    if (!entries.has(name)) entries.set(name, entry);
  };
  for (const { provider, kind, key, answer, because } of gained.choices ?? []) add({ provider, kind, key, id: answer, because });
  for (const { request, answer } of gained.answers ?? []) {
    if ("mistake" in answer) continue;
    const { provider, kind, key } = request;
    add({ provider, kind, key, id: answer.id, name: answer.name, date: answer.date });
  }
  return entries.size === lock.entries.size ? lock : { entries };
}

/**
 * Drops pins, so that the next lowering asks anew. `names`: what stands before the first `/` of a key (`ubuntu-24.04`), a whole key, or an id; all
 * pins when there are none. Names that match nothing are returned.
 */
export function releasePins(lock: Lock, names: readonly string[] = []): { readonly lock: Lock; readonly unknown: readonly string[] } {
  if (names.length === 0) return { lock: emptyLock, unknown: [] };
  const matched = new Set<string>();
  const entries = new Map<string, LockEntry>();
  for (const [name, entry] of lock.entries) {
    const hits = names.filter((wanted) => wanted === entry.key || wanted === entry.id || wanted === entry.key.split("/", 1)[0]);
    for (const hit of hits) matched.add(hit);
    if (hits.length === 0) entries.set(name, entry);
  }
  return { lock: { entries }, unknown: names.filter((name) => !matched.has(name)) };
}

/** Drops the given entries, usually those that `trackPins` found unused. */
export function dropPins(lock: Lock, dropped: readonly LockEntry[]): Lock {
  const entries = new Map(lock.entries);
  for (const { provider, kind, key } of dropped) entries.delete(entryName(provider, kind, key));
  return { entries };
}

export interface LockChange {
  /** Absent: added. */
  readonly before?: LockEntry;
  /** Absent: removed. */
  readonly after?: LockEntry;
}

/** What differs between two locks, in the order of the file. A changed reason alone is no change. */
export function compareLocks(before: Lock, after: Lock): readonly LockChange[] {
  const all = { entries: new Map([...before.entries, ...after.entries]) };
  return sortedEntries(all).flatMap((entry): readonly LockChange[] => {
    const name = entryName(entry.provider, entry.kind, entry.key);
    const old = before.entries.get(name);
    const now = after.entries.get(name);
    if (old && now) return old.id === now.id ? [] : [{ before: old, after: now }];
    return now ? [{ after: now }] : old ? [{ before: old }] : [];
  });
}
