// Settles what was in flight when a run ended, before anything is planned: each open journal entry ends as happened, never or unresolved.
// It never asks a person and never guesses; what cannot be known stays open and holds up only what depends on it.

import { upgradeEntry } from "../plan/upgrade-row.ts";
import type { Observed } from "../provider/provider.ts";
import { type JournalEntry, LeaseLost, type ObjectRow, type StateChange } from "../state/store.ts";
import { tellMade } from "./end-entry.ts";
import type { RowIndex } from "./row-index.ts";
import { indexRows } from "./row-index.ts";
import { type CloudConnection, handlerOf, type RunContext } from "./run-context.ts";
import type { Session } from "./session.ts";
import { previewEntry, settleEntry, type Verdict } from "./settle-entry.ts";

export interface Settled {
  readonly operation: string;
  readonly key: string;
  readonly object: string;
  readonly outcome: "happened" | "never" | "unresolved";
  readonly reason?: string;
}

/** By cloud name; made from the settings of the entry's row where the source has no such cloud any more. */
export type ConnectionOf = (row: ObjectRow) => CloudConnection | undefined;

/** Entries settled at once. Each waits mostly. */
const together = 32;

/**
 * Settles all open entries under the lock and records each in a transaction of its own. With `sends: false` nothing is sent again: where a token
 * would tell at once, it looks until nothing can land any more. Throws `LeaseLost`.
 */
export async function settleJournal(
  session: Session,
  connectionOf: ConnectionOf,
  { sends = true }: { readonly sends?: boolean } = {},
): Promise<readonly Settled[]> {
  const judge: Judge = (context, entry) => settleEntry({ ...context, sends }, entry);
  return mapTogether(session.journal, async (entry) => {
    const verdict = await decide(session, entry, connectionOf, judge);
    await session.write(recordVerdict(entry, verdict, session.rows));
    const settled = describe(entry, verdict);
    tellSettled(session, entry, settled);
    return settled;
  });
}

function tellSettled(session: Session, entry: JournalEntry, { operation, key, outcome, reason }: Settled): void {
  const told = { operation, key, at: session.clock.now(), request: entry.step.operation, outcome };
  session.emit({ kind: "entry-settled", ...told, ...(reason !== undefined && { reason }) });
}

export interface SettlePreview {
  readonly settled: readonly Settled[];
  /** The rows as they will be once apply has settled. */
  readonly rows: readonly ObjectRow[];
}

export interface PreviewInput {
  readonly context: Pick<RunContext, "clock" | "abort" | "lateEffectLimit" | "requestDeadline" | "lineage" | "keeper">;
  readonly entries: readonly JournalEntry[];
  readonly rows: readonly ObjectRow[];
  readonly connectionOf: ConnectionOf;
}

/** For a plan: the same verdicts in memory, by one look each. Sends nothing, waits for nothing, writes nothing. */
export async function previewSettle(input: PreviewInput): Promise<SettlePreview> {
  const rows = indexRows(input.rows);
  // Everything that could send or write is missing from the context; previewEntry uses none of it.
  const run = input.context as RunContext;
  const settled = await mapTogether(input.entries, async (entry) => {
    const verdict = await decide(run, entry, input.connectionOf, previewEntry);
    rows.record(recordVerdict(entry, verdict, rows));
    return describe(entry, verdict);
  });
  return { settled, rows: [...rows.all()] };
}

export type HandDecision =
  /** `observed`: as the cloud shows it, where it was asked. */
  { readonly kind: "is"; readonly id: string; readonly observed?: Observed } | { readonly kind: "never" };

/** What a person decided about an unresolved entry (`koine state settle`). Throws `LeaseLost`. */
export async function settleByHand(session: Session, entry: JournalEntry, decision: HandDecision): Promise<Settled> {
  const { account, region } = entry.row.id;
  const verdict: Verdict =
    decision.kind === "never"
      ? { kind: "never", reason: "decided by hand" }
      : {
          kind: "happened",
          id: { type: entry.type, account, region, id: decision.id },
          ...(decision.observed && { observed: decision.observed }),
        };
  await session.write({ ...recordVerdict(entry, verdict, session.rows), meta: { cause: `settle ${entry.key}` } });
  return describe(entry, verdict);
}

