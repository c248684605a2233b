// A cloud for conformance: the embedded one of a provider, or another server that claims to be it, with a client whose every request is noted.

import type { Provider } from "../../engine/provider/provider.ts";
import type { World } from "./executor.ts";

/** How a provider's client reaches a server on this machine. */
export interface ConnectedCloud<Client> {
  readonly provider: Provider<Client>;
  connect(endpoint: string, onRequest: (operation: string) => void): Client;
  readonly isRead?: (operation: string) => boolean;
}

export interface OpenWorld<Client> {
  readonly world: World<Client>;
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** The embedded cloud over the world in `directory`, without delays. */
export async function openSimulated<Client extends { close(): void }>(
  cloud: ConnectedCloud<Client>,
  directory = ":memory:",
): Promise<OpenWorld<Client>> {
  const simulator = await cloud.provider.simulate({ directory, delays: "none", seed: 1 });
  return openAt(cloud, simulator.endpoint, () => simulator.close());
}

/** A server that runs already; `stop` ends it once the client is closed. */
export async function openAt<Client extends { close(): void }>(
  { provider, connect, isRead }: ConnectedCloud<Client>,
  endpoint: string,
  stop: () => Promise<void>,
): Promise<OpenWorld<Client>> {
  const wire: string[] = [];
  const client = connect(endpoint, (operation) => wire.push(operation));
  const identity = await provider.identify(client, AbortSignal.timeout(30_000));
  return {
    world: { provider, client, identity, wire, ...(isRead === undefined ? {} : { isRead }) },
    endpoint,
    stop: async () => {
      client.close();
      await stop();
    },
  };
}

/** Requests that `work` makes, by operation. */
export async function countRequests(wire: readonly string[], work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const before = wire.length;
  await work();
  const counts: Record<string, number> = {};
  for (const operation of wire.slice(before)) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}
