// One request on the wire: only under a durable journal entry, only inside the lease, and never for longer than its deadline.

import type { NativeMap } from "../lower/native-value.ts";
import { ProviderError } from "../provider/errors.ts";
import type { Ack, Handler, ObjectId, Step } from "../provider/provider.ts";
import { type JournalEntry, LeaseLost, type ObjectRow } from "../state/store.ts";
import type { CloudConnection, RunContext } from "./run-context.ts";
import type { Slot } from "./scheduler.ts";

export interface RequestTask {
  readonly operation: string;
  readonly key: string;
  readonly handler: Handler;
  readonly connection: CloudConnection;
  readonly step: Step;
  readonly row: ObjectRow;
  readonly id?: ObjectId;
  readonly earlier: Readonly<Record<string, string>>;
  readonly slot: Slot;
}

/** Why a deadline is called off; an abort without a reason would build an exception each time. */
const answered = new Error("the request was answered");

export type Sent =
  | { readonly kind: "ack"; readonly ack: Ack }
  | { readonly kind: "error"; readonly error: ProviderError }
  | { readonly kind: "withheld" };

/** Sends once. Throws the reason of `run.abort`, `LeaseLost` and our own defects. */
export async function performRequest(
  run: RunContext,
  task: RequestTask,
  entry: JournalEntry,
  body: NativeMap,
  numbers: { readonly attempt: number; readonly resend: boolean },
): Promise<Sent> {
  const { clock } = run;
  // Read again right before sending: the journal write may have taken long, or the process may have been stopped.
  const lease = run.guard.ready();
  if (lease) await task.slot.rest(() => lease);
  run.abort.throwIfAborted();
  const left = Math.min(run.requestDeadline, entry.latestSend - clock.now());
  if (left < run.requestDeadline / 2) return { kind: "withheld" };
  run.emit({
    kind: "step-sent",
    operation: task.operation,
    key: task.key,
    at: clock.now(),
    step: task.step.key,
    request: task.step.operation,
    ...numbers,
  });
  const ended = new AbortController();
  const cut = new AbortController();
  const marked = task.step.creates || task.step.marks;
  const request = task.handler.perform(
    {
      client: task.connection.client,
      identity: task.connection.identity,
      signal: cut.signal,
      ...(marked && { marks: { lineage: run.lineage, object: task.row.object, operation: entry.operation, address: task.key } }),
      token: entry.token,
      ...(task.id && { id: task.id }),
      earlier: task.earlier,
    },
    task.step,
    body,
  );
  const deadline = new Promise<never>((_, reject) => {
    const end = (error: unknown): void => {
      cut.abort(error);
      reject(error);
    };
    const leave = (): void => end(run.abort.reason);
    run.abort.addEventListener("abort", leave, { once: true });
    ended.signal.addEventListener("abort", () => run.abort.removeEventListener("abort", leave), { once: true });
    clock.sleep(left, ended.signal).then(
      () =>
        end(
          new ProviderError(`no answer to ${task.step.operation} within ${Math.round(left / 1000)} s`, {
            code: "timeout",
            effect: "unknown",
          }),
        ),
      () => {},
    );
  });
  try {
    return { kind: "ack", ack: await Promise.race([request, deadline]) };
  } catch (error) {
    if (run.abort.aborted || error instanceof LeaseLost) throw error;
    if (error instanceof ProviderError) return { kind: "error", error };
    throw error;
  } finally {
    ended.abort(answered);
  }
}
