// `koine simulate`: the embedded clouds as a server over the world that `--simulate` runs use, for the vendors' own tools.

import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensurePrivateDirectory } from "../../engine/state/private-directory.ts";
import type { CommandContext } from "../command-context.ts";
import { readFaults, readSimulatorSettings, startSimulator } from "../connections.ts";
import { exitCode } from "../exit-codes.ts";
import { providers } from "../providers.ts";
import { describeServedClouds } from "../served-clouds.ts";

interface Flags {
  readonly port: number;
  readonly faults?: string;
  readonly reset?: boolean;
}

export async function runSimulate(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const { terminal } = context;
  // Where `--simulate` keeps the world of this folder; a stack need not be there yet.
  const own = resolve(context.options.directory, ".koine");
  const unsafe = ensurePrivateDirectory(own);
  if (unsafe) {
    terminal.tell(`${terminal.style("red", "error")}: ${unsafe}\n`);
    return exitCode.failed;
  }
  const directory = join(own, "simulator");
  if (flags.reset) rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const faults = flags.faults === undefined ? undefined : readFaults(flags.faults);
  const settings = readSimulatorSettings();
  let port = flags.port;
  const running = [];
  const endpoints = new Map<string, string>();
  for (const provider of providers.values()) {
    const simulator = await startSimulator(provider, { directory, ...settings, ...(faults === undefined ? {} : { faults }), port });
    running.push(simulator);
    endpoints.set(provider.name, simulator.endpoint);
    if (port !== 0) port += 1;
    terminal.tell(`${provider.description.title} at ${simulator.endpoint}\n`);
    for (const [name, value] of Object.entries(simulator.environment)) terminal.out(`export ${name}=${value}\n`);
  }
  terminal.out(`export ${describeServedClouds(endpoints)}\n`);
  terminal.tell("Ctrl-C ends it; the world stays.\n");
  const signal = await new Promise<"SIGINT" | "SIGTERM">((resolve) => {
    process.once("SIGINT", () => resolve("SIGINT"));
    process.once("SIGTERM", () => resolve("SIGTERM"));
  });
  for (const simulator of running) await simulator.close();
  return signal === "SIGINT" ? exitCode.done : exitCode.terminated;
}
