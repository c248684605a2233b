// Clients of clouds, made when first needed: in the simulated world by starting the embedded cloud on loopback.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseYaml } from "yaml";
import { createSystemClock } from "../engine/apply/clock.ts";
import { createReadPace } from "../engine/apply/read-pace.ts";
import type { CloudPlace } from "../engine/observe/world.ts";
import type { Identity, Provider, RunningSimulator } from "../engine/provider/provider.ts";
import { ensurePrivateDirectory } from "../engine/state/private-directory.ts";
import { canonical } from "../grammar/graph/canonical.ts";
import type { PropMap } from "../grammar/graph/value.ts";
import { loadProviders } from "./load-providers.ts";
import type { Project } from "./project/load-project.ts";
import { CannotUse, describeFailure, describeSystemError } from "./render/failure.ts";
import { readServedClouds } from "./served-clouds.ts";
import { koineVersion } from "./version.ts";

export interface Connection {
  readonly provider: Provider;
  readonly client: unknown;
  readonly identity: Identity;
}

export interface Connections {
  /** The same connection for the same provider and settings. Throws `ProviderError`. */
  connect(place: CloudPlace): Promise<Connection>;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly project: Project;
  readonly signal: AbortSignal;
  readonly onRequest?: (operation: string) => void;
}

/** Connects lazily; nothing is loaded or started for a cloud that is never asked. */
export function openConnections({ project, signal, onRequest }: ConnectionOptions): Connections {
  const simulators = new Map<string, Promise<RunningSimulator>>();
  const connections = new Map<string, Promise<Connection>>();

  const endpointOf = async (provider: Provider): Promise<string> =>
    readServedClouds().get(provider.name) ?? (await simulate(provider)).endpoint;

  const simulate = (provider: Provider): Promise<RunningSimulator> => {
    const running = simulators.get(provider.name);
    if (running) return running;
    const unsafe = ensurePrivateDirectory(join(project.folder, ".koine"));
    if (unsafe !== undefined) throw new CannotUse(unsafe, "it holds state, keys and simulated worlds, and must be yours alone");
    mkdirSync(project.paths.simulator, { recursive: true, mode: 0o700 });
    const started = startSimulator(provider, { directory: project.paths.simulator, ...readSimulatorSettings() });
    simulators.set(provider.name, started);
    return started;
  };

  const open = async (place: CloudPlace): Promise<Connection> => {
    const provider = (await loadProviders([place.provider])).get(place.provider);
    if (!provider) throw new Error(`the state names the provider ${place.provider}, which this Koine does not have`);
    const simulated = project.world === "simulated";
    // An embedded cloud is nobody else's: it throttles only when a fault plan says so.
    const unlimited = simulated && !isThrottling(readSimulatorSettings().faults);
    const client = await provider.connect(place.settings as PropMap, {
      signal,
      simulated,
      ...(simulated ? { endpoint: await endpointOf(provider) } : {}),
      koineVersion: koineVersion(),
      ...(onRequest ? { onRequest } : {}),
      ...(unlimited ? {} : { pace: createReadPace(provider, createSystemClock()) }),
    });
    return { provider: unlimited ? { ...provider, limits: [] } : provider, client, identity: await provider.identify(client, signal) };
  };

  return {
    connect: (place) => {
      const key = `${place.provider} ${canonical(place.settings)}`;
      const known = connections.get(key);
      if (known) return known;
      const opened = open(place);
      connections.set(key, opened);
      return opened;
    },
    close: async () => {
      // One that did not start was told by whoever asked for it.
      for (const started of await Promise.allSettled(simulators.values())) if (started.status === "fulfilled") await started.value.close();
    },
  };
}

function isThrottling(faults: unknown): boolean {
  return typeof faults === "object" && faults !== null && "throttling" in faults && faults.throttling === true;
}

/** Milliseconds by which a fault plan lets the slowest index of an embedded cloud trail. */
export function readIndexLag(faults: unknown): number {
  const lag = typeof faults === "object" && faults !== null && "lag" in faults ? faults.lag : undefined;
  if (typeof lag !== "object" || lag === null) return 0;
  return Math.max(0, ...Object.values(lag).filter((value) => typeof value === "number"));
}

/** Starts an embedded cloud. A fault plan that it does not take is the user's, not ours. */
export async function startSimulator(provider: Provider, options: Parameters<Provider["simulate"]>[0]): Promise<RunningSimulator> {
  try {
    return await provider.simulate(options);
  } catch (error) {
    if (options.faults === undefined || describeFailure(error) !== undefined || !(error instanceof Error)) throw error;
    throw new CannotUse(`the fault plan cannot be used: ${error.message}`, "docs/cli.md shows what a fault plan may say");
  }
}

/** The data of a fault plan, which is YAML. */
export function readFaults(path: string): unknown {
  try {
    return parseYaml(readFileSync(path, "utf8"));
  } catch (error) {
    throw new CannotUse(`the fault plan \`${path}\` cannot be read: ${describeSystemError(error)}`, "name a readable file of valid YAML");
  }
}

const delayNames = ["realistic", "short", "none"] as const;

type Delays = (typeof delayNames)[number];

/**
 * How the embedded clouds behave, for tests and demonstrations: `KOINE_SIMULATE_DELAYS` (realistic, short, none) and
 * `KOINE_SIMULATE_FAULTS`, a fault plan in YAML.
 */
export function readSimulatorSettings(): { readonly delays: Delays; readonly faults?: unknown } {
  const asked = process.env.KOINE_SIMULATE_DELAYS || "short";
  const delays = delayNames.find((name) => name === asked);
  if (delays === undefined) throw new CannotUse(`\`KOINE_SIMULATE_DELAYS=${asked}\` is not known`, `write one of ${delayNames.join(", ")}`);
  const faults = process.env.KOINE_SIMULATE_FAULTS;
  return { delays, ...(faults ? { faults: readFaults(faults) } : {}) };
}
