// Deletes an object that others still refer to, by its handler's own requests and without the engine: what the cloud makes of it.

import type { CloudConnection } from "../../../engine/apply/run-context.ts";
import { ProviderError } from "../../../engine/provider/errors.ts";
import type { ObjectRow } from "../../../engine/state/store.ts";

export type Outcome = { readonly kind: "deleted" } | { readonly kind: "refused"; readonly error: ProviderError };

export async function deleteOutOfOrder({ provider, client, identity }: CloudConnection, row: ObjectRow): Promise<Outcome> {
  const handler = provider.handlers[row.type];
  if (!handler) throw new Error(`there is no handler of ${row.type}`);
  const call = { client, identity, signal: AbortSignal.timeout(30_000), id: row.id, token: row.object };
  const seen = (await handler.observe(call, [row.id], "each")).found[0];
  const { props: observed = {}, attributes = {} } = seen ?? {};
  const steps = handler.steps({ action: "delete", desired: {}, observed, attributes, changed: [], id: row.id, generation: row.generation });
  try {
    for (const step of steps) {
      const ack = await handler.perform(call, step, step.body);
      for (
        let progress = await handler.poll(call, step, { id: row.id, ...(ack.handle !== undefined && { handle: ack.handle }) });
        progress.kind !== "done";
      ) {
        if (progress.kind === "failed") return { kind: "refused", error: progress.error };
        progress = await handler.poll(call, step, { id: row.id, ...(ack.handle !== undefined && { handle: ack.handle }) });
      }
    }
  } catch (error) {
    if (error instanceof ProviderError) return { kind: "refused", error };
    throw error;
  }
  return { kind: "deleted" };
}
