// The lock and the lease of the PostgreSQL store, by the database's clock, and the queue of its writes. The fence is compared inside every
// statement that writes; a write whose answer was lost is decided by the number of commits, which only the holder of the fence can raise.

import { type EncodedChange, encodeChange, endedKept } from "./encode-change.ts";
import { describeFallingSerial, stateFormat } from "./format.ts";
import { isHolderDead } from "./holder.ts";
import { countMergeable, mergeChanges } from "./merge-changes.ts";
import { createPostgresConnection, type PostgresConnection } from "./postgres-connection.ts";
import { parsePostgresLocation } from "./postgres-location.ts";
import { clockSql, quoteSchema } from "./postgres-tables.ts";
import { listWriteValues, makeWriteSql } from "./postgres-write.ts";
import { createLeaseLost, type Holder, type Lease, LeaseLost, type LeaseRenewal, type RenewalConnection } from "./store.ts";

export interface PostgresState {
  readonly connection: PostgresConnection;
  /** As it stands in SQL. */
  readonly schema: string;
  readonly state: string;
  /** For the thread that renews. */
  readonly location: string;
}

/** Milliseconds for which a statement outside a lease is repeated on new connections. */
export const patience = 30_000;

/** Bytes, about, that one statement carries at most; a longer queue is cut. */
const largestBatch = 32 * 1024 * 1024;

interface LockRow {
  readonly holder: string | null;
  /** bigint: the driver gives them as texts. */
  readonly lease_until: string;
  readonly fence: string;
  /** End of the last lease that was broken. */
  readonly quiet_at: string;
  readonly commits: string;
  readonly serial: string;
  readonly format: number;
  readonly expired: boolean;
}

async function readLock({ connection, schema, state }: PostgresState, wait: number): Promise<LockRow | undefined> {
  const { rows } = await connection.query<LockRow>(
    `SELECT holder, lease_until, fence, quiet_at, commits, serial, (SELECT number FROM ${schema}.format) AS format, lease_until <= ${clockSql} AS expired
     FROM ${schema}.state WHERE state = $1`,
    [state],
    wait,
  );
  return rows[0];
}

const parseHolder = (text: string | null): Holder | undefined => (text === null ? undefined : (JSON.parse(text) as Holder));

/** Takes the lock, or says who holds it. */
export async function acquirePostgresLease(
  target: PostgresState,
  holder: Holder,
  leaseMilliseconds: number,
): Promise<Lease | { readonly heldBy: Holder; readonly until: number }> {
  const { connection, schema, state } = target;
  const take = `UPDATE ${schema}.state SET holder = $2, lease_until = ${clockSql} + $3::bigint, fence = fence + 1
    WHERE state = $1 AND fence = $4::bigint AND (holder IS NULL OR lease_until <= ${clockSql} OR $5::boolean) RETURNING fence, commits, lease_until, quiet_at`;
  /** The fence of an attempt of ours whose answer was lost. */
  let lost: number | undefined;
  for (;;) {
    const lock = await readLock(target, patience);
    if (!lock) throw new Error(`the state \`${state}\` was removed from its database`);
    const other = parseHolder(lock.holder);
    if (other && other.id === holder.id && Number(lock.fence) === lost) {
      return createLease(target, readHeld(lock, leaseMilliseconds));
    }
    // The lease of a process that is seen dead on this machine holds nobody up: it can send nothing any more.
    const dead = other !== undefined && isHolderDead(other);
    if (other && !lock.expired && !dead) return { heldBy: other, until: Number(lock.lease_until) };
    const values = [state, JSON.stringify(holder), leaseMilliseconds, lock.fence, dead];
    const { rows, repeated } = await connection.query<TakenRow>(take, values, patience);
    if (repeated) lost = Number(lock.fence) + 1;
    const [taken] = rows;
    if (!taken) continue;
    await prune(target);
    return createLease(target, readHeld(taken, leaseMilliseconds));
  }
}

type TakenRow = Pick<LockRow, "fence" | "commits" | "lease_until" | "quiet_at">;

interface Held extends Pick<Lease, "fence" | "takenAt" | "quietAt"> {
  readonly commits: number;
  readonly leaseMilliseconds: number;
}

function readHeld(row: TakenRow, leaseMilliseconds: number): Held {
  const takenAt = Number(row.lease_until) - leaseMilliseconds;
  const quietAt = Math.max(takenAt, Number(row.quiet_at));
  return { fence: Number(row.fence), commits: Number(row.commits), takenAt, quietAt, leaseMilliseconds };
}

