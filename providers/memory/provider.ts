// The provider `memory`: a whole cloud inside the process, for the engine's laws and for measuring the engine without a wire.

import type { Handler, Provider } from "../../engine/provider/provider.ts";
import { createCloud, type MemoryClient, type MemoryCloud } from "./cloud.ts";
import { memoryDescription } from "./description.ts";
import { createMemoryHandler } from "./handler.ts";
import { memoryLowerings } from "./lowerings.ts";
import type { MemoryProcess } from "./process.ts";
import { memoryTypes } from "./types.ts";
import { createInstantTime, type WorldTime } from "./virtual-time.ts";
import { createWorld } from "./world.ts";

export interface MemoryProviderOptions {
  readonly cloud: MemoryCloud;
  readonly time: WorldTime;
  /** Clients made by `connect` die with it. */
  readonly process?: MemoryProcess;
}

/** A provider over a given cloud: the laws make one per process. */
export function createMemoryProvider({ cloud, time, process }: MemoryProviderOptions): Provider<MemoryClient> {
  const handlers: Record<string, Handler<MemoryClient>> = {};
  for (const [name, type] of Object.entries(memoryTypes)) handlers[name] = createMemoryHandler(type, time.now);
  return {
    name: "memory",
    description: memoryDescription,
    lowerings: memoryLowerings,
    handlers,
    limits: [],
    connect: async () => cloud.connect(process),
    identify: async (client) => client.identity,
    resolvePins: async (_, requests) =>
      requests.map((request) => ({ request, answer: { id: request.key, name: request.key, date: "2030-01-01" } })),
    simulate: async () => ({ endpoint: "memory:", environment: {}, close: async () => {} }),
  };
}

/** A provider over a cloud of its own, in real time and without delays. What it makes lasts as long as the process. */
export function createInstantMemoryProvider(): Provider<MemoryClient> {
  const time = createInstantTime();
  return createMemoryProvider({ cloud: createCloud(createWorld(time, { delays: false }), time), time });
}
