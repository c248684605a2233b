// What every part of one run shares: clock, lease, journal, limits, rows. Made by apply.ts and by settle.ts.

import type { NativeSchema } from "../provider/native-schema.ts";
import type { Call, Handler, Identity, Provider } from "../provider/provider.ts";
import type { SecretKeeper } from "../state/secret-keeper.ts";
import type { StateChange } from "../state/store.ts";
import type { Clock } from "./clock.ts";
import type { ApplyEvent } from "./events.ts";
import type { LeaseGuard } from "./heartbeat.ts";
import type { RateLimiter } from "./rate-limit.ts";
import type { RetryBudget } from "./retry.ts";
import type { RowIndex } from "./row-index.ts";

/** A cloud that can be called: its provider's code, a client for its settings, and whom it speaks for. */
export interface CloudConnection {
  readonly provider: Provider;
  readonly client: unknown;
  readonly identity: Identity;
}

export interface RunContext {
  readonly run: string;
  readonly lineage: string;
  readonly clock: Clock;
  readonly keeper: SecretKeeper;
  readonly limiter: RateLimiter;
  readonly budget: RetryBudget;
  readonly guard: LeaseGuard;
  /** As they are while the run goes on. */
  readonly rows: RowIndex;
  /** Durable once resolved. */
  write(change: StateChange): Promise<void>;
  emit(event: ApplyEvent): void;
  /** Aborted: start nothing new. */
  readonly stop: AbortSignal;
  /** Aborted: leave now; requests on the wire are cut. */
  readonly abort: AbortSignal;
  /** Milliseconds that one request may take. */
  readonly requestDeadline: number;
  /** Upper bound of `lateEffect`, for clouds that are known to answer sooner (embedded ones). */
  readonly lateEffectLimit: number;
}

/** Milliseconds within which a lost request may still land. */
export function lateEffectOf(run: Pick<RunContext, "lateEffectLimit">, schema: NativeSchema): number {
  return Math.min(schema.lateEffect ?? 300_000, run.lateEffectLimit);
}

/** The handler of a native type; undefined for a type that this Koine does not know. */
export function handlerOf(connection: CloudConnection, type: string): Handler | undefined {
  return connection.provider.handlers[type];
}

/** A call without marks and token, for reads. */
export function readCall(connection: CloudConnection, signal: AbortSignal): Call<unknown> {
  return { client: connection.client, identity: connection.identity, signal };
}