/** What ended too long ago to explain anything. */
async function prune({ connection, schema, state }: PostgresState): Promise<void> {
  const age = [state, endedKept];
  await connection.query(`DELETE FROM ${schema}.journal WHERE state = $1 AND ended < ${clockSql} - $2::bigint`, age, patience);
  await connection.query(`DELETE FROM ${schema}.made WHERE state = $1 AND at < ${clockSql} - $2::bigint`, age, patience);
}

export async function breakPostgresLock(target: PostgresState): Promise<Holder | undefined> {
  // Read first: when the answer of the statement below is lost, a repeat would find no holder.
  const lock = await readLock(target, patience);
  await target.connection.query(
    `UPDATE ${target.schema}.state SET holder = NULL, lease_until = 0, fence = fence + 1, quiet_at = greatest(quiet_at, lease_until) WHERE state = $1`,
    [target.state],
    patience,
  );
  return parseHolder(lock?.holder ?? null);
}

/** Extends the lease by the database's clock; throws `LeaseLost`. */
async function renew({ connection, schema, state }: PostgresState, fence: number, leaseMilliseconds: number, wait: number): Promise<void> {
  const { rows } = await connection.query(
    `UPDATE ${schema}.state SET lease_until = ${clockSql} + $3::bigint WHERE state = $1 AND fence = $2::bigint AND holder IS NOT NULL RETURNING 1`,
    [state, fence, leaseMilliseconds],
    wait,
  );
  if (rows.length === 0) throw createLeaseLost();
}

/** A connection that only renews. */
export async function connectPostgresRenewal({ location: text, fence, leaseMilliseconds }: LeaseRenewal): Promise<RenewalConnection> {
  const parsed = parsePostgresLocation(text);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  const { location } = parsed;
  const connection = createPostgresConnection(location);
  const target = { connection, schema: quoteSchema(location.schema), state: location.state, location: text };
  return { renew: () => renew(target, fence, leaseMilliseconds, leaseMilliseconds / 3), close: () => connection.close() };
}

interface Waiting {
  readonly change: EncodedChange;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function createLease(target: PostgresState, held: Held): Lease {
  const { connection, schema, state, location } = target;
  const { fence, takenAt, quietAt, leaseMilliseconds } = held;
  const sql = makeWriteSql(schema);
  let commits = held.commits;
  const waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;

  /** Why a statement wrote nothing; undefined when an earlier sending of it did. */
  const explain = async (change: EncodedChange, repeated: boolean): Promise<Error | undefined> => {
    const lock = await readLock(target, leaseMilliseconds);
    if (!lock || Number(lock.fence) !== fence || lock.holder === null) return createLeaseLost();
    if (repeated && Number(lock.commits) === commits + 1) return undefined;
    if (lock.format !== stateFormat) return new LeaseLost("a newer Koine has changed the tables of the state; this run stops");
    const serial = change.meta?.serial;
    if (serial !== undefined && serial < Number(lock.serial)) return new Error(describeFallingSerial(Number(lock.serial), serial));
    return new Error(`the state has ${lock.commits} commits, and this run, which alone may write, has seen ${commits}`);
  };

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    const changes = batch.map(({ change }) => change);
    const values = listWriteValues({ state, fence, commits, format: stateFormat }, mergeChanges(changes));
    const { rows, repeated } = await connection.query(sql, values, leaseMilliseconds);
    const [first] = changes;
    const failure = rows.length > 0 || !first ? undefined : await explain(first, repeated);
    if (failure) throw failure;
    commits += 1;
  };

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, chooseBatch(waiting.map(({ change }) => change)));
      try {
        await commit(batch);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    flushing = undefined;
  };

  return {
    fence,
    takenAt,
    quietAt,
    renewal: { store: "postgres", location, state, fence, leaseMilliseconds },
    renew: () => renew(target, fence, leaseMilliseconds, leaseMilliseconds),
    // Group commit: what is written in one turn, or while a commit is under way, shares the next one.
    write: async (change) => {
      const encoded = encodeChange(change);
      await new Promise<void>((resolve, reject) => {
        waiting.push({ change: encoded, resolve, reject });
        flushing ??= new Promise((next) => setImmediate(next)).then(flush);
      });
    },
    release: async () => {
      await flushing;
      await connection.query(
        `UPDATE ${schema}.state SET holder = NULL, lease_until = 0 WHERE state = $1 AND fence = $2::bigint`,
        [state, fence],
        patience,
      );
    },
  };
}

/** How many of those that wait go into the next statement. */
function chooseBatch(changes: readonly EncodedChange[]): number {
  const mergeable = countMergeable(changes);
  let size = 0;
  for (let index = 0; index < mergeable; index++) {
    const change = changes[index];
    for (const { body } of [...(change?.objects ?? []), ...(change?.journal ?? [])]) size += body.length;
    if (size > largestBatch) return Math.max(1, index);
  }
  return mergeable;
}
