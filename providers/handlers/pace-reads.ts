// Reading requests wait for their turn: a cloud throttles reads as it does changes, and a run that polls hundreds of objects would be refused. What
// changes something waits before it is journaled, in the engine; here it passes.

import { ProviderError } from "../../engine/provider/errors.ts";
import type { ReadPace } from "../../engine/provider/provider.ts";
import { gatherBy } from "./read-together.ts";

type Send = (operation: never, input: never, signal: AbortSignal) => Promise<unknown>;

export interface Pacing {
  readonly pace: ReadPace | undefined;
  /** Before the operation's name in `Provider.limits`: `ec2:`. */
  readonly prefix: string;
  isReading(operation: string): boolean;
}

/** The same client, whose methods of these names send reads only in their turn. Without a pace it is the client itself. */
export function paceReads<Client extends object>(client: Client, methods: readonly (keyof Client)[], pacing: Pacing): Client {
  const { pace, prefix, isReading } = pacing;
  if (!pace) return client;
  const wrap =
    (send: Send): Send =>
    async (operation: string, input, signal) => {
      const name = `${prefix}${operation}`;
      if (isReading(operation)) await pace.turn(name, signal);
      try {
        return await send(operation as never, input, signal);
      } catch (error) {
        if (isReading(operation) && error instanceof ProviderError && error.details.code === "throttled") pace.lower(name);
        throw error;
      }
    };
  const paced = { ...client, ...Object.fromEntries(methods.map((method) => [method, wrap(client[method] as Send)])) };
  gatherBy(paced, pace.gather);
  return paced;
}