type Judge = (
  context: { readonly run: RunContext; readonly handler: NonNullable<ReturnType<typeof handlerOf>>; readonly connection: CloudConnection },
  entry: JournalEntry,
) => Promise<Verdict>;

async function decide(run: RunContext, entry: JournalEntry, connectionOf: ConnectionOf, judge: Judge): Promise<Verdict> {
  const connection = connectionOf(entry.row);
  if (!connection) return { kind: "unresolved", reason: `the cloud \`${entry.row.cloud}\` cannot be called` };
  const { account } = entry.row.id;
  if (account !== "" && account !== connection.identity.account) {
    return {
      kind: "unresolved",
      reason: `it was sent in the account ${account}, and \`${entry.row.cloud}\` now speaks for ${connection.identity.account}`,
    };
  }
  const handler = handlerOf(connection, entry.type);
  if (!handler) return { kind: "unresolved", reason: `no provider knows the type \`${entry.type}\`` };
  const current = upgradeEntry(entry, handler.schema);
  if (!current) return { kind: "unresolved", reason: describeForeignVersion(entry, handler.schema.version) };
  try {
    return await judge({ run, handler, connection }, current);
  } catch (error) {
    if (error instanceof LeaseLost || run.abort.aborted) throw error;
    // One entry that cannot be read must not keep the others from being settled.
    return { kind: "unresolved", reason: error instanceof Error ? error.message : String(error) };
  }
}

function describeForeignVersion({ type, schemaVersion, row }: JournalEntry, known: number): string {
  const version = Math.max(schemaVersion, row.schemaVersion);
  if (version > known) return `it was written by a newer Koine (version ${version} of \`${type}\`, and this one knows ${known})`;
  return `it was written by an older Koine (version ${version} of \`${type}\`), and nothing leads from there to version ${known}`;
}

function describe(entry: JournalEntry, verdict: Verdict): Settled {
  const { operation, key, object } = entry;
  const outcome = verdict.kind === "gone" ? "happened" : verdict.kind;
  const reason = verdict.kind === "happened" ? verdict.failed : verdict.reason;
  return { operation, key, object, outcome, ...(reason !== undefined && { reason }) };
}

/** One transaction: the entry ended, and the row that its outcome leaves. */
function recordVerdict(entry: JournalEntry, verdict: Verdict, rows: RowIndex): StateChange {
  switch (verdict.kind) {
    case "unresolved":
      return { putJournal: [{ ...entry, state: "unresolved", reason: verdict.reason }] };
    case "never":
      return { putJournal: [{ ...entry, state: "never", ...(verdict.reason !== undefined && { reason: verdict.reason }) }] };
    case "gone":
      return { putJournal: [{ ...entry, state: "happened", reason: verdict.reason }] };
    case "happened":
      return {
        ...rowChange(entry, verdict, rows),
        putJournal: [
          {
            ...tellMade(entry, verdict.observed?.id ?? verdict.id),
            state: "happened",
            ...(verdict.failed !== undefined && { reason: verdict.failed }),
          },
        ],
      };
  }
}

function rowChange(entry: JournalEntry, verdict: Verdict & { readonly kind: "happened" }, rows: RowIndex): StateChange {
  const standing = rows.byObject(entry.object);
  // A stray bears the object mark of the row that took its place; its end must not end that row.
  if (entry.step.deletes) return standing?.id.id === entry.row.id.id ? { removeObjects: [entry.object] } : {};
  // Steps of a delete before the last one change nothing that the row records.
  if (entry.action === "delete") return {};
  if (!entry.step.creates && !standing) return {};
  const row: ObjectRow = {
    ...entry.row,
    id: verdict.observed?.id ?? verdict.id ?? entry.row.id,
    attributes: { ...entry.row.attributes, ...verdict.observed?.attributes },
    ...(verdict.failed !== undefined && { status: "failed" as const }),
    ...(entry.step.creates && { madeAt: entry.latestSend }),
  };
  const predecessor = entry.step.creates && verdict.failed === undefined ? rows.current(entry.key) : undefined;
  const retired = predecessor && predecessor.object !== row.object && predecessor.generation < row.generation;
  return { putObjects: retired ? [{ ...predecessor, status: "retiring" }, row] : [row] };
}

async function mapTogether<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, items.length) }, worker));
  return results;
}
