// What a pushed document makes of the state: its rows and outputs become those of a new serial. Nothing that is in flight may be overwritten, and no
// object of ours may be lost sight of. Pure.

import { isSameValue } from "../../grammar/graph/canonical.ts";
import { describeRelease, voidRelease } from "./release.ts";
import { takenLineage } from "./rollback.ts";
import type { StateSnapshot } from "./snapshot.ts";
import type { JournalEntry, ObjectRow, OutputRow, RunRow, StateChange, StateMeta } from "./store.ts";

export interface PushInput {
  readonly file: StateSnapshot;
  readonly meta: StateMeta;
  readonly rows: readonly ObjectRow[];
  /** Open entries. */
  readonly open: readonly JournalEntry[];
  /** Ended ones that are kept. */
  readonly ended: readonly JournalEntry[];
  readonly outputs: Readonly<Record<string, OutputRow>>;
  /** Allows a serial lower than the present one. */
  readonly force: boolean;
  readonly by: { readonly run: string; readonly at: number };
}

export type Push =
  | { readonly kind: "refused"; readonly message: string; readonly hint: string }
  | { readonly kind: "same" }
  | {
      readonly kind: "push";
      readonly change: StateChange;
      /** Into a state that holds nothing: the runs of the file, oldest first, for the history. */
      readonly runs: readonly RunRow[];
      readonly added: readonly ObjectRow[];
      readonly changed: readonly ObjectRow[];
      /** Rows that the file does not have; their objects are let go of. */
      readonly removed: readonly ObjectRow[];
    };

export function planPush(input: PushInput): Push {
  const { file, meta, rows, open, ended, outputs, by } = input;
  const holdsNothing = rows.length === 0 && open.length === 0;
  const refused = refuse(input, holdsNothing);
  if (refused) return refused;
  const present = new Map(rows.map((row) => [row.object, row]));
  const wanted = new Set(file.objects.map((row) => row.object));
  const added = file.objects.filter((row) => !present.has(row.object));
  const changed = file.objects.filter((row) => isChanged(present.get(row.object), row));
  const removed = rows.filter((row) => !wanted.has(row.object));
  const putOutputs = diffOutputs(outputs, file.outputs);
  const moved = added.length + changed.length + removed.length + Object.keys(putOutputs).length > 0;
  if (!moved && file.lineage === meta.lineage && file.serial <= meta.serial) return { kind: "same" };
  const cause = file.lineage === meta.lineage ? "push" : takenLineage;
  const change: StateChange = {
    putObjects: [...added, ...changed],
    removeObjects: removed.map((row) => row.object),
    putJournal: [
      ...listEnded(file.journal.ended, ended, wanted),
      ...removed.map((row) => describeRelease(row, { ...by, cause })),
      ...ended.filter((entry) => entry.state === "released" && wanted.has(entry.object)).map((entry) => voidRelease(entry, cause)),
    ],
    putOutputs,
    meta: { cause, serial: file.serial + 1, stack: file.stack, ...(file.lineage === meta.lineage ? {} : { lineage: file.lineage }) },
  };
  return { kind: "push", change, runs: holdsNothing ? file.runs.toReversed() : [], added, changed, removed };
}

function refuse({ file, meta, open, force }: PushInput, holdsNothing: boolean): (Push & { readonly kind: "refused" }) | undefined {
  if (file.lineage !== meta.lineage && !holdsNothing) {
    return {
      kind: "refused",
      message: `the file is of another stack: its lineage is ${file.lineage}, and that of this state ${meta.lineage}`,
      hint: "push it where it was pulled from, or into a state that holds nothing",
    };
  }
  if (file.lineage === meta.lineage && file.serial < meta.serial && !force) {
    return {
      kind: "refused",
      message: `the file is older than the state: its serial is ${file.serial}, and that of the state ${meta.serial}`,
      hint: "pull again and make the change there; `--force` goes back all the same, and `koine state rollback` does so more carefully",
    };
  }
  if (!isSameOpen(file.journal.open, open)) {
    const where = open.length > 0 ? `${open.length} here` : "";
    const there = file.journal.open.length > 0 ? `${file.journal.open.length} in the file` : "";
    return {
      kind: "refused",
      message: `requests are in flight or unresolved (${[where, there].filter(Boolean).join(", ")})`,
      hint: "run `koine apply`, which settles them, or `koine state settle`; then pull again",
    };
  }
  return undefined;
}

function isSameOpen(left: readonly JournalEntry[], right: readonly JournalEntry[]): boolean {
  if (left.length !== right.length) return false;
  const known = new Map(right.map((entry) => [entry.operation, entry]));
  return left.every((entry) => isSameValue(entry, known.get(entry.operation)));
}

function isChanged(present: ObjectRow | undefined, row: ObjectRow): boolean {
  return present !== undefined && !isSameValue(present, row);
}

/** Ended entries that the state does not know: they tell later which strays are ours. One that lets go of an object that is back says nothing. */
function listEnded(file: readonly JournalEntry[], known: readonly JournalEntry[], wanted: ReadonlySet<string>): readonly JournalEntry[] {
  const operations = new Set(known.map((entry) => entry.operation));
  return file.filter((entry) => !operations.has(entry.operation) && !(entry.state === "released" && wanted.has(entry.object)));
}

function diffOutputs(
  present: Readonly<Record<string, OutputRow>>,
  wanted: Readonly<Record<string, OutputRow>>,
): Readonly<Record<string, OutputRow | null>> {
  const changes: Record<string, OutputRow | null> = {};
  for (const [name, output] of Object.entries(wanted))
    if (!Object.hasOwn(present, name) || !isSameValue(present[name], output)) changes[name] = output;
  for (const name of Object.keys(present)) if (!Object.hasOwn(wanted, name)) changes[name] = null;
  return changes;
}
